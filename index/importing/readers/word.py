"""Reads Word files (DOCX) through mammoth, which knows Word's styles and lists, and the reader of HTML."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from index.importing.documents import (
    HeadingBlock,
    ImportedBlock,
    ImportedDocument,
    ImportedPage,
    ItemBlock,
    ParagraphBlock,
    Runs,
    TableBlock,
    TextRun,
    Unread,
)
from index.importing.readers.html_blocks import html_blocks
from index.importing.readers.libraries import library
from index.importing.readers.office_maths import FORMULA, tex_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
#: Word's styles are English in the file, whatever language Word speaks; mammoth knows ``Heading 1`` to ``6`` itself.
_STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
"""
_TITLE = '<h1 class="document-title">'
#: Characters of no script mark where a formula stood, until there is a text to put it into.
_MARKED = re.compile("\ue000(\\d{1,6})\ue001")
_PARTS = re.compile("(\ue000\\d{1,6}\ue001)")
_COUNTED = {
    "charts": (b'drawingml/2006/chart"', b'drawingml/2006/diagram"'),
    "embedded": (b"<w:object", b"<w:control "),
}


def read_word(data: bytes, name: str) -> ImportedDocument:
    """Return a DOCX file as a document of one page without a label: Word's pages are made where it is printed."""
    mammoth = library("mammoth")
    marked, formulas = _with_marks(data)
    converted = mammoth.convert_to_html(
        io.BytesIO(marked),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(_no_address),
        ignore_empty_paragraphs=True,
    )
    found = html_blocks(str(converted.value).replace("↑", ""))
    title, blocks = found.title, [_with_maths(block, formulas) for block in found.blocks]
    if not title and _TITLE in converted.value and isinstance(blocks[0], HeadingBlock):
        title, blocks = blocks[0].text, blocks[1:]
    told = Counter({one.kind: one.count for one in found.unread}) + _counted(data)
    unread = [Unread(kind, count=count) for kind, count in sorted(told.items())]
    return ImportedDocument(_filled(title, formulas) or name, (ImportedPage(tuple(blocks)),), "", tuple(unread))


def _no_address(_: object) -> dict[str, str]:
    """Return what mammoth writes of a picture beside its words: no bytes of it."""
    return {"src": ""}


def _with_marks(data: bytes) -> tuple[bytes, list[str]]:
    """Return the file with a mark in place of each formula, and the formulas as TeX; the file itself without any."""
    etree = library("lxml.etree")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        source = archive.read(_DOCUMENT)
        if b"oMath" not in source:
            return data, []
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(source, parser)
        formulas: list[str] = []
        for formula in list(root.iter(FORMULA)):
            run = etree.Element(f"{_W}r")
            text = etree.SubElement(run, f"{_W}t")
            text.text = f"\ue000{len(formulas)}\ue001"
            formulas.append(tex_of(formula))
            parent = formula.getparent()
            if parent.tag.endswith("}oMathPara"):
                parent.addprevious(run)
                parent.remove(formula)
            else:
                run.tail, formula.tail = formula.tail, None
                parent.replace(formula, run)
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in archive.infolist():
                is_document = member.filename == _DOCUMENT
                copy.writestr(member.filename, etree.tostring(root) if is_document else archive.read(member))
    return written.getvalue(), formulas


def _counted(data: bytes) -> Counter[str]:
    """Return what stands in the file and is not read, by its kind."""
    counted: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        source = archive.read(_DOCUMENT)
        for kind, signs in _COUNTED.items():
            counted[kind] = sum(source.count(sign) for sign in signs)
        if "word/comments.xml" in names:
            counted["comments"] = archive.read("word/comments.xml").count(b"<w:comment ")
        counted["macros"] = int("word/vbaProject.bin" in names)
    return +counted


def _with_maths(block: ImportedBlock, formulas: list[str]) -> ImportedBlock:
    if not formulas:
        return block
    match block:
        case ParagraphBlock() | ItemBlock():
            return replace(block, runs=tuple(_parts(block.runs, formulas)))
        case HeadingBlock():
            return replace(block, text=_filled(block.text, formulas))
        case TableBlock():
            return TableBlock(tuple(tuple(_filled(cell, formulas) for cell in row) for row in block.rows))
        case _:
            return block


def _parts(runs: Runs, formulas: list[str]) -> Iterator[TextRun]:
    for run in runs:
        for part in _PARTS.split(run.text):
            mark = _MARKED.fullmatch(part)
            if mark:
                yield TextRun(formulas[int(mark[1])], maths=True)
            elif part:
                yield replace(run, text=part)


def _filled(text: str, formulas: list[str]) -> str:
    return _MARKED.sub(lambda mark: formulas[int(mark[1])], text)
