"""Shows the lines that the last answer quoted in another form: as a table, as a list, fewer, or with those around them.

Nothing is searched: what is shown are the lines that were cited, as they stand in the notes now.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.excerpt_markdown import inline, render
from assistant.answering.excerpts import cite
from assistant.records import Answer, Citation
from assistant.safe_markdown import in_cell, safe
from assistant.selection import Excerpt
from assistant.talk.replies import said
from assistant.talk.wishes import Wish, Wished
from index import Block, BlockKind, CourseIndex, Section
from index.reading.passages import line_pieces
from index.records import DISPLAYED_KINDS

_AROUND = 2
_MOST_AROUND = 12
_LISTED = (BlockKind.ITEM, BlockKind.ORDERED_ITEM, BlockKind.TABLE_ROW)
_PAIR = re.compile(
    r"^(?P<term>(?:\*\*[^*]{1,60}\*\*|`[^`]{1,60}`|[^:：|–—]{1,50}))\s?(?:[:：]\s|[–—]\s)\s*(?P<rest>\S.*)$"
)


@dataclass(frozen=True, slots=True)
class Reshaped:
    """The lines in their new form: Markdown without the sources, and the excerpts that it quotes."""

    text: str
    excerpts: tuple[Excerpt, ...]


class Reshaper:
    """Shows again what one index's notes were quoted for."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index

    def reshaped(self, answer: Answer, wished: Wished, language: str) -> Reshaped | None:
        """Return the lines of ``answer`` as wished, None where it quotes none that are still there."""
        lines = [line for citation in answer.citations for line in self._lines(citation)]
        if not lines:
            return None
        match wished.wish:
            case Wish.TABLE:
                return self._table(lines, language)
            case Wish.COUNT:
                return self._first(lines, wished.count, language)
            case Wish.EXPLAIN:
                return self._quoted(said("shape.explain", language), list(self._around(lines)))
            case _:
                return self._quoted(said("shape.list", language), lines)

    def _lines(self, citation: Citation) -> Iterator[tuple[Section, Block | None]]:
        """Yield the lines that ``citation`` covers, each alone; of a heading nothing but its section."""
        for section in self._index.sections:
            if section.file != citation.file or not section.first_line <= citation.first_line <= section.last_line:
                continue
            within = [
                piece
                for piece in _whole_pieces(section)
                if citation.first_line <= piece.first_line and piece.last_line <= citation.last_line
            ]
            if within:
                yield from ((section, piece) for piece in within)
            elif citation.first_line == section.first_line:
                yield section, None

    def _around(self, lines: Sequence[tuple[Section, Block | None]]) -> Iterator[tuple[Section, Block | None]]:
        """Yield ``lines`` with those next to them in their sections, some twelve in all, in the order of the notes."""
        count = 0
        for section in dict.fromkeys(section for section, _ in lines):
            pieces = _whole_pieces(section)
            cited = [at for at, piece in enumerate(pieces) if (section, piece) in lines]
            if not cited:
                yield section, None
            for at, piece in enumerate(pieces):
                if any(abs(at - other) <= _AROUND for other in cited) and (count < _MOST_AROUND or at in cited):
                    count += 1
                    yield section, piece

    def _first(self, lines: Sequence[tuple[Section, Block | None]], count: int, language: str) -> Reshaped:
        items = first_items(lines, count)
        total = len(first_items(lines, len(lines)))
        tops = [line for line in items if _is_top(line, lines)]
        if len(tops) >= count:
            return self._quoted(said("shape.count", language, count=count), items)
        return self._quoted(said("shape.count_all", language, total=min(total, len(tops))), items)

    def _table(self, lines: Sequence[tuple[Section, Block | None]], language: str) -> Reshaped:
        blocks = [block for _, block in lines if block is not None]
        if len(blocks) == len(lines) and all(block.kind is BlockKind.TABLE_ROW for block in blocks):
            return self._quoted(said("shape.table", language), lines)
        fitting = [(section, block) for section, block in lines if block is None or block.kind not in DISPLAYED_KINDS]
        listed = {section.number for section, block in fitting if block is not None and block.kind in _LISTED}
        fitting = [line for line in fitting if line[0].number not in listed or _is_listed(line[1])]  # no lead-ins
        if not fitting:
            return self._quoted(said("shape.table_not", language), lines)
        excerpts = tuple(self._excerpt(section, block, at + 1) for at, (section, block) in enumerate(fitting))
        cells = [self._cell(excerpt) for excerpt in excerpts]
        pairs = [_PAIR.match(cell) for cell in cells]
        sections = {section.number for section, _ in fitting}
        if len(sections) > 1:
            rows = [(safe(e.section.leaf).replace("|", "\\|"), cell) for e, cell in zip(excerpts, cells, strict=True)]
            head = (said("shape.section", language), said("shape.said", language))
        elif all(pairs):
            rows = [(safe(pair["term"].strip()), pair["rest"]) for pair in pairs if pair]
            head = (said("shape.item", language), said("shape.said", language))
        else:
            rows = [(str(at + 1), cell) for at, cell in enumerate(cells)]
            head = ("", said("shape.said", language))
        marked = [(first, f"{rest} [{e.citation.marker}]") for (first, rest), e in zip(rows, excerpts, strict=True)]
        table = "\n".join(f"| {first} | {second} |" for first, second in (head, ("---", "---"), *marked))
        return Reshaped(f"{said('shape.table', language)}\n\n{table}", excerpts)

    def _cell(self, excerpt: Excerpt) -> str:
        if not excerpt.blocks:
            return safe(excerpt.section.heading).replace("|", "\\|")
        block = excerpt.blocks[0]
        if block.kind is BlockKind.TABLE_ROW:  # its text names the columns
            return safe(in_cell(block.text))
        return safe(inline(block, self._index.note(excerpt.section.file)).lstrip("> "))

    def _quoted(self, lead: str, lines: Sequence[tuple[Section, Block | None]]) -> Reshaped:
        excerpts = tuple(joined(self._index, lines))
        shown = [render(excerpt, self._index.note(excerpt.section.file)) for excerpt in excerpts]
        return Reshaped("\n\n".join([lead, *shown]), excerpts)

    def _excerpt(self, section: Section, block: Block | None, marker: int) -> Excerpt:
        first, last = (section.first_line,) * 2 if block is None else (block.first_line, block.last_line)
        return Excerpt(section, () if block is None else (block,), cite(self._index, section, first, last, marker))


