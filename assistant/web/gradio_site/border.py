"""The border at the door of Gradio's events: their texts pass it, and what no page sends is refused before it runs.

Gradio runs whatever it is sent, and answers with status 500 where that fails. Here an event must be one of the page's,
with as many values as it takes; and who is told a sentence (``gr.Error``) gets status 422, as from everything else.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

import gradio as gr
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.api.guard import CLIENT_LEFT, clean_body, replayed
from index import QuestionError

_PATH = re.compile(r"(?P<page>/\w+)/gradio_api/(?P<rest>.*)")
_EVENT = re.compile(r"(?:run|call)/(?P<name>[^/]+)/?|queue/join/?")
_RESULT = re.compile(r"call/[^/]+/(?P<event>[^/]+)/?")
#: The older way to speak to MCP, which no client of ours is told of and which ends in errors of Gradio's.
_CLOSED = re.compile(r"mcp/(?:sse|messages)\b.*")
_SESSION_OVER = (
    'data: {"msg": "unexpected_error", "message": "404: Not Found", "session_not_found": true, "success": false}\n\n'
)
_UNKNOWN = "This page has no such event. / 이 페이지에 없는 요청이에요."
_WRONG = "This is no event of this page. / 이 페이지에서 보낸 요청이 아니에요."
Mark = Annotated[str, Field(max_length=100)]


class _Event(BaseModel):
    """What Gradio's pages send. Texts name the visit and the event, ``data`` is what the event's inputs hold."""

    model_config = ConfigDict(strict=True, extra="ignore")

    data: list[Any] = Field(max_length=100)
    session_hash: Mark | None = None
    event_id: Mark | None = None
    event_data: dict[str, Any] | None = None
    fn_index: int | None = None
    trigger_id: int | None = None
    simple_format: bool = False
    batched: bool | None = False


class _RefusedError(Exception):
    """An event that is not run, and the status and the sentence that say so."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


class GradioBorder:
    """Passes on what the pages of Gradio send, and answers the rest.

    :param pages: The pages by the paths where they are mounted.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, gr.Blocks]) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        asked = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        page = self._pages.get(asked["page"]) if asked else None
        if asked is None or page is None:
            whole = scope["path"].rstrip("/").removesuffix("/config") if scope["type"] == "http" else ""
            # A page of ours has one page and no links into it, which its address could name: Gradio looks both up.
            await self._app({**scope, "query_string": b""} if whole in self._pages else scope, receive, send)
            return
        request = Request(scope, receive)
        if request.method != "POST":
            ended = _told_nothing(page, asked["rest"], request.query_params.get("session_hash", ""))
            await (ended or self._app)(scope, receive, send)
            return
        try:
            body = await _received(request)
            if event := _EVENT.fullmatch(asked["rest"]):
                body = _checked(page, body, event["name"])
        except _RefusedError as error:
            # Gradio's own clients read ``error``, all others ``detail``.
            told = {"detail": str(error), "error": str(error)}
            await JSONResponse(told, error.status)(scope, receive, send)
            return
        await self._app(scope, replayed(body, receive), _telling(send) if asked["rest"].startswith("run/") else send)


def _told_nothing(page: gr.Blocks, path: str, session: str) -> ASGIApp | None:
    """Return the response to who asks for events of a visit or of a call that there is none of, else None.

    Gradio tells a page so in its stream, too, and then breaks it off with an error.
    """
    queue: Any = page._queue  # pyright: ignore[reportPrivateUsage] - Gradio has no other way to ask
    if path in ("queue/data", "queue/data/") and session not in queue.pending_messages_per_session:
        return Response(_SESSION_OVER, media_type="text/event-stream")
    result = _RESULT.fullmatch(path)
    known = result is None or any(
        result["event"] in events for events in (queue.event_ids_to_events, *queue.pending_event_ids_session.values())
    )
    return None if known and not _CLOSED.fullmatch(path) else JSONResponse({"detail": _UNKNOWN}, 404)


async def _received(request: Request) -> bytes:
    """Return the body of ``request``, every text of it safe to read; how large it may be, the body limit says.

    :raises _RefusedError: If its client leaves, or a text in it is none.
    """
    try:
        return clean_body(await request.body(), of_64_bits=True)  # Gradio cannot write back larger numbers
    except QuestionError as error:
        raise _RefusedError(422, str(error)) from error
    except ClientDisconnect as error:
        raise _RefusedError(CLIENT_LEFT, _WRONG) from error


def _checked(page: gr.Blocks, body: bytes, name: str | None) -> bytes:
    """Return ``body`` as an event of ``page``, with its values and nothing else.

    :param name: The event's, where the address names it.
    :raises _RefusedError: If there is no such event, or it takes other values.
    """
    try:
        event = _Event.model_validate_json(body)
    except ValidationError as error:
        raise _RefusedError(422, _WRONG) from error
    takes = _inputs(page, event, name)
    if takes is None:
        raise _RefusedError(404, _UNKNOWN)
    if len(event.data) not in takes:
        raise _RefusedError(422, _WRONG)
    return event.model_dump_json(exclude_unset=True).encode()


def _inputs(page: gr.Blocks, event: _Event, name: str | None) -> frozenset[int] | None:
    """Return how many values the event may come with: with those that the server keeps, or without; None for none."""
    state: Any = page.state_holder.session_data.get(event.session_hash or "")
    events: dict[int, Any] = state.blocks_config.fns if state else page.fns
    found = (
        next((fn for fn in events.values() if fn.api_name == name), None)
        if event.fn_index is None
        else events.get(event.fn_index)
    )
    if found is None or found.fn is None:  # what happens in the browser alone has no function here
        return None
    return frozenset({len(found.inputs), sum(not block.skip_api for block in found.inputs)})


def _telling(send: Send) -> Send:
    """Return a ``send`` that gives the status 422 to what Gradio gives 500 though it tells the caller a sentence."""
    start: Message = {}
    body = bytearray()

    async def wrapped(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and message["status"] == 500:
            start = message
            return
        if not start:
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        await send({**start, "status": 422 if _tells(bytes(body)) else 500})
        await send({"type": "http.response.body", "body": bytes(body)})

    return wrapped


def _tells(body: bytes) -> bool:
    """Return whether Gradio's error in ``body`` is one that was raised to be told: only those have a title."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and "title" in told
