"""Whatever a text holds, Markdown shows it as it is, and nothing in it is markup."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.importing.documents import (
    ImportedDocument,
    ImportedPage,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    TextRun,
    runs_of,
)
from index.importing.escaping import escaped_line, one_line
from index.importing.note_writer import note_markdown
from index.reading.markdown import parse_markdown, with_dialects
from index.records import BlockKind

TEXTS = st.text(
    st.one_of(st.sampled_from("*_`#|<>[]()!~$=%{}^&:;+-.\\\"' 12a가\t"), st.characters(exclude_categories=["Cs"])),
    max_size=40,
)


def shown(markdown: str) -> str:
    """Return what a reader sees, tags taken away: only paragraphs are expected."""
    tokens = with_dialects(MarkdownIt("commonmark")).parse(markdown)
    (inline,) = [token for token in tokens if token.type == "inline"]
    assert {child.type for child in inline.children or []} <= {"text", "text_special"}, inline.children
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return "".join(child.content for child in inline.children or [])


def note(*blocks: object) -> str:
    return note_markdown(ImportedDocument("Title", (ImportedPage(blocks),)))  # pyright: ignore


def body(*blocks: object) -> str:
    return note(*blocks).removeprefix("# Title").strip()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("# no heading")
@example("1) no item")
@example("2024. 3. 1.")
@example("- - -")
@example("*** ***")
@example("=== tab")
@example("a *b* _c_ __d__ **e**")
@example("&amp; &#35;")
@example("[a](b) [c]: d ![e](f)")
@example("<b>x</b> <!-- y -->")
@example("\\")
@example("\\* \\a")
@example("~~a~~ ``b``")
def test_a_paragraph_shows_its_text(text: str):
    line = one_line(text)
    if line:
        assert shown(body(ParagraphBlock(runs_of(text)))) == line


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("# a #")
def test_a_heading_shows_its_text(text: str):
    line = one_line(text)
    if line:
        (heading,) = parse_markdown(f"# {escaped_line(line)}\n").headings
        assert heading.text == line


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("> quote")
def test_an_item_is_one_item(text: str):
    line = one_line(text)
    if line and line[:1] + line[2:3] != "[]":  # a box to tick is one in every format
        (heading,) = parse_markdown(note(ItemBlock(0, runs_of(text)), ItemBlock(0, runs_of("last")))).headings
        assert [(block.kind, block.text) for block in heading.blocks] == [
            (BlockKind.ITEM, line),
            (BlockKind.ITEM, "last"),
        ]


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
@example("a|b", "c\\|d")
@example("$5", "6$")
def test_a_table_keeps_its_cells(first: str, second: str):
    cells = (one_line(first), one_line(second))
    if all(cells):
        (heading,) = parse_markdown(note(TableBlock((cells, ("x", "y"))))).headings
        assert next(block.text for block in heading.blocks) == " | ".join(cells)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("용어(term)")
def test_a_bold_word_loses_no_letter(text: str):
    line = one_line(text)
    if line:
        (heading,) = parse_markdown(
            note(ParagraphBlock((TextRun("앞"), TextRun(text, bold=True), TextRun("은"))))
        ).headings
        squeezed = "".join(heading.blocks[0].text.split())
        assert squeezed == f"앞{''.join(line.split())}은"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("snake_case and 2 * 3", "snake_case and 2 * 3"),
        ("a < b, C# and 5 > 3", "a < b, C# and 5 > 3"),
        ("it costs $5", "it costs $5"),
        ("it costs $5, not $6", "it costs \\$5, not \\$6"),
        ("arr[0] and [1]", "arr[0] and [1]"),
        ("see [[page]]", "see \\[\\[page]]"),
        ("10~20, 30~40", "10~20, 30~40"),
        ("{{ page }} and {% if %}", "\\{{ page }} and \\{% if %}"),
        ("{:.note} ==mark==", "\\{:.note} \\=\\=mark\\=\\="),
        (":::note", "\\:::note"),
        ("!!! warning", "\\!!! warning"),
        ("%%hidden%%", "\\%\\%hidden\\%\\%"),
        ("the #tag", "the \\#tag"),
        ("block ^id", "block \\^id"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text: str, markdown: str):
    assert body(ParagraphBlock(runs_of(text))) == markdown
