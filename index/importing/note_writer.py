"""Writes a document as the Markdown of one note: its title, a heading a page, and the blocks; no front matter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.importing.documents import (
    CodeBlock,
    HeadingBlock,
    ImportedBlock,
    ImportedDocument,
    ImportedPage,
    ItemBlock,
    MarkdownBlock,
    ParagraphBlock,
    PictureBlock,
    Runs,
    TableBlock,
    TextRun,
    runs_text,
)
from index.importing.escaping import escaped_line, escaped_start, one_line
from index.language.languages import detect_language

_DEEPEST = 6
_TITLE_CHARACTERS = 200
_FENCES = re.compile(r"`{3,}")
_PLAIN_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>()\\]+$", re.IGNORECASE)
_HEADINGS = {
    ("page", "ko"): "{label}쪽",
    ("page", "en"): "Page {label}",
    ("slide", "ko"): "슬라이드 {label}",
    ("slide", "en"): "Slide {label}",
    ("sheet", "ko"): "시트 {label}",
    ("sheet", "en"): "Sheet {label}",
}
_SPOKEN = {"ko": "발표자 노트", "en": "Speaker’s notes"}
_FIGURE = {"ko": "그림", "en": "Figure"}


def document_language(document: ImportedDocument) -> str:
    """Return the language in which pages are called pages: that of most of the document's text."""
    return detect_language(" ".join([document.title, *_texts(document)]))


def note_markdown(document: ImportedDocument) -> str:
    """Return the Markdown of ``document``: it ends with a line feed."""
    language = document_language(document)
    parts = [f"# {_heading(document.title)}"]
    for page in document.pages:
        if page.blocks or page.title:
            parts += _page_parts(page, document, language)
    return "\n\n".join(part for part in parts if part) + "\n"


def _texts(document: ImportedDocument) -> Iterator[str]:
    for page in document.pages:
        yield page.title
        for block in page.blocks:
            match block:
                case ParagraphBlock() | ItemBlock():
                    yield runs_text(block.runs)
                case TableBlock():
                    yield from (cell for row in block.rows for cell in row)
                case MarkdownBlock():
                    yield block.source
                case HeadingBlock():
                    yield block.text
                case _:
                    pass


def _page_parts(page: ImportedPage, document: ImportedDocument, language: str) -> Iterator[str]:
    above = 1
    if document.page_word:
        above = 2
        heading = _HEADINGS[document.page_word, language].format(label=page.label)
        yield "## " + _heading(f"{heading}: {page.title}" if page.title else heading)
    position = 0
    spoken = False
    while position < len(page.blocks):
        block = page.blocks[position]
        if isinstance(block, ItemBlock):
            items = _items_from(page.blocks, position)
            yield _list(items)
            position += len(items)
            continue
        yield _block(block, above, language, is_first_spoken=not spoken)
        spoken = spoken or (isinstance(block, ParagraphBlock) and block.role == "spoken")
        position += 1


def _items_from(blocks: Sequence[ImportedBlock], start: int) -> list[ItemBlock]:
    items: list[ItemBlock] = []
    for block in blocks[start:]:
        if not isinstance(block, ItemBlock):
            break
        items.append(block)
    return items


def _block(block: ImportedBlock, above: int, language: str, *, is_first_spoken: bool) -> str:  # noqa: PLR0911 - one a block
    match block:
        case HeadingBlock():
            text = _heading(block.text)
            return f"{'#' * min(above + block.level, _DEEPEST)} {text}" if text else ""
        case ParagraphBlock():
            text = escaped_start(_inline(block.runs))
            if block.role == "spoken" and is_first_spoken and text:
                return f"**{_SPOKEN[language]}:** {text}"
            return f"> {text}" if block.role == "quote" and text else text
        case TableBlock():
            return _table(block)
        case CodeBlock():
            fence = "`" * max([3, *(len(run) + 1 for run in _FENCES.findall(block.text))])
            return f"{fence}{block.language}\n{block.text.rstrip()}\n{fence}" if block.text.strip() else ""
        case PictureBlock():
            text = escaped_line(one_line(block.alternative_text))
            return f"{_FIGURE[language]}: {text}" if text else ""
        case MarkdownBlock():
            return block.source.strip("\n")
        case _:
            return ""


