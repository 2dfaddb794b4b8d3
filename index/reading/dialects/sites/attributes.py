"""Attributes in braces, ``{ .class }``, ``{: #id }``, ``[text]{.class}``: how a page is styled, not what it says."""

import re

from index.reading.dialects.sites.containers import emptied
from index.reading.dialects.translation import Translation, code_spans

_BRACES = re.compile(r"(?P<space>[ \t]?)\{(?P<colon>:?)(?P<inside>[^{}\n]{1,400})\}")
#: ``.class``, ``#id``, ``name="value"`` and, after a colon, ``toc`` or the name of other attributes.
_ATTRIBUTE = re.compile(
    r"[ \t]*(?:(?P<certain>[.#][^\W\d][\w:.-]*)"
    r"|(?P<named>[A-Za-z_][\w:.-]*=(?:\"[^\"]*\"|'[^']*'|[^\s\"'{}=]+))|(?P<word>[A-Za-z][\w-]*|-))[ \t]*"
)
_SPAN = re.compile(r"(?<![\]!])\[(?P<text>[^\[\]]{0,400})\]\Z")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_CONTENTS = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\S[^\n]{0,80}")
_ENDS = (")", "]", "*", "_", "`", ">", "^", "~")


def translate_blocks(note: Translation) -> None:
    """Empty a line of attributes, with the list that kramdown's ``{:toc}`` puts a table of contents in place of."""
    for number, line in enumerate(note.lines):
        text = line.strip(" \t>")
        if not text.startswith("{") or note.code[number]:
            continue
        braces = _BRACES.fullmatch(text)
        if braces is None or not _are_attributes(braces, alone=True):
            continue
        note.lines[number] = emptied(line)
        if "toc" in braces["inside"].split() and number and _CONTENTS.fullmatch(note.lines[number - 1]):
            note.lines[number - 1] = emptied(note.lines[number - 1])


def translate_lines(note: Translation) -> None:
    """Drop attributes where they stand after what they style."""
    for number, line in enumerate(note.lines):
        if "{" in line and not note.code[number]:
            note.lines[number] = _without_attributes(line)


def _without_attributes(line: str) -> str:
    kept = ""
    pieces = code_spans(line)
    for place, (piece, is_code) in enumerate(pieces):
        if is_code or "{" not in piece:
            kept += piece
            continue
        rest = 0
        is_last = place == len(pieces) - 1
        for braces in _BRACES.finditer(piece):
            kept += piece[rest : braces.start()]
            rest = braces.end()
            at_end = is_last and not piece[rest:].strip(" \t#|")
            is_first = _ITEM.fullmatch(f"{kept}{braces['space']}") is not None
            if not _are_dropped(braces, kept, at_end=at_end, is_first=is_first):
                kept += braces.group()
            elif not braces["space"] and (span := _SPAN.search(kept[-500:])):
                kept = f"{kept[: len(kept) - len(span.group())]}{span['text']}"
            elif is_first:
                kept = f"{kept}{braces['space']}"
                rest += len(piece[rest:]) - len(piece[rest:].lstrip(" "))
        kept += piece[rest:]
    return kept.rstrip() if kept != line else line


def _are_dropped(braces: re.Match[str], before: str, *, at_end: bool, is_first: bool) -> bool:
    """Return whether ``braces`` hold attributes of what stands ``before`` them on their line."""
    if before.endswith("\\") or not before.strip():
        return False
    if before.endswith("$"):  # the label of a formula
        return _are_attributes(braces)
    if not braces["space"] and before.endswith(_ENDS):
        return _are_attributes(braces)
    if _HEADING.match(before):
        return at_end and _are_attributes(braces, alone=True)
    return (at_end or is_first) and _are_attributes(braces)


def _are_attributes(braces: re.Match[str], *, alone: bool = False) -> bool:
    """Return whether ``braces`` hold nothing but attributes; ``alone``: where words without a mark may be some."""
    inside, at = braces["inside"], 0
    certain = bool(braces["colon"])
    while at < len(inside):
        match = _ATTRIBUTE.match(inside, at)
        if match is None or not match.group().strip():
            return False
        certain = certain or match["word"] is None
        at = match.end()
    return certain or (alone and inside.strip() == "-")
