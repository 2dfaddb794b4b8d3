"""Translates a note's HTML, once before other dialects look for their blocks, and once when they have found them."""

import re

from markdown_it import MarkdownIt

from index.reading.dialects.html.hidden import hide
from index.reading.dialects.html.meaning import in_markdown
from index.reading.dialects.translation import Fences, Translation

_HTML = re.compile(r"<[A-Za-z/!?]|&[#A-Za-z]")
_DEEP = re.compile(r"[ \t]{4,}<|\t+<")
_FRONT_MATTER = ("---", "+++")


def translate_blocks(note: Translation) -> None:
    """Translate what is HTML by the note's fences and Markdown's rules: comments hide whatever stands in them."""
    if not any(_HTML.search(line) for line in note.lines):
        return
    note.code = _code_beside_fences(note.lines)
    hide(note, Fences())
    note.lines[:] = in_markdown(note.lines, note.code)


def translate_lines(note: Translation) -> None:
    """Translate what is HTML now that it is known which lines are code: that of other dialects' blocks, too."""
    if any(_HTML.search(line) for number, line in enumerate(note.lines) if not note.code[number]):
        hide(note, None)
        note.lines[:] = in_markdown(note.lines, note.code)


def _code_beside_fences(lines: list[str]) -> list[bool]:
    """Return which lines are front matter or code by their indent; what stands in an element that is open is none."""
    code = [False] * len(lines)
    if lines[0].strip() in _FRONT_MATTER:
        end = next((number for number in range(1, len(lines)) if lines[number].strip() == lines[0].strip()), 0)
        code[: end + 1] = [end > 0] * (end + 1)
    if not any(_DEEP.match(line) for line in lines):
        return code
    depth = number = 0
    for token in MarkdownIt("commonmark").parse("\n".join(lines)):
        if token.type == "code_block" and token.map:
            for line in lines[number : token.map[0]]:
                depth = max(depth + _opened(line), 0)
            number = token.map[0]
            is_html = depth > 0 and lines[number].lstrip().startswith("<")
            if not is_html:
                code[token.map[0] : token.map[1]] = [True] * (token.map[1] - token.map[0])
                number = token.map[1]
    return code


_BLOCK_TAGS = re.compile(r"<(/?)(?:div|table|thead|tbody|tr|td|figure|section|details|center|ul|ol)(?=[\s>])")


def _opened(line: str) -> int:
    return sum(-1 if match[1] else 1 for match in _BLOCK_TAGS.finditer(line))
