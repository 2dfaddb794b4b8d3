import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.safe_html import render_answer, render_note

LINE = re.compile(r'data-l="(\d+)"(?: data-end="(\d+)")?')


def rendered(text: str, first_line: int = 1) -> str:
    return render_note(
        text,
        first_line,
        missing_figure="missing:",
        image_url=lambda path: f"/figures/{path}" if path == "a.png" else None,
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("# A\n\nfirst\nsecond", {1, 3, 4}, id="paragraph-lines"),
        pytest.param("- a\n- b\n  - c", {1, 2, 3}, id="nested-list"),
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |", {1, 3}, id="table-rows"),
        pytest.param("```py\nx = 1\ny = 2\n```", {2, 3}, id="code"),
        pytest.param("text\n\n    indented = 1\n    more = 2", {1, 3, 4}, id="indented-code"),
        pytest.param("> quoted\n> on", {1, 2}, id="quote"),
        pytest.param("A\n===\n\nb", {1, 4}, id="setext"),
        pytest.param("**bold\nover** lines", {1, 2}, id="emphasis-over-lines"),
    ],
)
def test_every_line_with_text_is_marked_with_its_number(text: str, lines: set[int]):
    assert {int(number) for number, _ in LINE.findall(rendered(text))} >= lines
    shifted = {int(number) - 40 for number, _ in LINE.findall(rendered(text, 41))}
    assert shifted >= lines


def test_a_code_span_over_two_lines_counts_as_both():
    assert ("1", "2") in LINE.findall(rendered("`a\nb` c"))


@pytest.mark.parametrize("text", ["**a\nb", "*a **b\nc** d*\ne", "[x\ny](/z) w\nv", "`a\nb`\nc", "~~a\nb~~"])
def test_elements_stay_balanced_where_lines_break(text: str):
    html = rendered(text)
    opened = re.findall(r"<([a-z]+)[ >]", html)
    closed = re.findall(r"</([a-z]+)>", html)
    assert sorted(opened) == sorted(closed)


@given(st.text(alphabet="<>&\"'`*_[]()!|#-\n =/:abjs0", max_size=80))
def test_no_text_becomes_an_element_of_its_own(text: str):
    allowed = {
        "a", "blockquote", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
        "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "br", "img",
    }  # fmt: skip
    for html in (rendered(text), render_answer(text, lambda marker: None)):
        assert set(re.findall(r"<([a-zA-Z][\w-]*)", html)) <= allowed
        assert not re.search(r"<[^>]*\son\w+=", html)
        assert not re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript)', html, re.IGNORECASE)


def test_markers_of_citations_become_links_and_others_stay():
    html = render_answer("yes [1], no [2], `[1]`", lambda marker: "<a>one</a>" if marker == 1 else None)
    assert "yes <a>one</a>, no [2]" in html
    assert "<code>[1]</code>" in html


def test_links_to_other_sites_open_safely():
    html = render_answer("[x](https://example.org)", lambda marker: None)
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'target="_blank"' in html


def test_figures_are_shown_where_they_exist_and_described_where_not():
    assert '<img src="/figures/a.png" alt="plan"' in rendered("![plan](a.png)")
    assert "missing: plan" in rendered("![plan](b.png)")
    assert "<img" not in rendered("![plan](https://example.org/b.png)")


def test_code_is_coloured_and_front_matter_left_out():
    assert '<span class="' in rendered("```python\nimport os\n```").split("<code>")[1]
    assert "title" not in rendered("---\ntitle: x\n---\n\ntext")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("![alt over\ntwo lines](a.png)", id="description"),
        pytest.param('[link](/u "title over\ntwo lines")', id="title-of-a-link"),
        pytest.param('*x ![alt over\ntwo lines](b.png "title\nover lines")*', id="missing-figure-in-emphasis"),
    ],
)
def test_what_breaks_over_lines_inside_an_element_counts_as_all_of_its_lines(text: str) -> None:
    assert (LINE.findall(rendered(text))[0], LINE.findall(rendered(text, 7))[0])[1][0] == "7"
    assert all(
        1 <= int(first) <= int(last or first) <= text.count("\n") + 1 for first, last in LINE.findall(rendered(text))
    )


