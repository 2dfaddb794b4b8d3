"""The text of HTML in notes: whole tags as the standard library reads them, and anything else without an error."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.html_text import html_text

#: What people write: on it the standard library's reader and ours agree.
HONEST = (
    *("<div>", "</div>", '<a href="x">', '<img src=a alt="그림">', "<p title='t t'>", "<br/>", "<br />", "<!-- c -->"),
    *("<!DOCTYPE html>", "<?php x ?>", "<![CDATA[ y ]]>", "text ", "가나 ", "\n", "&amp;", "&lt", "&#10;", "&notin;"),
    *(
        "&nbsp;",
        "<script>a<b</script>",
        "<style>a{b>c}</style>",
        "<b>",
        "</b>",
        " < ",
        "x>y",
        "<td colspan=2>",
        "don't ",
    ),
    *('<a title="x>y">', "<details open>", "<input disabled value=3>", "<p title=bare>", '<IMG ALT="up">', "<x-y z/>"),
)


class StandardReader(HTMLParser):
    """Collects what the standard library takes for text."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts += [" ", *(value for name, value in attrs if name in ("alt", "title") and value)]


@given(st.lists(st.sampled_from(HONEST), max_size=10).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_people_write_is_read_as_by_the_standard_library(source: str) -> None:
    reader = StandardReader()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    assert html_text(source) == "\n".join(filter(None, lines))


@given(st.text(alphabet="<>!-[]?/='\"&#;x1 a\n가", max_size=60) | st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_nothing_raises(source: str) -> None:
    assert isinstance(html_text(source), str)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("<![ x ]>", "", id="odd-declaration"),
        pytest.param("<![foo[ x ]]>y", "y", id="odd-section"),
        pytest.param("<!-- open", "<!-- open", id="unclosed-comment"),
        pytest.param("<!-- open <b>x</b>", "<!-- open <b>x", id="unclosed-comment-before-tags"),
        pytest.param("<script>x", "", id="unclosed-script"),
        pytest.param("a<", "a<", id="lone-bracket"),
        pytest.param(f"&#{'1' * 5000};", f"&#{'1' * 5000};", id="reference-of-thousands-of-digits"),
        pytest.param("&#1114112;", "\ufffd", id="no-such-character"),
        pytest.param('<a b="c', '<a b="c', id="unclosed-quote"),
    ],
)
def test_what_is_broken_stays_text(source: str, text: str) -> None:
    assert html_text(source) == text
