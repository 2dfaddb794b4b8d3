"""Finds the lines of the notes that known questions belong to, also where the notes word them in another way.

A fact belongs to the line that reads the same. Where none does (the line was edited, or the notes are another
version of the course), it belongs to the line that says nearly the same: by the cosine of both, and by the share of the
fact's words, by rarity, that the line holds. The course's own file that ships with the project is used for other notes
only if most of its facts stand in them, that is, if they are notes of the same course.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoding.centring import Vectors, centre, mean_vector
from index.encoding.encoder import Encoder, encode_new_questions
from index.language.concepts import ConceptFinder
from index.ranking.course_administration import administration_questions
from index.ranking.known_questions import KnownPlace, KnownQuestions, centred_questions
from index.ranking.lexical import LexicalIndex, TermMatch
from index.ranking.question_groups import fit_groups
from index.reading.facts import Fact
from index.reading.passages import bilingual, line_text
from index.records import Grain, Passage, Section

SAME_COURSE = 0.5
_SAME_LINE, _SURE = 0.6, 0.75
_WORDS_WEIGHT = 0.5
_WORTH_ENCODING = 0.3
_NEAREST = 5
_ADMINISTRATION = -1  # in place of the number of a fact
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Attached:
    """A known question at a line of the notes: numbers of its fact and of the group in it, section and first line."""

    question: str
    group: tuple[int, int]
    section: int
    first_line: int


@dataclass(frozen=True, slots=True)
class _Match:
    """The line passage that says nearly what a fact says (its position among the lines), and how nearly."""

    line: int
    likeness: float


class Attacher:
    """Attaches facts to the lines of one set of notes.

    :param vectors: Uncentred vectors of ``passages``, ``(passages, d)``.
    """

    def __init__(
        self,
        sections: Sequence[Section],
        passages: Sequence[Passage],
        vectors: Vectors,
        lexical: LexicalIndex,
        finder: ConceptFinder,
    ) -> None:
        rows = [row for row, passage in enumerate(passages) if passage.grain is Grain.LINE]
        self._lines = [passages[row] for row in rows]
        self._mean = mean_vector(vectors[rows])
        self._vectors = centre(vectors[rows], self._mean)
        self._languages = np.array([sections[line.section].language for line in self._lines])
        self._by_text = {line.text: position for position, line in reversed(list(enumerate(self._lines)))}
        self._lexical = lexical
        self._finder = finder

    def attach(self, facts: Sequence[Fact], encoder: Encoder, *, own: bool) -> list[Attached]:
        """Return the facts' questions with their lines.

        :param own: Whether the facts were written for these notes; else they count only if most of them stand there.
        """
        if not self._lines:
            return []
        found: list[dict[str, _Match]] = [self._same(fact) for fact in facts]
        unclear = [number for number, matches in enumerate(found) if not matches and self._shares_words(facts[number])]
        if not own and len(unclear) + sum(map(bool, found)) < SAME_COURSE * len(facts):
            return []
        for number, matches in zip(unclear, self._nearest([facts[n] for n in unclear], encoder), strict=True):
            found[number] = matches
        sure = sum(any(match.likeness >= _SURE for match in matches.values()) for matches in found)
        if not own and sure < SAME_COURSE * len(facts):
            return []
        return [
            Attached(question, (number, group), self._lines[match.line].section, self._lines[match.line].first_line)
            for number, (fact, matches) in enumerate(zip(facts, found, strict=True))
            for match in matches.values()
            if match.likeness >= _SAME_LINE
            for group, questions in enumerate(fact.asked)
            for question in questions
        ]

    def _same(self, fact: Fact) -> dict[str, _Match]:
        """Return the lines that read as the fact does, by language."""
        positions = {language: self._by_text.get(text) for language, text in self._texts(fact).items()}
        return {language: _Match(line, 1.0 + _WORDS_WEIGHT) for language, line in positions.items() if line is not None}

    def _texts(self, fact: Fact) -> dict[str, str]:
        return {
            language: bilingual(line_text(fact.headings.get(language, ""), line), language, self._finder)
            for language, line in fact.lines.items()
        }

    def _shares_words(self, fact: Fact) -> bool:
        """Return whether any section holds enough of the fact's words for a look at its vector to be worth while."""
        for line in fact.lines.values():
            matches = list(self._lexical.match(line))
            total = sum(match.idf for match in matches)
            held: dict[int, float] = {}
            for match in matches:
                for section in self._lexical.sections_with(match):
                    held[section] = held.get(section, 0.0) + match.idf
            if total and max(held.values(), default=0.0) >= _WORTH_ENCODING * total:
                return True
        return False

    def _nearest(self, facts: Sequence[Fact], encoder: Encoder) -> list[dict[str, _Match]]:
        texts = [self._texts(fact) for fact in facts]
        flat = [text for by_language in texts for text in by_language.values()]
        if not flat:
            return [{} for _ in facts]
        cosines = np.asarray(centre(encoder.encode_passages(flat), self._mean) @ self._vectors.T, dtype=np.float32)
        found: list[dict[str, _Match]] = []
        first = 0
        for fact, by_language in zip(facts, texts, strict=True):
            best = np.max(cosines[first : first + len(by_language)], axis=0)
            first += len(by_language)
            found.append(self._best_lines(fact, np.asarray(best, dtype=np.float32)))
        return found

    def _best_lines(self, fact: Fact, cosines: Vectors) -> dict[str, _Match]:
        """Return for each language of the notes the line that says nearly what ``fact`` says."""
        matches = {language: list(self._lexical.match(line)) for language, line in fact.lines.items()}
        best: dict[str, _Match] = {}
        for language in sorted(set(self._languages.tolist())):
            rows = np.flatnonzero(self._languages == language)
            nearest = rows[np.argsort(-cosines[rows])[:_NEAREST]]
            best[language] = max(
                (_Match(int(row), float(cosines[row]) + _WORDS_WEIGHT * self._shared(matches, row)) for row in nearest),
                key=lambda match: match.likeness,
            )
        return best

    def _shared(self, matches: Mapping[str, Sequence[TermMatch]], line: int) -> float:
        """Return the share of the fact's words, by rarity, that a line holds: that of the language where it is more."""
        keys = self._lexical.keys_of(self._lines[line].text)
        shares = [0.0]
        for words in matches.values():
            total = sum(word.idf for word in words)
            shares.append(sum(word.idf for word in words if not keys.isdisjoint(word.keys)) / total if total else 0.0)
        return max(shares)


