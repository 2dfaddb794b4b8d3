"""The error tree, and what its messages say."""

import inspect
from pathlib import Path

import pytest

import index
from index import errors
from index.errors import ContentError, IndexUnavailableError, NotesError

ERRORS = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_a_notes_error_drawn_in_the_tree_and_exported(error: type[Exception]) -> None:
    assert issubclass(error, NotesError)
    assert error.__name__ in (errors.__doc__ or "")
    assert error.__name__ in index.__all__


@pytest.mark.parametrize(("line", "place"), [(3, "a.md:3: bad"), (None, "a.md: bad")], ids=["line", "no-line"])
def test_a_content_error_names_file_and_line(line: int | None, place: str) -> None:
    assert str(ContentError("bad", Path("a.md"), line)) == place


def test_an_unavailable_index_names_the_repair() -> None:
    assert str(IndexUnavailableError("Gone", Path("x"))) == "Gone (x). Repair it with: python -m index build"


def test_the_public_names_are_sorted_and_exist() -> None:
    assert index.__all__ == sorted(index.__all__)
    assert all(hasattr(index, name) for name in index.__all__)
