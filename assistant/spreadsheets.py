"""Keeps a spreadsheet from running the cells of a CSV file as formulas, and undoes it; writes no file.

A cell that opens like a formula gets an apostrophe in front, which spreadsheets take for "this is text". One that opens
with apostrophes and then like a formula gets one more, so that reading it back is exact.
"""

import re

#: What makes a spreadsheet look for a formula, also in the wide forms of Korean and Japanese keyboards.
_OPENING = r"[=+\-@\t\r\n＝＋－＠]"
_RUNNABLE = re.compile(rf"'*{_OPENING}")
_NEUTRAL = re.compile(rf"'+{_OPENING}")


def neutral_cell(text: str) -> str:
    """Return ``text`` as a cell that no spreadsheet runs."""
    return f"'{text}" if _RUNNABLE.match(text) else text


def cell_text(cell: str) -> str:
    """Undo :func:`neutral_cell`."""
    return cell[1:] if _NEUTRAL.match(cell) else cell
