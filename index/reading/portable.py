"""Translates a note as its writer's tools read it into Markdown that everyone reads, line for line.

Portable Markdown is GitHub's, with callouts (``> [!NOTE] Title``), definition lists and maths. Line ``n`` of it says
what line ``n`` of the file says, so that whatever is found, shown and asked about in it is quoted from the file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from markdown_it import MarkdownIt

from index.border import mended
from index.reading.dialects import footnote_marks, loose_headings, notion, obsidian, references, wikilinks
from index.reading.dialects.html import translating as html
from index.reading.dialects.sites import (
    attributes,
    expressions,
    fenced,
    mdx,
    mkdocs,
    myst,
    pymdown,
    quarto,
    site_tags,
)
from index.reading.dialects.translation import NotUnderstood, Translation
from index.reading.markdown import with_dialects, with_lines_of_the_file
from index.reading.maths import DISPLAY

#: In these no mark of a dialect means anything.
_CODE_TOKENS = frozenset({"fence", "code_block", "front_matter", DISPLAY})

#: What changes blocks, in the order in which it is done: what hides text, what holds blocks.
_OF_BLOCKS: tuple[tuple[str, Callable[[Translation], None]], ...] = (
    ("HTML", html.translate_blocks),
    ("Obsidian", obsidian.translate_blocks),
    ("Notion", notion.translate_blocks),
    ("expressions", expressions.translate_blocks),
    ("shortcodes", site_tags.translate_blocks),
    ("MDX", mdx.translate_blocks),
    ("MkDocs", mkdocs.translate_blocks),
    ("Quarto", quarto.translate_blocks),
    ("MyST", myst.translate_blocks),
    ("fenced containers", fenced.translate_blocks),
    ("pymdown", pymdown.translate_blocks),
    ("attributes", attributes.translate_blocks),
    ("Headings", loose_headings.translate_blocks),
)
#: What changes marks within lines.
_OF_LINES: tuple[tuple[str, Callable[[Translation], None]], ...] = (
    ("HTML", html.translate_lines),
    ("expressions", expressions.translate_lines),
    ("Obsidian", obsidian.translate_lines),
    ("Obsidian", wikilinks.translate_lines),
    ("Notion", notion.translate_lines),
    ("Quarto", quarto.translate_lines),
    ("footnotes", footnote_marks.translate_lines),
    ("link references", references.translate_lines),
    ("pymdown", pymdown.translate_lines),
    ("MyST", myst.translate_lines),
    ("attributes", attributes.translate_lines),
    ("Headings", loose_headings.translate_lines),
)


@dataclass(frozen=True, slots=True)
class Portable:
    """A note in portable Markdown: its ``text``, the names of the ``dialects`` it is written in, and not_understood.

    ``text`` has as many lines as the file, which end at line feeds alone.
    """

    text: str
    dialects: tuple[str, ...]
    not_understood: tuple[NotUnderstood, ...]


def portable(text: str) -> Portable:
    """Return ``text`` in portable Markdown; nothing is an error, and the time is linear in the length."""
    lines = mended(with_lines_of_the_file(text)).replace("\r\n", "\n")
    end = "\n" if text.endswith("\n") else ""
    note = Translation(lines.removesuffix(end).split("\n"))
    dialects: list[str] = []
    note.find_fences()
    for name, translate in _OF_BLOCKS:
        if _changes(note, translate):
            dialects.append(name)
            note.find_fences()
    _settle(note)
    dialects += [name for name, translate in _OF_LINES if _changes(note, translate)]
    not_understood = sorted(note.not_understood, key=lambda remark: remark.line)
    if text and not end and not note.lines[-1]:
        end = " "  # the last line says nothing now, and is a line still
    return Portable("\n".join(note.lines) + end, tuple(dict.fromkeys(dialects)), tuple(not_understood))


def _changes(note: Translation, translate: Callable[[Translation], None]) -> bool:
    """Translate ``note`` and return whether anything in it changed."""
    before = list(note.lines)
    translate(note)
    return note.lines != before


def _settle(note: Translation) -> None:
    """Have the parser say which lines are code, now that no line will move into another block."""
    note.code = [False] * len(note.lines)
    for token in with_dialects(MarkdownIt("commonmark")).parse("\n".join(note.lines)):
        if token.type in _CODE_TOKENS and token.map:
            note.code[token.map[0] : token.map[1]] = [True] * (token.map[1] - token.map[0])
