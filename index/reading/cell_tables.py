r"""Tables whose cells stand on lines of their own, as HTML's do: ``{|``, rows ``|-``, cells ``|`` and ``|=``, ``|}``.

Several of them may stand on one line. ``|=`` is a header cell; ``|>`` belongs to the cell at its left, ``|^`` to the
one above it; what stands before the first row is the caption. A ``|`` within a cell is written ``\|``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

_START = "{|"
_MARK = re.compile(r"(?<!\\)\|[-=>^}]?")
_INTERRUPTED: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


@dataclass(slots=True)
class Cell:
    """A cell: its ``mark``, the Markdown in it, and its lines, from 0, from the first to after the last."""

    mark: str
    text: str
    first: int
    end: int
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class CellRow:
    """A row with its cells and lines, from 0, from the first to after the last; a caption is one of a cell."""

    first: int
    end: int
    cells: list[Cell] = field(default_factory=list[Cell])

    @property
    def is_header(self) -> bool:
        """Whether all of its cells are header cells."""
        return any(cell.mark == "|=" for cell in self.cells) and not any(cell.mark == "|" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class CellTable:
    """A table: the text above it, its rows, and the line, from 0, after it."""

    caption: Cell
    rows: tuple[CellRow, ...]
    end: int


def cell_tables_plugin(parser: MarkdownIt) -> None:
    """Read such tables as GitHub's are: the same tokens, whose lines are those of their rows and cells.

    ``cell_above`` and ``cell_left`` stand for cells that others go on over.
    """
    parser.block.ruler.before("table", "cell_table", _rule, _INTERRUPTED)


def cell_table_at(lines: Iterable[str]) -> CellTable | None:
    """Return the table that begins with the first of ``lines``, whose lines are counted from it; None if none does.

    No line after its end is read, nor any after one where another begins.
    """
    caption = Cell("", "", 0, 1)
    latest = caption
    rows: list[CellRow] = []
    for number, source in enumerate(lines):
        line = source.strip()
        if line.startswith(_START) == (number > 0):
            return None
        rest = 0 if number else len(_START)
        for match in _MARK.finditer(line, rest):
            _write(latest, line[rest : match.start()], number)
            rest = match.end()
            if match.group() == "|}":
                _write(latest, line[rest:], number)
                return CellTable(caption, tuple(_with_spans(rows)), number + 1)
            latest = Cell(match.group(), "", number, number + 1)
            if match.group() == "|-" or not rows:
                rows.append(CellRow(number, number + 1))
            if match.group() != "|-":
                rows[-1].cells.append(latest)
                rows[-1].end = number + 1
        _write(latest, line[rest:], number)
        if rows:
            rows[-1].end = max(rows[-1].end, latest.end)
    return None


def _write(cell: Cell, text: str, number: int) -> None:
    text = text.strip().replace("\\|", "|")
    if not text:
        return
    if not cell.text:
        cell.first = number
    else:
        text = "\n" * (number - cell.end + 1) + text if number >= cell.end else f" {text}"
    cell.text += text
    cell.end = number + 1


def _with_spans(rows: Sequence[CellRow]) -> Iterator[CellRow]:
    """Tell cells how many columns and rows they take up; leave out rows of none."""
    above: list[Cell] = []
    for row in rows:
        owners: list[Cell] = []
        for cell in row.cells:
            owner = cell
            if cell.mark == "|>" and owners:
                owner = owners[-1]
                owner.columns += 1
            elif cell.mark == "|^" and len(owners) < len(above):
                owner = above[len(owners)]
                owner.rows += all(owner is not other for other in owners[-owner.columns :])
            owners.append(owner)
        above = owners
        if row.cells:
            yield row


def _rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read a table of cells: a rule for the parser's blocks."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if state.is_code_block(start_line) or not state.src.startswith(_START, begin):
        return False
    table = cell_table_at(
        state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
        for number in range(start_line, end_line)
    )
    if table is None:
        return False
    if not silent:
        _push(state, table, start_line)
        state.line = start_line + table.end
    return True


def _push(state: StateBlock, table: CellTable, line: int) -> None:
    if table.caption.text:
        state.push("paragraph_open", "p", 1).map = [line + table.caption.first, line + table.caption.end]
        _push_inline(state, table.caption, line)
        state.push("paragraph_close", "p", -1)
    if not table.rows:
        return
    state.push("table_open", "table", 1).map = [line, line + table.end]
    headers = next((n for n, row in enumerate(table.rows) if not row.is_header), len(table.rows))
    for name, rows in (("thead", table.rows[:headers]), ("tbody", table.rows[headers:])):
        if rows:
            state.push(f"{name}_open", name, 1)
            for row in rows:
                _push_row(state, row, line)
            state.push(f"{name}_close", name, -1)
    state.push("table_close", "table", -1)


def _push_row(state: StateBlock, row: CellRow, line: int) -> None:
    state.push("tr_open", "tr", 1).map = [line + row.first, line + row.end]
    for cell in row.cells:
        if cell.mark in ("|>", "|^"):
            state.push("cell_left" if cell.mark == "|>" else "cell_above", "", 0)
            continue
        kind = "th" if cell.mark == "|=" else "td"
        opening = state.push(f"{kind}_open", kind, 1)
        if cell.columns > 1:
            opening.attrSet("colspan", str(cell.columns))
        if cell.rows > 1:
            opening.attrSet("rowspan", str(cell.rows))
        _push_inline(state, cell, line)
        state.push(f"{kind}_close", kind, -1)
    state.push("tr_close", "tr", -1)


def _push_inline(state: StateBlock, cell: Cell, line: int) -> None:
    token: Token = state.push("inline", "", 0)
    token.content, token.children = cell.text, []
    token.map = [line + cell.first, line + cell.end]
