"""Reads PowerPoint files (PPTX): a page a slide, with lists, tables, charts, pictures' texts and speaker's notes."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.importing.documents import (
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
    runs_of,
    runs_text,
)
from index.importing.escaping import one_line
from index.importing.readers.libraries import library
from index.importing.readers.office_maths import FORMULA, tex_of

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM_DATA = "diagramData"
#: What stands in the same place on at least so many slides, and on this share of them, is a header or footer.
_REPEATED_SLIDES = 3
_REPEATED_SHARE = 0.4
_ROWS_A_SLIDE = 20
_GENERATED = re.compile(r"(?:Description automatically generated|설명이 자동으로 생성됨)[^\n]*", re.IGNORECASE)
_MACROS = "vbaProject"


@dataclass(slots=True)
class _Found:
    """What is counted while slides are read."""

    pictures: set[str] = field(default_factory=set[str])
    unread: Counter[str] = field(default_factory=Counter[str])


def read_slides(data: bytes, name: str) -> ImportedDocument:
    """Return the slides of a PPTX file; hidden ones are left out and told."""
    presentation = library("pptx").Presentation(io.BytesIO(data))
    slides = list(presentation.slides)
    for slide in slides:
        _unwrap(slide._element)
    height = int(presentation.slide_height or 1)
    repeated = _repeated(slides)
    found = _Found()
    pages: list[ImportedPage] = []
    hidden: list[str] = []
    for number, slide in enumerate(slides, start=1):
        if slide._element.get("show") == "0":  # the library has no other name for it
            hidden.append(str(number))
            continue
        title = _title(slide)
        shapes = sorted(_shapes(slide.shapes), key=lambda shape: _place(shape, height))
        blocks = [
            block
            for shape in shapes
            if not (_is_title(shape, slide) or _is_furniture(shape, number) or _spot(shape) in repeated)
            for block in _blocks(shape, found)
        ]
        pages.append(ImportedPage((*blocks, *_spoken(slide)), str(number), title))
    unread = [
        *([Unread("hidden_slides", tuple(hidden))] if hidden else []),
        *(Unread("repeated", detail=one_line(text)) for _, text in sorted(repeated, key=lambda spot: spot[1])),
        *(Unread(kind, count=count) for kind, count in sorted(found.unread.items()) if count),
        *([Unread("pictures", count=len(found.pictures))] if found.pictures else []),
        *([Unread("macros")] if _has_macros(presentation) else []),
    ]
    title = next((page.title for page in pages if page.title), "") or name
    return ImportedDocument(title, tuple(pages), "slide", tuple(unread))


def _unwrap(root: Any) -> None:  # noqa: ANN401 - lxml has no types
    """Put what PowerPoint of today shows in the place of the choice between it and what older ones show."""
    for choice in list(root.iter(f"{_COMPATIBILITY}AlternateContent")):
        newest = choice.find(f"{_COMPATIBILITY}Choice")
        parent = choice.getparent()
        if newest is None or parent is None:
            continue
        for child in list(newest):
            choice.addprevious(child)
        parent.remove(choice)


def _title(slide: Any) -> str:  # noqa: ANN401 - python-pptx has no types
    shape = slide.shapes.title
    return one_line(shape.text_frame.text) if shape is not None else ""


def _is_title(shape: Any, slide: Any) -> bool:  # noqa: ANN401
    title = slide.shapes.title
    return title is not None and shape.shape_id == title.shape_id


def _shapes(shapes: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the shapes of a slide, those of groups in the group's place."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _place(shape: Any, height: int) -> tuple[int, int]:  # noqa: ANN401
    """Return what shapes are read by: from the top to the bottom, those side by side from the left."""
    if shape.top is None or shape.left is None:
        return (0, 0)
    return (int(shape.top) * _ROWS_A_SLIDE // height, int(shape.left))


def _is_furniture(shape: Any, number: int) -> bool:  # noqa: ANN401
    """Return whether a shape is a slide's footer, date or number; many templates have these as mere texts."""
    kinds = library("pptx.enum.shapes").PP_PLACEHOLDER
    if shape.has_text_frame and _spot(shape)[1].partition("/")[0].strip() == str(number):
        return True
    if not shape.is_placeholder:
        return False
    return shape.placeholder_format.type in (kinds.FOOTER, kinds.DATE, kinds.SLIDE_NUMBER)


