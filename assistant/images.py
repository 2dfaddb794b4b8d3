"""Finds images in Markdown source, ``![description](address)``, in time linear in the text; knows nothing of code."""

from dataclasses import dataclass

START = "!["


@dataclass(frozen=True, slots=True)
class SourceImage:
    """An image as it is written: ``text[start:end]``, with its description."""

    start: int
    end: int
    description: str


class ImageFinder:
    """Tells which image begins at a place of ``text``; asked from left to right, it searches no part twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bracket = self._parenthesis = -1

    def at(self, start: int) -> SourceImage | None:
        """Return the image whose ``![`` stands at ``start``, None where none is whole."""
        inside = start + len(START)
        self._bracket = self._next("]", inside, self._bracket)
        address = self._bracket + 1
        if not self._text.startswith("(", address):
            return None
        self._parenthesis = self._next(")", address, self._parenthesis)
        if self._parenthesis == len(self._text):
            return None
        return SourceImage(start, self._parenthesis + 1, self._text[inside : self._bracket])

    def _next(self, mark: str, start: int, known: int) -> int:
        """Return where ``mark`` stands next, the length of the text where it does not; ``known`` is the last find."""
        if known >= start:
            return known
        found = self._text.find(mark, start)
        return len(self._text) if found < 0 else found


def without_images(text: str, instead: str = "") -> str:
    """Return ``text`` with ``instead`` for each image."""
    finder, kept, rest = ImageFinder(text), list[str](), 0
    start = text.find(START)
    while start >= 0:
        image = finder.at(start)
        if image:
            kept += [text[rest:start], instead]
            rest = image.end
        start = text.find(START, image.end if image else start + 1)
    return "".join((*kept, text[rest:]))
