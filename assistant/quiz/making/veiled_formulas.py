"""Keeps formulas whole while items are made: their letters are put out of reach of all rules, and back at the end.

A letter is moved into a range of characters that nobody writes, where it is no letter, digit or bracket to any rule.
"""

import re

from index.language.formulas import changed

_VEIL = 0xF0000
_LAST = 0xFFFF
_VEILED = re.compile("[\U000f0000-\U000fffff]")


def veiled(text: str) -> str:
    """Return ``text`` with its formulas, dollars included, out of reach."""
    return changed(text, lambda formula: "".join(map(_veil, text[formula.start : formula.end])))


def unveiled(text: str) -> str:
    """Return a text made from ``veiled`` ones with its formulas as they were."""
    return _VEILED.sub(lambda match: chr(ord(match.group()) - _VEIL), text)


def holds_formula(text: str) -> bool:
    """Return whether a veiled text holds a formula."""
    return _VEILED.search(text) is not None


def _veil(letter: str) -> str:
    return chr(ord(letter) + _VEIL) if ord(letter) <= _LAST else ""
