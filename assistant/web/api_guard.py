"""Guards the API's routes: bodies have a limit, and errors a status, one clear sentence and no traceback."""

import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.types import Message

from assistant.service import StillLoadingError
from assistant.waiting_room import BusyError, ClosingError
from index import NotesError, QuestionError

MAX_BODY_BYTES = 64 * 1024
BODY_TOO_LARGE = 413
TOO_MANY = 429
RETRY_AFTER_SECONDS = 5
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class BodyTooLargeError(NotesError):
    """A request whose body is larger than ``MAX_BODY_BYTES``."""

    def __init__(self) -> None:
        super().__init__(f"The request's body is larger than {MAX_BODY_BYTES // 1024} KB.")


class GuardedRoute(APIRoute):
    """A route that refuses large bodies and answers errors as ``{"detail": sentence}``."""

    def get_route_handler(self) -> Handler:
        """Return the route's handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(limited(request))
            except NotesError as error:
                return self.error_response(error)
            except HTTPException as error:
                if error.status_code == BODY_TOO_LARGE:
                    return self.error_response(BodyTooLargeError())
                raise

        return guarded

    def error_response(self, error: NotesError) -> Response:
        """Return the response for ``error``."""
        return JSONResponse({"detail": str(error)}, status_of(error), headers_of(error))


class OpenAIRoute(GuardedRoute):
    """A route that answers errors in the form of OpenAI's API."""

    def error_response(self, error: NotesError) -> Response:
        """Return the response for ``error``."""
        status = status_of(error)
        kind = "server_error" if status >= 500 else "requests" if status == TOO_MANY else "invalid_request_error"
        code = "rate_limit_exceeded" if status == TOO_MANY else None
        body = {"error": {"message": str(error), "type": kind, "param": None, "code": code}}
        return JSONResponse(body, status, headers_of(error))


def status_of(error: NotesError) -> int:
    """Return the HTTP status that says what ``error`` says: whose fault it is, and whether to try again."""
    if isinstance(error, QuestionError):
        return 422
    if isinstance(error, BusyError):
        return TOO_MANY
    return BODY_TOO_LARGE if isinstance(error, BodyTooLargeError) else 503


def headers_of(error: NotesError) -> dict[str, str]:
    """Return when to try again, where that helps."""
    if isinstance(error, BusyError):
        return {"Retry-After": str(math.ceil(error.seconds))}
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if isinstance(error, (StillLoadingError, ClosingError)) else {}


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
