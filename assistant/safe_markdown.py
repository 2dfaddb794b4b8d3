"""Takes from Markdown what could come alive on a page: images, tags, and numbers like our markers. Knows no notes."""

import re

from assistant.images import START, ImageFinder
from index.language.formulas import changed, formula_at
from index.reading.dialects.whole_lines import address_of

_ALIVE = re.compile(r"`+|!\[|<|\$|\\[(\[]|\[(?=\d)")
#: Numbers in brackets, ``[1]`` or ``[2, 3]``, that are no text of a link; a bracket that is escaped begins none.
_NUMBERS = re.compile(r"(?<!\\)\[(\d{1,3}(?:[ \t]{0,3}[,–-][ \t]{0,3}\d{1,3}){0,20})\](?!\()")
_ADDRESS = re.compile(r"<([^<>\n]{1,600})>(?=[\s)])")  # of a link: a tag where nobody sees that it is one
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_TICKS = re.compile(r"`+")


def safe(source: str) -> str:
    r"""Return Markdown ``source`` without images and with ``<`` escaped outside code, so that no tag comes alive.

    A note's own ``[1]`` becomes ``[1\]``, which shows the same and is no marker of a citation. Formulas stay as they
    are, but for what would come alive where nobody reads formulas.
    """
    finder, ends = ImageFinder(source), _code_ends(source)
    kept: list[str] = []
    rest = 0
    while mark := _ALIVE.search(source, rest):
        kept.append(source[rest : mark.start()])
        shown, rest = mark.group(), mark.end()
        if shown == "<":
            address = _ADDRESS.match(source, mark.start()) if source.endswith("](", 0, mark.start()) else None
            shown, rest = (address_of(address[1]), address.end()) if address else ("\\<", rest)
        elif shown == START:
            image = finder.at(mark.start())
            shown, rest = (_quiet(image.description), image.end) if image else (shown, rest)
        elif shown == "[":
            numbers = _NUMBERS.match(source, mark.start())
            shown, rest = (f"[{numbers[1]}\\]", numbers.end()) if numbers else (shown, rest)
        elif mark.start() in ends:
            shown, rest = source[mark.start() : ends[mark.start()]], ends[mark.start()]
        elif shown[0] in "$\\" and (formula := formula_at(source, mark.start())):
            shown, rest = _TAG.sub(r"\\lt ", source[formula.start : formula.end]).replace(START, "!{}["), formula.end
        kept.append(shown)
    return "".join((*kept, source[rest:]))


def in_cell(text: str) -> str:
    """Return Markdown ``text`` for a table's cell: on one line, ``|`` escaped, in formulas by its name in TeX."""
    text = " ".join(text.split())
    return changed(text, lambda formula: _named_bars(text[formula.start : formula.end]), _escaped_bars)


def _named_bars(formula: str) -> str:
    return formula.replace("\\|", "\\Vert ").replace("|", "\\vert ")  # an escaped bar is another sign in TeX


def _escaped_bars(text: str) -> str:
    return text.replace("|", "\\|")


def _quiet(description: str) -> str:
    """Return the description of an image with what could begin a tag, or with the text after it an image, escaped."""
    return description.replace("<", "\\<").replace("[", "\\[")


def _code_ends(source: str) -> dict[int, int]:
    """Return where code ends that would begin at a run of backticks: after the next run that is as long."""
    ends: dict[int, int] = {}
    last_of_length: dict[int, int] = {}
    for run in _TICKS.finditer(source):
        length = run.end() - run.start()
        if length in last_of_length:
            ends[last_of_length[length]] = run.end()
        last_of_length[length] = run.start()
    return ends
