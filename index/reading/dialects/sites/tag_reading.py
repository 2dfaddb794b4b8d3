"""Reads the tags of site builders, Hugo's ``{{< name … >}}`` and ``{{% name … %}}`` and Liquid's ``{% name … %}``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.reading.dialects.translation import Translation, code_ranges

_OPENING = re.compile(r"\{\{[<%]|\{%")
_CLOSINGS = {"{{<": ">}}", "{{%": "%}}", "{%": "%}"}
_MOST_LINES = 20
_MOST_CHARACTERS = 4000
_WORD = re.compile(
    r"""[\s,]{0,9}(?:(?P<key>[A-Za-z_][\w-]{0,60})\s{0,9}=\s{0,9})?"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.){0,3000})"|'(?P<single>(?:[^'\\]|\\.){0,3000})'|`(?P<raw>[^`]{0,3000})`"""
    r"""|(?P<bare>[^\s"'`=]{1,3000}))""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class SiteTag:
    """A tag from column ``start`` of line ``first`` to column ``end`` of line ``last``, lines from 0.

    ``is_end`` says that it closes what a tag of its ``name`` opened; ``words`` and ``named`` are what it is given.
    """

    name: str
    words: tuple[str, ...]
    named: Mapping[str, str]
    is_end: bool
    first: int
    start: int
    last: int
    end: int

    def given(self, *names: str) -> str:
        """Return the first of the values called ``names`` that it is given, ``""`` where there is none."""
        return next((self.named[name] for name in names if self.named.get(name)), "")


def site_tags(note: Translation) -> Iterator[SiteTag]:
    """Yield the tags of ``note`` in order, none of them in code."""
    number = column = 0
    spans: list[tuple[int, int]] = []
    read = -1
    while number < len(note.lines):
        line = note.lines[number]
        match = None if note.code[number] or "{" not in line else _OPENING.search(line, column)
        if match is None:
            number, column = number + 1, 0
            continue
        if read != number:
            spans, read = code_ranges(line), number
        inside = next((end for start, end in spans if start <= match.start() < end), 0)
        found = None if inside else _tag_at(note, number, match)
        if found is None:
            column = max(inside, match.end())
            continue
        yield found
        number, column = found.last, found.end


def _tag_at(note: Translation, number: int, opening: re.Match[str]) -> SiteTag | None:
    closing = _CLOSINGS[opening.group()]
    inside: list[str] = []
    start = opening.end()
    characters = 0
    for last in range(number, min(number + _MOST_LINES, len(note.lines))):
        line = note.lines[last]
        at = line.find(closing, start)
        characters += len(line)
        if last > number and (not line.strip() or characters > _MOST_CHARACTERS):
            return None
        if at >= 0:
            inside.append(line[start:at])
            text = "\n".join(inside)
            return _read(text, (number, opening.start(), last, at + len(closing)), is_liquid=closing == "%}")
        inside.append(line[start:])
        start = 0
    return None


def _read(text: str, place: tuple[int, int, int, int], *, is_liquid: bool) -> SiteTag | None:
    text = text.strip().removeprefix("-").removesuffix("-").strip()
    if text.startswith("/*") or not text:
        return None  # written to be shown, not to be carried out
    is_end = text.startswith("/")
    text = text.removeprefix("/").removesuffix("/").strip()
    name, _, rest = text.replace("\n", " ").partition(" ")
    if is_liquid and name.startswith("end"):
        name, is_end = name[3:], True
    words: list[str] = []
    named: dict[str, str] = {}
    at = 0
    while match := _WORD.match(rest, at):
        at = match.end()
        value = match["double"] or match["single"] or match["raw"] or match["bare"] or ""
        if match["key"]:
            named[match["key"].lower()] = value
        else:
            words.append(value)
    return SiteTag(name.lower(), tuple(words), named, is_end, *place)