def test_a_lone_carriage_return_ends_no_line() -> None:
    assert LINE.findall(rendered("a\rb\nc")) == [("1", ""), ("2", "")]


def test_a_character_reference_of_a_line_feed_ends_no_line() -> None:
    assert LINE.findall(rendered("**a&#10;b**\nc")) == [("1", ""), ("2", "")]


def test_a_fence_that_opens_on_the_last_line_has_no_line_inside() -> None:
    assert LINE.findall(rendered("a\n\n```")) == [("1", "")]


@pytest.mark.parametrize("definition", ["[a]: {}", "[a]: /u '{}'"], ids=["address", "title"])
def test_a_long_definition_used_often_does_not_fill_the_memory(definition: str) -> None:
    text = definition.format("x" * 50_000) + "\n\n" + "[a] " * 20_000
    assert len(rendered(text)) < 10 * len(text)


def test_code_that_takes_long_to_colour_stays_plain() -> None:
    started = time.process_time()
    html = rendered("```java\n" + "a " * 100_000 + "\n```\n" + "```html\n" + "<!--" * 50_000 + "\n```\n")
    assert time.process_time() - started < 5
    assert "<span class=" not in html


def test_a_language_that_nobody_knows_is_not_searched_for() -> None:
    started = time.process_time()
    rendered("".join(f"```unknown{number}\na\n```\n" for number in range(2000)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$a < b$", '<span class="maths">a &lt; b</span>'),
        (r"\(x^2\)", '<span class="maths">x^2</span>'),
        ("so $$x^2$$ is", '<span class="maths display" tabindex="0">x^2</span>'),
        ("$x$는", '<span class="maths">x</span>는'),
        ("$x[1]$ [1]", '<span class="maths">x[1]</span> <a>1</a>'),
        ("$$\n<b>\n$$", '<div class="maths display" tabindex="0">&lt;b&gt;</div>'),
        ("```math\nx\n```", '<div class="maths display" tabindex="0">x</div>'),
    ],
)
def test_maths_keeps_its_source_for_the_browser_to_typeset(text: str, html: str) -> None:
    assert html in render_answer(text, lambda marker: f"<a>{marker}</a>")


def test_money_is_no_maths() -> None:
    assert "maths" not in render_answer("It costs $5 and US$6.", lambda _: None)


def test_displayed_maths_knows_its_lines() -> None:
    assert 'data-l="1" data-end="3"' in rendered("$$\nx\n$$\n")


def test_a_bar_in_a_formula_ends_no_cell() -> None:
    html = rendered("| a | b |\n|---|---|\n| $P(A|B)$ | 둘째 |\n")
    assert '<span class="maths">P(A|B)</span>' in html
    assert "둘째" in html


@pytest.mark.parametrize(
    ("info", "label"), [("mermaid", "Mermaid"), ("{mermaid}", "Mermaid"), ("plantuml", "PlantUML"), ("dot", "Graphviz")]
)
def test_a_diagram_is_code_with_its_name(info: str, label: str) -> None:
    html = rendered(f"```{info}\na --> b\n```\n")
    assert f'data-label="{label}"' in html
    assert "<code>" in html


def test_other_code_is_no_diagram() -> None:
    assert "data-diagram" not in rendered("```python\nx = 1\n```\n")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///c:/a.pdf",
        "obsidian://open",
    ],
)
def test_a_link_that_leads_nowhere_on_this_site_is_its_text(address: str) -> None:
    for html in (rendered(f"[x]({address})"), render_answer(f"[x]({address})", lambda _: None, lambda _: None)):
        assert '<a role="link" aria-disabled="true">x</a>' in html
        assert address not in html


def test_a_relative_link_leads_where_it_is_found() -> None:
    html = render_answer("[x](a,b.md) [y](mailto:a@b.org)", lambda _: None, lambda href: f"/notes/{href}")
    assert '<a href="/notes/a,b.md">x</a>' in html
    assert '<a href="mailto:a@b.org">y</a>' in html
