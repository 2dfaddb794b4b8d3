"""Gathers everything that a decision may rest on, by name: what was asked, what was found and how near it is."""

import math
from collections.abc import Sequence

from index.deciding import kinds_of_thing as asking
from index.deciding.abstention import PLAIN_FEATURES
from index.language.languages import KOREAN
from index.language.terms import TermKind
from index.ranking.lexical import MatchKind, TermMatch
from index.records import Hit, Line, SearchResult, Signals

_SIGNALS = ("chunk", "line", "heading", "lexical")
_PAIR = ("across", "korean")
_HITS = tuple(f"{name}_{place}" for place in (1, 2) for name in (*_SIGNALS, "score"))
_LINES = ("nearest", "nearest_shared", "above_second", "above_fifth", "most_shared", "nearest_in_first_section")
_TERMS = ("terms", "absent", "absent_names", "absent_nouns", "absent_verbs", "rarest", "commonest")
_SIZES = ("characters", "sections")
NAMES = (
    *PLAIN_FEATURES,
    *_PAIR,
    *_HITS,
    "above_second_section",
    *_LINES,
    *_TERMS,
    *_SIZES,
    *asking.NAMES,
    *asking.HELD_NAMES,
)
_READ_FOR_KINDS = 3
_NOTHING = Signals(0.0, 0.0, 0.0, 0.0, 0.0)


def features(
    result: SearchResult,
    lines: Sequence[Line],
    terms: Sequence[TermMatch],
    sections: int,
) -> list[float]:
    """Return the values of ``NAMES``.

    :param lines: The lines of the best sections, with their nearness.
    :param sections: How many the notes have.
    """
    nearest = sorted(lines, key=lambda line: -line.score)
    return [
        *(result.evidence[name] for name in PLAIN_FEATURES),
        float(bool(result.hits) and result.hits[0].section.language != result.language),
        float(result.language == KOREAN),
        *_of_hits(result.hits),
        *_of_lines(nearest, result.hits),
        *_of_terms(terms),
        float(len(result.question)),
        math.log(max(sections, 1)),
        *asking.asked(result.question),
        *asking.held([line.block.text for line in nearest[:_READ_FOR_KINDS]]),
    ]


def _of_hits(hits: Sequence[Hit]) -> list[float]:
    values: list[float] = []
    for place in (0, 1):
        hit = hits[place] if place < len(hits) else None
        signals = hit.signals if hit else _NOTHING
        values += [getattr(signals, name) for name in _SIGNALS]
        values.append(hit.score if hit else 0.0)
    return [*values, hits[0].score - hits[1].score if len(hits) > 1 else 0.0]


def _of_lines(nearest: Sequence[Line], hits: Sequence[Hit]) -> list[float]:
    if not nearest:
        return [0.0] * len(_LINES)

    def above(place: int) -> float:
        return nearest[0].score - nearest[min(place, len(nearest) - 1)].score

    return [
        nearest[0].score,
        nearest[0].shared,
        above(1),
        above(4),
        max(line.shared for line in nearest),
        float(nearest[0].section.number == hits[0].section.number),
    ]


def _of_terms(terms: Sequence[TermMatch]) -> list[float]:
    absent = [match.term.kind for match in terms if match.kind is MatchKind.ABSENT]
    rarity = [match.idf for match in terms] or [0.0]
    kinds = (TermKind.NAME, TermKind.NOUN, TermKind.VERB)
    return [
        float(len(terms)),
        float(len(absent)),
        *(float(absent.count(kind)) for kind in kinds),
        max(rarity),
        min(rarity),
    ]
