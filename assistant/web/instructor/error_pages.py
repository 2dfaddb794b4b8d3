"""What goes wrong on the instructor's pages is told on a page, not as JSON; and no form is read without a limit."""

import json
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from assistant.web.api.guard import Handler, limited
from assistant.web.page_frame import PageFrame
from assistant.web.strings import Strings

#: Room for the longest texts of an answer as a form sends them; uploads of notes have a limit of their own.
_MOST_FORM_BYTES = 2 * 2**20


def desk_route(frame: PageFrame, texts: dict[str, Strings]) -> type[APIRoute]:
    """Return the class of the instructor's routes: errors are pages where a browser asks, and bodies are limited."""

    class DeskRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def told(request: Request) -> Response:
                try:  # a form is read before anyone is asked who he is; an upload reads itself, after that
                    return await handle(limited(request, _MOST_FORM_BYTES) if self.body_field else request)
                except HTTPException as error:
                    if error.status_code < 400 or not wants_page(request):
                        raise
                    return _page(request, frame, texts, error.status_code, error.detail)
                except RequestValidationError as error:
                    if not wants_page(request):
                        raise
                    return _page(request, frame, texts, 422, _first(error))

            return told

    return DeskRoute


def wants_page(request: Request) -> bool:
    """Return whether ``request`` was sent by a browser that shows what comes."""
    return "text/html" in request.headers.get("accept", "")


def _page(request: Request, frame: PageFrame, texts: dict[str, Strings], status_code: int, detail: object) -> Response:
    strings = texts[frame.strings_for(request).language]
    told = strings["instructor.signed_out"] if status_code == 401 else detail
    response = frame.render(
        request,
        "instructor_trouble.html",
        status_code,
        title=strings["instructor.title"],
        f=strings,
        detail=told if isinstance(told, str) else json.dumps(told, ensure_ascii=False),
        signed_out=status_code == 401,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _first(error: RequestValidationError) -> str:
    """Return what is wrong with a form in one sentence."""
    first: dict[str, Any] = error.errors()[0]
    return f"{first['loc'][-1]}: {first['msg']}."
