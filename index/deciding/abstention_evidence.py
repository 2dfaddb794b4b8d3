"""Collects what the signals say about whether the notes answer a question; decides nothing."""

from dataclasses import dataclass

from index.language.terms import TermKind
from index.ranking.asked_quantities import asks_quantity, holds_quantity
from index.ranking.lexical import LexicalIndex, LexicalResult, MatchKind, TermMatch


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against an answer.

    ``dense``: the best section's score without its words; ``covered_by_top``: share of the question's words, weighted
    by rarity, that the best section holds; ``absent_name``: 1 if the notes lack an identifier of the question;
    ``quantity_missing``: 1 if a quantity is asked and the best section holds none; ``subject``: log-odds that the
    question is about what the notes are about; ``typical_words``: how much more its words are those of the notes than
    of other subjects; ``known``: likeness, 0 to 1, to the questions that the best section is known to answer;
    ``covered_with_known``: as ``covered_by_top``, where the words of those questions count as held, too.
    """

    dense: float
    covered_by_top: float
    absent_name: float
    quantity_missing: float
    subject: float
    typical_words: float
    known: float
    covered_with_known: float


def covered_by_top(
    result: LexicalResult, index: LexicalIndex, top: set[int], known: frozenset[str] = frozenset()
) -> float:
    """Return the share of the question's words that the best section holds, weighted by idf, 0 to 1.

    Korean verbs are left out: what is done to a thing is said in too many ways. A word that stands in every section
    weighs a little, too: in a small note that is its very subject.

    :param top: The best section's number in every edition.
    :param known: Keys of words that count as held, wherever they stand; but of identifiers only those of the notes.
    """
    matches = _counted(result)
    least = index.least_weight
    total = sum(match.idf + least for match in matches)
    held = sum(
        match.idf + least
        for match in matches
        if index.sections_with(match) & top or not known.isdisjoint(_keys_to_know(match))
    )
    return held / total if total else 0.0


def _keys_to_know(match: TermMatch) -> tuple[str, ...]:
    return match.keys if match.term.kind is TermKind.NAME else (match.term.key, *match.keys)


def absent_name(result: LexicalResult) -> float:
    """Return 1.0 if the notes lack an identifier of the question in every spelling, else 0.0."""
    return float(any(match.kind is MatchKind.ABSENT and match.term.kind is TermKind.NAME for match in result.matches))


def absent_words(result: LexicalResult) -> tuple[str, ...]:
    """Return the names and words of the question that the notes never mention, as they were written."""
    return tuple(match.term.surface for match in _counted(result) if match.kind is MatchKind.ABSENT)


def quantity_missing(question: str, text: str) -> float:
    """Return 1.0 if ``question`` asks for a quantity and ``text`` holds none, else 0.0."""
    return float(asks_quantity(question) and not holds_quantity(text))


def _counted(result: LexicalResult) -> list[TermMatch]:
    return [match for match in result.matches if match.term.kind not in (TermKind.NUMBER, TermKind.VERB)]
