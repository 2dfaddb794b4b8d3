"""Collects what the signals say about whether the notes answer a question; decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import LexicalIndex, LexicalResult, MatchKind, TermMatch
from index.quantities import asks_quantity, holds_quantity
from index.terms import TermKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against an answer.

    ``chunk``, ``line``, ``heading``: best centred cosines among all sections; ``margin``: fused score of the best section
    less that of the next. ``coverage``: share of the question's words, weighted by rarity, that the notes hold;
    ``covered_by_top``: that the best section holds; ``absent``: share of the words that the notes lack; ``absent_name``:
    1 if an identifier is among these; ``lexical``: the best section's word bonus; ``agreement``: share of the grains
    that put the same section first; ``quantity_missing``: 1 if a quantity is asked and the best section holds none.
    """

    chunk: float
    line: float
    heading: float
    margin: float
    coverage: float
    covered_by_top: float
    absent: float
    absent_name: float
    lexical: float
    agreement: float
    quantity_missing: float


def lexical_evidence(result: LexicalResult, index: LexicalIndex, top: set[int]) -> dict[str, float]:
    """Return the fields of :class:`Evidence` that words decide. ``top``: the best section's number in every edition.

    Korean verbs count for neither side: what is done to a thing is said in too many ways.
    """
    matches = [match for match in result.matches if match.term.kind not in (TermKind.NUMBER, TermKind.VERB)]
    absent = [match for match in matches if match.kind is MatchKind.ABSENT]
    return {
        "coverage": _share([match for match in matches if match.keys], matches),
        "covered_by_top": _share([match for match in matches if index.sections_with(match) & top], matches),
        "absent": len(absent) / len(matches) if matches else 1.0,
        "absent_name": float(any(match.term.kind is TermKind.NAME for match in absent)),
        "lexical": max((float(result.bonuses[number]) for number in top), default=0.0),
    }


def quantity_missing(question: str, text: str) -> float:
    """Return 1.0 if ``question`` asks for a quantity and ``text`` holds none, else 0.0."""
    return float(asks_quantity(question) and not holds_quantity(text))


def _share(some: Sequence[TermMatch], matches: Sequence[TermMatch]) -> float:
    """Return the share of ``some`` in ``matches``, weighted by idf."""
    total = sum(match.idf for match in matches)
    return sum(match.idf for match in some) / total if total else 0.0
