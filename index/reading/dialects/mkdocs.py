"""MkDocs and pymdown: admonitions and tabs, whose content is set in by four columns."""

import re
from dataclasses import dataclass

from index.reading.dialects.translation import Translation

_START = re.compile(r"(?P<indent> *)(?P<marks>!!!|\?\?\?\+?|===[!+]?) +(?P<rest>[\w\"-].*)")
_KINDS = re.compile(r"[\w-]+(?: [\w-]+)*")
_CONTENT = 4


@dataclass(slots=True)
class _Open:
    """A container whose content is set in to column ``content``; ``quotes`` says whether it is shown as a callout."""

    content: int
    quotes: bool


def translate_blocks(note: Translation) -> None:
    """Make callouts of admonitions, and of tabs a bold line with their content below it."""
    opened: list[_Open] = []
    for number, line in enumerate(note.lines):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            while opened and indent < opened[-1].content:
                opened.pop()
        match = None if note.code[number] else _START.match(line)
        start = match and _start_of(match)
        if not match or not start:
            note.lines[number] = _inside(line, opened)
            continue
        note.lines[number] = _inside(f"{match['indent']}{start}", opened)
        opened.append(_Open(indent + _CONTENT, quotes=start.startswith(">")))


def _start_of(match: re.Match[str]) -> str:
    """Return the line that a container begins with, ``""`` where ``match`` begins none."""
    kinds, quote, title = match["rest"].rstrip().partition('"')
    kinds = kinds.rstrip()
    if quote and not title.endswith('"'):
        return ""
    title = title.removesuffix('"').strip()
    if match["marks"].startswith("="):
        return f"**{title}**" if title and not kinds else ""
    return f"> [!{kinds.split()[0].upper()}] {title}".rstrip() if _KINDS.fullmatch(kinds) else ""


def _inside(line: str, opened: list[_Open]) -> str:
    """Return ``line`` as it stands in the containers that are open: set out by what they set in, quoted in callouts."""
    if not opened:
        return line
    outer = opened[0].content - _CONTENT
    if not line.strip():
        return f"{' ' * outer}{'> ' * sum(one.quotes for one in opened)}".rstrip()
    marks, column = "", outer
    for one in opened:
        marks += " " * (one.content - _CONTENT - column) + ("> " if one.quotes else "")
        column = one.content
    return f"{' ' * outer}{marks}{line[column:]}"
