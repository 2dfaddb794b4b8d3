"""Reads files of questions for an evaluation, JSON Lines or CSV, into rows of one form; knows nothing of the notes."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.spreadsheets import cell_text
from index.border import clean_json, clean_question, clean_text
from index.errors import ContentError, QuestionError
from index.reading.notes import note_text

UNANSWERABLE = "unanswerable"
COLUMNS = ("question", "file", "lines", "quote", "kind", "history", "module", "comment")
_SUFFIXES = (".jsonl", ".csv")
_DELIMITERS = ",;\t"
_RANGE = re.compile(r"(\d{1,9})(?:\s*[-–~]\s*(\d{1,9}))?")
_DASH = re.compile(r"(?<!\s)\s*([-–~])\s*")
_BETWEEN = re.compile(r"[,;\s]+(?![-–~])")
_MOST_LINES = 10_000


class PlaceRow(BaseModel):
    """Lines of a note, by their numbers or by a text that stands in them; ``more`` is needed as well."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    file: str = ""
    lines: list[int] = []
    quote: str = ""
    more: list["PlaceRow"] = []

    @property
    def is_given(self) -> bool:
        """Whether it names any lines."""
        return bool(self.lines or self.quote)


class QuestionRow(PlaceRow):
    """One question as it stands in a file: where the answer stands, and ``also`` other places that answer alone.

    ``type`` is the kind of question, ``kind`` the kind of one that the notes do not answer; ``nearest`` is for readers.
    """

    query: str
    id: str | int | None = None
    lang: Literal["ko", "en"] | None = None
    type: str = ""
    kind: str = ""
    also: list[PlaceRow] = []
    history: list[str] = []
    module: str | None = None
    nearest: Any = None


def wrong_row(path: Path, number: int, reason: str) -> ContentError:
    """Return the error that says what is wrong with a row."""
    return ContentError(f"row {number}: {reason}", path)


def read_question_rows(path: Path) -> dict[int, QuestionRow]:
    """Return the questions of a file by the number of their row, as an editor or a spreadsheet counts them.

    :raises ContentError: If the file cannot be read or a row is wrong; the message names the row.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ContentError("the name of a file of questions must end in .jsonl or .csv", path)
    try:
        text = note_text(path.read_bytes(), path)
    except OSError as error:
        raise ContentError(f"the questions cannot be read: {error.strerror}", path) from error
    rows = dict(_of_csv(text, path) if suffix == ".csv" else _of_json_lines(text, path))
    if not rows:
        raise ContentError("there are no questions in it", path)
    return rows


def _of_json_lines(text: str, path: Path) -> Iterator[tuple[int, QuestionRow]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = clean_json(line)
        except QuestionError as error:
            raise wrong_row(path, number, str(error)) from error
        except ValueError as error:
            raise wrong_row(path, number, f"this is not JSON: {error}") from error
        yield number, _checked(values, path, number)


def _of_csv(text: str, path: Path) -> Iterator[tuple[int, QuestionRow]]:
    """Yield the questions; a row without a question tells more lines that the one above needs."""
    values: dict[str, Any] = {}
    first = 0
    for number, cells in _cells(text, path):
        place = {"file": cells["file"], "lines": _line_numbers(cells["lines"], path, number), "quote": cells["quote"]}
        if cells["question"]:
            if values:
                yield first, _checked(values, path, first)
            values, first = _question_values(cells, place), number
        elif values and values["type"] != UNANSWERABLE and (place["lines"] or place["quote"]):
            values["more"].append(place)
        else:
            raise wrong_row(path, number, "it has no question, and tells no more lines for the one above it")
    if values:
        yield first, _checked(values, path, first)


def _question_values(cells: dict[str, str], place: dict[str, Any]) -> dict[str, Any]:
    """Return the question of a row of CSV in the form of JSON Lines."""
    is_answerable = bool(place["lines"] or place["quote"])
    return {
        "query": cells["question"],
        **place,
        "type": cells["kind"] if is_answerable else UNANSWERABLE,
        "kind": "" if is_answerable or cells["kind"] == UNANSWERABLE else cells["kind"],
        "history": [question.strip() for question in re.split(r"[|\n]", cells["history"]) if question.strip()],
        "module": cells["module"] or None,
        "more": [],
    }


def _cells(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the cells of every row that has any, by the names of all columns."""
    header = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count), strict=True)
    names: list[str] = []
    number = width = 0
    try:
        for number, row in enumerate(reader, start=1):
            cells = [clean_text(cell_text(cell)).strip() for cell in row]
            if number == 1:
                names, width = _column_names(cells, path), len(cells)
                continue
            if not any(cells):
                continue
            if len(cells) > width:
                raise wrong_row(path, number, "it has more cells than the first; put a text with commas into quotes")
            yield number, dict.fromkeys(COLUMNS, "") | dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise wrong_row(path, number + 1, f"this is not CSV: {error}") from error
    except QuestionError as error:
        raise wrong_row(path, number, str(error)) from error


def _column_names(cells: list[str], path: Path) -> list[str]:
    names = [cell.lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    unknown = next((name for name in names if name not in COLUMNS), None)
    if unknown is not None:
        raise wrong_row(path, 1, f"there is no column {unknown!r}; the columns are {', '.join(COLUMNS)}")
    if "question" not in names or len(set(names)) < len(names):
        raise wrong_row(path, 1, "it must name the column 'question', and every column once")
    return names


def _line_numbers(text: str, path: Path, number: int) -> list[int]:
    """Return the numbers that a text such as ``3, 5-7`` says."""
    lines: list[int] = []
    for part in filter(None, _BETWEEN.split(_DASH.sub(r"\1", text))):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last < first + _MOST_LINES:
            raise wrong_row(path, number, f"{part!r} are no numbers of lines; write them as 3, 5-7")
        lines += range(first, last + 1)
    return lines


def _checked(values: object, path: Path, number: int) -> QuestionRow:
    """Return ``values`` as a row with its question, and those before it, as they are read."""
    if not isinstance(values, dict):
        raise wrong_row(path, number, "a row must hold named fields")
    try:
        row = QuestionRow.model_validate(values)
        cleaned = {"query": clean_question(row.query), "history": [clean_question(text) for text in row.history]}
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise wrong_row(path, number, f"the field {field!r} is wrong: {first['msg'].lower()}") from error
    except QuestionError as error:
        raise wrong_row(path, number, str(error)) from error
    if row.is_given == (row.type == UNANSWERABLE):
        told = "names lines, but is" if row.is_given else "names no lines and no quote, but is not"
        raise wrong_row(path, number, f'it {told} of the type "{UNANSWERABLE}"')
    return row.model_copy(update=cleaned)
