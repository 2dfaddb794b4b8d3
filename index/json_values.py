"""Records as JSON values, and back: what the program writes for itself and for others, through pydantic."""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

_T = TypeVar("_T")


def json_values(record: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a record, or whatever holds records, as JSON values: fields in their order, tuples as lists."""
    return to_jsonable_python(record)


def record_of(kind: type[_T], values: object) -> _T:
    """Undo :func:`json_values`.

    :raises ValidationError: If a field is missing or of another kind; it is a ``ValueError``.
    """
    return _adapter(kind).validate_python(values)


def record_in(kind: type[_T], text: bytes) -> _T:
    """Return the record that JSON, in UTF-8, holds: :func:`record_of` of its values, only faster.

    :raises ValidationError: If it is no JSON, or a field is missing or of another kind.
    """
    return _adapter(kind).validate_json(text)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type
    return TypeAdapter(kind)
