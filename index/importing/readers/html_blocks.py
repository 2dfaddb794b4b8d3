"""Reads HTML pages, and the HTML that other readers come by (Word's, notebooks'), into blocks; runs nothing in them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from index.importing.documents import (
    CodeBlock,
    HeadingBlock,
    ImportedBlock,
    ImportedDocument,
    ImportedPage,
    ItemBlock,
    ParagraphBlock,
    PictureBlock,
    Runs,
    TableBlock,
    TextRun,
    Unread,
    runs_text,
)
from index.importing.escaping import one_line
from index.importing.formats import NoNoteError
from index.importing.readers.libraries import library

_SKIPPED = frozenset({"head", "nav", "footer", "aside", "template", "noscript", "svg", "dialog"})
_RUNNING = frozenset({"script", "style", "form", "button", "input", "select", "textarea"})
_EMBEDDED = frozenset({"iframe", "object", "embed", "video", "audio", "canvas", "applet"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {*_HEADINGS, "p", "ul", "ol", "li", "table", "pre", "blockquote", "dl", "dt", "dd", "figure", "figcaption", "hr"}
    | {
        "div",
        "section",
        "article",
        "main",
        "header",
        "details",
        "summary",
        "address",
        "center",
        "body",
        "html",
        "fieldset",
    }
)
_TOO_DEEP = "Excessive depth"
_BOLD = frozenset({"b", "strong"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
_CODE_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source)-([\w+#-]{1,20})")


@dataclass(frozen=True, slots=True)
class HtmlBlocks:
    """What an HTML page holds: its blocks, the heading that stands for its title, and what was not read."""

    blocks: tuple[ImportedBlock, ...]
    title: str
    unread: tuple[Unread, ...]


def read_html(data: bytes, name: str) -> ImportedDocument:
    """Return an HTML file as a document of one page without a label."""
    found = html_blocks(html_text_of(data))
    return ImportedDocument(found.title or name, (ImportedPage(found.blocks),), "", found.unread)


def html_text_of(data: bytes) -> str:
    """Return the text of an HTML file in the encoding that it names, else in UTF-8, else as Korean Windows writes."""
    named = _CHARSET.search(data[:4096])
    names = ["utf-8-sig", *([named[1].decode("ascii", "replace")] if named else []), "cp949"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        names = ["utf-16"]
    texts = (text for encoding in names if (text := _decoded(data, encoding)) is not None)
    return next(texts, None) or data.decode("latin-1")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def html_blocks(text: str) -> HtmlBlocks:
    """Return what the HTML ``text`` holds."""
    if not text.strip():
        return HtmlBlocks((), "", ())
    html = library("lxml.html")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root: Any = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    if any(_TOO_DEEP in error.message for error in parser.error_log):  # what lies deeper would be missing in silence
        raise NoNoteError("damaged", f"HTML: it is damaged ({_TOO_DEEP.lower()}).", _TOO_DEEP.lower())
    named = root.find(".//title")
    walker = _Walker()
    blocks = list(walker.blocks(_main_part(root)))
    tops = [block for block in blocks if isinstance(block, HeadingBlock) and block.level == 1]
    title = one_line(named.text_content()) if named is not None else ""
    if len(tops) == 1:
        title = tops[0].text
        blocks = [
            replace(block, level=block.level - 1) if isinstance(block, HeadingBlock) else block
            for block in blocks
            if block is not tops[0]
        ]
    unread = [Unread(kind, count=count) for kind, count in sorted(walker.unread.items())]
    return HtmlBlocks(tuple(blocks), title, tuple(unread))


def _main_part(root: Any) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the element that holds what the page is about, where it says so and holds most of the text."""
    body = root.find("body")
    whole = root if body is None else body
    for path in (".//main", ".//article"):
        found = root.findall(path)
        if len(found) == 1 and 2 * len(found[0].text_content()) > len(whole.text_content()):
            return found[0]
    return whole


