"""MDX and Vue in Markdown: imports are left out, of components the text is shown, and nothing is run."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.reading.dialects.sites.containers import Container, bold, callout, emptied, quote
from index.reading.dialects.sites.directives import CALLOUTS
from index.reading.dialects.translation import Translation, code_ranges, code_spans

_IMPORT = re.compile(r"import\s(?:[^\n]{0,400}\sfrom\s{0,9})?[\"'][^\"'\n]{1,300}[\"'];?\s{0,9}")
_IMPORT_START = re.compile(r"import\s{0,9}(?:[\w$]{1,80},\s{0,9})?\{[^{}\n]{0,400}")
_IMPORT_END = re.compile(r"[^{}\n]{0,400}\}\s{0,9}from\s{0,9}[\"'][^\"'\n]{1,300}[\"'];?\s{0,9}")
_EXPORT = re.compile(r"export\s{1,9}(?:const|let|var|function|default|async|class|\{|\*)")
_REMARK_START, _REMARK_END = "{/*", "*/}"
_TAG = re.compile(r"</?(?P<name>[A-Z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*)(?=[\s/>]|$)")
_STOP = re.compile(r"[>\"'{}`]")
_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])(?P<name>[A-Za-z_:][\w:.-]{0,60})\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]{0,1000})\"|'(?P<single>[^']{0,1000})'"
    r"|\{[^\"'`{}]{0,80}[\"'`](?P<braced>[^\"'`{}]{0,1000})[\"'`][^\"'`{}]{0,80}\})"
)
_LINES_OF_A_TAG = 60
_DEEPEST = 12
#: Tags of HTML, which some write in capitals.
_HTML = frozenset(
    "a abbr address article b blockquote body br button caption center code col dd del div dl dt em embed font footer"
    " form h1 h2 h3 h4 h5 h6 head header hr html i iframe input kbd li link main map mark meta nav object ol option p"
    " param pre q s samp script section select small span strike strong style sub summary sup table tbody td textarea"
    " tfoot th thead title tr tt u ul var video".split()
)
_TITLES = ("title", "label", "name", "header", "heading", "summary", "tab")
_NAMED = ("text", "label", "title", "alt", "caption", "children", "name")
_TABS = frozenset("tabitem tab codegroupitem accordion accordionitem card linkcard step cardtitle expandable".split())
_KINDS = {
    "aside": "note",
    "callout": "note",
    "admonition": "note",
    "alert": "note",
    "details": "details",
    "check": "success",
}
_IMAGES = frozenset("image img figure themedimage zoomableimage frame".split())


@dataclass(frozen=True, slots=True)
class _Tag:
    """A component's tag from column ``start`` of line ``first`` to column ``end`` of line ``last``."""

    name: str
    attributes: dict[str, str]
    is_end: bool
    is_whole: bool
    first: int
    start: int
    last: int
    end: int


def translate_blocks(note: Translation) -> None:
    """Leave out imports, exports and remarks, and show components as callouts, bold titles, figures or their text."""
    if not any("<" in line or "{/*" in line or line.startswith(("import", "export")) for line in note.lines):
        return
    _empty_statements(note)
    _empty_remarks(note)
    tags = _tags(note)
    ends = _ends(tags)
    known = [place for place, tag in enumerate(tags) if tag.is_whole or place in ends or tag.is_end]
    closing = {id(end) for end in ends.values()}
    containers = [_container(note, tags[place], end) for place, end in ends.items() if _is_callout(note, tags[place])]
    shown = [
        (tags[place], _shown(note, tags[place], ends.get(place)) if not tags[place].is_end else "")
        for place in known
        if not tags[place].is_end or id(tags[place]) in closing
    ]
    blocks = [
        (tags[place], end)
        for place, end in ends.items()
        if end.first > tags[place].last and _is_alone(note, tags[place]) and _is_alone(note, end)
    ]
    for tag, text in reversed(shown):
        _replace(note.lines, tag, text)
    _set_out(note.lines, blocks)
    quote(note, [_placed(note, one) for one in containers if one is not None])


