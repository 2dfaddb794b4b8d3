"""MyST: targets, remarks, roles such as ``{ref}`` before a code span, and links without a text of their own."""

import re

from index.reading.dialects.sites.containers import emptied, margin
from index.reading.dialects.translation import Translation, code_spans

_TARGET = re.compile(r"\([\w:.-]{1,100}\)=")
_ROLE = re.compile(r"\{(?P<name>[a-zA-Z][\w:-]{0,60})\}\Z")
_EVIDENCE = re.compile(r"\([\w:.-]{1,100}\)=\s{0,9}\Z|[`:]{3,60}\{[a-z]|.{0,1000}\{[a-z][\w:-]{0,40}\}`[^`]")
_TITLED = re.compile(r"(?P<text>[^<>]{1,400}?)\s{0,9}<(?P<target>[^<>]{1,300})>")
_NO_TEXT = re.compile(r"(?<!!)\[\]\((?P<address>[^()\s]{1,300})\)")
_CODE = frozenset(
    "code kbd file command samp program option envvar literal makevar regexp guilabel eval python r js raw".split()
)
_ICONS = frozenset("fa fas fab far octicon material-regular material-outlined material-round index".split())
_DOCUMENTS = frozenset("doc download".split())


def translate_blocks(note: Translation) -> None:
    """Empty targets and remarks, in notes where anything else says that they are MyST's."""
    if not any(_EVIDENCE.match(line, margin(line)) for line in note.lines):
        return
    for number, line in enumerate(note.lines):
        if not note.code[number] and (_TARGET.fullmatch(line.strip(" \t>")) or line.startswith("% ")):
            note.lines[number] = emptied(line)


def translate_lines(note: Translation) -> None:
    """Show what roles say, and name links that have no text by where they lead."""
    for number, line in enumerate(note.lines):
        if not note.code[number] and ("}`" in line or "[](" in line):
            note.lines[number] = _without_roles(line)


def _without_roles(line: str) -> str:
    kept = ""
    role: re.Match[str] | None = None
    for piece, is_code in code_spans(line):
        if is_code and role is not None:
            kept = f"{kept[: len(kept) - len(role.group())]}{_said(role['name'].lower(), piece)}"
            role = None
            continue
        role = None if is_code else _ROLE.search(piece[-80:])
        kept += piece if is_code else _NO_TEXT.sub(_named, piece)
    return kept


def _said(role: str, span: str) -> str:
    """Return what the code span says that stands after ``role``."""
    text = span.strip("`").strip()
    if role in ("math", "eq-math"):
        return f"${text}$"
    if role in _ICONS:
        return ""
    if role in _CODE or ":" in role:
        return f"`{text.lstrip('~!')}`"
    titled = _TITLED.fullmatch(text)
    said = titled["text"].strip() if titled else text
    target = titled["target"] if titled else text
    if role in _DOCUMENTS and "://" not in target:
        name = said if titled else target.rpartition("/")[2]
        ending = "" if "." in target.rpartition("/")[2] or role != "doc" else ".md"
        return f"[{name}]({target.replace(' ', '%20')}{ending})"
    return said.replace("*", "\\*") if titled is None else said


def _named(match: re.Match[str]) -> str:
    address = match["address"]
    return f"[{address.lstrip('#').rpartition('/')[2] or address}]({address})"
