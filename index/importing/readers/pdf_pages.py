"""Reads PDF files: the lines and tables of each page, through pdfplumber; scanned pages through OCR if there is one."""

import io
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from index.importing.documents import HeadingBlock, ImportedDocument, ImportedPage, ParagraphBlock, Unread, runs_of
from index.importing.escaping import one_line
from index.importing.readers.libraries import library
from index.importing.readers.line_joining import LineJoiner
from index.importing.readers.ocr import OcrError, has_ocr, ocr_paragraphs
from index.importing.readers.pdf_layout import PdfLine, PdfPage, PdfTable, laid_out

MAX_PAGES = 1000
#: Below so many letters a page with a picture over half of it was scanned.
_LETTERS_OF_A_PAGE = 20
_SCANNED_SHARE = 0.5
_PICTURE_SHARE = 0.01
#: Looking for tables takes the square of the lines that are drawn; more than that are a picture.
_MOST_RULES = 3000
_GARBLED = re.compile(r"\(cid:\d+\)")
_GARBLED_SHARE = 0.2
_OCR_DPI = 200
_GUTTER_POINTS = 9.0
_LINES_A_COLUMN = 4
_FILLED_SHARE = 0.55
_PARTED_SHARE = 0.4


class _Word(TypedDict):
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    fontname: str


@dataclass(slots=True)
class _Trouble:
    """The pages with something that was not read."""

    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list[str]))
    pictures: int = 0


def read_pdf(data: bytes, name: str) -> ImportedDocument:
    """Return the pages of a PDF file."""
    pdfplumber = library("pdfplumber")
    trouble = _Trouble()
    found: list[PdfPage] = []
    scanned: dict[int, tuple[str, ...]] = {}
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        total = len(pdf.pages)
        for number, page in enumerate(pdf.pages[:MAX_PAGES], start=1):
            letters = len(page.chars)
            if _is_scanned(page, letters):
                scanned[number] = _read_scan(data, number, trouble)
                found.append(PdfPage(number, float(page.height), ()))
            else:
                found.append(_page(page, number, trouble))
            page.close()  # what was read of it is forgotten, lest a thousand pages stay in memory
        told: Any = pdf.metadata or {}
        told_title = one_line(str(told.get("Title") or ""))
    joiner = LineJoiner()
    layout = laid_out(found, joiner)
    pages: list[ImportedPage] = []
    under = ""
    for page, laid in zip(found, layout.pages, strict=True):
        blocks = (*laid, *(ParagraphBlock(runs_of(text)) for text in scanned.get(page.number, ())))
        goes_on = under if blocks and not isinstance(blocks[0], HeadingBlock) else ""
        pages.append(ImportedPage(blocks, str(page.number), goes_on))
        under = next((block.text for block in reversed(blocks) if isinstance(block, HeadingBlock)), under)
    unread = [
        *(Unread("repeated", detail=text) for text in layout.repeated),
        *(Unread(kind, tuple(places)) for kind, places in trouble.pages.items()),
        *([Unread("pictures", count=trouble.pictures)] if trouble.pictures else []),
        *([Unread("too_many_pages", count=total - MAX_PAGES)] if total > MAX_PAGES else []),
    ]
    title = layout.title or (told_title if _is_title(told_title) else "") or name
    return ImportedDocument(title, tuple(pages), "page", tuple(unread))


def _is_title(text: str) -> bool:
    """Return whether what a PDF says of its title is one; most programs write a file's name, or nothing in words."""
    lowered = text.lower()
    return len(text) > 3 and not lowered.startswith(("microsoft", "untitled", "무제")) and "." not in lowered[-6:]


def _is_scanned(page: Any, letters: int) -> bool:  # noqa: ANN401 - pdfplumber has no types
    if letters >= _LETTERS_OF_A_PAGE:
        return False
    area = float(page.width * page.height) or 1.0
    return any(_area(image) > _SCANNED_SHARE * area for image in page.images)


def _area(image: Any) -> float:  # noqa: ANN401
    return float(image["width"]) * float(image["height"])


def _read_scan(data: bytes, number: int, trouble: _Trouble) -> tuple[str, ...]:
    """Return the paragraphs that OCR reads on a page, and tell that they are read so, or are not read."""
    if not has_ocr():
        trouble.pages["scanned"].append(str(number))
        return ()
    try:
        paragraphs = ocr_paragraphs(_drawn(data, number))
    except OcrError:
        trouble.pages["ocr_failed"].append(str(number))
        return ()
    trouble.pages["ocr" if paragraphs else "ocr_failed"].append(str(number))
    return paragraphs


def _drawn(data: bytes, number: int) -> bytes:
    """Return a page as a picture, PNG."""
    document = library("pypdfium2").PdfDocument(data)
    try:
        picture = io.BytesIO()
        document[number - 1].render(scale=_OCR_DPI / 72, grayscale=True).to_pil().save(picture, "PNG")
    finally:
        document.close()
    return picture.getvalue()


def _page(page: Any, number: int, trouble: _Trouble) -> PdfPage:  # noqa: ANN401
    tables = _tables(page)
    boxes = [table.bbox for table in tables]
    words: list[_Word] = [
        word
        for word in page.extract_words(extra_attrs=["fontname", "size"], use_text_flow=False)
        if not any(_is_within(word, box) for box in boxes)
    ]
    garbled = sum(len(found) for word in words for found in [_GARBLED.findall(word["text"])])
    if garbled > _GARBLED_SHARE * max(len(page.chars), 1):
        trouble.pages["garbled"].append(str(number))
    area = float(page.width * page.height) or 1.0
    trouble.pictures += sum(_area(image) > _PICTURE_SHARE * area for image in page.images)
    placed = [PdfTable(_rows(table), table.bbox[1], table.bbox[0], table.bbox[2]) for table in tables]
    lines = list(_lines(words))
    return PdfPage(number, float(page.height), tuple(_in_order(lines, [one for one in placed if one.rows])))


