"""Shows rows of a table whose cells stand on lines of their own as rows of a Markdown table."""

import re
from collections.abc import Sequence

from index import Block, Note, Section
from index.reading.cell_tables import Cell, CellRow, CellTable, cell_table_at

_BEGINS = re.compile(r"[ \t>]*\{\|")
_QUOTES = re.compile(r"[ \t>]*")


def cell_table_rows(section: Section, rows: Sequence[Block], note: Note) -> list[str] | None:
    """Return ``rows`` of ``section`` as Markdown rows below their header, None where their table is another kind."""
    lines = note.shown_lines(section.first_line, rows[0].first_line).split("\n")
    begins = next((n for n in range(len(lines) - 1, -1, -1) if _BEGINS.match(lines[n])), None)
    if begins is None:
        return None
    first = section.first_line + begins
    below = note.shown_lines(first, section.last_line).split("\n")
    table = cell_table_at(_QUOTES.sub("", line, count=1) for line in below)
    if table is None or first + table.end <= rows[-1].first_line:
        return None
    texts = _texts(table)
    chosen = [
        cells
        for row, cells in zip(table.rows, texts, strict=True)
        if any(first + row.first <= block.first_line < first + row.end for block in rows)
    ]
    headers = [cells for row, cells in zip(table.rows, texts, strict=True) if row.is_header]
    width = max((len(cells) for cells in (*chosen, *headers[-1:])), default=0)
    header = headers[-1] if headers else [""] * width
    return [_row(cells, width) for cells in (header, ["---"] * width, *chosen)]


def _texts(table: CellTable) -> list[list[str]]:
    """Return what each cell says, row by row: those that another goes on over say what it says."""
    found: list[list[str]] = []
    for row in table.rows:
        above = found[-1] if found else []
        texts: list[str] = []
        for cell in row.cells:
            texts.append(_text(cell, row, texts, above))
        found.append(texts)
    return found


def _text(cell: Cell, row: CellRow, before: Sequence[str], above: Sequence[str]) -> str:
    if cell.mark == "|^":
        return above[len(before)] if len(before) < len(above) else ""
    if cell.mark == "|>":
        return before[-1] if row.is_header and before else ""
    return " ".join(cell.text.split("\n")).replace("|", "\\|")


def _row(cells: Sequence[str], width: int) -> str:
    return f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |"
