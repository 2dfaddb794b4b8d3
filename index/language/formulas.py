r"""Formulas in text, written ``$…$``, ``$$…$$``, ``\(…\)`` or ``\[…\]``: where they stand, and what names are in them.

Dollars are money and shell variables, too, and escaped brackets are brackets: what reads like prose is no formula.
How a formula reads in words and signs is in :mod:`index.language.readable_formulas`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DOLLAR = "$"
_DOUBLE = "$$"
#: By what opens it, what closes a formula.
BRACKETS = {"\\(": "\\)", "\\[": "\\]"}
#: A longer formula within a line is none: an end is not looked for further away, lest every start look to the end.
_LONGEST = 2000
_WORDS = re.compile(r"[A-Za-z]{2,40}\s{1,9}[A-Za-z]{2}|[가-힣]\s{1,9}[가-힣]")
_AMOUNT = re.compile(r"\d[\d.,]{0,20}(?:\s{0,9}[가-힣]|\s{1,9}\W{0,3}[A-Za-z]{2})")
_SIGN = re.compile(r"[A-Za-z0-9=+\-*/<>^_(){}|Α-Ωα-ω]")
#: What may stick to a formula in letters: the $n$th, two $k$s.
_ENDING = re.compile(r"(?:th|st|nd|rd|s|es|D)\b")
_MARKS = re.compile(r"\\[A-Za-z]|[\^_=<>]")
_SHORT_NAME = re.compile(r"[A-Za-z][\w'+\-*/,() ]{0,12}")
_BLANK_LINE = re.compile(r"\n[ \t]{0,99}\n")
_COUNT = re.compile(r"(?<=[A-Za-z])_(?:(\d)|\{(\d{1,3})\})")  # H_2O is H2O
_COMMAND = re.compile(r"\\([A-Za-z]+)|\\.|[{}^_&~$]", re.DOTALL)
#: Commands without a word for a reader: what is drawn larger or wider, what only dresses its argument, and what has an
#: argument that nobody reads.
SILENT = frozenset(
    """left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle scriptstyle limits nolimits quad qquad
    nonumber notag middle rm bf it cal""".split()
)
DRESS = frozenset(
    """text textbf textit textrm texttt mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm
    operatorname hat widehat bar overline underline vec tilde widetilde dot ddot mbox hbox boxed ce underbrace overbrace
    stackrel overset underset substack""".split()
)
DROPPED = frozenset("begin end label tag ref eqref phantom hspace vspace color".split())
FRACTIONS = frozenset("frac dfrac tfrac cfrac".split())
_NO_NAMES = SILENT | DRESS | DROPPED | FRACTIONS


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with its marks, ``text[start:end]``; ``tex`` is without them, ``is_display`` tells of two dollars."""

    start: int
    end: int
    tex: str
    is_display: bool


def formulas(text: str) -> Iterator[Formula]:
    """Yield the formulas between dollars in ``text``, in order."""
    start = text.find(DOLLAR)
    while start >= 0:
        formula = formula_at(text, start)
        if formula:
            yield formula
        start = text.find(DOLLAR, formula.end if formula else start + 1)


def changed(text: str, formula: Callable[[Formula], str], prose: Callable[[str], str] = str) -> str:
    """Return ``text`` with each formula as ``formula`` makes it, and what is between them as ``prose`` does."""
    pieces: list[str] = []
    end = 0
    for found in formulas(text):
        pieces += [prose(text[end : found.start]), formula(found)]
        end = found.end
    return "".join([*pieces, prose(text[end:])])


def formula_at(text: str, start: int) -> Formula | None:
    """Return the formula that begins at ``start``, None where none does."""
    if text.startswith(_DOUBLE, start):
        return None if _is_escaped(text, start) else _between(text, start, _DOUBLE, _DOUBLE, is_display=True)
    if text.startswith(DOLLAR, start):
        return _between_dollars(text, start)
    opening = text[start : start + 2]
    return _between_brackets(text, start, opening) if opening in BRACKETS else None


def written(tex: str, *, is_display: bool = False) -> str:
    """Return a formula with dollars around it, the one form in which it stands in texts."""
    marks = _DOUBLE if is_display else DOLLAR
    return f"{marks}{tex.strip()}{marks}"


def is_prose(tex: str) -> bool:
    """Return whether what stands between marks reads like a sentence or an amount of money."""
    if "\\" in tex:
        return False
    return bool(_WORDS.search(tex) or _AMOUNT.match(tex)) or not _SIGN.search(tex)


def with_names(text: str) -> str:
    r"""Return ``text`` with its formulas as the names in them, ``\frac{dL}{dW}`` as dL dW, and as long as it was."""
    return changed(text, lambda formula: _names(text[formula.start : formula.end]))


def _names(source: str) -> str:
    return _COMMAND.sub(_named, _COUNT.sub(r"\1\2", source)).ljust(len(source))


def _named(command: re.Match[str]) -> str:
    name = command[1]
    return f" {name}" if name and name not in _NO_NAMES else " " * len(command[0])


def _between_dollars(text: str, start: int) -> Formula | None:
    following = text[start + 1 : start + 2]
    if not following or following.isspace() or _is_escaped(text, start):
        return None
    if following == "`":  # $`…`$, as GitLab and GitHub write it
        return _between(text, start, "$`", "`$")
    before = text[start - 1 : start] if start else ""
    if before.isascii() and before.isalnum() and following != "\\":
        return None
    end = text.find(DOLLAR, start + 1, start + _LONGEST)
    while end >= 0 and _is_escaped(text, end):
        end = text.find(DOLLAR, end + 1, start + _LONGEST)
    tex = text[start + 1 : max(end, 0)]
    if not tex.strip() or tex[-1].isspace() or "`" in tex or is_prose(tex) or _BLANK_LINE.search(tex):
        return None
    return Formula(start, end + 1, tex, is_display=False) if _may_end(text, end + 1, tex) else None


def _may_end(text: str, end: int, tex: str) -> bool:
    r"""Return whether what follows a closing dollar lets it be one: 2$\times$3 does, $5~$10 and $a:$b do not."""
    after = text[end : end + 1]
    if not after.isascii() or not after.isalnum():
        return True
    return has_marks(tex) if after.isalpha() and not _ENDING.match(text, end) else after.isalpha() or tex[0] == "\\"


def has_marks(tex: str) -> bool:
    """Return whether ``tex`` holds what is hardly ever in prose: a command, an index, an equals sign."""
    return bool(_MARKS.search(tex))


def _between_brackets(text: str, start: int, opening: str) -> Formula | None:
    formula = _between(text, start, opening, BRACKETS[opening], is_display=opening == "\\[")
    if formula is None or has_marks(formula.tex):
        return formula
    is_name = opening == "\\(" and start > 0 and _SHORT_NAME.fullmatch(formula.tex.strip())
    return formula if is_name else None


def _between(text: str, start: int, opening: str, closing: str, *, is_display: bool = False) -> Formula | None:
    inside = start + len(opening)
    end = text.find(closing, inside, start + _LONGEST)
    tex = text[inside : max(end, inside)]
    if not tex.strip() or is_prose(tex) or _BLANK_LINE.search(tex):
        return None
    return Formula(start, end + len(closing), tex, is_display)


def _is_escaped(text: str, place: int) -> bool:
    first = place
    while first > 0 and place - first < _LONGEST and text[first - 1] == "\\":
        first -= 1
    return (place - first) % 2 == 1