def _tables(page: Any) -> list[Any]:  # noqa: ANN401
    rules = len(page.lines) + len(page.rects) + len(page.curves)
    if not 3 <= rules <= _MOST_RULES:
        return []
    return [table for table in page.find_tables() if _is_table(table)]


def _is_table(table: Any) -> bool:  # noqa: ANN401
    return len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1


def _rows(table: Any) -> tuple[tuple[str, ...], ...]:  # noqa: ANN401
    rows = [tuple(" ".join((cell or "").split()) for cell in row) for row in table.extract()]
    return tuple(row for row in rows if any(row))


def _is_within(word: _Word, box: tuple[float, float, float, float]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _in_order(lines: Sequence[PdfLine], tables: Sequence[PdfTable]) -> Iterator[PdfLine | PdfTable]:
    """Yield lines, and each table before the first line that stands below it in its column."""
    waiting = sorted(tables, key=lambda table: (table.top, table.left))
    for line in lines:
        while waiting and waiting[0].top < line.top and waiting[0].left < line.right_edge:
            yield waiting.pop(0)
        yield line
    yield from waiting


def _lines(words: Sequence[_Word]) -> Iterator[PdfLine]:
    """Yield the lines of a page in reading order: of two columns, the left one first."""
    rows = _rows_of_words(words)
    for part in _parts(rows):
        right_edge = max(word["x1"] for row in part for word in row)
        for row in part:
            yield _line(row, right_edge)


def _rows_of_words(words: Sequence[_Word]) -> list[list[_Word]]:
    """Return words that stand at one height, from the left, from top to bottom."""
    rows: list[list[_Word]] = []
    for word in sorted(words, key=lambda one: ((one["top"] + one["bottom"]) / 2, one["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        last = rows[-1][-1] if rows else None
        if last is not None and last["top"] < middle < last["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word["x0"]) for row in rows]


def _parts(rows: list[list[_Word]]) -> Iterator[list[list[_Word]]]:
    """Yield the rows in parts that are read one after the other: what spans the page, then left and right columns."""
    gutter = _gutter(rows)
    if gutter is None:
        if rows:
            yield rows
        return
    spanning: list[list[_Word]] = []
    left: list[list[_Word]] = []
    right: list[list[_Word]] = []
    for row in rows:
        if any(word["x0"] < gutter < word["x1"] for word in row) or _spans(row, gutter):
            yield from (part for part in (left, right) if part)
            left, right = [], []
            spanning.append(row)
            continue
        if spanning:
            yield spanning
            spanning = []
        for side, part in (
            (left, [word for word in row if word["x1"] <= gutter]),
            (right, [word for word in row if word["x0"] >= gutter]),
        ):
            if part:
                side.append(part)
    yield from (part for part in (spanning, left, right) if part)


def _spans(row: Sequence[_Word], gutter: float) -> bool:
    """Return whether a row goes on over the gutter: its words there are no further apart than elsewhere."""
    before = [word["x1"] for word in row if word["x1"] <= gutter]
    after = [word["x0"] for word in row if word["x0"] >= gutter]
    return bool(before and after) and min(after) - max(before) < _GUTTER_POINTS / 2


def _gutter(rows: Sequence[Sequence[_Word]]) -> float | None:
    """Return where two columns of text are parted, None where there is one.

    Most rows have words on both sides and none across, and each side is filled with text, unlike a list of terms.
    """
    words = [word for row in rows for word in row]
    if len(rows) < 2 * _LINES_A_COLUMN:
        return None
    left, right = min(word["x0"] for word in words), max(word["x1"] for word in words)
    for share in (0.5, 0.48, 0.52, 0.45, 0.55, 0.42, 0.58, 0.38, 0.62):
        gutter = left + (right - left) * share
        parted = [row for row in rows if _is_parted(row, gutter)]
        if len(parted) < max(_LINES_A_COLUMN, _PARTED_SHARE * len(rows)):
            continue
        fill_left = statistics.median(max(w["x1"] for w in row if w["x1"] <= gutter) for row in parted) - left
        begin = statistics.median(min(w["x0"] for w in row if w["x0"] >= gutter) for row in parted)
        fill_right = statistics.median(row[-1]["x1"] for row in parted) - begin
        if fill_left >= _FILLED_SHARE * (gutter - left) and fill_right >= _FILLED_SHARE * (right - gutter):
            return gutter
    return None


def _is_parted(row: Sequence[_Word], gutter: float) -> bool:
    before = [word["x1"] for word in row if word["x1"] <= gutter]
    after = [word["x0"] for word in row if word["x0"] >= gutter]
    crosses = len(before) + len(after) < len(row)
    return not crosses and bool(before and after) and min(after) - max(before) >= _GUTTER_POINTS


def _line(row: Sequence[_Word], right_edge: float) -> PdfLine:
    text = _GARBLED.sub("", " ".join(word["text"] for word in row))
    weights = [len(word["text"]) for word in row]
    bold = sum(weight for word, weight in zip(row, weights, strict=True) if _is_bold(word["fontname"]))
    return PdfLine(
        one_line(text),
        min(word["x0"] for word in row),
        max(word["x1"] for word in row),
        min(word["top"] for word in row),
        max(word["bottom"] for word in row),
        statistics.median_high(word["size"] for word in row),
        bold > 0.8 * sum(weights),
        right_edge,
    )


def _is_bold(font: str) -> bool:
    lowered = font.lower()
    return any(name in lowered for name in ("bold", "black", "heavy", "semibd")) or lowered.endswith(("-b", ",b"))
