"""Writes entries as JSON, CSV or Markdown and reads them back without loss; also writes them as notes for students.

The Markdown form is meant to be read and edited: every text stands between two comments, which Markdown does not show.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from assistant.faq.entry_text import text_of
from assistant.faq.errors import FaqFileError
from assistant.faq.records import LANGUAGES, Entry
from assistant.records import Citation
from assistant.spreadsheets import cell_text, neutral_cell
from index.json_values import record_of

_TEXTS = ("question_ko", "question_en", "answer_ko", "answer_en")
_FIELDS = tuple(field.name for field in fields(Entry) if field.name != "version")
_MARK = "<!-- faq:"
_END = f"{_MARK}end -->"
_ENTRY = re.compile(r"^<!-- faq:entry (?P<json>\{.*?\}) -->$", re.MULTILINE)
_NOTE_TITLES = {"ko": "자주 묻는 질문", "en": "Frequently Asked Questions"}
_NO_MODULE = {"ko": "그 밖의 질문", "en": "Other Questions"}
_SOURCE = {"ko": "출처", "en": "Source"}


@dataclass(frozen=True, slots=True)
class Format:
    """A form of exchange: how entries are written as a text, and read from one."""

    suffix: str
    write: Callable[[Sequence[Entry]], str]
    read: Callable[[str], list[Entry]]


def format_of(path: Path) -> Format:
    """Return the form that the suffix of ``path`` names.

    :raises FaqFileError: If it names none.
    """
    found = next((form for form in formats() if form.suffix == path.suffix.lower()), None)
    if found is None:
        raise FaqFileError("the file's name must end in .json, .csv or .md.", str(path))
    return found


def formats() -> tuple[Format, ...]:
    """Return the forms that can be written and read."""
    return (
        Format(".json", to_json, from_json),
        Format(".csv", to_csv, from_csv),
        Format(".md", to_markdown, from_markdown),
    )


def read_file(path: Path) -> list[Entry]:
    """Return the entries in a file, in the form that its suffix names.

    :raises FaqFileError: If it cannot be read; the message names the place.
    """
    form = format_of(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FaqFileError(f"the file cannot be read: {error.strerror}.", str(path)) from error
    except UnicodeDecodeError as error:
        raise FaqFileError("the file is no UTF-8 text.", str(path)) from error
    return form.read(text)


def to_json(entries: Sequence[Entry]) -> str:
    """Return ``entries`` as a JSON list."""
    return json.dumps([entry.to_json() for entry in entries], ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> list[Entry]:
    """Undo :func:`to_json`.

    :raises FaqFileError: If ``text`` is no such list.
    """
    try:
        rows: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise FaqFileError(f"this is no JSON: {error.msg}.", f"line {error.lineno}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in brackets
        raise FaqFileError("a number is too long, or it nests too deep.", "JSON") from error
    if not isinstance(rows, list):
        raise FaqFileError("a list of entries is expected.", "JSON")
    return [_entry(row, f"entry {number}") for number, row in enumerate(cast("list[Any]", rows), start=1)]


def to_csv(entries: Sequence[Entry]) -> str:
    """Return ``entries`` as CSV with a header; citations are JSON in their column, and no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _FIELDS, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for entry in entries:
        row = {
            name: neutral_cell(v if name in _STRINGS else json.dumps(v, ensure_ascii=False))
            for name, v in entry.to_json().items()
        }
        writer.writerow(row)
    return out.getvalue()


