"""Reads a question for comparison with others: where it points in the notes, and the words it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index import CourseIndex
from index.encoding.centring import Vectors
from index.language.concepts import is_concept
from index.language.terms import TermKind
from index.ranking.line_profiles import LineProfiles

_REMEMBERED = 4096
_LARGEST_WEIGHT = 4.0


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


class QuestionReader:
    """Reads questions over one loaded index."""

    def __init__(self, course_index: CourseIndex) -> None:
        self._index = course_index
        self.encoder = course_index.manifest.fingerprint
        self.knows_questions = course_index.knows_questions
        self.terms = lru_cache(maxsize=_REMEMBERED)(self._terms)

    def vector(self, question: str) -> Vectors:
        """Return the uncentred vector of ``question``, ``(d,)`` float32."""
        return self._index.vector(question)

    def profiles(self, questions: Sequence[str], vectors: Vectors) -> LineProfiles:
        """Return where ``questions`` with the uncentred ``(n, d)`` ``vectors`` point."""
        return self._index.profiles(questions, vectors)

    def profile(self, question: str) -> LineProfiles:
        """Return where one question points."""
        return self.profiles([question], self.vector(question)[None, :])

    def _terms(self, question: str) -> tuple[QuestionTerm, ...]:
        words = self._index.words
        return tuple(
            QuestionTerm(
                keys=frozenset({match.term.key, *match.term.parts, *match.keys, *concepts}),
                weight=min(match.idf, _LARGEST_WEIGHT),
                is_name=match.term.kind in (TermKind.NAME, TermKind.NUMBER),
                bridged=bool(concepts) or match.term.kind in (TermKind.NAME, TermKind.NUMBER),
            )
            for match in words.match(question)
            for concepts in [{key for key in words.keys_of(match.term.surface) if is_concept(key)}]
        )
