"""Markers of citations are told apart from the numbers in brackets that notes hold, in code, links and text."""

import pytest

from assistant.markers import markers_of, renumbered
from assistant.safe_markdown import safe
from assistant.web.safe_html import render_answer

ANSWER = """\
Said [1] and [2][3], \\[4], [5\\], [6](https://example.org), ![7] and `x[8]`.

```python
rows[9] = "[10]"
```

[11]"""


def link(marker: int) -> str | None:
    return f"<b>{marker}</b>"


def test_markers_are_found_outside_code_links_and_escapes() -> None:
    assert [*markers_of(ANSWER)] == [1, 2, 3, 11]


def test_other_numbers_change_nothing_but_markers() -> None:
    changed = renumbered(ANSWER, {1: 21, 2: 22, 8: 28, 9: 29, 4: 24, 6: 26}.get)
    assert changed == ANSWER.replace("[1]", "[21]").replace("[2]", "[22]")
    assert renumbered(ANSWER, {}.get) == ANSWER


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("It rose [1], [2, 3] and [4–6].", "It rose [1], [2, 3] and [4–6]."),
        ("two [1][2] together", "two [1][2] together"),
        ("in code `a[1]` and text", "in code <code>a[1]</code> and text"),
        ("escaped \\[1]", "escaped [1]"),
        ("a year [2024]", "a year [2024]"),
        ("[link][1]", "[link][1]"),
    ],
)
def test_a_notes_own_numbers_show_as_they_did_and_link_nowhere(source: str, shown: str) -> None:
    page = render_answer(f"{safe(source)} [1]", link)
    assert page == f"<p>{shown} <b>1</b></p>\n"
    assert [*markers_of(f"{safe(source)} [1]")] == [1]


def test_a_link_called_by_a_number_stays_a_link() -> None:
    page = render_answer(safe("see [1](https://example.org)") + " [1]", link)
    assert ">1</a> <b>1</b>" in page


def test_a_marker_with_an_address_elsewhere_is_the_writers_link() -> None:
    page = render_answer("see [docs][1] and [2]\n\n[1]: https://example.org", link)
    assert ">docs</a> and <b>2</b>" in page


def test_an_address_in_angle_brackets_stays_an_address() -> None:
    assert safe("[a](<b c(1).md>) <b>") == "[a](b%20c%281%29.md) \\<b>"
    assert safe("](<img src=x onerror=alert(1)>)") == "](img%20src=x%20onerror=alert%281%29)"
