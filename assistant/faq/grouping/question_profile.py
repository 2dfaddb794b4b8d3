"""Reads a question for comparison with others: where it points in the notes, and the words it is made of.

Two questions in two languages share few words and their vectors differ, but they point to the same lines: the line
profile of a question is the distribution of its nearness over all quotable lines, both editions of a line being one.
Where questions are known to be answered by lines, it is read, too, which of them a question asks the same as.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index import CourseIndex, Grain, detect_language
from index.encoding.centring import QUESTION_SHARE, Vectors, centre, mean_vector
from index.language.terms import TermKind
from index.ranking.fusion import HEADING_WEIGHT

_SECTION_SHARE = 0.2
_TEMPERATURE = 0.035
_REMEMBERED = 4096
_BATCH = 512
_LARGEST_WEIGHT = 4.0
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class QuestionTerm:
    """A word of a question: all keys it goes by, its rarity, and whether it names a thing (a name or number).

    ``bridged`` is True where the glossary knows the word, so that its absence from a question in the other language
    says something.
    """

    keys: frozenset[str]
    weight: float
    is_name: bool
    bridged: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """What ``n`` questions are compared by: centred vectors ``(n, d)``, line profiles ``(n, lines)``, peaks ``(n,)``.

    ``asked`` is, like a profile, the distribution over the groups of known questions, ``(n, groups)``. The dot product
    of two profiles is the Bhattacharyya coefficient of two distributions: 1 if equal, 0 if disjoint.
    """

    vectors: Vectors
    profiles: Vectors
    peaks: Vectors
    asked: Vectors

    def take(self, rows: Sequence[int]) -> "Readings":
        """Return the readings of the questions with these numbers."""
        chosen = np.array(rows, dtype=np.int64)
        return Readings(self.vectors[chosen], self.profiles[chosen], self.peaks[chosen], self.asked[chosen])

    def near(self, one: "Readings") -> Vectors:
        """Return a quick guess, ``(n,)``, of which are worth comparing with the one question read in ``one``."""
        parts = ((self.vectors, one.vectors), (self.profiles, one.profiles), (self.asked, one.asked))
        return np.asarray(sum(rows @ row[0] for rows, row in parts), dtype=np.float32)


class QuestionReader:
    """Reads questions over one loaded index."""

    def __init__(self, course_index: CourseIndex) -> None:
        self._index = course_index
        stored = course_index.searcher.stored
        self._lexical = stored.lexical
        self._means = {
            language: QUESTION_SHARE * mean_vector(vectors) for language, vectors in stored.question_vectors.items()
        }
        self._grains = {grain: _rows(stored.grains[grain].faiss_index) for grain in Grain}
        self._sections = {grain: stored.grains[grain].sections for grain in Grain}
        groups = {key: number for number, key in enumerate(dict.fromkeys(s.edition_key for s in stored.sections))}
        self._group_of = np.array([groups[section.edition_key] for section in stored.sections], dtype=np.int64)
        self._lines = self._merged_lines()
        self.terms = lru_cache(maxsize=_REMEMBERED)(self._terms)

    @property
    def encoder(self) -> str:
        """Identify the encoder whose vectors this reader gives and takes."""
        return self._index.searcher.stored.manifest.fingerprint

    def vector(self, question: str) -> Vectors:
        """Return the uncentred vector of ``question``, ``(d,)`` float32."""
        return self._index.vector(question)

    @property
    def knows_questions(self) -> bool:
        """Whether the index has known questions, in groups that ask the same."""
        return bool(len(self._index.searcher.stored.known.weights))

    def read(self, questions: Sequence[str], vectors: Vectors) -> Readings:
        """Return the readings of ``questions`` with the uncentred ``(n, d)`` ``vectors``."""
        means = np.stack([self._means[detect_language(question)] for question in questions])
        centred = np.vstack([centre(row[None, :], mean) for row, mean in zip(vectors, means, strict=True)])
        parts = [self._profiles(centred[first : first + _BATCH]) for first in range(0, len(centred), _BATCH)]
        asked = np.sqrt(self._index.searcher.known_questions.group_probabilities(questions, vectors))
        return Readings(
            vectors=centred,
            profiles=np.vstack([part[0] for part in parts]),
            peaks=np.concatenate([part[1] for part in parts]),
            asked=np.asarray(asked, dtype=np.float32),
        )

    def read_text(self, question: str) -> Readings:
        """Return the readings of one question."""
        return self.read([question], self.vector(question)[None, :])

    def _terms(self, question: str) -> tuple[QuestionTerm, ...]:
        return tuple(
            QuestionTerm(
                keys=frozenset({match.term.key, *match.term.parts, *match.keys, *concepts}),
                weight=min(match.idf, _LARGEST_WEIGHT),
                is_name=match.term.kind in (TermKind.NAME, TermKind.NUMBER),
                bridged=bool(concepts) or match.term.kind in (TermKind.NAME, TermKind.NUMBER),
            )
            for match in self._lexical.match(question)
            for concepts in [{key for key in self._lexical.keys_of(match.term.surface) if key.startswith("=")}]
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
                np.asarray(centred @ self._grains[grain].T, dtype=np.float32),
                self._group_of[self._sections[grain]],
                groups,
            )
            for grain in (Grain.CHUNK, Grain.HEADING)
        )
        support = np.asarray(_SECTION_SHARE * (chunk + HEADING_WEIGHT * heading), dtype=np.float32)
        own = np.asarray(centred @ self._grains[Grain.LINE].T, dtype=np.float32)
        scores = own + support[:, self._group_of[self._sections[Grain.LINE]]]
        merged = _best(scores, self._lines, int(self._lines.max()) + 1)
        peaks = merged.max(axis=1)
        weights = np.exp((merged - peaks[:, None]) / _TEMPERATURE)
        return np.sqrt(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32), peaks.astype(np.float32)


def _rows(faiss_index: object) -> Vectors:
    count: int = faiss_index.ntotal  # type: ignore[attr-defined]
    return np.asarray(faiss_index.reconstruct_n(0, count), dtype=np.float32)  # type: ignore[attr-defined]


def _best(scores: Vectors, columns: Numbers, count: int) -> Vectors:
    """Return ``(n, count)``: for every number the best of the ``(n, rows)`` scores whose column has it."""
    best = np.full((len(scores), count), -1.0, dtype=np.float32)
    order = np.argsort(columns, kind="stable")
    numbers, starts = np.unique(columns[order], return_index=True)
    best[:, numbers] = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return best
