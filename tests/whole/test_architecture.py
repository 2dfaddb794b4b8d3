"""The pictures in docs/architecture.md are those that the imports of today make, and draw what they claim to."""

import pytest

from tests.architecture import PAGE, drawn, floors_of, rooms_of, without_shortcuts


def test_the_pictures_are_those_of_today():
    page = PAGE.read_text(encoding="utf-8")
    assert drawn(page) == page, "imports or folders have changed: run `make picture`"


def test_imports_are_drawn_only_where_no_other_leads_there():
    imports = {"page": {"answer", "search", "records"}, "answer": {"search"}, "search": {"records"}, "records": set()}
    assert without_shortcuts(imports) == {
        "page": {"answer"},
        "answer": {"search"},
        "search": {"records"},
        "records": set(),
    }
    assert floors_of(imports) == {"page": 3, "answer": 2, "search": 1, "records": 0}


def test_a_circle_is_told():
    with pytest.raises(ValueError, match="circle: reading, writing"):
        without_shortcuts({"reading": {"writing"}, "writing": {"reading"}, "records": set()})


def test_rooms_are_folders_and_modules_with_what_they_import():
    index = rooms_of("index")
    assert index["index.errors"] == set()
    assert {"index.reading", "index.encoding"} <= index["index.ranking"]
    assert "index.reading.notes" not in index
    assert "index" in rooms_of("assistant")["assistant.serving"]


def test_a_page_without_a_place_for_a_picture_is_told():
    with pytest.raises(ValueError, match="no place for index"):
        drawn("# Architecture\n")