def _heading(text: str) -> str:
    line = one_line(text)
    return escaped_line(line if len(line) <= _TITLE_CHARACTERS else f"{line[: _TITLE_CHARACTERS - 1]}…")


def _list(items: Sequence[ItemBlock]) -> str:
    """Return a list with its levels; where the source leaves out levels, none is left out here."""
    lines: list[str] = []
    kind = ""
    open_items: list[tuple[int, int]] = []  # the level in the source, and the column of the item's text
    for item in items:
        while open_items and open_items[-1][0] >= item.level:
            open_items.pop()
        indent = open_items[-1][1] if open_items else 0
        marker = "-" if item.number is None else f"{min(max(item.number, 0), 999_999_999)}."
        text = escaped_start(_inline(item.runs))
        if not text:
            continue
        if lines and not indent and marker[-1] != kind:  # another list, and no line of the item before it
            lines.append("")
        kind = marker[-1] if not indent else kind
        lines.append(f"{' ' * indent}{marker} {text}")
        open_items.append((item.level, indent + len(marker) + 1))
    return "\n".join(lines)


def _table(table: TableBlock) -> str:
    width = max((len(row) for row in table.rows), default=0)
    if not width:
        return ""
    lines = [_row([*map(one_line, row), *[""] * (width - len(row))]) for row in table.rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _row(cells: Sequence[str]) -> str:
    """Return a row; a sign of money in one cell and one in the next are no formula."""
    whole = " | ".join(cells)
    return f"| {' | '.join(escaped_line(cell, within=whole, in_table=True) for cell in cells)} |"


def _inline(runs: Runs) -> str:
    """Return ``runs`` as one line of Markdown; bold is written only where it can be read as such."""
    merged = _merged(runs)
    whole = "".join(run.text for run in merged)
    parts: list[str] = []
    for position, run in enumerate(merged):
        before = merged[position - 1].text[-1:] if position else ""
        after = merged[position + 1].text[:1] if position + 1 < len(merged) else ""
        parts.append(_run(run, before, after, whole))
    return "".join(parts).strip()


def _merged(runs: Runs) -> list[TextRun]:
    """Return ``runs`` on one line, equal neighbours joined, spaces kept outside of what is marked."""
    merged: list[TextRun] = []
    for run in runs:
        if run.maths or (run.code and run.text.strip()):
            merged.append(replace(run, text=" ".join(run.text.split())))
            continue
        text = one_line(run.text)
        spaced = run.text[:1].isspace() or run.text[:1] == "\u00a0"
        spaced_after = run.text[-1:].isspace() and bool(text)
        for piece in (
            *([TextRun(" ")] if spaced or not text else []),
            *([replace(run, text=text)] if text else []),
            *([TextRun(" ")] if spaced_after else []),
        ):
            if piece.text == " " and (not merged or merged[-1].text.endswith(" ")):
                continue
            last = merged[-1] if merged else None
            if last and replace(last, text="") == replace(piece, text=""):
                merged[-1] = replace(last, text=last.text + piece.text)
            else:
                merged.append(piece)
    return merged


def _run(run: TextRun, before: str, after: str, whole: str) -> str:
    if run.code:
        return _code(run.text)
    if run.maths:  # as it is typeset: with nothing but the formula between the signs
        return (
            f"${run.text.strip()}$"
            if run.text.strip() and "$" not in run.text
            else escaped_line(run.text, within=whole)
        )
    if run.link and _PLAIN_LINK.match(run.link) and run.text.strip() and before != "!":
        text = escaped_line(run.text, within="[[").replace("]", "\\]")
        return f"[{text}]({run.link})"
    text = escaped_line(run.text, within=whole)
    if run.bold and run.text[:1].isalnum() and run.text[-1:].isalnum() and before != "*" and after != "*":
        return f"**{text}**"
    return text


def _code(text: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    padding = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{padding}{text}{padding}{ticks}"
