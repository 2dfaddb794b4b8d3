"""Expressions that a site's builder fills in, ``{{ site.baseurl }}``, and front matter in TOML: not for readers."""

import re

from index.reading.dialects.sites.containers import emptied, margin
from index.reading.dialects.translation import Translation

_EXPRESSION = re.compile(r"(?<!\\)\{\{-?(?P<inside>[^{}\n]{0,400})\}\}")
_ADDRESS_FILTER = re.compile(
    r"""\s{0,9}["'](?P<path>[^"'|]{0,300})["']\s{0,9}\|\s{0,9}"""
    r"(?:relative_url|absolute_url|relURL|absURL|relLangURL|absLangURL|prepend|url|asset|withBase)\b"
)
_SITE = re.compile(
    r"\s{0,9}(?:site\.(?:baseurl|url|github\.url|base_url|root)|page\.root|baseurl|base_url|\.Site\.BaseURL)\b"
)
_TOML = "+++"
_BREAK = re.compile(r"\+\+\+(?:[ \t]{1,9}\{.*|[ \t]*)", re.DOTALL)
_MOST_LINES = 400


def translate_blocks(note: Translation) -> None:
    """Fence TOML front matter as YAML's is, empty MyST's breaks, and fill the site's root into addresses."""
    start = _front_matter(note)
    for number in range(start, len(note.lines)):
        line = note.lines[number]
        if note.code[number]:
            continue
        if "{{" in line:
            note.lines[number] = _EXPRESSION.sub(_address, line).rstrip() if _EXPRESSION.search(line) else line
        elif line.startswith(_TOML) and _BREAK.fullmatch(line):
            note.lines[number] = ""


def _front_matter(note: Translation) -> int:
    """Return the line after front matter in TOML, 0 where there is none."""
    lines = note.lines
    if lines[0].rstrip() != _TOML:
        return 0
    end = next((at for at in range(1, min(len(lines), _MOST_LINES)) if lines[at].rstrip() == _TOML), 0)
    if end:
        lines[0] = lines[end] = "---"
        note.code[0 : end + 1] = [True] * (end + 1)
    return end + 1 if end else 0


def _address(match: re.Match[str]) -> str:
    """Return the path that an expression stands for, and any other expression as it is."""
    filtered = _ADDRESS_FILTER.match(match["inside"])
    if filtered is not None:
        return filtered["path"].strip()
    return "" if _SITE.match(match["inside"]) and "|" not in match["inside"] else match.group()


def translate_lines(note: Translation) -> None:
    """Drop expressions, whose values only the site's builder knows."""
    for number, line in enumerate(note.lines):
        if "{{" not in line or note.code[number]:
            continue
        one = Translation([line])
        one.map_prose(_without)
        if one.lines[0] != line:
            note.doubt(number, "what an expression in double braces stands for is not known, it is left out")
            note.lines[number] = one.lines[0] if one.lines[0].strip(" \t>") else emptied(line[: margin(line)])


def _without(text: str) -> str:
    kept = ""
    rest = 0
    for match in _EXPRESSION.finditer(text):
        kept += text[rest : match.start()]
        rest = match.end()
        if kept.endswith(" ") and text[rest : rest + 1] in (" ", "", ".", ","):
            kept = kept[:-1]
    return kept + text[rest:]
