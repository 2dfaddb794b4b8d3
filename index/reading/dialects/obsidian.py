"""Obsidian: comments, tags, block ids, properties, highlights, embeds and queries; see also :mod:`.wikilinks`."""

import re

from index.reading.dialects.translation import Translation
from index.reading.dialects.whole_lines import map_lines

_PREFIX = re.compile(r"(?:[ \t]*>)*[ \t]*")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_COMMENT = "%%"
_IN_LINE = re.compile(r"[ \t]?%%[^%]*(?:%(?!%)[^%]*)*%%")
_CALLOUT = re.compile(r"(?P<kind>\[![\w-]{1,40})\|[^\[\]]*\]")
_BEFORE_A_CALLOUT = " \t>-*+.)0123456789"
_FENCE = re.compile(r"[ \t>]*(?P<marks>`{3,}|~{3,})[ \t]*(?P<language>[\w-]*)")
#: What a plugin answers when the note is opened: nothing that its writer says.
_QUERIES = frozenset({"dataview", "dataviewjs", "query", "tasks", "tracker", "button", "leaflet", "kanban"})
_QUERY_IN_LINE = re.compile(r"`\$?=[ \t]*(?:this|dv)\.[^`\n]*`")
_TAG = r"#[^\W\d][\w/-]*"
_TAGS = re.compile(rf"(?:(?:tags?|태그)[ \t]*::?[ \t]*)?{_TAG}(?:[ \t,]+{_TAG})*[ \t]*", re.IGNORECASE)
_LAST_TAG = re.compile(_TAG)
_MOST_LAST_TAGS = 30
_BLOCK_ID = re.compile(r"(?:^|(?<=\S)[ \t]+)\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]{3,80}[ \t]*\Z")
_PROPERTY = re.compile(r"(?P<marks>\**)(?P<key>[^\W\d_](?:[\w/-]|[ ](?=[\w/-])){0,40})(?P=marks)::[ \t]+(?=\S)")
_PROPERTY_IN_LINE = re.compile(r"([\[(])([^\W\d_][\w -]{0,40})::[ \t]{1,9}([^\s\[\]()][^\[\]()]{0,200})[\])]")
_HIGHLIGHT = re.compile(r"(?<![\w=!<>{])==(?=[^\s=])([^=]*[^\s=])==(?!=)|(?<=[가-힣])==(?=[^\s=])([^=]*[^\s=])==(?!=)")
#: Marks that hardly anyone writes who does not write in Obsidian: with them a line ``#word`` is a tag.
_EVIDENCE = re.compile(r"\[\[[^\[\]\n]+\]\]|%%|^(?:tags|aliases|cssclasses|cssclass):", re.MULTILINE)


def translate_blocks(note: Translation) -> None:
    """Empty what nobody reads: comments, queries of plugins, lines of tags."""
    _empty_comments(note)
    _empty_queries(note)
    _empty_tags(note)


def translate_lines(note: Translation) -> None:
    """Take marks from lines: comments, block ids and tags at their ends, properties, highlights."""
    map_lines(note, _without_comments, only=lambda line: _COMMENT in line)
    map_lines(note, _without_ends, only=lambda line: "^" in line or "#" in line)
    map_lines(note, _without_details, only=lambda line: "[!" in line)
    _list_properties(note)
    map_lines(note, _with_properties, only=lambda line: "::" in line)
    map_lines(note, _with_highlights, only=lambda line: "==" in line)
    for number, line in enumerate(note.lines):
        if not note.code[number] and "=" in line and "`" in line:
            note.lines[number] = _QUERY_IN_LINE.sub("", line)


def _empty(note: Translation, number: int) -> None:
    """Empty a line, but for the quotes that it stands in."""
    marks = _PREFIX.match(note.lines[number])
    note.lines[number] = marks[0].rstrip() if marks else ""


