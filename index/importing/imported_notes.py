"""The notes that files become: their front matter, which says from what, and whether they may be written anew.

The front matter holds the file's name, its checksum, that of the text that was made of it, and what could not be read.
Whatever else an instructor adds to it stays. A text that differs from its checksum was edited.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.importing.converter_child import Converted
from index.importing.documents import Unread
from index.importing.formats import ending
from index.importing.remarks import unread_sentence

_SOURCE, _SOURCE_SUM, _TEXT_SUM, _WITHOUT = (
    "imported_from",
    "imported_sha256",
    "imported_text_sha256",
    "imported_without",
)
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:(?!---[ \t]*\n).*\n)*)---[ \t]*\n")
_FIELD = re.compile(r'^(imported_\w+): (".*")[ \t]*$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """What a note says of the file it comes from; ``is_edited`` whether its text was changed since."""

    source: str
    source_sum: str
    is_edited: bool


def note_names_for(source: str) -> tuple[str, str]:
    """Return what the note of a file called ``source`` is called, and what where another note has that name."""
    stem = source[: -len(ending(source))]
    return f"{stem}.md", f"{stem}-{ending(source)[1:]}.md"


def read_imported(text: str) -> ImportedNote | None:
    """Return what the note ``text`` says of its file, None for one that was not imported."""
    front, body = _split(text)
    fields = {name: str(json.loads(value)) for name, value in _FIELD.findall(front) if _is_json(value)}
    if _SOURCE not in fields or _TEXT_SUM not in fields:
        return None
    return ImportedNote(fields[_SOURCE], fields.get(_SOURCE_SUM, ""), fields[_TEXT_SUM] != text_sum(body))


def imported_text(converted: Converted, source: str, data: bytes, before: str = "") -> str:
    """Return the note's text, front matter and all; ``before`` is the note as it was, whose own front matter stays."""
    rows = [
        f"{_SOURCE}: {_quoted(source)}",
        f"{_SOURCE_SUM}: {_quoted(hashlib.sha256(data).hexdigest())}",
        f"{_TEXT_SUM}: {_quoted(text_sum(converted.markdown))}",
        *_without(converted.unread),
    ]
    front = "\n".join([*_kept(before), *rows])
    return f"---\n{front}\n---\n\n{converted.markdown}"


def text_sum(body: str) -> str:
    """Return the SHA-256 of a note's text as it is compared: whatever its lines' ends, and spaces around it."""
    lines = (line.rstrip() for line in body.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _split(text: str) -> tuple[str, str]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = _FRONT_MATTER.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def _kept(before: str) -> list[str]:
    """Return the lines of a front matter that are not ours."""
    kept: list[str] = []
    is_own = False
    for line in _split(before)[0].splitlines():
        is_own = line.startswith("imported_") or (is_own and line.startswith(("  ", "- ")))
        if not is_own:
            kept.append(line)
    return kept


def _without(unread: Sequence[Unread]) -> list[str]:
    sentences = [f"  - {_quoted(unread_sentence(one))}" for one in unread]
    return [f"{_WITHOUT}:", *sentences] if sentences else []


def _quoted(text: str) -> str:
    """Return ``text`` as JSON, which YAML reads the same."""
    return json.dumps(text, ensure_ascii=False)


def _is_json(value: str) -> bool:
    try:
        return isinstance(json.loads(value), str)
    except ValueError:
        return False
