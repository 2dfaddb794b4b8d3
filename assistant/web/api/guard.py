"""Guards the API's routes: texts pass the border, bodies have a limit, and errors a status and one clear sentence."""

import json
import math
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from assistant.serving.service import StillLoadingError
from assistant.serving.waiting_room import BusyError, ClosingError
from index import EncoderLostError, NotesError, QuestionError
from index.border import clean_json, mended

MAX_BODY_BYTES = 64 * 1024
BODY_TOO_LARGE = 413
TOO_MANY = 429
#: What servers log for a client that left; nobody reads it.
CLIENT_LEFT = 499
RETRY_AFTER_SECONDS = 5
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_LONGEST_SENTENCE = 500
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class BodyTooLargeError(NotesError):
    """A request whose body is larger than ``MAX_BODY_BYTES``."""

    def __init__(self) -> None:
        super().__init__(f"The request's body is larger than {MAX_BODY_BYTES // 1024} KB.")


class ClientLeftError(NotesError):
    """A request whose client left before there was an answer."""

    def __init__(self) -> None:
        super().__init__("The client left before there was an answer.")


class GuardedRoute(APIRoute):
    """A route that refuses large bodies and wrong texts and answers errors as ``{"detail": sentence}``."""

    def get_route_handler(self) -> Handler:
        """Return the route's handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(await bordered(limited(request)))
            except NotesError as error:
                return self.error_response(str(error), status_of(error), headers_of(error))
            except RequestValidationError as error:
                return self.error_response(sentence_of(error), 422)
            except HTTPException as error:
                if error.status_code == BODY_TOO_LARGE:
                    return self.error_response(str(BodyTooLargeError()), BODY_TOO_LARGE)
                return self.error_response(str(error.detail), error.status_code, error.headers)
            except ClientDisconnect:
                return self.error_response(str(ClientLeftError()), CLIENT_LEFT)

        return guarded

    def error_response(self, sentence: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """Return the response for an error."""
        return JSONResponse({"detail": sentence}, status, headers)


class OpenAIRoute(GuardedRoute):
    """A route that answers errors in the form of OpenAI's API."""

    def error_response(self, sentence: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """Return the response for an error."""
        kind = "server_error" if status >= 500 else "requests" if status == TOO_MANY else "invalid_request_error"
        code = "rate_limit_exceeded" if status == TOO_MANY else None
        body = {"error": {"message": sentence, "type": kind, "param": None, "code": code}}
        return JSONResponse(body, status, headers)


def status_of(error: NotesError) -> int:
    """Return the HTTP status that says what ``error`` says: whose fault it is, and whether to try again."""
    if isinstance(error, QuestionError):
        return 422
    if isinstance(error, BusyError):
        return TOO_MANY
    if isinstance(error, ClientLeftError):
        return CLIENT_LEFT
    return BODY_TOO_LARGE if isinstance(error, BodyTooLargeError) else 503


def headers_of(error: NotesError) -> dict[str, str]:
    """Return when to try again, where that helps."""
    if isinstance(error, BusyError):
        return {"Retry-After": str(math.ceil(error.seconds))}
    may_pass = isinstance(error, (StillLoadingError, ClosingError, EncoderLostError))
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if may_pass else {}


def sentence_of(error: RequestValidationError) -> str:
    """Return what is wrong with a request in one sentence, without what was sent: it need be no text."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return mended(f"{place}: {first['msg']}." if place else f"{first['msg']}.")[:_LONGEST_SENTENCE]


async def bordered(request: Request) -> Request:
    """Return ``request`` with every text of its JSON body as it is safe to read.

    :raises NotTextError: If a text or a number in the body is none.
    :raises HTTPException: 413 if the body is larger than the limit that ``request`` has.
    """
    if request.method not in _WITH_BODY:
        return request
    return Request(request.scope, replayed(clean_body(await request.body()), request.receive))


def clean_body(body: bytes, *, of_64_bits: bool = False) -> bytes:
    """Return a JSON body as it is safe to read; unchanged where it is no JSON, which its reader says better.

    :param of_64_bits: See :func:`index.border.clean_json`.
    :raises NotTextError: If a text or a number in it is none.
    """
    try:
        value = clean_json(body.decode(json.detect_encoding(body), "surrogatepass"), of_64_bits=of_64_bits)
    except ValueError:
        return body
    return json.dumps(value, ensure_ascii=False).encode()


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives ``body`` whole, and then what ``receive`` has, which is that the client left."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give


def limited(request: Request, most_bytes: int = MAX_BODY_BYTES, told: str | None = None) -> Request:
    """Return ``request`` with a body that stops being read as soon as it is larger than ``most_bytes``.

    :raises HTTPException: 413 with ``told``, here or while the body is read; FastAPI lets this exception pass there.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most_bytes:
        raise HTTPException(BODY_TOO_LARGE, told)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most_bytes:
            raise HTTPException(BODY_TOO_LARGE, told)
        return message

    return Request(request.scope, receive)
