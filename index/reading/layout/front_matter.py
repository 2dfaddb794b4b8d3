"""Reads the front matter of a note, YAML between ``---`` or TOML between ``+++``; knows not what its entries mean."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import tomli

from index.errors import ContentError
from index.safe_yaml import parse_yaml

_MOST_CHARACTERS = 100_000
_YAML, _TOML = "---", "+++"
_YAML_ENDS = frozenset({"---", "..."})
#: An entry of a text, for front matter that is no YAML, such as ``title: S3: the basics``.
_ENTRY = re.compile(r"([A-Za-z][\w-]{0,60}):[ \t]+(\S.*)")
_QUOTES = ("'", '"')
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The entries of a note's front matter by name, in lower case: texts, lists and mappings.

    ``problem`` says why it could not be read as what it is, at ``line`` of the note; entries of one line each were then
    read all the same.
    """

    entries: Mapping[str, Any] = field(default_factory=dict[str, Any])
    problem: str = ""
    line: int = 0

    def text(self, *names: str) -> str:
        """Return the first of the entries ``names`` that is a text, on one line; ``""`` where none is."""
        found = (self.entries.get(name) for name in names)
        return next((" ".join(value.split()) for value in found if isinstance(value, str) and value.strip()), "")

    def number(self, *names: str) -> float | None:
        """Return the first of the entries ``names`` that is a number, None where none is."""
        for name in names:
            try:
                value = float(self.text(name) or "nan")
            except ValueError:
                continue
            if abs(value) < float("inf"):
                return value
        return None

    def flag(self, name: str) -> bool | None:
        """Return whether the entry says yes or no, None where it says neither."""
        return _WORDS.get(self.text(name).casefold())


def front_matter_of(text: str) -> FrontMatter:
    """Return the front matter of a note's ``text``; nothing is an error, and none has no entries."""
    lines = text[:_MOST_CHARACTERS].split("\n")
    fence = lines[0].rstrip()
    if fence not in (_YAML, _TOML):
        return FrontMatter()
    ends = _YAML_ENDS if fence == _YAML else (_TOML,)
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() in ends), 0)
    inside = [line.rstrip("\r") for line in lines[1:end]]
    return _yaml(inside) if fence == _YAML else _toml(inside)


def _yaml(lines: list[str]) -> FrontMatter:
    try:
        found = parse_yaml("\n".join(lines), foreign=True)
    except ContentError as error:
        return FrontMatter(_line_by_line(lines), error.reason.removeprefix("the file "), (error.line or 1) + 1)
    return FrontMatter(_lower(cast("dict[str, Any]", found)) if isinstance(found, dict) else {})


def _toml(lines: list[str]) -> FrontMatter:
    try:
        found = tomli.loads("\n".join(lines))
    except (tomli.TOMLDecodeError, RecursionError) as error:
        return FrontMatter({}, f"cannot be read as TOML: {str(error).partition(' (at')[0]}", 1)
    return FrontMatter(_lower(found))


def _lower(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): _as_yaml(value) for name, value in found.items()}


def _as_yaml(value: Any) -> Any:  # noqa: ANN401 - whatever stands in front matter
    """Return ``value`` as YAML would give it: numbers and dates as the texts that they are."""
    return str(value) if isinstance(value, bool | int | float | datetime.date | datetime.time) else value


def _line_by_line(lines: list[str]) -> dict[str, Any]:
    found = (_ENTRY.fullmatch(line) for line in lines)
    return {match[1].lower(): _unquoted(match[2].strip()) for match in found if match}


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0] else text
