"""Pages as Notion exports them: callouts in ``<aside>``, properties below the title, ids in the names of links."""

import re

from index.reading.dialects.translation import Translation
from index.reading.dialects.whole_lines import map_lines

_ASIDE = re.compile(r"(?P<indent>[ \t]*)<aside>[ \t]*(?P<rest>.*)")
_END = "</aside>"
_TITLE = re.compile(r"# \S")
_PROPERTY = re.compile(r"(?P<key>[^\W\d_][^:：\n]{0,40}): (?=\S)")
#: What Notion keeps about a page rather than in it.
_OF_THE_PAGE = frozenset(
    (
        *("created", "created time", "created by", "last edited", "last edited time", "last edited by", "last updated"),
        *("tags", "tag", "status", "owner", "id", "url", "type", "생성", "생성일", "생성 일시", "생성자", "작성일"),
        *("작성일시", "작성자", "최종 편집", "최종 편집 일시", "최종 편집자", "태그", "상태", "유형"),
    )
)
_ID = r"(?:[ _-]|%20)[0-9a-f]{32}"
_LINK = re.compile(rf"\[([^\[\]\n]{{1,300}}?){_ID}(\.md|\.csv)?\]\((?=[^()\s]{{0,600}}{_ID})")


def translate_blocks(note: Translation) -> None:
    """Make callouts of ``<aside>``, a list of the properties that say something, and empty the others."""
    _quote_asides(note)
    _list_properties(note)


def translate_lines(note: Translation) -> None:
    """Take ids from the names of links; their addresses keep them, as the files are called so."""
    map_lines(note, lambda line: _LINK.sub(r"[\1](", line), only=lambda line: "](" in line)


def _quote_asides(note: Translation) -> None:
    last_end = max((n for n, line in enumerate(note.lines) if _END in line), default=-1)
    indent: str | None = None
    for number, line in enumerate(note.lines):
        start = None if indent is not None or note.code[number] or number > last_end else _ASIDE.match(line)
        if start is None and indent is None:
            continue
        column = start["indent"] if start else indent or ""
        text, end, _ = (start["rest"] if start else line.removeprefix(column)).partition(_END)
        is_mark = start is not None and not text.strip() and not end
        note.lines[number] = f"{column}> {'[!NOTE]' if is_mark else text}".rstrip()
        indent = None if end else column


def _list_properties(note: Translation) -> None:
    """List the lines ``Key: value`` that a page begins with, right below its title."""
    texts = [(number, line) for number, line in enumerate(note.lines[:60]) if line.strip()]
    if not texts or not _TITLE.match(texts[0][1]):
        return
    number = texts[0][0] + 1
    while number < len(note.lines) and not note.lines[number].strip():
        number += 1
    first = number
    while number < len(note.lines) and _PROPERTY.match(note.lines[number]):
        number += 1
    is_whole = number == len(note.lines) or not note.lines[number].strip()
    keys = [match["key"].strip().casefold() for line in note.lines[first:number] if (match := _PROPERTY.match(line))]
    if not is_whole or _OF_THE_PAGE.isdisjoint(keys):
        return
    for at, key in enumerate(keys, first):
        note.lines[at] = "" if key in _OF_THE_PAGE else f"- {note.lines[at]}"
