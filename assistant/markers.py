"""Markers of citations, ``[1]``, in Markdown: told apart from what looks like one in a note or in code."""

import re
from collections.abc import Callable, Iterator

from index.reading.dialects.translation import Translation, verbatim_spans

#: A number in brackets that no backslash escapes, and that is no text of a link. A note's own are escaped where it is
#: quoted (see :func:`assistant.safe_markdown.safe`).
MARKER = re.compile(r"(?<![\\!])\[(\d{1,3})\](?!\()")


def markers_of(text: str) -> Iterator[int]:
    """Yield the markers in Markdown ``text``, those in code left out."""
    for piece, is_code in _pieces(text):
        if not is_code:
            yield from (int(match[1]) for match in MARKER.finditer(piece))


def renumbered(text: str, number_of: Callable[[int], int | None]) -> str:
    """Return Markdown ``text`` with other markers; those for which ``number_of`` returns None stay."""

    def replaced(match: re.Match[str]) -> str:
        number = number_of(int(match[1]))
        return match[0] if number is None else f"[{number}]"

    return "".join(piece if is_code else MARKER.sub(replaced, piece) for piece, is_code in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield ``text`` in pieces, and whether each is code or a formula."""
    lines = Translation(text.split("\n"))
    lines.find_fences()
    for number, (line, is_code) in enumerate(zip(lines.lines, lines.code, strict=True)):
        if number:
            yield "\n", True
        yield from [(line, True)] if is_code else verbatim_spans(line)
