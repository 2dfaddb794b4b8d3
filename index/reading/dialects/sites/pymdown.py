"""pymdown's marks within lines, its includes and tables of contents, and what else the tools of sites share."""

import re

from index.reading.dialects.sites.containers import emptied, margin
from index.reading.dialects.translation import Translation, closes, code_spans, fence_of

_INCLUDE = re.compile(r"-{1,9}8<-{1,9}(?P<rest>.*)", re.DOTALL)
_CONTENTS = re.compile(
    r"\[TOC\]|\[\[_?TOC_?\]\]|\$\{TOC\}|<!-- ?(?:TOC|more|truncate) ?-->|@\[TOC\](?:\([^()]*\))?", re.IGNORECASE
)
_ABBREVIATION = re.compile(r"\*\[(?P<short>[^\[\]]{1,80})\]:[ \t]*(?P<long>\S.*)")
_ANNOTATION = re.compile(r"(?P<comment>(?:#|//|--|;|%|<!--|/\*)[ \t]?\(\d{1,3}\))!(?P<end>[ \t]?(?:-->|\*/)?)[ \t]*$")
_BRACED_INFO = re.compile(r"[ \t]*\{(?P<inside>[^{}]*)\}[ \t]*$")
_CLASS = re.compile(r"(?<![\w\"'=.-])[.](?P<name>[A-Za-z][\w+-]*)")
_ICON = re.compile(r":(?:material|octicons|fontawesome|simple)-[\w-]{1,80}:(?:\{:?[^{}]{0,200}\})?(?P<space>[ \t]?)")
_COLOURED = re.compile(r"(?P<ticks>`{1,9})[ ]?(?:#!|:::)[A-Za-z][\w+-]{0,40} (?P<rest>[^`].{0,2000})", re.DOTALL)
_KEYS = re.compile(
    r"(?<![\w+{])\+\+(?P<keys>(?:[\w-]{1,40}|\"[^\"]{1,40}\")(?:\+(?:[\w-]{1,40}|\"[^\"]{1,40}\")){0,9})\+\+(?!\+)"
)
_INSERTED = re.compile(r"\^\^(?P<text>(?=\S)[^\^]{0,400}\S)\^\^")
_RAISED = re.compile(r"(?<=[\w)])\^(?P<text>[\w+()=-]{1,12})\^(?!\^)", re.ASCII)
_LOWERED = re.compile(r"(?<=[A-Za-z)])~(?P<text>[\w+()=-]{1,12})~(?!~)", re.ASCII)
_CRITIC = re.compile(
    r"\{(?:==(?P<marked>[^{}]{1,600}?)==|\+\+(?P<added>[^{}]{1,600}?)\+\+|--(?P<deleted>[^{}]{1,600}?)--"
    r"|>>(?P<remark>[^{}]{0,600}?)<<|~~(?P<old>[^{}~]{0,600})~>(?P<new>[^{}~]{0,600})~~)\}"
)
_NAMED_KEYS = {"ctrl": "Ctrl", "cmd": "Cmd", "esc": "Esc", "del": "Del", "win": "Win", "pgup": "PgUp", "pgdn": "PgDn"}
_RAISED_SIGNS = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED_SIGNS = str.maketrans("0123456789+-=()aeoxijkmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓᵢⱼₖₘₙₚₛₜ")


def translate_blocks(note: Translation) -> None:
    """Empty includes and tables of contents, show abbreviations, and name the languages of code."""
    fence: re.Match[str] | None = None
    includes = False
    for number, line in enumerate(note.lines):
        if fence is not None:
            if closes(line, fence):
                fence = None
            elif not _include(note, number):
                note.lines[number] = _ANNOTATION.sub(r"\g<comment>\g<end>", line).rstrip("\n")
            continue
        fence = fence_of(line)
        text = line[margin(line) :].strip()
        if fence is not None:
            note.lines[number] = f"{fence['before']}{fence['marks']}{_info(fence['info'])}"
        elif includes:
            includes = not (is_end := bool(_INCLUDE.fullmatch(text)))
            if text and not is_end:
                note.doubt(number, f"what stands in {text.strip(chr(34))} is not shown")
            note.lines[number] = emptied(line)
        elif (include := _INCLUDE.fullmatch(text)) and not include["rest"].strip():
            includes = any(_INCLUDE.fullmatch(below.strip()) for below in note.lines[number + 1 : number + 60])
            note.lines[number] = emptied(line)
        elif _CONTENTS.fullmatch(text):
            note.lines[number] = emptied(line)
        elif abbreviation := _ABBREVIATION.fullmatch(text):
            note.lines[number] = f"{line[: margin(line)]}- {abbreviation['short']}: {abbreviation['long']}"
        else:
            _include(note, number)


def _include(note: Translation, number: int) -> bool:
    """Empty line ``number`` where it brings in a file; return whether it did."""
    line = note.lines[number]
    include = _INCLUDE.fullmatch(line[margin(line) :].strip())
    name = include["rest"].strip() if include else ""
    if not name.startswith(('"', "'")):
        return False
    note.doubt(number, f"what stands in {name.strip(chr(34) + chr(39))} is not shown")
    note.lines[number] = emptied(line)
    return True


def _info(info: str) -> str:
    """Return what a fence says of its code, with its language first."""
    braces = _BRACED_INFO.fullmatch(info)
    if braces is None:
        return info
    name = _CLASS.search(braces["inside"])
    return name["name"] if name and not braces["inside"].strip()[:1].isalpha() else info


def translate_lines(note: Translation) -> None:
    """Show critics' marks, keys, icons, and letters above and below the line without their marks."""
    note.map_prose(_without_marks)
    for number, line in enumerate(note.lines):
        if ("`#!" in line or "`:::" in line) and not note.code[number]:
            note.lines[number] = "".join(
                _uncoloured(piece) if is_code else piece for piece, is_code in code_spans(line)
            )


def _uncoloured(span: str) -> str:
    """Return a code span without the name of the language that it is coloured as."""
    match = _COLOURED.fullmatch(span)
    return f"{match['ticks']}{match['rest']}" if match else span


def _without_marks(text: str) -> str:
    if "{" in text:
        text = _CRITIC.sub(_criticised, text)
    if "++" in text:
        text = _KEYS.sub(lambda match: f"`{'+'.join(map(_key, match['keys'].split('+')))}`", text)
    if ":" in text:
        text = _ICON.sub("", text)
    if "^" in text:
        text = _INSERTED.sub(lambda match: match["text"], text)
        text = _RAISED.sub(lambda match: match["text"].translate(_RAISED_SIGNS), text)
    if "~" in text:
        text = _LOWERED.sub(lambda match: match["text"].translate(_LOWERED_SIGNS), text)
    return text


def _criticised(match: re.Match[str]) -> str:
    if match["remark"] is not None:
        return ""
    if match["old"] is not None:
        return f"~~{match['old'].strip()}~~ {match['new'].strip()}".strip()
    deleted = match["deleted"]
    return f"~~{deleted.strip()}~~" if deleted else match["marked"] or match["added"]


def _key(name: str) -> str:
    if name.startswith('"'):
        return name.strip('"')
    return _NAMED_KEYS.get(name.lower(), name.replace("-", " ").title() if len(name) > 1 else name.upper())
