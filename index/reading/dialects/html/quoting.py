"""Callouts of ``<details>`` and quotes of ``<blockquote>``: which lines stand in them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from index.reading.dialects.html.tags import Piece

_DEEPEST = 8  # of quotes in one another
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_MARKERS = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")


@dataclass(frozen=True, slots=True)
class _Quote:
    """Lines ``first`` to ``last``, from 0, that stand in a quote whose mark is at ``column``."""

    first: int
    last: int
    column: int


class Quotes:
    """What is quoted in a note. Sections are not: what holds a heading is read as if it were not folded."""

    def __init__(self, pieces: Sequence[Piece], line_of: Sequence[int]) -> None:
        self._titles: set[int] = set()
        self._quotes: list[_Quote] = []
        headings = _headings(pieces, line_of)
        grids = 0
        for place, piece in enumerate(pieces):
            tag = piece.tag
            if tag is None or tag.partner is None:
                continue
            if tag.name == "table":
                grids += -1 if tag.closes else 1
            if tag.closes or tag.name not in ("details", "blockquote") or grids:
                continue
            first, last = line_of[place], line_of[tag.partner]
            at = bisect_left(headings, first)
            if first == last or (at < len(headings) and headings[at] <= last):
                continue
            before = _before(pieces, place)
            if before is None:
                continue
            title = _summary_after(pieces, place) if tag.name == "details" else None
            if title is not None:
                self._titles.add(title)
                first = line_of[title]
            elif tag.name == "details":
                continue
            self._quotes.append(_Quote(first, last - 1, len(before)))

    def titles(self, place: int) -> bool:
        """Return whether the ``<summary>`` at ``place`` becomes a callout's title."""
        return place in self._titles

    def around(self, lines: list[str]) -> list[str]:
        """Return ``lines`` with the marks of the quotes they stand in."""
        starts = sorted(self._quotes, key=lambda quote: (quote.first, -quote.last))
        opened: list[_Quote] = []
        position = 0
        found: list[str] = []
        for number, line in enumerate(lines):
            opened = [quote for quote in opened if quote.last >= number]
            while position < len(starts) and starts[position].first == number:
                opened += [starts[position]] * (len(opened) < _DEEPEST)
                position += 1
            found.append(_quoted(line, opened, number) if opened else line)
        return found


def _quoted(line: str, opened: Sequence[_Quote], number: int) -> str:
    start, rest, column = "", line, 0
    for quote in opened:
        want = max(quote.column - column, 0)
        margin = rest[:want]
        if number == quote.first:
            start += margin
            rest = rest[want:]
        else:
            taken = len(margin) - len(margin.lstrip(" "))
            start += " " * want
            rest = rest[taken:]
        start += "> "
        column = quote.column
    return f"{start}{rest}".rstrip()


def _headings(pieces: Sequence[Piece], line_of: Sequence[int]) -> list[int]:
    return [
        line_of[place]
        for place, piece in enumerate(pieces)
        if (piece.tag is not None and piece.tag.name in ("h1", "h2", "h3", "h4", "h5", "h6"))
        or (piece.tag is None and not piece.is_code and (not place or "\n" in pieces[place - 1].text)
            and _HEADING.match(piece.text))
    ]  # fmt: skip


def _before(pieces: Sequence[Piece], place: int) -> str | None:
    """Return the blanks and list marks before ``place`` on its line, None where it is something else."""
    before = pieces[place - 1].text if place and "\n" not in pieces[place - 1].text else ""
    is_first = place < (2 if before else 1) or "\n" in pieces[place - 1 - bool(before)].text
    return before if is_first and _MARKERS.fullmatch(before) else None


def _summary_after(pieces: Sequence[Piece], place: int) -> int | None:
    """Return the place of the ``<summary>`` that ``<details>`` at ``place`` begins with."""
    for following in range(place + 1, len(pieces)):
        piece = pieces[following]
        if piece.tag is not None:
            named = piece.tag.name == "summary" and not piece.tag.closes and piece.tag.partner is not None
            return following if named else None
        if piece.text.strip():
            return None
    return None
