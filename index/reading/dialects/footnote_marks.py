"""Footnotes: those ``^[in the line]``, labels in words, references to nothing."""

import re

from index.reading.dialects.translation import Translation, verbatim_spans
from index.reading.dialects.whole_lines import map_lines
from index.reading.marks.footnotes import REFERENCES, label_of_definition

_IN_LINE = re.compile(r"(?<=\S)\^\[([^\[\]]+(?:\[[^\[\]]*\][^\[\]]*)*)\]")
_SAYS_SOMETHING = re.compile(r"[^\W\d_]{2}|[가-힣]")


def translate_lines(note: Translation) -> None:
    """Put footnotes that stand in a line in round brackets, number the others, and escape what refers to none."""
    map_lines(note, lambda line: _IN_LINE.sub(_in_brackets, line), only=lambda line: "^[" in line)
    _number(note)


def _number(note: Translation) -> None:
    """Give footnotes numbers, in the order in which they come up, and escape references to none."""
    prose = [line for line, is_code in zip(note.lines, note.code, strict=True) if not is_code and "[^" in line]
    defined = {label_of_definition(line) for line in prose}
    referred = [
        match[1]
        for line in prose
        for piece, is_verbatim in verbatim_spans(line)
        if not is_verbatim
        for match in REFERENCES.finditer(piece)
        if match[1] in defined
    ]
    numbers = {label: number for number, label in enumerate(dict.fromkeys(referred), 1)}

    def numbered(reference: re.Match[str]) -> str:
        return f"[^{numbers[reference[1]]}]" if reference[1] in numbers else f"[\\^{reference[1]}]"

    map_lines(note, lambda line: REFERENCES.sub(numbered, line), only=lambda line: "[^" in line)


def _in_brackets(footnote: re.Match[str]) -> str:
    text = footnote[1].strip()
    if not _SAYS_SOMETHING.search(text) or ("-" in text and len(text.split()) == 1):  # a pattern: ^[a-z]
        return footnote[0]
    before = footnote.string[footnote.start() - 1]
    return f" ({text})" if before.isascii() else f"({text})"