def known_questions(
    attached: Sequence[Attached],
    previous: KnownQuestions | None,
    encoder: Encoder,
    lexical: LexicalIndex,
    generic: dict[str, Vectors],
    progress: Progress | None = None,
) -> KnownQuestions:
    """Return ``attached`` with vectors and words, encoding only texts that ``previous`` does not hold.

    Where there are any, the questions about how a course is run join them, at no line.

    :param generic: Vectors of questions of no particular course, by language.
    :param progress: Called with (questions done, questions in all) while encoding.
    """
    if not attached:
        return KnownQuestions.none(encoder.width)
    group_of: dict[str, tuple[int, int]] = {}
    for one in attached:
        group_of.setdefault(one.question, one.group)
    for group, questions in enumerate(administration_questions()):
        for question in questions:
            group_of.setdefault(question, (_ADMINISTRATION, group))
    texts = tuple(group_of)
    number = {text: position for position, text in enumerate(texts)}
    group_numbers = {group: position for position, group in enumerate(dict.fromkeys(group_of[text] for text in texts))}
    groups = tuple(group_numbers[group_of[text]] for text in texts)
    places = tuple(
        sorted(
            {KnownPlace(one.section, one.first_line, number[one.question]) for one in attached},
            key=lambda place: (place.section, place.first_line, place.question),
        )
    )
    old = dict(zip(previous.texts, previous.vectors, strict=True)) if previous else {}
    vectors = encode_new_questions(texts, old, encoder, progress)
    keys = [lexical.keys_of(text) for text in texts]
    words: dict[int, frozenset[str]] = {}
    for place in places:
        words[place.section] = words.get(place.section, frozenset()) | keys[place.question]
    if previous and (previous.texts, previous.groups) == (texts, groups):
        weights = previous.weights
    else:
        weights = fit_groups(centred_questions(texts, vectors, generic), np.array(groups, dtype=np.int64))
    return KnownQuestions(texts, vectors, places, words, groups, weights)
