"""Questions that are known to be answered by a line of the notes, written by people beside the notes (a signal).

A question and a line that answers it may share no word and no neighbourhood of the encoder; a question and another
question that asks the same nearly always do. The idea is that of document expansion by queries (Nogueira et al. 2019,
arXiv:1904.08375), here with questions kept apart from the text: they lead to a line and are never quoted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoding.centring import Vectors, centre, centre_by_language, mean_vector
from index.language.languages import detect_language
from index.ranking.question_groups import probabilities

LEAST_COSINE = 0.3
GROUP_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A known question at a line: the section's number, the line's first line, and the question's number."""

    section: int
    first_line: int
    question: int


@dataclass(frozen=True, slots=True)
class KnownQuestions:
    """The known questions of an index.

    ``vectors``: uncentred, ``(n, d)``; ``places`` ascend by section; ``words``: by section number, the keys (see
    :class:`index.ranking.lexical.LexicalIndex`) of the words in its questions; ``groups``: the number of the group of
    those that ask the same, for each question; ``weights``: what tells the groups apart (see
    :mod:`index.ranking.question_groups`).
    """

    texts: tuple[str, ...]
    vectors: Vectors
    places: tuple[KnownPlace, ...]
    words: dict[int, frozenset[str]]
    groups: tuple[int, ...]
    weights: Vectors

    @classmethod
    def none(cls, width: int) -> "KnownQuestions":
        """Return no questions."""
        return cls((), np.zeros((0, width), np.float32), (), {}, (), np.zeros((0, width + 1), np.float32))


def centred_questions(texts: Sequence[str], vectors: Vectors, generic: dict[str, Vectors]) -> Vectors:
    """Return the uncentred ``(n, d)`` ``vectors`` of ``texts`` without the mean of ``generic`` in their language."""
    return centre_by_language(vectors, [detect_language(text) for text in texts], generic)


class KnownQuestionSignal:
    """How near a question is to those that a section or a line is known to answer, 0 (unknown) to 1 (the same).

    :param generic: Vectors of questions of no particular course, by language: their means are subtracted.
    """

    def __init__(self, known: KnownQuestions, generic: dict[str, Vectors], section_count: int) -> None:
        self._generic = generic
        self._means = {language: mean_vector(vectors) for language, vectors in generic.items()}
        self._section_count = section_count
        self._groups = np.array(known.groups, dtype=np.int64)
        self._weights = known.weights
        self._places = known.places
        self._sections = np.array([place.section for place in known.places], dtype=np.int64)
        self._questions = np.array([place.question for place in known.places], dtype=np.int64)
        self._vectors = centred_questions(known.texts, known.vectors, generic)

    def likeness(self, question: str, vector: Vectors) -> Vectors:
        """Return how near the ``n`` known questions are to ``question``, of the uncentred ``(d,)`` ``vector``."""
        if not len(self._vectors):
            return np.zeros(0, dtype=np.float32)
        cosines = self._vectors @ centre(vector, self._means[detect_language(question)])
        return np.asarray(np.maximum(0.0, (cosines - LEAST_COSINE) / (1.0 - LEAST_COSINE)), dtype=np.float32)

    def nearness(self, question: str, vector: Vectors, likeness: Vectors) -> Vectors:
        """Return ``likeness`` of the ``n`` known questions, partly as likely as ``question`` belongs to their group."""
        if not len(self._weights):
            return likeness
        likely = self.group_probabilities([question], vector[None, :])[0]
        return np.asarray((1.0 - GROUP_SHARE) * likeness + GROUP_SHARE * likely[self._groups], dtype=np.float32)

    def group_probabilities(self, questions: Sequence[str], vectors: Vectors) -> Vectors:
        """Return how likely each question is to ask what each group of known questions asks, ``(n, groups)``.

        :param vectors: Their uncentred vectors, ``(n, d)``.
        """
        return probabilities(self._weights, centred_questions(questions, vectors, self._generic))

    def by_section(self, likeness: Vectors) -> Vectors:
        """Return the best likeness of each section's known questions, ``(sections,)``, 0 where it has none."""
        best = np.zeros(self._section_count, dtype=np.float32)
        np.maximum.at(best, self._sections, likeness[self._questions])
        return best

    def by_line(self, likeness: Vectors, section: int) -> dict[int, float]:
        """Return the best likeness of each line of ``section`` that has known questions, by its first line."""
        first, end = np.searchsorted(self._sections, [section, section + 1])
        best: dict[int, float] = {}
        for place in self._places[int(first) : int(end)]:
            best[place.first_line] = max(best.get(place.first_line, 0.0), float(likeness[place.question]))
        return best
