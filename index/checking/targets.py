"""Finds the files that a note shows or links to, and whether they are there, as far as their names tell."""

import os
import posixpath
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.reading.figure_names import figure_type
from index.reading.markdown import with_dialects, with_lines_of_the_file
from index.reading.note_names import composed, edition_of, is_note

_MOST_FILES = 50_000
_PAGES = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class Target:
    """What a note names on ``line``: the ``address`` as written, of an image or a link."""

    line: int
    address: str
    is_image: bool


def targets_of(portable: str) -> list[Target]:
    """Return the relative images and links of a note in portable Markdown, in order."""
    tokens = with_dialects(MarkdownIt("commonmark")).parse(with_lines_of_the_file(portable))
    return [target for token in tokens if token.type == "inline" and token.map for target in _targets(token)]


def _targets(inline: Token) -> list[Target]:
    line = (inline.map or [0])[0] + 1
    found: list[Target] = []
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type in ("image", "link_open"):
            address = str(child.attrs.get("src" if child.type == "image" else "href", ""))
            if _path(address) and ":" not in address and not address.startswith("//"):
                found.append(Target(line, address, child.type == "image"))
    return found


def is_figure(target: Target) -> bool:
    """Return whether a target is a picture."""
    return target.is_image or figure_type(_path(target.address)) is not None


def known_names(folder: Path) -> frozenset[str]:
    """Return the names of all files and folders below ``folder``, and of the notes what they can be linked by."""
    names: set[str] = set()
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        names.update(composed(name).casefold() for name in (*folders, *files))
        names.update(edition_of(name)[0].casefold() for name in files if is_note(name))
        if len(names) > _MOST_FILES:
            break
    return frozenset(names)


def is_found(target: Target, names: Collection[str]) -> bool:
    """Return whether a file that may be meant is among ``names``.

    Sites make addresses of names in several ways, and editors link by name alone; so the folders are not looked at.
    """
    name = posixpath.basename(composed(_path(target.address)).rstrip("/")).casefold()
    if name in ("", ".", "..") or name in names:
        return True
    bare = next((name[: -len(ending)] for ending in _PAGES if name.endswith(ending)), edition_of(name)[0])
    return not is_figure(target) and bare in names


def _path(address: str) -> str:
    """Return the path of an address, without its query and fragment."""
    return unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/").strip()