def _spot(shape: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return where a text stands and what it says; the places of shapes that say nothing are all one."""
    text = one_line(shape.text_frame.text) if shape.has_text_frame else ""
    return (f"{shape.left},{shape.top}", text) if text else ("", "")


def _repeated(slides: list[Any]) -> set[tuple[str, str]]:
    counted = Counter(
        spot
        for slide in slides
        for spot in {
            _spot(shape) for shape in _shapes(slide.shapes) if not _is_title(shape, slide) and shape.has_text_frame
        }
        if spot[1]
    )
    least = max(_REPEATED_SLIDES, _REPEATED_SHARE * len(slides))
    return {spot for spot, count in counted.items() if count >= least}


def _blocks(shape: Any, found: _Found) -> Iterator[ImportedBlock]:  # noqa: ANN401
    if shape.has_text_frame:
        yield from _paragraphs(shape)
    elif getattr(shape, "has_table", False) and shape.has_table:
        yield TableBlock(tuple(tuple(cell.text for cell in row.cells) for row in shape.table.rows))
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        yield from _chart(shape.chart, found)
    elif _is_picture(shape):
        text = _alternative_text(shape)
        if text:
            yield PictureBlock(text)
        else:  # a logo on every slide is one picture
            found.pictures.add(_picture_file(shape))
    elif shape._element.tag.endswith("}graphicFrame"):
        texts = list(_diagram(shape))
        if not texts:
            found.unread["embedded"] += 1
        yield from (ItemBlock(0, runs_of(text)) for text in texts)


def _paragraphs(shape: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401
    is_body = _is_body(shape)
    texts = [(one, _runs(one)) for one in shape.text_frame.paragraphs]
    paragraphs = [(paragraph, runs) for paragraph, runs in texts if runs_text(runs).strip()]
    number = 0
    for paragraph, runs in paragraphs:
        marks = paragraph._p.pPr  # which bullet it has, the library does not tell
        numbered = marks is not None and marks.find(f"{_A}buAutoNum") is not None
        bullet = marks is not None and marks.find(f"{_A}buChar") is not None
        none = marks is not None and marks.find(f"{_A}buNone") is not None
        number = number + 1 if numbered and not paragraph.level else number if numbered or paragraph.level else 0
        if numbered or bullet or (is_body and not none and (len(paragraphs) > 1 or paragraph.level)):
            yield ItemBlock(paragraph.level, runs, number if numbered and not paragraph.level else None)
        else:
            yield ParagraphBlock(runs)


def _is_body(shape: Any) -> bool:  # noqa: ANN401
    kinds = library("pptx.enum.shapes").PP_PLACEHOLDER
    if not shape.is_placeholder:
        return False
    return shape.placeholder_format.type in (
        kinds.BODY,
        kinds.OBJECT,
        kinds.VERTICAL_BODY,
        kinds.VERTICAL_OBJECT,
    )


def _runs(paragraph: Any) -> Runs:  # noqa: ANN401
    """Return the runs of a paragraph; a line's end inside it is a space."""
    runs: list[TextRun] = []
    texts = {run._r: run for run in paragraph.runs}
    for child in paragraph._p:
        if child in texts:
            run = texts[child]
            runs.append(TextRun(run.text, bool(run.font.bold), link=run.hyperlink.address or ""))
        elif child.tag == f"{_A}br":
            runs.append(TextRun(" "))
        elif child.tag == f"{_A}fld":
            runs.append(TextRun("".join(child.itertext())))
        else:
            runs += [TextRun(tex_of(formula), maths=True) for formula in child.iter(FORMULA)]
    return tuple(runs)


def _chart(chart: Any, found: _Found) -> Iterator[ImportedBlock]:  # noqa: ANN401
    """Yield a chart's title, and its figures as a table."""
    if chart.has_title and chart.chart_title.has_text_frame and chart.chart_title.text_frame.text.strip():
        yield ParagraphBlock(runs_of(chart.chart_title.text_frame.text))
    plots = list(chart.plots)
    categories = [str(category) for category in plots[0].categories] if plots else []
    series = [one for plot in plots for one in plot.series]
    if not categories or not series:
        found.unread["charts"] += 1
        return
    rows = [
        (category, *(_figure(one.values, position) for one in series)) for position, category in enumerate(categories)
    ]
    yield TableBlock((("", *(one.name or "" for one in series)), *rows))


def _figure(values: Any, position: int) -> str:  # noqa: ANN401
    value = values[position] if position < len(values) else None
    return "" if value is None else f"{value:g}"


def _is_picture(shape: Any) -> bool:  # noqa: ANN401
    return shape._element.tag.endswith("}pic")


def _picture_file(shape: Any) -> str:  # noqa: ANN401
    relation = shape.part.rels.get(shape._element.blip_rId or "")
    return f"{id(shape)}" if relation is None or relation.is_external else str(relation.target_part.partname)


def _alternative_text(shape: Any) -> str:  # noqa: ANN401
    texts = [element.get("descr") or "" for element in shape._element.iter() if element.tag.endswith("}cNvPr")]
    return one_line(_GENERATED.sub("", texts[0])) if texts else ""


def _diagram(shape: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts of a SmartArt, in the order of its points."""
    identifiers = {value for element in shape._element.iter() for key, value in element.items() if key.endswith("}dm")}
    for identifier in identifiers:
        relation = shape.part.rels.get(identifier)
        if relation is None or _DIAGRAM_DATA not in relation.reltype:
            continue
        etree = library("lxml.etree")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(relation.target_part.blob, parser)
        for body in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/diagram}t"):
            text = one_line(" ".join("".join(one.itertext()) for one in body.iter(f"{_A}p")))
            if text:
                yield text


def _spoken(slide: Any) -> Iterator[ImportedBlock]:  # noqa: ANN401
    if not slide.has_notes_slide or slide.notes_slide.notes_text_frame is None:
        return
    for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
        runs = _runs(paragraph)
        if runs_text(runs).strip():
            yield ParagraphBlock(runs, "spoken")


def _has_macros(presentation: Any) -> bool:  # noqa: ANN401
    return any(_MACROS in str(part.partname) for part in presentation.part.package.iter_parts())
