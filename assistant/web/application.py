"""Puts the pages together: one FastAPI application over a site, with Gradio pages mounted once a language."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web import faq_page, help_page
from assistant.web.api import docs as api_docs
from assistant.web.api import routes as api
from assistant.web.api.guard import headers_of, sentence_of, status_of
from assistant.web.app_context import AppContext
from assistant.web.gradio_site.importing import import_gradio
from assistant.web.instructor import routes as instructor
from assistant.web.language import COOKIE, REMEMBERED_SECONDS, local_path
from assistant.web.notes import page as notes_page
from assistant.web.page_frame import STATIC, PageFrame
from assistant.web.quiz import page as quiz
from assistant.web.server.body_limit import BodyLimit
from assistant.web.server.http_border import HttpBorder
from index import NotesError
from index.language.languages import LANGUAGES

if TYPE_CHECKING:
    import gradio as gr

RouterFactory = Callable[[AppContext, PageFrame], APIRouter]
BlocksFactory = Callable[[AppContext, str], "gr.Blocks"]


def _chat(context: AppContext, language: str) -> "gr.Blocks":
    from assistant.web.chat import page as chat_page  # gradio takes seconds to import

    return chat_page.create_blocks(context, language)


#: Plain pages and Gradio pages, by the path of the navigation that they serve. A new page is added here.
ROUTERS: dict[str, RouterFactory] = {
    "/notes": notes_page.create_router,
    "/quiz": quiz.create_router,
    "/faq": faq_page.create_router,
    "/instructor": instructor.create_router,
    "/help": help_page.create_router,
}
GRADIO_PAGES: dict[str, BlocksFactory] = {"/": _chat}
#: What is the instructor's alone stays in no browser's or proxy's memory: pages, exports, figures.
_PRIVATE = "/instructor"
#: What the browser may load and from where: only this site; Gradio needs inline scripts and ``eval``.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


def create_application(
    context: AppContext, routers: dict[str, RouterFactory], gradio_pages: dict[str, BlocksFactory]
) -> FastAPI:
    """Return the application.

    :param routers: Plain pages, by the path of the navigation that they serve.
    :param gradio_pages: Gradio pages by path; ``/`` is the chat. Without any, Gradio is left out with its tools.
    """
    app = FastAPI(title="Ask the Notes", docs_url=None, redoc_url=None)
    frame = PageFrame(context.strings, {*routers, *gradio_pages})
    app.add_exception_handler(NotesError, _say_what_is_missing)
    app.add_exception_handler(RequestValidationError, _say_what_is_wrong)
    app.add_middleware(CORSMiddleware)  # no other site may read an answer; Gradio would let every one, with cookies
    app.mount("/site", StaticFiles(directory=STATIC), name="site")
    app.include_router(_site_routes(context))
    app.include_router(api.create_router(context.service, context.room))
    app.include_router(api_docs.create_router(app, frame))
    for create_router in routers.values():
        app.include_router(create_router(context, frame))
    if gradio_pages:
        mount_gradio_pages(app, context, frame, gradio_pages)
    app.add_middleware(HttpBorder)  # nothing reads an address before it
    app.add_middleware(BodyLimit)
    app.add_middleware(SafeHeaders)
    return app


def mount_gradio_pages(app: FastAPI, context: AppContext, frame: PageFrame, pages: dict[str, BlocksFactory]) -> None:
    """Mount every page as ``/ko…`` and ``/en…`` and serve it at its own path in the student's language."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads this setting only from the environment.
    # After every event Gradio works out statistics of all those before, for a page that is not shown.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    # At the first event Gradio asks for Matplotlib's backend, which is sought for seconds unless one is named.
    os.environ.setdefault("MPLBACKEND", "agg")
    import_gradio()
    from assistant.web.gradio_site.border import GradioBorder
    from assistant.web.gradio_site.mcp import PATH as TOOLS
    from assistant.web.gradio_site.mcp import mount_tools
    from assistant.web.gradio_site.mounting import LanguageRouting, mount_page

    mounted = {TOOLS: mount_tools(app, context.service, context.room)}
    # Starlette serves the first mount that matches, and the chat's matches everything.
    for path in sorted(pages, key=len, reverse=True):
        for language in LANGUAGES:
            address = f"/{language}{path}".rstrip("/")
            mounted[address] = pages[path](context, language)
            mount_page(app, mounted[address], address)
    app.add_middleware(GradioBorder, pages=mounted)
    app.add_middleware(LanguageRouting, frame=frame, paths=frozenset(pages))  # the frame of our pages  # nosec B604


def _site_routes(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/status")
    def status() -> JSONResponse:
        return JSONResponse(context.status(), headers={"Cache-Control": "no-store"})

    @router.get("/language/{language}")
    def switch_language(request: Request, language: str, to: str = "") -> RedirectResponse:
        response = RedirectResponse(local_path(to or _referring_path(request)), status_code=303)
        if language in LANGUAGES:
            response.set_cookie(COOKIE, language, max_age=REMEMBERED_SECONDS, samesite="lax", httponly=True)
        return response

    return router


def _say_what_is_missing(_: Request, error: Exception) -> JSONResponse:
    """Answer a page that needs what is away at the moment, such as the database."""
    assert isinstance(error, NotesError), "it is registered for no other"
    return JSONResponse({"detail": str(error)}, status_of(error), headers_of(error))


def _say_what_is_wrong(_: Request, error: Exception) -> Response:
    """Answer a form or a query that is not as it must be, without repeating what was sent."""
    assert isinstance(error, RequestValidationError), "it is registered for no other"
    return JSONResponse({"detail": sentence_of(error)}, 422)


def _referring_path(request: Request) -> str:
    """Return the path of the page on this site that the student comes from."""
    own, came_from = f"{request.url.scheme}://{request.url.netloc}", request.headers.get("referer", "")
    return came_from.removeprefix(own) if came_from.startswith(f"{own}/") else "/"


class SafeHeaders:
    """Adds the headers that keep a page to this site. Plain ASGI, so that streams of answers pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                if scope["path"].startswith(_PRIVATE):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_safe)