def _empty_comments(note: Translation) -> None:
    """Empty comments over several lines: from a line that begins with ``%%`` to one that ends with it."""
    lines = note.lines
    ends = [not note.code[n] and line.rstrip().endswith(_COMMENT) for n, line in enumerate(lines)]
    last_end = max((n for n, is_end in enumerate(ends) if is_end), default=-1)
    is_open = False
    for number, line in enumerate(lines):
        if is_open:
            is_open = not ends[number]
            _empty(note, number)
            note.code[number] = False
            continue
        is_alone = line.count(_COMMENT) == 1 and not note.code[number]
        if is_alone and line.lstrip(" \t>").startswith(_COMMENT):
            if number < last_end:
                is_open = True
                _empty(note, number)
            else:
                note.doubt(number, "a comment that is never closed")


def _empty_queries(note: Translation) -> None:
    closing = ""
    for number, line in enumerate(note.lines):
        match = _FENCE.match(line) if note.code[number] else None
        if closing:
            is_end = match is not None and match["marks"].startswith(closing) and not match["language"]
            closing = "" if is_end or not note.code[number] else closing
            if note.code[number]:
                _empty(note, number)
        elif match and match["language"].lower() in _QUERIES:
            closing = match["marks"]
            _empty(note, number)


def _empty_tags(note: Translation) -> None:
    is_obsidian = _EVIDENCE.search("\n".join(note.lines)) is not None
    for number, line in enumerate(note.lines):
        if "#" in line and not note.code[number]:
            text = line.strip(" \t>")
            if _TAGS.fullmatch(text) and (is_obsidian or text.count("#") > 1 or not text.startswith("#")):
                _empty(note, number)


def _list_properties(note: Translation) -> None:
    """Make items of properties that stand below each other, as Markdown would run them together."""
    named = [
        "::" in line and not is_code and _PROPERTY.match(line) is not None
        for line, is_code in zip(note.lines, note.code, strict=True)
    ]
    for number, is_property in enumerate(named):
        if is_property and any(named[max(number - 1, 0) : number] + named[number + 1 : number + 2]):
            note.lines[number] = f"- {note.lines[number]}"


def _without_comments(line: str) -> str:
    shown = _IN_LINE.sub("", line)
    return shown if shown.strip(" \t>") else (shown.rstrip() if shown.strip() else "")


def _without_ends(line: str) -> str:
    line = _BLOCK_ID.sub("", line)
    rest, count = line.rstrip(), 0
    while count < _MOST_LAST_TAGS:
        words = rest.rsplit(maxsplit=1)
        if len(words) < 2 or not _LAST_TAG.fullmatch(words[1]):
            break
        rest, count = rest[: -len(words[1])].rstrip(), count + 1
    return rest if count > 1 else line


def _without_details(line: str) -> str:
    """Return a callout's first line without what stands beside its kind: ``[!note|right]``."""
    callout = _CALLOUT.search(line)
    before = line[: callout.start()] if callout else ""
    if callout is None or ">" not in before or before.strip(_BEFORE_A_CALLOUT):
        return line
    return f"{before}{callout['kind']}]{line[callout.end() :]}"


def _with_properties(line: str) -> str:
    start = _PREFIX.match(line)
    at = start.end() if start else 0
    item = _ITEM.match(line, at)
    at = item.end() if item else at
    named = _PROPERTY.match(line, at)
    if named:
        line = f"{line[:at]}{named['marks']}{named['key']}{named['marks']}: {line[named.end() :]}"
    return _PROPERTY_IN_LINE.sub(r"\2: \3", line)


def _with_highlights(line: str) -> str:
    return _HIGHLIGHT.sub(_bold, line)


def _bold(highlight: re.Match[str]) -> str:
    """Return what is highlighted in bold, as it is where it holds or stands in emphasis."""
    text = highlight[1] or highlight[2]
    return text if "*" in text or "*" in highlight.string else f"**{text}**"