def _empty_statements(note: Translation) -> None:
    """Empty what is JavaScript between paragraphs: imports to their ends, exports to the next blank line."""
    number = 0
    lines = note.lines
    while number < len(lines):
        line, last = lines[number], number
        if note.code[number] or not line.startswith(("import", "export")):
            number += 1
            continue
        if _IMPORT.fullmatch(line):
            lines[number] = ""
        elif _IMPORT_START.fullmatch(line):
            ends = [at for at in range(number, min(number + 30, len(lines))) if _IMPORT_END.fullmatch(lines[at])]
            last = ends[0] if ends else number - 1
        elif _EXPORT.match(line):
            while last + 1 < len(lines) and lines[last + 1].strip() and not note.code[last + 1]:
                last += 1
        else:
            last = number - 1
        for at in range(number, last + 1):
            lines[at] = ""
        number = max(last, number) + 1


def _empty_remarks(note: Translation) -> None:
    """Empty ``{/* … */}``, also over several lines."""
    opened = False
    last = max((number for number, line in enumerate(note.lines) if _REMARK_END in line), default=-1)
    for number, line in enumerate(note.lines[: last + 1]):
        if note.code[number] or (not opened and _REMARK_START not in line):
            continue
        kept, rest = "", line
        spans = [piece for piece, is_code in code_spans(line) if is_code]
        if not opened and any(_REMARK_START in span for span in spans):
            continue
        while rest:
            if opened:
                _, closing, rest = rest.partition(_REMARK_END)
                opened = not closing
            else:
                before, opening, rest = rest.partition(_REMARK_START)
                kept += before
                opened = bool(opening)
                if opened and number == last and _REMARK_END not in rest:  # it is never closed
                    kept, rest, opened = f"{kept}{opening}{rest}", "", False
        note.lines[number] = kept if kept.strip(" \t>") else emptied(kept)


def _tags(note: Translation) -> list[_Tag]:
    """Return the tags of components in order."""
    tags: list[_Tag] = []
    number = column = 0
    ranges: list[tuple[int, int]] = []
    read = -1
    while number < len(note.lines):
        line = note.lines[number]
        match = None if note.code[number] else _TAG.search(line, column)
        if match is None:
            number, column = number + 1, 0
            continue
        if read != number:
            ranges, read = code_ranges(line), number
        inside = next((end for start, end in ranges if start <= match.start() < end), 0)
        tag = None if inside or _is_html(match["name"]) else _tag_at(note, number, match)
        if tag is None:
            column = max(inside, match.end())
            continue
        tags.append(tag)
        number, column = tag.last, tag.end
    return tags


def _is_html(name: str) -> bool:
    return name.isupper() and name.lower() in _HTML


def _tag_at(note: Translation, number: int, match: re.Match[str]) -> _Tag | None:
    """Return the tag that ``match`` begins, None where it has no end within a few lines."""
    depth, quoted = 0, ""
    inside: list[str] = []
    at = match.end()
    for last in range(number, min(number + _LINES_OF_A_TAG, len(note.lines))):
        line = note.lines[last]
        begin = at
        while stop := _STOP.search(line, at):
            sign, at = stop.group(), stop.end()
            if quoted:
                quoted = "" if sign == quoted else quoted
            elif sign in "\"'`":
                quoted = sign
            elif sign == "{":
                depth += 1
            elif sign == "}":
                depth = max(0, depth - 1)
            elif depth == 0 and line[stop.start() - 1] != "=":
                inside.append(line[begin : stop.start()])
                text = "\n".join(inside)
                return _Tag(
                    match["name"].rpartition(".")[2].lower(),
                    _attributes(text),
                    match.group().startswith("</"),
                    text.endswith("/"),
                    number,
                    match.start(),
                    last,
                    at,
                )
        inside.append(line[begin:])
        at = 0
        if depth == 0 and not quoted and last > number and not line.strip():
            return None
    return None


