"""From the lines of a PDF's pages to blocks: what repeats on every page is dropped, lines are joined to paragraphs.

Knows no PDF: only lines with their place and size. Lines lie in reading order, columns one after the other.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.importing.documents import (
    HeadingBlock,
    ImportedBlock,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    runs_of,
)
from index.importing.readers.line_joining import LineJoiner

#: A header or footer stands in the outer tenths of a page, in the same place on at least so many pages.
_MARGIN_SHARE = 0.1
_REPEATED_PAGES = 3
#: A heading is larger than the text by so much, and no longer than this.
_LARGER = 1.12
_HEADING_CHARACTERS = 150
_BOLD_HEADING_CHARACTERS = 80
#: Lines further apart than usual by this share of their size begin a paragraph; so does one that is indented so far.
_GAP_SHARE = 0.45
_INDENT_SHARE = 1.2
_HEADING_LEVELS = 4
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-–—\s]*\d{1,4}[-–—\s]*$")
_BULLET = re.compile(r"[•●○◦▪▫■□◆◇▶▷➢➤❖✓✔‣·∙*–—\-\uf000-\uf0ff]\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_LETTER = re.compile(r"(?:[가나다라마바사아자차카타파하]|[a-z]|[ivx]{2,4}|[①-⑳])[.)]\s+(?=\S)|[①-⑳]\s*(?=\S)")
_SECTION = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|제\s?\d{1,3}\s?[장절]|(?:Chapter|Section|Module|Lecture|Week)\s\d{1,3}\b)\s*\S",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", ":", ";", ",", "。")


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line in points from the page's upper left corner; ``right_edge`` is where its column ends."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    is_bold: bool
    right_edge: float


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table with its place, and the texts of its cells."""

    rows: tuple[tuple[str, ...], ...]
    top: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page as it was found: its lines and tables in reading order."""

    number: int
    height: float
    parts: tuple[PdfLine | PdfTable, ...]

    @property
    def lines(self) -> list[PdfLine]:
        """The lines that stand outside of tables."""
        return [part for part in self.parts if isinstance(part, PdfLine)]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The blocks of each page, the title of the document (empty where none stands out), and what was dropped."""

    title: str
    pages: tuple[tuple[ImportedBlock, ...], ...]
    repeated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Style:
    """What the text of a document looks like."""

    size: float
    gap: float
    heading_sizes: tuple[float, ...]

    def level(self, line: PdfLine) -> int:
        """Return the level of a heading of this line's size, 0 where it is none by its size."""
        if line.size < self.size * _LARGER or len(line.text) > _HEADING_CHARACTERS:
            return 0
        return next((n for n, size in enumerate(self.heading_sizes, 1) if line.size >= size - 0.3), 0)


def laid_out(pages: Sequence[PdfPage], joiner: LineJoiner) -> LaidOut:
    """Return the blocks of ``pages``."""
    pages, repeated = _without_repeated(pages, _style(pages))
    joiner.learn(line.text for page in pages for line in page.lines)
    title, pages = _title(pages, _style(pages), joiner)
    style = _style(pages)
    blocks = [tuple(_blocks(page, style, joiner)) for page in pages]
    return LaidOut(title, tuple(_continued(blocks, joiner)), repeated)


def _without_repeated(pages: Sequence[PdfPage], style: _Style) -> tuple[list[PdfPage], tuple[str, ...]]:
    """Return the pages without headers, footers and page numbers, and what those say."""
    counted = Counter(key for page in pages for key in {_repeat_key(line, page, style) for line in page.lines} if key)
    repeated = {key for key, count in counted.items() if count >= _REPEATED_PAGES}
    dropped: dict[str, None] = {}
    kept: list[PdfPage] = []
    for page in pages:
        parts: list[PdfLine | PdfTable] = []
        for part in page.parts:
            if isinstance(part, PdfLine) and (
                _repeat_key(part, page, style) in repeated or _is_page_number(part, page)
            ):
                if any(letter.isalpha() for letter in part.text):
                    dropped.setdefault(_DIGITS.sub("#", part.text))
            else:
                parts.append(part)
        kept.append(replace(page, parts=tuple(parts)))
    return kept, tuple(dropped)


