"""Quarto and R Markdown: cells with their options, code that is filled into a line, citations, page breaks."""

import re

from index.reading.dialects.sites.containers import emptied
from index.reading.dialects.sites.directives import directive_of_braces
from index.reading.dialects.translation import Translation, closes, code_spans, fence_of

_CELL = re.compile(r"[ \t]{0,9}\{=?(?P<language>[A-Za-z][\w+-]{0,40})(?:[\s,][^{}]{0,600})?\}[ \t]{0,9}")
_OPTION = re.compile(r"[ \t>]*(?:#|//|--|%{1,2})\|")
_FILLED = re.compile(r"`(?:r|\{(?:r|python|julia|js)\}) (?P<code>[^`]+)`")
_CITATION = re.compile(r"(?<![\]!\w])\[(?P<inside>[^\[\]\n]{2,400})\](?![(\[{:])")
_KEY = re.compile(r"(?:\A|[\s;(]|(?<=\s)-|\A-)@[A-Za-z_]")
_DIAGRAMS = frozenset({"mermaid", "dot"})
_BREAKS = frozenset("\\newpage \\pagebreak \\clearpage \\tableofcontents \\listoffigures \\listoftables".split())


def translate_blocks(note: Translation) -> None:
    """Name the languages of cells without their options, and empty page breaks."""
    fence: re.Match[str] | None = None
    at_options = has_cells = False
    for number, line in enumerate(note.lines):
        if fence is not None:
            if closes(line, fence):
                fence = None
            elif at_options and _OPTION.match(line):
                note.lines[number] = emptied(line)
            else:
                at_options = False
            continue
        fence = fence_of(line)
        cell = _CELL.fullmatch(fence["info"]) if fence is not None else None
        at_options = fence is not None and cell is not None and _is_cell(fence["info"], cell["language"])
        if cell is not None and fence is not None and at_options:
            has_cells = True
            note.lines[number] = f"{fence['before']}{fence['marks']}{cell['language'].lower()}"
        elif fence is None and line.strip() in _BREAKS:
            note.lines[number] = emptied(line)
    for number, line in enumerate(note.lines if has_cells else ()):
        if "`" in line and not note.code[number]:
            note.lines[number] = "".join(_filled(piece) if is_code else piece for piece, is_code in code_spans(line))


def _is_cell(info: str, language: str) -> bool:
    """Return whether a fence opens a cell of a notebook, not one of MyST's directives."""
    return language.lower() in _DIAGRAMS or directive_of_braces(info) is None


def _filled(span: str) -> str:
    match = _FILLED.fullmatch(span)
    return f"`{match['code'].strip()}`" if match else span


def translate_lines(note: Translation) -> None:
    """Put citations between parentheses: in brackets they would look like the marks of an answer's own sources."""
    for number, line in enumerate(note.lines):
        if "@" in line and "[" in line and not note.code[number]:
            one = Translation([line])
            one.map_prose(lambda text: _CITATION.sub(_cited, text))
            note.lines[number] = one.lines[0]


def _cited(match: re.Match[str]) -> str:
    return f"({match['inside']})" if _KEY.search(match["inside"]) else match.group()
