"""Reads lists of contents that other programs keep beside notes: which notes there are, in what order, called what."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from index.reading.layout.sites import foreign_yaml
from index.reading.note_names import is_note

_MOST_BYTES = 1024 * 1024
_TITLES = ("title", "caption", "part", "section", "text")
_BELOW = ("chapters", "parts", "sections", "contents", "children", "appendices")
_FILES = ("file", "href", "root")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class ListedNote:
    """A note as a list of contents names it: its ``path`` beside that list, its ``title`` and the headings above it.

    ``title`` is ``""`` where the list leaves the name to the note; ``above`` begins with the outermost.
    """

    path: str
    title: str = ""
    above: tuple[str, ...] = ()


def listed_by_mkdocs(config: Path) -> list[ListedNote]:
    """Return what the ``nav`` of a ``mkdocs.yml`` lists; nothing where it has none or cannot be read."""
    values = foreign_yaml(config)
    nav = cast("dict[str, Any]", values).get("nav") if isinstance(values, dict) else None
    return list(_of_nav(nav, ()))


def _of_nav(nav: Any, above: tuple[str, ...]) -> Iterator[ListedNote]:  # noqa: ANN401 - YAML
    if isinstance(nav, list) and len(above) < _DEEPEST:
        for row in cast("list[Any]", nav):
            if isinstance(row, str):
                yield from _of_file(row, "", above)
            elif isinstance(row, dict):
                for title, value in cast("dict[str, Any]", row).items():
                    if isinstance(value, str):
                        yield from _of_file(value, title, above)
                    else:
                        yield from _of_nav(value, (*above, title))


def _of_file(path: str, title: str, above: tuple[str, ...]) -> Iterator[ListedNote]:
    if "://" not in path and is_note(path):
        yield ListedNote(path, " ".join(title.split()), above)


def listed_by_book(config: Path) -> list[ListedNote]:
    """Return what a ``_toc.yml``, ``_quarto.yml`` or ``myst.yml`` lists; nothing where it cannot be read."""
    values = foreign_yaml(config)
    if not isinstance(values, dict):
        return list(_of_book(values, ())) if isinstance(values, list) else []
    found = cast("dict[str, Any]", values)
    book = found.get("book") or found.get("website") or found.get("project") or found
    if isinstance(book, dict) and "sidebar" in book:
        book = cast("dict[str, Any]", book)["sidebar"]
    if isinstance(book, dict) and "toc" in book:
        book = cast("dict[str, Any]", book)["toc"]
    return list(_of_book(book, ()))


def _of_book(value: Any, above: tuple[str, ...]) -> Iterator[ListedNote]:  # noqa: ANN401 - YAML
    if len(above) > _DEEPEST:
        return
    if isinstance(value, str):
        yield from _of_file(value if "." in value else f"{value}.md", "", above)
    elif isinstance(value, list):
        for row in cast("list[Any]", value):
            yield from _of_book(row, above)
    elif isinstance(value, dict):
        row = cast("dict[str, Any]", value)
        title = next((row[name] for name in _TITLES if isinstance(row.get(name), str)), "")
        file = next((row[name] for name in _FILES if isinstance(row.get(name), str)), "")
        if is_note(title):  # Quarto: a part may be a file
            file, title = title, ""
        if file:
            yield from _of_file(file if "." in file else f"{file}.md", title, above)
        for name in _BELOW:
            yield from _of_book(row.get(name), (*above, title) if title else above)


def listed_by_summary(path: Path) -> list[ListedNote]:
    """Return what a ``SUMMARY.md`` of mdBook or GitBook lists; nothing where it cannot be read."""
    try:
        with path.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        return []
    found: list[ListedNote] = []
    part: tuple[str, ...] = ()
    for node in SyntaxTreeNode(MarkdownIt("commonmark").parse(text)).children:
        if (node.type == "heading" and found) or (
            node.type == "heading" and node.tag != "h1"
        ):  # the first one is the list's own
            part = (_text(node),)
        elif node.type in ("bullet_list", "ordered_list"):
            found += _of_list(node, part)
        elif node.type == "paragraph":
            found += _of_links(node, part)
    return found


def _of_list(items: SyntaxTreeNode, above: tuple[str, ...]) -> Iterator[ListedNote]:
    if len(above) > _DEEPEST:
        return
    for item in items.children:
        title = ""
        for node in item.children:
            if node.type == "paragraph":
                title = title or _text(node)
                yield from _of_links(node, above)
            elif node.type in ("bullet_list", "ordered_list"):
                yield from _of_list(node, (*above, title) if title else above)


def _of_links(paragraph: SyntaxTreeNode, above: tuple[str, ...]) -> Iterator[ListedNote]:
    for node in paragraph.walk():
        if node.type == "link":
            path = unquote(str(node.attrs.get("href", "")).partition("#")[0])
            yield from _of_file(path, _text(node), above)


def _text(node: SyntaxTreeNode) -> str:
    return " ".join("".join(part.content for part in node.walk() if part.type in ("text", "code_inline")).split())
