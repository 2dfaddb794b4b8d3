"""MkDocs and pymdown: admonitions and tabs, whose content is set in by four columns or a tab."""

import re
from dataclasses import dataclass

from index.reading.dialects.sites.containers import bold, callout
from index.reading.dialects.translation import Translation

_START = re.compile(r"(?P<indent> *)(?P<marks>!!!|\?\?\?\+?|===[!+]{0,2}) *(?P<rest>[A-Za-z\"].*)")
_KINDS = re.compile(r"[A-Za-z][\w-]*(?: +[\w-]+)*")
_ATTRIBUTES = re.compile(r"\{[^{}]{0,400}\}$")
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
        text = line.lstrip(" \t")
        indent = len(line[: len(line) - len(text)].expandtabs(_CONTENT))
        if text.strip():
            while opened and indent < opened[-1].content:
                opened.pop()
        if opened or text.startswith(("!!!", "???", "===")):
            line = f"{' ' * indent}{text}"  # what is set in by tabs is cut by columns  # noqa: PLW2901
        match = None if note.code[number] else _START.match(line)
        start = match and _start_of(match)
        if not match or not start or not (match["rest"].endswith(('"', "}")) or _holds_something(note, number, indent)):
            note.lines[number] = _inside(line, opened) if opened else note.lines[number]
            continue
        note.lines[number] = _inside(f"{match['indent']}{start}", opened)
        opened.append(_Open(indent + _CONTENT, quotes=start.startswith(">")))


def _holds_something(note: Translation, number: int, indent: int) -> bool:
    """Return whether what stands below line ``number`` is set in, so that a container without a title begins there."""
    following = note.lines[number + 1 : number + 1 + _CONTENT]
    text = next((line for line in following if line.strip()), "")
    return len(text[: len(text) - len(text.lstrip())].expandtabs(_CONTENT)) >= indent + _CONTENT


def _start_of(match: re.Match[str]) -> str:
    """Return the line that a container begins with, ``""`` where ``match`` begins none."""
    rest = _ATTRIBUTES.sub("", match["rest"].rstrip()).rstrip()
    kinds, quote, title = rest.partition('"')
    kinds = kinds.rstrip()
    if quote and not title.endswith('"'):
        return ""
    title = title.removesuffix('"').strip()
    if match["marks"].startswith("="):
        return bold(title) if not kinds else ""
    return callout(kinds.split()[0], title) if _KINDS.fullmatch(kinds) else ""


def _inside(line: str, opened: list[_Open]) -> str:
    """Return ``line`` as it stands in the containers that are open: set out by what they set in, quoted in callouts."""
    if not opened:
        return line
    text = line.strip()
    marks, column = "", 0
    for one in opened:
        marks += " " * (one.content - _CONTENT - column) + ("> " if one.quotes else "")
        column = one.content
    return f"{marks}{line[column:]}" if text else marks.rstrip()