def _repeat_key(line: PdfLine, page: PdfPage, style: _Style) -> tuple[str, int] | None:
    """Return what a header or footer has in common with those of other pages: its place, and its text but numbers.

    What is larger than the text is a heading that its number alone may tell from others.
    """
    if not _is_in_margin(line, page):
        return None
    text = line.text if line.size >= style.size * _LARGER else _DIGITS.sub("#", line.text)
    return (text, round(line.top / 4))


def _is_in_margin(line: PdfLine, page: PdfPage) -> bool:
    edge = page.height * _MARGIN_SHARE
    return line.bottom <= edge or line.top >= page.height - edge


def _is_page_number(line: PdfLine, page: PdfPage) -> bool:
    return _is_in_margin(line, page) and bool(_PAGE_NUMBER.match(line.text))


def _style(pages: Sequence[PdfPage]) -> _Style:
    sizes: Counter[float] = Counter()
    gaps: list[float] = []
    for page in pages:
        for before, line in zip([None, *page.lines], page.lines, strict=False):
            sizes[_rounded(line.size)] += len(line.text)
            if before is not None and 0 <= line.top - before.bottom < line.size * 1.5:
                gaps.append((line.top - before.bottom) / line.size)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    larger = sorted({one for one in sizes if one >= size * _LARGER}, reverse=True)
    distinct = [one for n, one in enumerate(larger) if not n or larger[n - 1] - one > 0.3]
    return _Style(size, statistics.median_low(gaps) if gaps else 0.3, tuple(distinct))


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _title(pages: list[PdfPage], style: _Style, joiner: LineJoiner) -> tuple[str, list[PdfPage]]:
    """Return the title, and the pages without it: what is largest on the first page, where it is larger than headings.

    It has to be of the largest size in the document, which stands nowhere else.
    """
    largest = style.heading_sizes[:1]
    if not pages or not largest:
        return "", pages
    of_size = [[line for line in page.lines if line.size >= largest[0] - 0.3] for page in pages]
    lines = of_size[0]
    if not 1 <= len(lines) <= 3 or any(of_size[1:]) or any(len(line.text) > _HEADING_CHARACTERS for line in lines):
        return "", pages
    first = replace(pages[0], parts=tuple(part for part in pages[0].parts if part not in lines))
    return joiner.joined([line.text for line in lines]), [first, *pages[1:]]


def _blocks(page: PdfPage, style: _Style, joiner: LineJoiner) -> Iterator[ImportedBlock]:
    group: list[PdfLine] = []
    items: list[float] = []  # where the markers of the open list's levels stand
    for part in page.parts:
        if isinstance(part, PdfTable):
            yield from _block(group, style, items, joiner)
            group = []
            yield TableBlock(part.rows)
            continue
        if group and not _goes_on(group, part, style):
            yield from _block(group, style, items, joiner)
            group = []
        group.append(part)
    yield from _block(group, style, items, joiner)


def _goes_on(group: Sequence[PdfLine], line: PdfLine, style: _Style) -> bool:  # noqa: PLR0911 - one a sign
    """Return whether ``line`` belongs to the same paragraph, item or heading as the lines before it."""
    last = group[-1]
    if _heading_level(last, style) != _heading_level(line, style) or abs(last.size - line.size) > 0.15 * style.size:
        return False
    gap = (line.top - last.bottom) / style.size
    if line.top < last.top:  # the next column, or page
        return not _is_marked(line) and not last.text.endswith(_SENTENCE_END)
    if gap > style.gap + _GAP_SHARE or (_is_marked(line) and not _is_broken_off(last, line)):
        return False
    if _heading_level(line, style):
        return len(group) < 3
    if _is_marked(group[0]):
        return line.left > group[0].left + 0.3 * style.size or last.right > last.right_edge - 4 * style.size
    if len(group) > 1 and line.left > last.left + _INDENT_SHARE * style.size and last.text.endswith(_SENTENCE_END):
        return False
    return not (last.text.endswith((".", "!", "?", ":")) and last.right < last.right_edge - 8 * style.size)


