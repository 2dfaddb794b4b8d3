"""Slides become pages with their lists, tables, charts and notes; what stands on every slide does not."""

import io
from typing import Any

import pytest

from index.importing.documents import ImportedDocument, ItemBlock, ParagraphBlock, PictureBlock, TableBlock, runs_text
from index.importing.readers.slides import read_slides
from tests.helpers.sample_documents import slides


@pytest.fixture(scope="module")
def deck() -> ImportedDocument:
    return read_slides(slides(), "deck")


def texts(document: ImportedDocument) -> str:
    return repr([page.blocks for page in document.pages])


def kinds(document: ImportedDocument) -> dict[str, object]:
    return {one.kind: one.places or one.count or one.detail for one in document.unread}


def test_forty_slides_keep_their_numbers_and_titles(deck: ImportedDocument):
    assert deck.title == "Storage Systems"
    labels = [page.label for page in deck.pages]
    assert labels == [str(n) for n in range(1, 41) if n != 31]
    assert deck.pages[11].title == "How long Glacier Vault keeps records"


def test_the_footer_and_the_numbers_are_dropped_and_told(deck: ImportedDocument):
    assert "Confidential" not in texts(deck)
    assert not any(
        block == ParagraphBlock(block.runs) and runs_text(block.runs).isdecimal()
        for page in deck.pages
        for block in page.blocks
        if isinstance(block, ParagraphBlock)
    )
    assert kinds(deck) == {"hidden_slides": ("31",), "repeated": "Confidential: Example University"}


def test_lists_keep_their_levels_and_tables_their_cells(deck: ImportedDocument):
    items = [block for block in deck.pages[4].blocks if isinstance(block, ItemBlock)]
    assert [(item.level, runs_text(item.runs)) for item in items][1:] == [
        (0, "It is made once"),
        (1, "by the operator"),
        (2, "never by hand"),
    ]
    assert (
        TableBlock((("Tier", "Price | month"), ("Frost", "4 dollars"), ("Ember", "23 dollars")))
        in deck.pages[19].blocks
    )


def test_what_the_speaker_says_is_kept(deck: ImportedDocument):
    (spoken,) = [b for page in deck.pages for b in page.blocks if isinstance(b, ParagraphBlock) and b.role == "spoken"]
    assert "97 days" in runs_text(spoken.runs)
    assert spoken in deck.pages[11].blocks


def made(fill: Any) -> ImportedDocument:
    from pptx import Presentation

    presentation = Presentation()
    fill(presentation.slides.add_slide(presentation.slide_layouts[5]))
    stream = io.BytesIO()
    presentation.save(stream)
    return read_slides(stream.getvalue(), "deck")


def test_a_chart_is_a_table():
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    def fill(slide: Any) -> None:
        data = CategoryChartData()
        data.categories = ["2024", "2025"]
        data.add_series("Students", (120, 135.5))
        slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 100000, 100000, data)

    (page,) = made(fill).pages
    assert TableBlock((("", "Students"), ("2024", "120"), ("2025", "135.5"))) in page.blocks


def test_pictures_are_their_words_or_counted():
    from PIL import Image

    def fill(slide: Any) -> None:
        for color, words in (("red", "A red field\n\nDescription automatically generated"), ("blue", "")):
            stream = io.BytesIO()
            Image.new("RGB", (8, 8), color).save(stream, "PNG")
            picture = slide.shapes.add_picture(stream, 0, 0)
            picture._element.nvPicPr.cNvPr.set("descr", words)

    document = made(fill)
    assert document.pages[0].blocks == (PictureBlock("A red field"),)
    assert kinds(document) == {"pictures": 1}


def test_shapes_are_read_from_the_top_and_in_groups():
    from pptx.util import Inches

    def fill(slide: Any) -> None:
        for top, left, text in ((4, 1, "third"), (2, 5, "second"), (2, 1, "first")):
            slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = text
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(Inches(1), Inches(6), Inches(2), Inches(1)).text_frame.text = "last"

    (page,) = made(fill).pages
    assert [runs_text(block.runs) for block in page.blocks if isinstance(block, ParagraphBlock)] == [
        "first",
        "second",
        "third",
        "last",
    ]


MATHS = (
    '<a14:m xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:oMath><m:f>'
    "<m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></a14:m>"
)


def test_a_formula_is_tex_also_where_older_programs_are_shown_a_picture():
    from lxml import etree

    def fill(slide: Any) -> None:
        box = slide.shapes.add_textbox(0, 0, 100000, 100000)
        box.text_frame.text = "The share is "
        box.text_frame.paragraphs[0]._p.append(etree.fromstring(MATHS))
        spaces = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        choice = etree.fromstring(f"<mc:AlternateContent {spaces}><mc:Choice Requires='a14'/></mc:AlternateContent>")
        box._element.addprevious(choice)
        choice[0].append(box._element)

    (page,) = made(fill).pages
    (paragraph,) = page.blocks
    assert isinstance(paragraph, ParagraphBlock)
    assert [(run.text, run.maths) for run in paragraph.runs] == [("The share is ", False), ("\\frac{a}{b}", True)]
