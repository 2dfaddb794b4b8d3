"""HTML in notes as Markdown: whatever is written, no error, no line moved, and the marks of tables as HTML has them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.cell_tables import cell_table_at
from index.reading.portable import portable
from tests.helpers.hostile_markdown import check_note

PIECES = (
    *("<div>", "</div>", '<a href="x">', "</a>", "<img src=a alt='그림'>", "<br>", "<!--", "-->", "<b>", "</b>", "\n"),
    *(
        "\n\n",
        "    ",
        "- ",
        "> ",
        "text ",
        "가나 ",
        "`",
        "```\n",
        "|",
        "{|",
        "|}",
        "|-",
        "&lt;",
        "&nbsp;",
        "&#1;",
        "\\",
    ),
    *(
        "<table>",
        "</table>",
        "<tr>",
        "<td rowspan=3>",
        "<th colspan=2>",
        "</td>",
        "<details>",
        "<summary>",
        "</summary>",
    ),
    *("</details>", "<ul>", "<li>", "</ul>", "<pre>", "</pre>", "<code>", "</code>", "<script>", "</script>", "<h2>"),
    *(
        "</h2>",
        "<sup>",
        "</sup>",
        "<blockquote>",
        "</blockquote>",
        "<![ x ]>",
        "<a b='",
        "<p\nalign=x>",
        "# ",
        "$",
        "*",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_nothing_raises_and_no_line_moves(source: str) -> None:
    assert portable(source).text.count("\n") == source.count("\n")
    if source.strip():
        check_note(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("<!-- open <b>x</b>", "<!-- open **x**", id="comment-without-end"),
        pytest.param("<script>x", "<script>x", id="script-without-end"),
        pytest.param("<img alt='x", "<img alt='x", id="tag-without-end"),
        pytest.param("a<b>b</b><i></i>", "a**b**", id="nothing-in-it"),
        pytest.param("<b>a\nb</b>", "a\nb", id="bold-over-two-lines"),
        pytest.param("**<b>a</b>**", "**a**", id="bold-twice"),
        pytest.param("<kbd>a</kbd><kbd>b</kbd>", "`a` `b`", id="keys-side-by-side"),
        pytest.param("x<sup>2</sup>, e<sup>a + b</sup>, 1<sup>st</sup>", "x², e^(a + b), 1st", id="raised"),
        pytest.param('<img src="javascript:x" alt="a">', "a", id="unsafe-picture"),
        pytest.param('<a href="//h.org/x (1)">a</a>', "[a](https://h.org/x%20%281%29)", id="address"),
        pytest.param("git commit -m <message> <title>", "git commit -m <message> <title>", id="placeholders"),
        pytest.param("$a<b>c$ and <b>d</b>", "$a<b>c$ and **d**", id="formula"),
        pytest.param("---\nname: <b>x</b>\n---\n<b>y</b>", "---\nname: <b>x</b>\n---\n**y**", id="front-matter"),
        pytest.param("<dl><dt>T</dt><dd>D</dd></dl>", "- **T**: D", id="terms-on-one-line"),
        pytest.param("<input type=checkbox checked> done", "[x] done", id="box"),
    ],
)
def test_html_as_markdown(source: str, text: str) -> None:
    assert portable(source).text.rstrip() == text


def test_cells_that_others_go_on_over_take_no_place_of_their_own() -> None:
    table = cell_table_at(["{| Caption", "|- |= A |= B |> ", "|- | x", "| y \\| z | w", "", "|- |^ | v |}"])
    assert table is not None
    assert (table.caption.text, table.end) == ("Caption", 6)
    assert [(row.first, row.end, row.is_header) for row in table.rows] == [(1, 2, True), (2, 4, False), (5, 6, False)]
    assert [[(c.text, c.columns, c.rows) for c in row.cells if c.text] for row in table.rows] == [
        [("A", 1, 1), ("B", 2, 1)],
        [("x", 1, 2), ("y | z", 1, 1), ("w", 1, 1)],
        [("v", 1, 1)],
    ]
    assert cell_table_at(["{|", "|- | a", "{|", "|}"]) is None
    assert cell_table_at(["| a |"]) is None