def from_csv(text: str) -> list[Entry]:
    """Undo :func:`to_csv`.

    :raises FaqFileError: If a column is missing or a value is wrong.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    entries: list[Entry] = []
    try:
        for number, row in enumerate(reader, start=2):
            place = f"row {number}"
            values: dict[str, Any] = {
                name: cell if name in _STRINGS else json.loads(cell or "null")
                for name, cell in ((name, value and cell_text(value)) for name, value in row.items() if name)
            }
            entries.append(_entry(values, place))
    except json.JSONDecodeError as error:
        raise FaqFileError(f"a value is no JSON: {error.msg}.", f"row {reader.line_num}") from error
    except (ValueError, RecursionError) as error:
        raise FaqFileError("a number is too long, or it nests too deep.", f"row {reader.line_num}") from error
    except csv.Error as error:
        raise FaqFileError(f"this is no CSV: {error}.", f"row {reader.line_num}") from error
    return entries


def to_markdown(entries: Sequence[Entry]) -> str:
    """Return ``entries`` as Markdown that can be edited and read back."""
    return "".join(["# FAQ\n", *(_markdown_entry(entry) for entry in entries)])


def _markdown_entry(entry: Entry) -> str:
    row = entry.to_json()
    about = json.dumps({name: row[name] for name in row if name not in _TEXTS}, ensure_ascii=False)
    about = about.replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    parts = [f"\n## {' '.join(entry.question('ko').split())}\n\n{_MARK}entry {about} -->\n"]
    for name in _TEXTS:
        text = cast("str", row[name]).replace(_MARK, f"{_MARK}:")
        parts.append(f"\n{_MARK}{name} -->\n{text}\n{_END}\n")
    return "".join(parts)


def from_markdown(text: str) -> list[Entry]:
    """Undo :func:`to_markdown`.

    :raises FaqFileError: If a part of an entry is missing.
    """
    found = list(_ENTRY.finditer(text))
    ends = [*(match.start() for match in found), len(text)][1:]
    return [_from_part(text, match, end) for match, end in zip(found, ends, strict=True)]


def _from_part(text: str, match: re.Match[str], end: int) -> Entry:
    place = f"line {text.count(chr(10), 0, match.start()) + 1}"
    try:
        row: dict[str, Any] = json.loads(match["json"])
    except json.JSONDecodeError as error:
        raise FaqFileError(f"the comment that opens an entry is damaged: {error.msg}.", place) from error
    except (ValueError, RecursionError) as error:
        raise FaqFileError("a number is too long, or it nests too deep.", place) from error
    body = text[match.end() : end]
    for name in _TEXTS:
        opening = f"\n{_MARK}{name} -->\n"
        start = body.find(opening)
        stop = body.find(f"\n{_END}", start + len(opening) - 1)
        if start < 0 or stop < 0:
            raise FaqFileError(f"the part {name} is missing or not closed.", place)
        row[name] = body[start + len(opening) : max(stop, start + len(opening))].replace(f"{_MARK}:", _MARK)
    return _entry(row, place)


_STRINGS = frozenset({"slug", "module", *_TEXTS})
_MOMENTS = frozenset({"created_ms", "updated_ms"})
_MOST = 2**31 - 1  # what a database's whole number holds
_LATEST_MS = 253_402_300_799_000  # the year 9999
_SLUG_CHARACTERS = 80
_FLAGS = frozenset({"published_ko", "published_en", "pinned"})


def _entry(row: Any, place: str) -> Entry:  # noqa: ANN401 - anything can stand in a file
    if not isinstance(row, dict):
        raise FaqFileError("an entry with named fields is expected.", place)
    values = _by_language(cast("dict[str, Any]", row))
    for name in _FIELDS:
        if name not in values:
            raise FaqFileError(f"the field {name} is missing.", place)
        if not _is_right(name, values[name]):
            raise FaqFileError(f"the field {name} has a wrong value.", place)
    try:
        citations = record_of(tuple[Citation, ...], values["citations"])
    except ValidationError as error:
        raise FaqFileError("a citation is not whole.", place) from error
    if not all(map(_is_whole, citations)):
        raise FaqFileError("a citation is not whole.", place)
    wanted: dict[str, Any] = {name: values[name] for name in _FIELDS}
    wanted["citations"] = citations
    return Entry(**wanted)


def _by_language(row: dict[str, Any]) -> dict[str, Any]:
    """Return ``row`` as it is written today; files of earlier versions have one mark for both languages."""
    if "published" not in row or "published_ko" in row:
        return row
    marks = {f"published_{code}": row["published"] and bool(row.get(f"answer_{code}")) for code in LANGUAGES}
    return {**row, **marks}


def _is_right(name: str, value: object) -> bool:
    if name in _STRINGS:
        return isinstance(value, str) and _is_storable(value) and (name != "slug" or len(value) <= _SLUG_CHARACTERS)
    if name in _FLAGS:
        return isinstance(value, bool)
    if name == "citations":
        return isinstance(value, list)
    if name == "cluster" and value is None:
        return True
    most = _LATEST_MS if name in _MOMENTS else _MOST
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_storable(text: str) -> bool:
    """Return whether a database takes ``text``: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _is_whole(citation: Citation) -> bool:
    numbers = (citation.marker, citation.first_line, citation.last_line)
    texts = (citation.module, citation.file, citation.quote, *citation.heading_path)
    return all(0 <= number <= _MOST for number in numbers) and all(_is_storable(text) for text in texts)


def to_note(entries: Iterable[Entry], language: str) -> str:
    """Return the entries that are published in ``language`` as a note: a section a question, by module."""
    published = [entry for entry in entries if entry.is_published_in(language)]
    lines = [f"# {_NOTE_TITLES[language]}"]
    for module in dict.fromkeys(entry.module for entry in published):
        lines += ["", f"## {module or _NO_MODULE[language]}"]
        for entry in (entry for entry in published if entry.module == module):
            text = text_of(entry, language)
            question = " ".join((text.question or entry.question(language)).split())
            lines += ["", f"### {question}", "", text.answer.strip()]
            sources = [f"`{c.file}:{c.first_line}-{c.last_line}`" for c in text.citations]
            if sources:
                lines += ["", f"{_SOURCE[language]}: {', '.join(sources)}"]
    return "\n".join(lines) + "\n"
