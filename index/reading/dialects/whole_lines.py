"""Translates marks that may hold code or formulas: a line as a whole, what is verbatim in it standing as one sign."""

import re
from collections.abc import Callable
from urllib.parse import quote

from index.reading.dialects.translation import Translation, verbatim_spans

_FIRST = 0xF0000  # of a plane for private use
_MOST = 0xFFFD
_NEEDS_CODE = re.compile(r"[\s()<>]")
_SIGN = re.compile("[\U000f0000-\U000ffffd]")


def map_lines(note: Translation, translate: Callable[[str], str], only: Callable[[str], bool] = bool) -> None:
    """Replace every line of ``note`` that is no code by what ``translate`` makes of it.

    Code spans and formulas are put back where ``translate`` leaves their signs.

    :param only: Tells of a line whether it needs translating at all.
    """
    for number, line in enumerate(note.lines):
        if line and not note.code[number] and only(line):
            note.lines[number] = _translated(line, translate)


def address_of(path: str) -> str:
    """Return ``path`` as the address of a link, which holds no space or bracket."""
    return _NEEDS_CODE.sub(lambda sign: quote(sign[0]), path)


def _translated(line: str, translate: Callable[[str], str]) -> str:
    spans = verbatim_spans(line)
    verbatim = [piece for piece, is_verbatim in spans if is_verbatim]
    if len(verbatim) > _MOST or (verbatim and _SIGN.search(line)):
        return line
    signs = iter(range(_FIRST, _FIRST + len(verbatim)))
    masked = "".join(chr(next(signs)) if is_verbatim else piece for piece, is_verbatim in spans)
    shown = translate(masked)
    return _SIGN.sub(lambda sign: verbatim[ord(sign[0]) - _FIRST], shown) if verbatim else shown