def _attributes(text: str) -> dict[str, str]:
    return {
        match["name"].lower(): match["double"] or match["single"] or match["braced"] or ""
        for match in _ATTRIBUTE.finditer(text)
    }


def _ends(tags: Sequence[_Tag]) -> dict[int, _Tag]:
    """Return the tag that closes each tag that is closed, by the place of the latter."""
    ends: dict[int, _Tag] = {}
    opened: list[int] = []
    waiting: Counter[str] = Counter()
    for place, tag in enumerate(tags):
        if not tag.is_end:
            if not tag.is_whole:
                opened.append(place)
                waiting[tag.name] += 1
            continue
        while waiting[tag.name]:
            start = opened.pop()
            waiting[tags[start].name] -= 1
            if tags[start].name == tag.name:
                ends[start] = tag
                break
    return ends


def _is_alone(note: Translation, tag: _Tag) -> bool:
    before, after = note.lines[tag.first][: tag.start], note.lines[tag.last][tag.end :]
    return not before.strip(" \t>") and not after.strip()


def _is_callout(note: Translation, tag: _Tag) -> bool:
    is_one = tag.name in CALLOUTS or tag.name in _KINDS
    return is_one and not note.lines[tag.first][: tag.start].strip(" \t>")


def _container(note: Translation, tag: _Tag, end: _Tag) -> Container | None:
    if end.first <= tag.last:
        return None
    return Container(tag.last, end.first + (not _is_alone(note, end)), 0)


def _placed(note: Translation, container: Container) -> Container:
    """Return ``container`` with the column that its first line begins at now."""
    line = note.lines[container.first]
    return Container(container.first, container.last, len(line) - len(line.lstrip(" \t")))


def _shown(note: Translation, tag: _Tag, end: _Tag | None) -> str:
    """Return what stands in place of the tag that opens a component."""
    given = tag.attributes
    title = next((given[name] for name in _TITLES if given.get(name)), "")
    is_alone = _is_alone(note, tag)
    if end is not None and _is_callout(note, tag):
        kind = given.get("type") or given.get("variant") or given.get("kind") or _KINDS.get(tag.name, tag.name)
        line = callout(kind if kind.isascii() and kind.isalpha() else "note", title)
        return line if is_alone else "> "
    if tag.name in _IMAGES and given.get("src"):
        return f"![{given.get('caption') or given.get('alt') or title}]({given['src'].replace(' ', '%20')})"
    if end is not None:
        return bold(title) if is_alone or tag.name in _TABS else ""
    text = next((given[name] for name in _NAMED if given.get(name)), "")
    if not text:
        note.doubt(tag.first, f"what the component {tag.name} draws is not shown")
    return text


def _replace(lines: list[str], tag: _Tag, text: str) -> None:
    before, after = lines[tag.first][: tag.start], lines[tag.last][tag.end :]
    for number in range(tag.first + 1, tag.last + 1):
        lines[number] = ""
    if tag.last > tag.first and after.strip():
        lines[tag.last], after = after.lstrip(), ""
    if not text and before.endswith(" ") and after[:1] in (" ", "", ".", ","):
        before = before[:-1] if before.strip(" \t>") else before
    line = f"{before}{text}{after.lstrip() if text == '> ' else after}"
    lines[tag.first] = line.rstrip() if line.strip(" \t>") else emptied(line)


def _set_out(lines: list[str], blocks: Sequence[tuple[_Tag, _Tag]]) -> None:
    """Set out what components hold, which their writers set in: by four columns it would be code."""
    opened: list[int] = []
    for tag, end in blocks:  # in order: outer ones come first
        while opened and opened[-1] < tag.first:
            opened.pop()
        opened.append(end.first)
        if len(opened) > _DEEPEST:
            continue
        inside = range(tag.last + 1, end.first)
        indents = [_indent(lines[number]) for number in inside if lines[number].strip()]
        surplus = min(indents, default=0) - tag.start
        for number in inside if surplus > 0 else ():
            if lines[number].strip():
                lines[number] = " " * (_indent(lines[number]) - surplus) + lines[number].lstrip(" \t")


def _indent(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4))
