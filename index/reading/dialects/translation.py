"""A note on its way to portable Markdown: its lines, which of them are code, and what was not understood."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.language.formulas import formulas

_FENCE = re.compile(r"(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<marks>`{3,}|~{3,})(?P<info>.*)", re.DOTALL)
_TICKS = re.compile(r"`+")
_NO_CLOSING_INDENT = 4
#: Ends a line within a line of the file, where HTML has ``<br>``: no character of Markdown, and shown as a line's end.
LINE_BREAK = "\u2028"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was not understood on a note's ``line``, from 1: in English, one sentence without a full stop."""

    line: int
    text: str


class Fences:
    """Tells which lines are code by fences, when it is shown them in order."""

    def __init__(self) -> None:
        self._opened: re.Match[str] | None = None

    def holds(self, line: str) -> bool:
        """Return whether ``line``, the next one, is code or a fence."""
        if self._opened is None:
            self._opened = fence_of(line)
            return self._opened is not None
        if closes(line, self._opened):
            self._opened = None
        return True


class Translation:
    """A note's lines, which a dialect changes in place and never adds to or takes from.

    ``code[n]`` says whether line ``n``, from 0, is code: no mark in it means anything. Until the blocks are settled
    that is what fences say, afterwards what the Markdown parser says.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.code = [False] * len(self.lines)
        self.not_understood: list[NotUnderstood] = []

    def doubt(self, number: int, text: str) -> None:
        """Note that line ``number``, from 0, was not understood: ``text`` says what it looks like."""
        self.not_understood.append(NotUnderstood(number + 1, text))

    def find_fences(self) -> None:
        """Find out from fences which lines are code; the fences themselves count as code."""
        fences = Fences()
        self.code = [fences.holds(line) for line in self.lines]

    def map_prose(self, translate: Callable[[str], str]) -> None:
        """Replace every piece of a line that is no code, code span or formula by what ``translate`` makes of it."""
        for number, line in enumerate(self.lines):
            if line and not self.code[number]:
                self.lines[number] = "".join(
                    piece if is_verbatim else translate(piece) for piece, is_verbatim in verbatim_spans(line)
                )


def verbatim_spans(line: str) -> list[tuple[str, bool]]:
    """Return the pieces of ``line`` in order, and whether each is a code span or formula with its marks."""
    return [
        (piece, is_verbatim)
        for part, is_code in code_spans(line)
        for piece, is_verbatim in ([(part, True)] if is_code else _formula_spans(part))
    ]


def _formula_spans(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of ``text`` in order, and whether each is a formula with its marks."""
    pieces: list[tuple[str, bool]] = []
    rest = 0
    for formula in formulas(text):
        pieces += [(text[rest : formula.start], False), (text[formula.start : formula.end], True)]
        rest = formula.end
    return [(piece, is_formula) for piece, is_formula in [*pieces, (text[rest:], False)] if piece]


def code_spans(line: str) -> list[tuple[str, bool]]:
    """Return the pieces of ``line`` in order, and whether each is a code span with its backticks."""
    runs = list(_TICKS.finditer(line))
    later: dict[int, list[int]] = {}
    for number, run in enumerate(runs):
        later.setdefault(run.end() - run.start(), []).append(number)
    pieces: list[tuple[str, bool]] = []
    rest = number = 0
    while number < len(runs):
        run = runs[number]
        same = later[run.end() - run.start()]
        while same and same[0] <= number:
            same.pop(0)
        number += 1
        if same:
            end = runs[same[0]].end()
            pieces += [(line[rest : run.start()], False), (line[run.start() : end], True)]
            rest, number = end, same[0] + 1
    return [(piece, is_code) for piece, is_code in [*pieces, (line[rest:], False)] if piece]


def code_ranges(line: str) -> list[tuple[int, int]]:
    """Return where the code spans of ``line`` begin and end, in columns from 0."""
    ranges: list[tuple[int, int]] = []
    at = 0
    for piece, is_code in code_spans(line):
        if is_code:
            ranges.append((at, at + len(piece)))
        at += len(piece)
    return ranges


def fence_of(line: str) -> re.Match[str] | None:
    """Return what stands ``before`` the fence that may open a block on ``line``, its ``marks`` and its ``info``."""
    match = _FENCE.match(line)
    return None if match is None or ("`" in match["marks"] and "`" in match["info"]) else match


def closes(line: str, opened: re.Match[str]) -> bool:
    """Return whether ``line`` is a fence that closes the block that ``opened`` opens."""
    fence = _FENCE.match(line)
    return (
        fence is not None
        and fence["marks"].startswith(opened["marks"])
        and not fence["info"].strip()
        and _indent(fence) < _indent(opened) + _NO_CLOSING_INDENT
    )


def _indent(fence: re.Match[str]) -> int:
    return len(fence["before"].expandtabs(4))
