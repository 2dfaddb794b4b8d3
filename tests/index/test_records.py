"""Views of the records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Note, Section


@given(st.lists(st.text(alphabet="ab가 \t", max_size=5), min_size=1, max_size=8), st.booleans(), st.data())
def test_a_quote_is_the_lines_byte_for_byte(lines: list[str], crlf: bool, data: st.DataObject) -> None:
    end = "\r\n" if crlf else "\n"
    note = Note("a.md", "ko", end.join(lines), ())
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    assert note.quote(first, last) == end.join(lines[first - 1 : last])


@pytest.mark.parametrize(("path", "leaf"), [(("A", "B"), "B"), ((), "")], ids=["named", "without-path"])
def test_the_leaf_is_the_last_heading_of_the_path(path: tuple[str, ...], leaf: str) -> None:
    assert Section(0, "a.md", "B", path, 1, "A", "en", 1, 1, "a#0", ()).leaf == leaf