def _is_broken_off(last: PdfLine, line: PdfLine) -> bool:
    """Return whether ``line`` only looks like an item: 합니 and, on the next line, 다. are one word."""
    is_full = last.right > last.right_edge - 2 * last.size and not last.text.endswith((".", "!", "?", ":"))
    return is_full and _BULLET.match(line.text) is None


def _is_marked(line: PdfLine) -> bool:
    return any(pattern.match(line.text) for pattern in (_BULLET, _NUMBER, _LETTER))


def _heading_level(line: PdfLine, style: _Style) -> int:
    """Return the level of a heading, 0 for text. Bold text of the usual size is one where it is a line by itself."""
    level = style.level(line)
    if level:
        return min(level, _HEADING_LEVELS)
    is_short = len(line.text) <= _BOLD_HEADING_CHARACTERS and not line.text.endswith(_SENTENCE_END)
    if (
        line.is_bold
        and is_short
        and line.size >= style.size - 0.5
        and (not _is_marked(line) or _SECTION.match(line.text))
    ):
        return min(len(style.heading_sizes) + 1, _HEADING_LEVELS)
    return 0


def _block(group: Sequence[PdfLine], style: _Style, items: list[float], joiner: LineJoiner) -> Iterator[ImportedBlock]:
    if not group:
        return
    first = group[0]
    level = _heading_level(first, style)
    text = joiner.joined([line.text for line in group])
    if level:
        items.clear()
        yield HeadingBlock(level, text)
        return
    bullet, number, letter = _BULLET.match(text), _NUMBER.match(text), _LETTER.match(text)
    if bullet or number or letter:
        while items and first.left < items[-1] - 0.5 * style.size:
            items.pop()
        if not items or first.left > items[-1] + 0.5 * style.size:
            items.append(first.left)
        content = text[bullet.end() :] if bullet else text[number.end() :] if number else text
        yield ItemBlock(len(items) - 1, runs_of(content), int(number[1]) if number else None)
        return
    items.clear()
    yield ParagraphBlock(runs_of(text))


def _continued(pages: list[tuple[ImportedBlock, ...]], joiner: LineJoiner) -> list[tuple[ImportedBlock, ...]]:
    """Return the pages with what goes over a page's end made whole: a sentence, and the head of a table."""
    for position in range(len(pages) - 1):
        before, after = pages[position], pages[position + 1]
        if not before or not after:
            continue
        match (before[-1], after[0]):
            case (ParagraphBlock() as end, ParagraphBlock() as start):
                head, tail = _parted(start.runs[0].text)
                if head and not end.runs[0].text.rstrip().endswith((*_SENTENCE_END, "다", "요")):
                    whole = ParagraphBlock(runs_of(joiner.joined([end.runs[0].text, head])))
                    pages[position] = (*before[:-1], whole)
                    pages[position + 1] = ((ParagraphBlock(runs_of(tail)),) if tail else ()) + after[1:]
            case (TableBlock(rows=rows), TableBlock(rows=more)):
                if len(rows[0]) == len(more[0]) and rows[0] != more[0]:
                    pages[position + 1] = (TableBlock((rows[0], *more)), *after[1:])
            case _:
                pass
    return pages


def _parted(text: str) -> tuple[str, str]:
    """Return a paragraph's first sentence and the rest, as far as a sentence's end is to be seen."""
    ends = [end for mark in (". ", "! ", "? ") if (end := text.find(mark)) >= 0]
    if ends:
        end = min(ends) + 1
        return text[:end], text[end:].strip()
    return (text, "") if text.endswith((".", "!", "?")) else ("", text)
