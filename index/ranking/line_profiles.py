"""Where in the notes questions point: what tells whether two of them, in any language, ask the same.

Two questions in two languages share few words and their vectors differ, but they point to the same lines: the line
profile of a question is the distribution of its nearness over all quotable lines, both editions of a line being one.
Where questions are known to be answered by lines, it is read, too, which of them a question asks the same as.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoding.centring import Vectors, centre
from index.language.languages import detect_language
from index.ranking.dense import GrainIndex
from index.ranking.fusion import HEADING_WEIGHT
from index.ranking.known_questions import KnownQuestionSignal
from index.records import Grain

_SECTION_SHARE = 0.2
_TEMPERATURE = 0.035
_BATCH = 512
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LineProfiles:
    """What ``n`` questions are compared by: centred vectors ``(n, d)``, line profiles ``(n, lines)``, peaks ``(n,)``.

    ``asked`` is, like a profile, the distribution over the groups of known questions, ``(n, groups)``. The dot product
    of two profiles is the Bhattacharyya coefficient of two distributions: 1 if equal, 0 if disjoint.
    """

    vectors: Vectors
    profiles: Vectors
    peaks: Vectors
    asked: Vectors

    def take(self, rows: Sequence[int]) -> "LineProfiles":
        """Return those of the questions with these numbers."""
        chosen = np.array(rows, dtype=np.int64)
        return LineProfiles(self.vectors[chosen], self.profiles[chosen], self.peaks[chosen], self.asked[chosen])

    def followed_by(self, others: "LineProfiles") -> "LineProfiles":
        """Return these and then ``others``."""
        mine, theirs = ((one.vectors, one.profiles, one.peaks, one.asked) for one in (self, others))
        return LineProfiles(*(np.concatenate(pair) for pair in zip(mine, theirs, strict=True)))

    def near(self, one: "LineProfiles") -> Vectors:
        """Return a quick guess, ``(n,)``, of which are worth comparing with the one question of ``one``."""
        parts = ((self.vectors, one.vectors), (self.profiles, one.profiles), (self.asked, one.asked))
        return np.asarray(sum(rows @ row[0] for rows, row in parts), dtype=np.float32)


class Profiler:
    """Works out line profiles over the lines of one index.

    :param edition_groups: The number that a section shares with its other editions, ``(sections,)``.
    :param question_means: What is subtracted from the vectors of questions, ``(d,)`` by language.
    """

    def __init__(
        self,
        edition_groups: Numbers,
        grains: Mapping[Grain, GrainIndex],
        question_means: Mapping[str, Vectors],
        known: KnownQuestionSignal,
    ) -> None:
        self._known = known
        self._means = question_means
        self._group_of = edition_groups
        self._vectors = {grain: grains[grain].vectors for grain in Grain}
        self._sections = {grain: grains[grain].sections for grain in Grain}
        self._lines = self._merged_lines()

    def profiles(self, questions: Sequence[str], vectors: Vectors) -> LineProfiles:
        """Return the profiles of ``questions`` with the uncentred ``(n, d)`` ``vectors``."""
        means = np.stack([self._means[detect_language(question)] for question in questions])
        centred = np.vstack([centre(row[None, :], mean) for row, mean in zip(vectors, means, strict=True)])
        parts = [self._profiles(centred[first : first + _BATCH]) for first in range(0, len(centred), _BATCH)]
        asked = np.sqrt(self._known.group_probabilities(questions, vectors))
        return LineProfiles(
            vectors=centred,
            profiles=np.vstack([part[0] for part in parts]),
            peaks=np.concatenate([part[1] for part in parts]),
            asked=np.asarray(asked, dtype=np.float32),
        )

    def _merged_lines(self) -> Numbers:
        """Return for every line passage the number of its line; the lines of two editions that pair up are one.

        Editions pair up by order where a section has as many lines in both; else each keeps its own.
        """
        sections = self._sections[Grain.LINE]
        counts = np.bincount(sections, minlength=len(self._group_of))
        sizes: dict[int, set[int]] = {}
        for section, group in enumerate(self._group_of.tolist()):
            if counts[section]:
                sizes.setdefault(group, set()).add(int(counts[section]))
        numbers: dict[tuple[int, int, int], int] = {}
        seen = np.zeros(len(self._group_of), dtype=np.int64)
        merged = np.empty(len(sections), dtype=np.int64)
        for row, section in enumerate(sections.tolist()):
            group = int(self._group_of[section])
            own = -1 if len(sizes[group]) == 1 else section
            merged[row] = numbers.setdefault((group, own, int(seen[section])), len(numbers))
            seen[section] += 1
        return merged

    def _profiles(self, centred: Vectors) -> tuple[Vectors, Vectors]:
        groups = int(self._group_of.max()) + 1
        chunk, heading = (
            _best(
                np.asarray(centred @ self._vectors[grain].T, dtype=np.float32),
                self._group_of[self._sections[grain]],
                groups,
            )
            for grain in (Grain.CHUNK, Grain.HEADING)
        )
        support = np.asarray(_SECTION_SHARE * (chunk + HEADING_WEIGHT * heading), dtype=np.float32)
        own = np.asarray(centred @ self._vectors[Grain.LINE].T, dtype=np.float32)
        scores = own + support[:, self._group_of[self._sections[Grain.LINE]]]
        merged = _best(scores, self._lines, int(self._lines.max()) + 1)
        peaks = merged.max(axis=1)
        weights = np.exp((merged - peaks[:, None]) / _TEMPERATURE)
        return np.sqrt(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32), peaks.astype(np.float32)


def _best(scores: Vectors, columns: Numbers, count: int) -> Vectors:
    """Return ``(n, count)``: for every number the best of the ``(n, rows)`` scores whose column has it."""
    best = np.full((len(scores), count), -1.0, dtype=np.float32)
    order = np.argsort(columns, kind="stable")
    numbers, starts = np.unique(columns[order], return_index=True)
    best[:, numbers] = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return best
