"""Parsing one Markdown text: headings, blocks and the lines they stand on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.markdown import Outline, parse_markdown
from index.records import BlockKind

LINES = st.sampled_from(
    [
        "# 제목",
        "## Two `code`",
        "###### deep",
        "Setext",
        "===",
        "---",
        "",
        "   ",
        "문장입니다. 다음 문장이에요.",
        "text with `code",
        "closed` code",
        "- item",
        "  - nested",
        "1. first",
        "- [x] done",
        "    indented code",
        "```python",
        "```",
        "# not a heading when in code",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "> quote",
        "<div>",
        "<p title='x'>html</p>",
        "</div>",
        "<!-- comment",
        "-->",
        "![그림](missing.png)",
        "[link](http://example.com) after  ",
        "[ref]: http://example.com",
        "\\",
        "&amp; &#10; entity",
        "tab\there",
    ]
)
TEXTS = st.one_of(
    st.builds(str.join, st.sampled_from(["\n", "\r\n"]), st.lists(LINES, max_size=30)),
    st.text(alphabet=st.sampled_from("#-=`>|<!\n\r\t a가1.[]()*_~\\"), max_size=80),
)


def blocks(text: str) -> list[tuple[BlockKind, str, int, int]]:
    """Return kind, text, first and last line of all blocks."""
    outline = parse_markdown(text)
    return [(b.kind, b.text, b.first_line, b.last_line) for heading in outline.headings for b in heading.blocks]


def owned_lines(outline: Outline) -> list[int]:
    return [line for h in outline.headings for line in range(h.first_line, h.last_line + 1)]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_line_belongs_to_exactly_one_heading(text: str) -> None:
    outline = parse_markdown(text)
    lines = text.removesuffix("\n").split("\n")
    owned = owned_lines(outline)
    first = outline.headings[0].first_line
    assert owned == list(range(first, len(lines) + 1))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_blocks_lie_within_their_heading_and_in_order(text: str) -> None:
    for heading in parse_markdown(text).headings:
        below = heading.first_line
        for block in heading.blocks:
            assert heading.first_line <= block.first_line <= block.last_line <= heading.last_line
            assert block.first_line >= below
            assert block.text.strip()
            below = block.first_line


@given(st.lists(st.sampled_from(["가나다", "alpha", "베타 42", "Gamma-ray"]), min_size=1, max_size=12), st.booleans())
def test_words_of_a_list_stand_on_the_lines_that_its_blocks_name(words: list[str], crlf: bool) -> None:
    text = ("\r\n" if crlf else "\n").join(f"- {word}" for word in words)
    assert [(b[1], b[2], b[3]) for b in blocks(text)] == [(w, n, n) for n, w in enumerate(words, start=1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# A\n## B\n", [(1, "A", 1, 1), (2, "B", 2, 2)], id="headings-without-body"),
        pytest.param("Title\nmore\n===\nx\n", [(1, "Title more", 1, 4)], id="setext-over-two-lines"),
        pytest.param("# A #\nx", [(1, "A", 1, 2)], id="closing-hashes"),
        pytest.param("# **A** `b` [c](d)\n", [(1, "A b c", 1, 1)], id="marks-in-a-heading"),
        pytest.param("# A  \r\n\r\nb\r\n", [(1, "A", 1, 3)], id="crlf-and-trailing-spaces"),
        pytest.param("intro\n# A\n", [(0, "", 1, 1), (1, "A", 2, 2)], id="text-before-the-first-heading"),
        pytest.param("```sh\n# no\n```\n# A\n", [(0, "", 1, 3), (1, "A", 4, 4)], id="hash-in-fenced-code"),
        pytest.param("    # no\n\n# A\n", [(0, "", 1, 2), (1, "A", 3, 3)], id="hash-in-indented-code"),
        pytest.param("> # no\n\nx\n", [(0, "", 1, 3)], id="a-heading-in-a-quote-is-text"),
        pytest.param(
            "## A\n\n1. ##### B\n\n   x\n2. # C\n   - y\n\n# D\n",
            [(2, "A", 1, 2), (5, "B", 3, 5), (3, "C", 6, 8), (1, "D", 9, 9)],
            id="headings-in-a-list-are-below-the-one-above-it",
        ),
        pytest.param("#no\n", [(0, "", 1, 1)], id="hash-without-space"),
        pytest.param("##\n# A\n", [(1, "A", 2, 2)], id="a-heading-without-words-begins-nothing"),
        pytest.param(
            "- # A\n  - # B\n  - # C\n- # D\n",
            [(1, "A", 1, 1), (2, "B", 2, 2), (2, "C", 3, 3), (1, "D", 4, 4)],
            id="headings-in-lists-of-lists-are-below-their-items",
        ),
        pytest.param("a\rb\n# A\rc\n", [(0, "", 1, 1), (1, "A c", 2, 2)], id="a-lone-carriage-return-ends-no-line"),
        pytest.param("", [(0, "", 1, 1)], id="empty"),
    ],
)
def test_headings(text: str, expected: list[tuple[int, str, int, int]]) -> None:
    found = [(h.level, h.text, h.first_line, h.last_line) for h in parse_markdown(text).headings]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "- a\n  - b\n    c\n1. d\n",
            [
                (BlockKind.ITEM, "a", 1, 1),
                (BlockKind.ITEM, "b\nc", 2, 3),
                (BlockKind.ORDERED_ITEM, "d", 4, 4),
            ],
            id="nested-and-ordered-lists",
        ),
        pytest.param("- [ ] a\n- [x] b\n", [(BlockKind.ITEM, "a", 1, 1), (BlockKind.ITEM, "b", 2, 2)], id="task-list"),
        pytest.param(
            "- a\n\n  more\n",
            [(BlockKind.ITEM, "a", 1, 1), (BlockKind.PARAGRAPH, "more", 3, 3)],
            id="an-items-second-paragraph",
        ),
        pytest.param(
            "| 이름 | 값 |\n|---|---|\n| S3 | 5 TB |\n| | 빈 |\n| | |\n",
            [
                (BlockKind.TABLE_ROW, "이름 | 값", 1, 1),
                (BlockKind.TABLE_ROW, "S3 | 값: 5 TB", 3, 3),
                (BlockKind.TABLE_ROW, "값: 빈", 4, 4),
            ],
            id="table-rows-name-their-columns",
        ),
        pytest.param("```py\nx = 1\n\ny\n```\n", [(BlockKind.CODE, "x = 1\n\ny", 1, 5)], id="fenced-code"),
        pytest.param("> a\n> b\n", [(BlockKind.QUOTE, "a\nb", 1, 2)], id="quote"),
        pytest.param("![S3 그림](no.png) 뒤", [(BlockKind.PARAGRAPH, "S3 그림 뒤", 1, 1)], id="image-by-its-text"),
        pytest.param("[문서](http://a) `rm -rf`", [(BlockKind.PARAGRAPH, "문서 rm -rf", 1, 1)], id="link-and-code"),
        pytest.param("`a\nb` c\nd", [(BlockKind.PARAGRAPH, "a b c\nd", 1, 3)], id="code-span-over-two-lines"),
        pytest.param(
            "a <b>x</b> List<String>\n", [(BlockKind.PARAGRAPH, "a <b>x</b> List<String>", 1, 1)], id="no-html"
        ),
        pytest.param("~~old~~ **new** _it_\n", [(BlockKind.PARAGRAPH, "old new it", 1, 1)], id="emphasis"),
        pytest.param("- [ ]\n\x85\n", [], id="task-without-words"),
        pytest.param("&#" + "1" * 5000 + ";\n", [(BlockKind.PARAGRAPH, "&#" + "1" * 5000 + ";", 1, 1)], id="digits"),
        pytest.param("***\n", [], id="rule"),
    ],
)
def test_blocks(text: str, expected: list[tuple[BlockKind, str, int, int]]) -> None:
    assert blocks(text) == expected


def test_front_matter_is_kept_apart() -> None:
    outline = parse_markdown("---\ntitle: 제목\n---\n\n# A\n")
    assert outline.front_matter == "title: 제목"
    assert [(h.text, h.first_line, h.blocks) for h in outline.headings] == [("A", 5, [])]


def test_a_long_heading_and_column_name_are_cut_before_they_are_repeated() -> None:
    text = f"# {'a' * 1000}\n\n|{'b' * 1000}|{'c' * 1000}|\n|-|-|\n|1|2|\n"
    (heading,) = parse_markdown(text).headings
    assert (len(heading.text), len(heading.source)) == (300, 300)
    assert heading.blocks[1].text == f"1 | {'c' * 199}…: 2"


def test_depth_group_and_header_describe_lists_and_tables() -> None:
    text = "- a\n  - b\n- c\n\ntext\n\n- d\n\n| h |\n|---|\n| v |\n"
    (heading,) = parse_markdown(text).headings
    described = [(block.text, block.depth, block.header) for block in heading.blocks]
    assert described == [
        ("a", 1, False),
        ("b", 2, False),
        ("c", 1, False),
        ("text", 0, False),
        ("d", 1, False),
        ("h", 0, True),
        ("v", 0, False),
    ]
    groups = [block.group for block in heading.blocks]
    assert groups[0] == groups[1] == groups[2]
    assert groups[5] == groups[6]
    assert len({groups[0], groups[4], groups[5]}) == 3
