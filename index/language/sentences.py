"""Splits Korean and English text into sentences, with offsets, and never inside one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.language.formulas import formulas
from index.language.languages import is_hangul

_STOPS = frozenset(".!?")
_END = re.compile(r"""[。！？]|[.!?][.!?"'”’)\]」』》*_`]*""")
_ABBREVIATIONS = frozenset("e.g i.e etc vs cf fig no dr mr mrs ms st approx incl resp al".split())


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch ``text[start:end]`` without surrounding white space."""

    start: int
    end: int


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of ``text`` in order; together they cover everything but white space.

    A sentence ends at ``.``, ``!`` or ``?`` (with closing quotes or brackets) before white space, unless the stop
    belongs to an abbreviation, a number or a list number. Korean endings (다. 요. 까?) are the same stops; a
    sentence without a stop is not cut, and neither is a formula.
    """
    return list(_trimmed(text, _outside_formulas(text, _cuts(text))))


def _outside_formulas(text: str, cuts: Iterator[int]) -> Iterator[int]:
    found = formulas(text)
    formula = next(found, None)
    for cut in cuts:
        while formula and formula.end <= cut:
            formula = next(found, None)
        if formula is None or cut <= formula.start:
            yield cut


def _cuts(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        end = match.end()
        if match.group() in "。！？":
            yield end
        elif end < len(text) and text[end].isspace():
            stops = sum(character in _STOPS for character in match.group())
            if stops > 1 or not _is_abbreviation(text, match.start()):
                yield end


def _is_abbreviation(text: str, stop: int) -> bool:
    if text[stop] != ".":
        return False
    start = stop
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    word = text[start:stop].lstrip("([\"'")
    if not word:
        return True
    if is_hangul(word[-1]):
        return False
    return word.lower() in _ABBREVIATIONS or word.isdigit() or (len(word) == 1 and word.isalpha())


def _trimmed(text: str, cuts: Iterator[int]) -> Iterator[Span]:
    start = 0
    for cut in [*cuts, len(text)]:
        first, end = start, cut
        while first < end and text[first].isspace():
            first += 1
        while end > first and text[end - 1].isspace():
            end -= 1
        if first < end:
            yield Span(first, end)
        start = cut