@dataclass(slots=True)
class _Walker:
    """Walks through elements; counts what it passes over."""

    unread: Counter[str] = field(default_factory=Counter[str])
    _level: int = 0

    def blocks(self, element: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401
        """Yield the blocks inside ``element``; text beside blocks is a paragraph of its own."""
        loose: list[TextRun] = [TextRun(element.text)] if element.text else []
        for child in element:
            if self._is_block(child):
                yield from _paragraph(loose)
                loose = []
                yield from self._block(child)
            else:
                loose += self._inline(child)
                yield from self._pictures(child)
            if child.tail:
                loose.append(TextRun(child.tail))
        yield from _paragraph(loose)

    def _is_block(self, element: Any) -> bool:  # noqa: ANN401
        return _tag(element) in _BLOCKS or any(_tag(child) in _BLOCKS for child in element.iterdescendants())

    def _block(self, element: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401 - a case an element
        if self._is_skipped(element):
            return
        tag = _tag(element)
        if tag in _HEADINGS:
            text = one_line(runs_text(tuple(self._children(element))))
            if text:
                yield HeadingBlock(_HEADINGS[tag], text)
            yield from self._pictures(element)
        elif tag in ("ul", "ol"):
            yield from self._list(element, ordered=tag == "ol")
        elif tag == "table":
            yield from self._table(element)
        elif tag == "pre":
            yield CodeBlock(element.text_content().strip("\n"), _code_language(element))
        elif tag == "blockquote":
            for block in self.blocks(element):
                yield replace(block, role="quote") if isinstance(block, ParagraphBlock) else block
        elif tag == "dt":
            runs = tuple(replace(run, bold=True) for run in self._children(element))
            yield from _paragraph(runs)
        else:
            yield from self.blocks(element)

    def _list(self, element: Any, *, ordered: bool) -> Iterator[ImportedBlock]:  # noqa: ANN401
        start = element.get("start") or "1"
        number = int(start) if start.isdecimal() and len(start) < 9 else 1
        for child in element:
            tag = _tag(child)
            if tag in ("ul", "ol"):  # lists straight inside lists
                self._level += 1
                yield from self._list(child, ordered=tag == "ol")
                self._level -= 1
            elif tag == "li":
                yield from self._item(child, number if ordered else None)
                number += 1

    def _item(self, element: Any, number: int | None) -> Iterator[ImportedBlock]:  # noqa: ANN401
        level = self._level
        self._level += 1
        is_first = True
        for block in self.blocks(element):
            if isinstance(block, ParagraphBlock):
                yield ItemBlock(level if is_first else level + 1, block.runs, number if is_first else None)
                is_first = False
            else:
                yield block
        self._level -= 1

    def _table(self, element: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401
        caption = element.find(".//caption")
        if caption is not None:
            yield from _paragraph(list(self._children(caption)))
        rows: list[tuple[str, ...]] = []
        below: dict[int, tuple[int, str]] = {}  # cells that reach into the rows below: how far, and their text
        for row in element.iter("tr"):
            cells: list[str] = []
            for cell in row.iterchildren("td", "th"):
                _fill(cells, below)
                text = " ".join("".join(_cell_texts(cell)).split())
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                for _ in range(across):
                    if down > 1:
                        below[len(cells)] = (down - 1, text)
                    cells.append(text)
                    text = text if across == 1 else ""
            _fill(cells, below)
            if any(cells):
                rows.append(tuple(cells))
        if (len(rows) == 1 and len(rows[0]) == 1) or not rows:  # a frame, not a table
            yield from (ParagraphBlock((TextRun(cell),)) for row in rows for cell in row)
        else:
            yield TableBlock(tuple(rows))

    def _children(self, element: Any) -> Iterator[TextRun]:  # noqa: ANN401
        if element.text:
            yield TextRun(element.text)
        for child in element:
            yield from self._inline(child)
            if child.tail:
                yield TextRun(child.tail)

    def _inline(self, element: Any) -> Iterator[TextRun]:  # noqa: ANN401
        """Yield the runs of an element inside a line, its tail left out."""
        if self._is_skipped(element):
            return
        tag = _tag(element)
        if tag == "br":
            yield TextRun(" ")
        elif tag == "math":
            yield from self._maths(element)
        elif tag in _CODE:
            yield TextRun(element.text_content(), code=True)
        elif tag in ("sup", "sub"):
            text = element.text_content().strip("[]")
            moved = text.translate(_RAISED if tag == "sup" else _LOWERED)
            yield TextRun(moved if not any(a == b for a, b in zip(text, moved, strict=True)) else text)
        else:
            for run in self._children(element):
                yield replace(
                    run,
                    bold=run.bold or tag in _BOLD,
                    link=run.link or (element.get("href") or "" if tag == "a" else ""),
                )

    def _maths(self, element: Any) -> Iterator[TextRun]:  # noqa: ANN401
        for annotation in element.iter("annotation"):
            if "tex" in (annotation.get("encoding") or ""):
                yield TextRun(annotation.text_content(), maths=True)
                return
        self.unread["formulas"] += 1
        yield TextRun(element.text_content())

    def _pictures(self, element: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401
        for picture in element.iter("img"):
            text = one_line(picture.get("alt") or "")
            if text:
                yield PictureBlock(text)
            else:
                self.unread["pictures"] += 1

    def _is_skipped(self, element: Any) -> bool:  # noqa: ANN401
        tag = _tag(element)
        if tag in _RUNNING:
            self.unread["scripts"] += tag in {"form", "script"}
            return True
        if tag in _EMBEDDED:
            self.unread["embedded"] += 1
            return True
        return tag in _SKIPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true"


def _tag(element: Any) -> str:  # noqa: ANN401
    return element.tag if isinstance(element.tag, str) else ""


def _paragraph(runs: "Runs | list[TextRun]") -> Iterator[ImportedBlock]:
    if runs_text(tuple(runs)).strip():
        yield ParagraphBlock(tuple(runs))


def _cell_texts(cell: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts of a cell, with a space where a block or a line ends."""
    for element in cell.iter():
        if _tag(element) in (*_RUNNING, *_SKIPPED):
            continue
        if _tag(element) in ("br", "p", "li", "div"):
            yield " "
        if _tag(element) == "img":
            yield f" {element.get('alt') or ''} "
        if element.text:
            yield element.text
        if element is not cell and element.tail:
            yield element.tail


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Put cells from the rows above where they reach into this row."""
    while len(cells) in below:
        left, text = below.pop(len(cells))
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isdecimal() and len(value) < 5 else 1


def _code_language(element: Any) -> str:  # noqa: ANN401
    named = " ".join([element.get("class") or "", *(child.get("class") or "" for child in element.iter("code"))])
    match = _CODE_LANGUAGE.search(named)
    return match[1] if match else ""
