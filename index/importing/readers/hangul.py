"""Reads files of Hangul, the Korean word processor (HWP 5 and HWPX), through dochan."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.importing.documents import (
    HeadingBlock,
    ImportedBlock,
    ImportedDocument,
    ImportedPage,
    ItemBlock,
    ParagraphBlock,
    PictureBlock,
    TableBlock,
    TextRun,
    Unread,
    runs_of,
)
from index.importing.escaping import one_line
from index.importing.formats import NoNoteError, damaged, encrypted
from index.importing.readers.libraries import library

_ERROR, _ENCRYPTED = "ERR:", ("암호", "DRM")
#: What Hangul writes for a picture by itself; it says nothing of what is to be seen.
_GENERATED = "그림입니다"
_BULLETS = "●○■□◦▪•ㆍ·◇◆▶▷*-"
_MOST_NESTED = 20


@dataclass(slots=True)
class _Walk:
    counted: Counter[str] = field(default_factory=Counter[str])
    notes: list[str] = field(default_factory=list[str])


def read_hangul(data: bytes, name: str) -> ImportedDocument:
    """Return a file of Hangul as a document of one page without a label: pages are made where it is printed.

    :raises NoNoteError: If it is encrypted or damaged.
    """
    suffix = ".hwpx" if data.startswith(b"PK") else ".hwp"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"note{suffix}")
        path.write_bytes(data)
        document = library("dochan").Dochan(str(path)).doc
    errors = [str(error) for error in document.errors]
    walk = _Walk()
    blocks = [block for section in document.sections for block in _blocks(section.elements, walk)]
    if not blocks and errors:
        raise _refused(name, errors)
    if walk.notes:
        blocks += [ItemBlock(0, runs_of(text), number) for number, text in enumerate(walk.notes, start=1)]
    title = name
    if blocks and isinstance(blocks[0], HeadingBlock):
        title, blocks = blocks[0].text, blocks[1:]
    unread = [
        *(Unread(kind, count=count) for kind, count in sorted(walk.counted.items())),
        *(Unread("other", detail=one_line(error)) for error in errors),
    ]
    return ImportedDocument(title, (ImportedPage(tuple(blocks)),), "", tuple(unread))


def _refused(name: str, errors: Sequence[str]) -> NoNoteError:
    if any(sign in error for error in errors for sign in _ENCRYPTED):
        return encrypted(name)
    return damaged(name, errors[0].removeprefix(_ERROR).strip())


def _blocks(elements: Sequence[Any], walk: _Walk, depth: int = 0) -> Iterator[ImportedBlock]:
    for element in elements if depth < _MOST_NESTED else ():
        match type(element).__name__:
            case "Paragraph":
                yield from _paragraph(element)
            case "Table":
                yield from _blocks(element.caption, walk, depth + 1)
                yield from _table(element)
            case "Equation":
                yield ParagraphBlock((TextRun(element.latex, maths=True),))
            case "Image":
                yield from _picture(element, walk)
            case "Footnote" | "Comment":
                walk.notes.append(one_line(element.text))
            case "HeaderFooter":
                pass
            case _:
                walk.counted["embedded"] += 1


def _paragraph(paragraph: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401 - dochan has no types
    text = one_line(paragraph.text)
    if not text and not any(run.equation for run in paragraph.runs):
        return
    if paragraph.is_heading:
        yield HeadingBlock(paragraph.heading_level, text)
        return
    runs = tuple(
        TextRun(run.equation.latex, maths=True) if run.equation else TextRun(run.text, run.bold, link=run.link)
        for run in paragraph.runs
    )
    if text[:1] in _BULLETS and text[1:2] == " ":
        yield ItemBlock(0, runs_of(text[2:]))
    else:
        yield ParagraphBlock(runs)


def _table(table: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401
    rows = tuple(tuple("" if cell.is_merged_away else one_line(cell.text) for cell in row) for row in table.rows)
    rows = tuple(row for row in rows if any(row))
    if len(rows) == 1 or all(len(row) == 1 for row in rows):  # a frame around text, as Hangul's users draw them
        yield from (ParagraphBlock(runs_of(cell)) for row in rows for cell in row if cell)
    else:
        yield TableBlock(rows)


def _picture(picture: Any, walk: _Walk) -> Iterator[ImportedBlock]:  # noqa: ANN401
    caption = one_line(picture.caption_text)
    told = one_line(picture.alt_text)
    text = caption or ("" if told.startswith(_GENERATED) else told)
    if text:
        yield PictureBlock(text)
    else:
        walk.counted["pictures"] += 1