def joined(index: CourseIndex, lines: Sequence[tuple[Section, Block | None]]) -> Iterator[Excerpt]:
    """Yield the excerpts of ``lines``: those that follow each other in one section and list under one marker."""
    runs: list[list[tuple[Section, Block | None]]] = []
    for section, block in lines:
        last = runs[-1][-1] if runs else None
        if last and block and last[1] and last[0] is section and _follows(section, last[1], block):
            runs[-1].append((section, block))
        else:
            runs.append([(section, block)])
    for number, run in enumerate(runs):
        section = run[0][0]
        blocks = tuple(block for _, block in run if block is not None)
        first = blocks[0].first_line if blocks else section.first_line
        last_line = max((block.last_line for block in blocks), default=section.first_line)
        yield Excerpt(section, blocks, cite(index, section, first, last_line, number + 1))


def first_items(lines: Sequence[tuple[Section, Block | None]], count: int) -> list[tuple[Section, Block | None]]:
    """Return the first ``count`` items of ``lines`` with what is nested in them; lead-ins of a list are no items."""
    kept: list[tuple[Section, Block | None]] = []
    tops = 0
    for line in lines:
        tops += _is_top(line, lines)
        if tops > count:
            break
        kept.append(line)
    return kept


def first_excerpts(index: CourseIndex, excerpts: Sequence[Excerpt], count: int) -> tuple[Excerpt, ...]:
    """Return ``excerpts`` with only the first ``count`` items, markers from 1 on; unchanged where they have no more."""
    lines: list[tuple[Section, Block | None]] = []
    for excerpt in excerpts:
        if not excerpt.is_remark:
            lines.extend((excerpt.section, block) for block in excerpt.blocks or (None,))
    kept = first_items(lines, count)
    return tuple(excerpts) if len(kept) == len(lines) else tuple(joined(index, kept))


def _is_top(line: tuple[Section, Block | None], lines: Sequence[tuple[Section, Block | None]]) -> bool:
    """Return whether ``line`` counts as one of ``lines``: a top item where its section lists some, else any line."""
    section = line[0].number
    listed = [block for one, block in lines if one.number == section and block is not None and block.kind in _LISTED]
    if not listed:
        return True
    block = line[1]
    return block is not None and block.kind in _LISTED and block.depth == min(one.depth for one in listed)


def _sentences_joined(pieces: Sequence[Block]) -> Iterator[Block]:
    """Yield ``pieces``, the sentences that share a line as one: a citation does not tell which of them it means."""
    run: list[Block] = []
    for piece in pieces:
        if run and piece.kind is run[-1].kind is BlockKind.PARAGRAPH and piece.first_line <= run[-1].last_line:
            run.append(piece)
            continue
        if run:
            yield _joined(run)
        run = [piece]
    if run:
        yield _joined(run)


def _joined(run: Sequence[Block]) -> Block:
    text = " ".join(piece.text for piece in run)
    return replace(run[0], text=text, last_line=max(piece.last_line for piece in run))


def _is_listed(block: Block | None) -> bool:
    return block is not None and block.kind in _LISTED


def _whole_pieces(section: Section) -> list[Block]:
    """Return the quotable lines of ``section``: items and rows whole, paragraphs sentence by sentence."""
    pieces = line_pieces(section)
    whole = [block for block in section.blocks if block.kind in _LISTED and not block.header]
    inside = {line for block in whole for line in range(block.first_line, block.last_line + 1)}
    rest = [piece for piece in pieces if piece.kind not in _LISTED and piece.first_line not in inside]
    return sorted([*whole, *_sentences_joined(rest)], key=lambda piece: piece.first_line)


def _follows(section: Section, before: Block, block: Block) -> bool:
    """Return whether ``block`` goes under the marker of ``before``: next in a list, or the next sentence."""
    if before.kind in _LISTED or block.kind in _LISTED:
        headers = {one.first_line for one in section.blocks if one.header}
        gap = block.first_line - before.last_line - sum(before.last_line < h < block.first_line for h in headers)
        return before.group == block.group and before.kind in _LISTED and gap <= 2
    return before.kind is block.kind is BlockKind.PARAGRAPH and block.first_line - before.last_line <= 1
