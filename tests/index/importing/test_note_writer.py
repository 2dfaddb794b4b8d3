"""A document becomes one note: a heading a page in its language, lists with levels, tables, code, formulas."""

from index.importing.documents import (
    CodeBlock,
    HeadingBlock,
    ImportedDocument,
    ImportedPage,
    ItemBlock,
    ParagraphBlock,
    PictureBlock,
    TableBlock,
    TextRun,
    runs_of,
)
from index.importing.note_writer import note_markdown
from index.reading.notes import parse_note


def body(*blocks: object) -> str:
    return note_markdown(ImportedDocument("T", (ImportedPage(blocks),))).removeprefix("# T\n\n")  # pyright: ignore


def test_pages_are_called_pages_in_the_language_of_the_text():
    korean = ImportedPage((ParagraphBlock(runs_of("버킷은 객체를 담습니다.")),), "3")
    assert "\n## 3쪽\n" in note_markdown(ImportedDocument("안내서", (korean,), "page"))
    assert "\n## 슬라이드 3\n" in note_markdown(ImportedDocument("안내서", (korean,), "slide"))
    english = ImportedPage((ParagraphBlock(runs_of("A bucket holds objects.")),), "3", "Buckets # 1")
    assert "\n## Slide 3: Buckets \\# 1\n" in note_markdown(ImportedDocument("Guide", (english,), "slide"))
    assert "\n## Sheet 3: Buckets \\# 1\n" in note_markdown(ImportedDocument("Guide", (english,), "sheet"))


def test_a_page_without_anything_has_no_heading():
    pages = (ImportedPage((), "1"), ImportedPage((ParagraphBlock(runs_of("text")),), "2"))
    assert note_markdown(ImportedDocument("T", pages, "page")) == "# T\n\n## Page 2\n\ntext\n"


def test_headings_stand_below_the_page_and_end_at_the_sixth_level():
    page = ImportedPage((HeadingBlock(1, "A"), HeadingBlock(9, "B")), "1")
    assert note_markdown(ImportedDocument("T", (page,), "page")) == "# T\n\n## Page 1\n\n### A\n\n###### B\n"
    assert body(HeadingBlock(1, "A")) == "## A\n"


def test_items_keep_their_levels_where_the_source_leaves_some_out():
    items = [ItemBlock(level, runs_of(text)) for level, text in ((0, "a"), (3, "b"), (3, "c"), (1, "d"), (0, "e"))]
    assert body(*items) == "- a\n  - b\n  - c\n  - d\n- e\n"


def test_numbers_stay_and_another_list_begins_anew():
    items = [ItemBlock(0, runs_of("a"), 3), ItemBlock(1, runs_of("b")), ItemBlock(0, runs_of("c"), 4)]
    assert body(*items, ItemBlock(0, runs_of("d"))) == "3. a\n   - b\n4. c\n\n- d\n"


def test_a_fence_is_longer_than_those_in_the_code():
    assert body(CodeBlock("```\nx\n```", "md")) == "````md\n```\nx\n```\n````\n"


def test_rows_are_as_long_as_the_longest():
    assert body(TableBlock((("a",), ("b", "c\nd")))) == "| a |  |\n| --- | --- |\n| b | c d |\n"


def test_marks_are_kept_where_they_can_be_read():
    runs = (
        TextRun("see "),
        TextRun("the page", link="https://example.org/a_b"),
        TextRun(", "),
        TextRun("key", bold=True),
    )
    assert body(ParagraphBlock((*runs, TextRun("는 "), TextRun("a`b", code=True)))) == (
        "see [the page](https://example.org/a_b), **key**는 ``a`b``\n"
    )
    assert body(ParagraphBlock((TextRun("x", link="javascript:alert(1)"),))) == "x\n"
    assert (
        body(ParagraphBlock((TextRun("E = "), TextRun("mc^2", maths=True), TextRun(" holds")))) == "E = $mc^2$ holds\n"
    )


def test_what_is_spoken_is_marked_once_and_pictures_are_their_words():
    spoken = [ParagraphBlock(runs_of(text), "spoken") for text in ("Slow down.", "Ask.")]
    assert body(*spoken) == "**Speaker’s notes:** Slow down.\n\nAsk.\n"
    assert body(PictureBlock("A tide"), PictureBlock("")) == "Figure: A tide\n"
    assert body(ParagraphBlock(runs_of("물때를 봅니다."), "spoken")) == "**발표자 노트:** 물때를 봅니다.\n"


def test_a_section_of_the_note_is_a_slide():
    pages = tuple(ImportedPage((ParagraphBlock(runs_of(f"text {n}")),), str(n), f"S{n}") for n in range(1, 4))
    note = parse_note(note_markdown(ImportedDocument("Deck", pages, "slide")), "deck.md")
    assert [section.heading_path for section in note.sections][2] == ("Deck", "Slide 2: S2")
    assert {section.module for section in note.sections} == {"Deck"}
