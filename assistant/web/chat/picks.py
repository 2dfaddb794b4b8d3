"""Reads what Gradio tells of a press on a message of the chat; refuses what no press tells."""

from typing import Annotated, Any, Literal, TypeVar

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.json_values import record_of

_WRONG = "This is no event of this page. / 이 페이지에서 보낸 요청이 아니에요."
_Number = Annotated[int, Field(ge=0, le=10_000)]
Pick = TypeVar("Pick", bound=BaseModel)


class _Text(BaseModel):
    """A first question, or a button below a message."""

    model_config = ConfigDict(extra="ignore")

    value: Annotated[str, Field(strict=True)] | dict[Literal["text"], Annotated[str, Field(strict=True)]]


class _Place(BaseModel):
    """Which message was pressed on: its number, alone or as the first of several."""

    model_config = ConfigDict(extra="ignore")

    index: _Number | Annotated[list[_Number], Field(min_length=1)]


class _Thumb(BaseModel):
    """A thumb up, down, or what Gradio calls a thumb taken back."""

    model_config = ConfigDict(extra="ignore")

    liked: Annotated[bool, Field(strict=True)] | Annotated[str, Field(strict=True)]


def picked_text(event: gr.EventData) -> str:
    """Return the text of what was picked.

    :raises gr.Error: If nothing was.
    """
    value = _read(_Text, event).value
    return value if isinstance(value, str) else value.get("text", "")


def picked_exchange(event: gr.EventData) -> int:
    """Return which exchange a message belongs to; Gradio numbers messages, two an exchange.

    :raises gr.Error: If no message was pressed on.
    """
    index = _read(_Place, event).index
    return (index if isinstance(index, int) else index[0]) // 2


def verdict_of(event: gr.EventData) -> bool | str:
    """Return True for a thumb up, False for one down, a text for one taken back.

    :raises gr.Error: If there is none.
    """
    return _read(_Thumb, event).liked


def _read(pick: type[Pick], event: gr.EventData) -> Pick:
    data: Any = event._data  # pyright: ignore[reportPrivateUsage] - its attributes raise for what was not sent
    try:
        return record_of(pick, data)
    except ValidationError as error:
        raise gr.Error(_WRONG, print_exception=False) from error
