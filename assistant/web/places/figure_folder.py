"""Figures beside the notes: which files may be served, where one lies that a note names, and which a section shows."""

import os
import posixpath
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.reading.figure_names import figure_type
from index.reading.markdown import plain_text, with_dialects, with_lines_of_the_file
from index.reading.note_names import composed, file_below

_FORGETS_SECONDS = 10.0
_MOST_FILES = 20_000
#: Folders whose content sites serve at their root.
_SERVED_AT_ROOT = ("", "static", "public", "docs")
_LONGEST_ADDRESS = 1000
#: What editors write for a description: a size, or the file's name.
_NO_CAPTION = re.compile(r"\d+(?:x\d+)?|[^\s/]+\.(?:png|jpe?g|gif|webp|avif|svg|bmp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FigureMark:
    """A figure as a note names it on ``line``: its ``source``, and the ``caption``, which may be empty."""

    line: int
    source: str
    caption: str


class FigureFolder:
    """Finds the pictures below ``folder``; what lies elsewhere in it is looked for at most every ten seconds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listed_at = -_FORGETS_SECONDS
        self._by_name: dict[str, list[str]] = {}

    def path(self, name: str) -> Path | None:
        """Return the picture called ``name`` below the folder, None for anything else."""
        is_hidden = any(part.startswith(".") for part in name.split("/"))
        return file_below(self._folder, name) if figure_type(name) and ":" not in name and not is_hidden else None

    def address(self, note: str, source: str) -> str | None:
        """Return the address on this site of the picture that ``note`` names ``source``, None where there is none."""
        found = next((name for name in self._candidates(note, source) if self.path(name)), None)
        return f"/figures/{quote(found)}" if found else None

    def _candidates(self, note: str, source: str) -> Iterator[str]:
        """Yield where a picture may lie: beside the note, below the root as sites serve it, anywhere by its name."""
        address = unquote(source.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).replace("\\", "/")
        is_elsewhere = ":" in address or address.startswith("//")
        if is_elsewhere or len(address) > _LONGEST_ADDRESS or not figure_type(address):
            return
        if not address.startswith("/"):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(note), address))
        parts = [part for part in address.split("/") if part not in ("", ".", "..")]
        for skipped in range(min(len(parts), 3)):  # a site may be served below its project's name
            yield from (posixpath.join(folder, *parts[skipped:]) for folder in _SERVED_AT_ROOT)
        if parts:
            named = self._named(parts[-1])
            yield from sorted(named, key=lambda name: (-_shared(name, note), name.count("/"), name))[:1]

    def _named(self, name: str) -> list[str]:
        now = time.monotonic()
        if now - self._listed_at > _FORGETS_SECONDS:
            by_name: dict[str, list[str]] = {}
            for path in _pictures_below(self._folder):
                by_name.setdefault(composed(posixpath.basename(path)).casefold(), []).append(path)
            self._by_name, self._listed_at = by_name, now
        return self._by_name.get(composed(name).casefold(), [])


def _pictures_below(folder: Path) -> Iterator[str]:
    left = _MOST_FILES
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for file in files:
            left -= 1
            if left < 0:
                return
            if figure_type(file):
                yield Path(at, file).relative_to(folder).as_posix()


def _shared(name: str, note: str) -> int:
    """Return how many folders two paths begin with alike."""
    return len(posixpath.commonpath([posixpath.dirname(name) or ".", posixpath.dirname(note) or "."]))


@lru_cache(maxsize=256)
def figure_marks(portable: str) -> tuple[FigureMark, ...]:
    """Return the figures that a note in portable Markdown shows, in order."""
    tokens = with_dialects(MarkdownIt("commonmark")).parse(with_lines_of_the_file(portable))
    return tuple(mark for token in tokens if token.type == "inline" and token.map for mark in _marks_of(token))


def _marks_of(inline: Token) -> Iterator[FigureMark]:
    line = (inline.map or [0])[0] + 1
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "image":
            title, description = str(child.attrs.get("title", "")).strip(), plain_text(child).strip()
            described = "" if _NO_CAPTION.fullmatch(description) else description
            yield FigureMark(line, str(child.attrs.get("src", "")), title or described)
