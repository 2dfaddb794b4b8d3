"""Containers between fences: ``:::`` of Docusaurus, MyST and Quarto, ``{note}`` of MyST, ``///`` of pymdown."""

import re
from dataclasses import dataclass, field

from index.reading.dialects.sites.containers import Container, bold, emptied, margin, quote
from index.reading.dialects.sites.directives import (
    Body,
    Directive,
    directive_of_block,
    directive_of_braces,
    directive_of_colons,
)
from index.reading.dialects.translation import Translation, closes, fence_of

_COLONS = re.compile(r"(?P<marks>:{3,})(?P<rest>.*)", re.DOTALL)
_SLASHES = re.compile(r"(?P<marks>/{3,})(?: *(?P<name>[A-Za-z][\w-]*) *(?:\|(?P<title>.*))?| *)")
_OPTION = re.compile(r"[ \t>]*:(?P<name>[\w-]+):(?P<value>(?:[ \t].*)?)", re.DOTALL)
_BLOCK_OPTION = re.compile(r"(?: {4,}|\t)[\w-]+ *:.*")
_HEADING = re.compile(r"(?P<before>[ \t>]*)#{1,6}[ \t](?P<text>.*)", re.DOTALL)
_TICKS = re.compile(r"`{3,}")
_ATTRIBUTES = re.compile(r"\{[^{}]{0,400}\}[ \t]{0,9}#{0,9}$")


@dataclass(slots=True)
class _Fenced:
    """A container that is open since line ``first``; ``last`` is where it is closed, -1 before that is known."""

    first: int
    marks: str
    column: int
    directive: Directive
    last: int = -1
    inside: list["_Fenced"] = field(default_factory=list["_Fenced"])


def translate_blocks(note: Translation) -> None:
    """Make callouts, bold titles, code and figures of containers between fences."""
    found = [one for one in _containers(note) if one.last > one.first]
    spans = [_shown(note, one) for one in found]
    quote(note, [span for span in spans if span is not None])


def _containers(note: Translation) -> list[_Fenced]:
    """Return the containers in the order in which they begin; those that are never closed have no ``last``."""
    found: list[_Fenced] = []
    opened: list[_Fenced] = []
    code: re.Match[str] | None = None
    for number, line in enumerate(note.lines):
        if code is not None:
            code = None if closes(line, code) else code
            continue
        if opened and opened[-1].directive.body in (Body.CODE, Body.HIDDEN) and not _is_end(line, opened[-1].marks):
            continue
        fence = fence_of(line)
        text = line[margin(line) :].rstrip()
        if fence is not None:
            if _close(opened, fence["marks"], number, fence["info"]):
                continue
            directive = directive_of_braces(fence["info"])
            if directive is None:
                code = fence
                continue
            marks, column = fence["marks"], len(fence["before"])
        elif match := (_COLONS.fullmatch(text) or _SLASHES.fullmatch(text)):
            marks, column = match["marks"], margin(line)
            if _close(opened, marks, number, text[len(marks) :]):
                continue
            directive = (
                directive_of_colons(match["rest"])
                if marks.startswith(":")
                else directive_of_block(match["name"], match["title"] or "")
                if match["name"]
                else None
            )
            if directive is None:
                continue
        else:
            continue
        container = _Fenced(number, marks, column, directive)
        found.append(container)
        opened.append(container)
    return found


def _is_end(line: str, marks: str) -> bool:
    text = line.strip(" \t>")
    return text.startswith(marks) and not text.strip(marks[0])


def _close(opened: list[_Fenced], marks: str, number: int, rest: str) -> bool:
    """Close the container that ``marks`` end, and those in it; return whether there was one."""
    if rest.strip():
        return False
    alike = [place for place, one in enumerate(opened) if one.marks[0] == marks[0]]
    exact = [place for place in alike if opened[place].marks == marks]
    shorter = [place for place in alike if len(opened[place].marks) < len(marks)]
    places = exact or shorter or (alike if marks[0] == ":" else [])  # Pandoc closes with any number of colons
    if not places:
        return False
    opened[places[-1]].last = number
    del opened[places[-1] :]
    return True


def _shown(note: Translation, container: _Fenced) -> Container | None:
    """Change the lines that open and close ``container``; return the lines to be quoted, None where none are."""
    lines, directive, first, last = note.lines, container.directive, container.first, container.last
    if directive.doubt:
        note.doubt(first, directive.doubt)
    opening = _with_options(note, container)
    before = lines[first][: container.column]
    fence = ""
    if directive.body is Body.CODE:
        longest = max((len(run) for line in lines[first + 1 : last] for run in _TICKS.findall(line)), default=2)
        fence = container.marks if container.marks[0] in "`~" else "`" * (longest + 1)
        opening = f"{fence}{opening}"
    lines[first] = f"{before}{opening}".rstrip() if opening.strip() else emptied(before)
    lines[last] = f"{emptied(lines[last])}{'' if not fence else _gap(lines[last])}{fence}".rstrip()
    if directive.body is Body.HIDDEN:
        for number in range(first + 1, last):
            lines[number] = emptied(lines[number])
    if directive.has_tabs or directive.has_title:
        _with_titles(note, container)
    return Container(first, last, container.column) if directive.body is Body.QUOTED else None


def _gap(line: str) -> str:
    """Return the white space between the quotation marks of ``line`` and its text."""
    head = line[: margin(line)]
    return head[len(head.rstrip()) :]


def _with_options(note: Translation, container: _Fenced) -> str:
    """Empty the lines of options below the opening of ``container``; return what opens it with them in mind."""
    lines, opening = note.lines, container.directive.opening
    number = container.first + 1
    if container.marks[0] == "/":
        while number < container.last and _BLOCK_OPTION.fullmatch(lines[number]):
            lines[number] = ""
            number += 1
        return opening
    while number < container.last and (option := _OPTION.fullmatch(lines[number])):
        value = option["value"].strip()
        if option["name"] == "alt" and opening.startswith("![]"):
            opening = f"![{value.replace(']', '')}]{opening[3:]}"
        lines[number] = emptied(lines[number])
        number += 1
    if number == container.first + 1 and lines[number].strip(" \t>") == "---" and container.marks[0] in "`:":
        ends = [at for at in range(number + 1, min(container.last, number + 40)) if lines[at].strip(" \t>") == "---"]
        for at in range(number, ends[0] + 1 if ends else number):
            lines[at] = emptied(lines[at])
    return opening


def _with_titles(note: Translation, container: _Fenced) -> None:
    """Write headings inside of ``container`` in bold letters: all of them, or the first where it is the title."""
    for number in range(container.first + 1, container.last):
        line = note.lines[number]
        heading = None if note.code[number] else _HEADING.fullmatch(line)
        if heading is not None:
            note.lines[number] = f"{heading['before']}{bold(_ATTRIBUTES.sub('', heading['text'].strip()))}"
        if not container.directive.has_tabs and line.strip(" \t>"):
            return
