"""Scores the quotable lines of the sections found, and knows which lines belong together; chooses none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.ranking.asked_quantities import asks_quantity, holds_quantity
from index.records import DISPLAYED_KINDS, LIST_KINDS, Block, BlockKind, Hit, Line, Section

SECTION_SHARE = 0.5
WORD_SHARE = 0.1
KNOWN_SHARE = 0.15
QUANTITY_BONUS = 0.1
_LEAD_IN = re.compile(
    r"다음(과|은|의|에|을)?\s?(같|두|세|네|다섯|여섯|몇|순서|방식|방법|사항|단계|에 주의|항목|내용|입니다|모듈)"
    r"|다음은|[:：]$"
    r"|\bas follows\b|\bfollowing\b|\bthese (steps|things|items|points)\b|\bare listed below\b|\bare:$",
    re.IGNORECASE,
)
_DIVISION = re.compile(
    r"나누어|나뉘|나뉩|다음과 같|\bdivided into\b|\bas follows\b|\bfollowing (topics|parts)\b", re.IGNORECASE
)
_STOPS = (".", "!", "?", "。")
_REMARK = re.compile(
    r"^\W*(편집자\s?주|참고|주의|경고|중요|팁|editor['’]s note|note|notice|warning|caution|important|tip)\b\W",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LineScore:
    """How near a quotable line is to a question: centred cosine, and which of the question's words it holds.

    ``shared`` is the idf-weighted share of those words, 0 to 1; ``keys`` are the line's words and concepts; ``known``
    is the nearness, 0 to 1, to the questions that the line is known to answer.
    """

    section: Section
    piece: Block
    cosine: float
    shared: float
    keys: frozenset[str]
    known: float


def lines_of(question: str, hits: Sequence[Hit], scored: Sequence[LineScore]) -> list[Line]:
    """Return the lines of the sections of ``hits``, in the order of the hits, then of the notes.

    A line's score is its nearness: the cosine, a part of the section's score, of the share of the question's words
    that the line holds, and of the likeness to questions that it is known to answer.
    """
    lines: list[Line] = []
    for hit in hits:
        own = [line for line in scored if line.section.number == hit.section.number]
        lines.extend(_lines(hit.section, own, hit.score))
    if asks_quantity(question):
        return [replace(line, score=line.score + QUANTITY_BONUS * holds_quantity(line.block.text)) for line in lines]
    return lines


def _lines(section: Section, scores: Sequence[LineScore], section_score: float) -> Iterator[Line]:
    """Yield one line a block, two or more for a paragraph of several sentences; a block has its best piece's score."""
    pending = list(scores)
    for position, block in enumerate(section.blocks):
        if block.header:
            continue
        pieces = 1 if block.kind in DISPLAYED_KINDS else _piece_count(block, pending)
        own, pending = pending[:pieces], pending[pieces:]
        lines = [_line(section, block, position, score, section_score) for score in own]
        if block.kind is BlockKind.PARAGRAPH:
            yield from (replace(line, block=score.piece) for line, score in zip(lines, own, strict=True))
        elif lines:
            best = max(lines, key=lambda line: line.score)
            yield replace(best, keys=frozenset().union(*(line.keys for line in lines)))


def _piece_count(block: Block, scores: Sequence[LineScore]) -> int:
    """Return how many of the leading ``scores`` are pieces of ``block``: as many as make up its text."""
    wanted, length = len("".join(block.text.split())), 0
    for count, score in enumerate(scores):
        if length >= wanted:
            return count
        length += len("".join(score.piece.text.split()))
    return len(scores)


def _line(section: Section, block: Block, position: int, score: LineScore, section_score: float) -> Line:
    following = section.blocks[position + 1] if position + 1 < len(section.blocks) else None
    announces = following is not None and following.kind in (*LIST_KINDS, *DISPLAYED_KINDS)
    text = score.piece.text
    divides = following is None and bool(_DIVISION.search(text))
    goes_on = following is not None and following.kind is BlockKind.MATHS and not text.rstrip().endswith(_STOPS)
    announced = announces and (goes_on or bool(_LEAD_IN.search(text)))
    lead_in = block.kind is BlockKind.PARAGRAPH and (divides or announced)
    return Line(
        section=section,
        block=block,
        position=position,
        score=score.cosine + WORD_SHARE * score.shared + SECTION_SHARE * section_score + KNOWN_SHARE * score.known,
        keys=score.keys,
        shared=score.shared,
        is_lead_in=lead_in,
        is_remark=block.kind is BlockKind.QUOTE and bool(_REMARK.match(text)),
    )


def group_of(line: Line, lines: Sequence[Line]) -> list[Line]:
    """Return the items or rows of the list or table that ``line`` is in, in order; the line itself if in none."""
    if not line.is_listed:
        return [line]
    return [
        other
        for other in lines
        if other.is_listed and other.section.number == line.section.number and other.block.group == line.block.group
    ]


def lead_in_of(group: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Return the paragraph right before ``group`` that announces it, as a list of one, or none."""
    first = group[0]
    before = [
        line
        for line in lines
        if line.section.number == first.section.number and line.position < first.position and not line.is_listed
    ]
    if not before or before[-1].block.kind is not BlockKind.PARAGRAPH:
        return []
    header_rows = sum(block.header for block in first.section.blocks[before[-1].position + 1 : first.position])
    adjacent = first.position - before[-1].position - header_rows == 1
    announces = before[-1].is_lead_in or first.block.kind in DISPLAYED_KINDS
    return [before[-1]] if adjacent and announces else []


def announced_by(lead_in: Line, lines: Sequence[Line]) -> list[Line]:
    """Return the list, table or code that ``lead_in`` announces; nothing if nothing follows in its section."""
    after = [
        line for line in lines if line.section.number == lead_in.section.number and line.position > lead_in.position
    ]
    if not after or not (after[0].is_listed or after[0].block.kind in DISPLAYED_KINDS):
        return []
    return group_of(after[0], lines)


def remarks_after(chosen: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Return the remarks that belong to ``chosen``: they follow a chosen line, or a list that a chosen line is in.

    A remark after a list of which only some items are chosen belongs to them if it names a word of theirs that the
    other items lack.
    """
    found: list[Line] = []
    for remark in (line for line in lines if line.is_remark and line not in chosen):
        before = [
            line
            for line in lines
            if line.section.number == remark.section.number and line.position < remark.position and not line.is_remark
        ]
        if not before:
            continue
        group = group_of(before[-1], lines)
        picked = [line for line in group if line in chosen]
        if not picked:
            continue
        others = frozenset[str]().union(*(line.keys for line in group if line not in picked))
        own = frozenset[str]().union(*(line.keys for line in picked)) - others
        if len(picked) == len(group) or before[-1] in picked or own & remark.keys:
            found.append(remark)
    return found
