"""Reads tables: CSV files as one table, workbooks (XLSX) as a page a sheet, with values and not formulas."""

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from index.importing.documents import ImportedDocument, ImportedPage, TableBlock, Unread
from index.importing.formats import NoNoteError
from index.importing.readers.libraries import library

MAX_ROWS = 2000
_MAX_COLUMNS = 60
_DELIMITERS = ",;\t|"
_SNIFFED = 16_384


def read_csv(data: bytes, name: str) -> ImportedDocument:
    """Return a CSV or TSV file as a document of one page without a label.

    :raises NoNoteError: If it is no text.
    """
    text = _decoded(data, name)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:_SNIFFED], _DELIMITERS)
    except csv.Error:
        dialect = csv.excel_tab if "\t" in text[:_SNIFFED] else csv.excel
    rows = list(_rows(csv.reader(io.StringIO(text, newline=""), dialect)))
    table, unread = _table(rows, name)
    pages = (ImportedPage(table),) if table else ()
    return ImportedDocument(PurePosixPath(name).name, pages, "", unread)


def _decoded(data: bytes, name: str) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp949"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoNoteError("encoding", f"{name}: no text in UTF-8, UTF-16 or CP949; save it as UTF-8.")


def read_workbook(data: bytes, name: str) -> ImportedDocument:
    """Return the sheets of a workbook; hidden ones are left out and told."""
    openpyxl = library("openpyxl")
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False)
    pages: list[ImportedPage] = []
    hidden: list[str] = []
    unread: list[Unread] = []
    unknown = charts = 0
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(str(sheet.title))
            continue
        charts += len(sheet._charts) + len(
            sheet._images
        )  # what is drawn on a sheet the library does not tell otherwise
        unknown += sum(
            1
            for row in formulas[sheet.title].iter_rows(max_row=min(sheet.max_row, MAX_ROWS))
            for cell in row
            if cell.data_type == "f" and sheet.cell(cell.row, cell.column).value is None
        )
        table, told = _table(list(_rows(map(_values, sheet.iter_rows(values_only=True)))), str(sheet.title))
        unread += told
        if table:
            pages.append(ImportedPage(table, str(sheet.title)))
    unread += [Unread("hidden_sheets", tuple(hidden))] if hidden else []
    unread += [Unread("no_values", count=unknown)] if unknown else []
    unread += [Unread("charts", count=charts)] if charts else []
    return ImportedDocument(name, tuple(pages), "sheet", tuple(unread))


def _values(row: Sequence[Any]) -> list[str]:
    return [_cell(value) for value in row[:_MAX_COLUMNS]]


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _rows(rows: Any) -> Iterator[list[str]]:  # noqa: ANN401 - any rows of texts
    for row in rows:
        cells = [str(cell).strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield cells


def _table(rows: Sequence[list[str]], place: str) -> tuple[tuple[TableBlock, ...], tuple[Unread, ...]]:
    """Return the rows as a table, empty columns at the left dropped, and how many of them are left out."""
    if not rows:
        return (), ()
    left = min(next(n for n, cell in enumerate(row) if cell) for row in rows)
    kept = tuple(tuple(row[left : left + _MAX_COLUMNS]) for row in rows[: MAX_ROWS + 1])
    over = len(rows) - len(kept)
    unread = (Unread("too_many_rows", (place,), over, f"{MAX_ROWS:,}"),) if over else ()
    return (TableBlock(kept),), unread
