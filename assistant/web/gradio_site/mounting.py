"""Fits Gradio's pages into the site: mounts them with our theme, routes by language, and adds the shared header."""

import re
from collections.abc import Callable
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.gradio_site.doors import close_doors
from assistant.web.gradio_site.theme import create_theme
from assistant.web.language import interface_language
from assistant.web.page_frame import PageFrame

#: Events that Gradio works on at once. Questions wait in a room of their own (``assistant/serving/waiting_room.py``),
#: which refuses what is too much; Gradio's own queue refuses with an error, so that it is never to be full.
_EVENTS_AT_ONCE = 2000
#: Threads for what follows a press at once, such as showing a question; answers have their own.
_THREADS = 4
#: What a Gradio page asks for relative to its address; the same for every page and language.
_GRADIO_PATHS = re.compile(
    r"/(?:assets|static|svelte|gradio_api)/|/(?:theme\.css|config|info|manifest\.json|pwa_icon)$"
)


def mount_page(app: FastAPI, blocks: gr.Blocks, path: str) -> None:
    """Mount a page as :func:`mount` does, with our theme and our limits."""
    blocks.max_threads = _EVENTS_AT_ONCE
    blocks.queue(max_size=None)
    blocks.max_threads = _THREADS
    mount(app, blocks, path, theme=create_theme())


def mount(app: FastAPI, blocks: gr.Blocks, path: str, **options: Any) -> None:  # noqa: ANN401 - Gradio's own
    """Mount ``blocks`` at ``path`` with Gradio's ``options``, without its footer and what nobody uses of its routes."""
    gr.mount_gradio_app(
        app,
        blocks,
        path=path,
        **options,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        show_error=True,
    )
    close_doors(app, path)


class LanguageRouting:
    """Serves ``/`` from ``/ko/`` or ``/en/`` and puts the site's head and header into the page.

    The address stays the same in both languages, and the header is in the first bytes: it shows before Gradio runs.
    """

    def __init__(self, app: ASGIApp, frame: PageFrame, paths: frozenset[str]) -> None:
        self._app = app
        self._frame = frame
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path in self._paths:
            language = interface_language(HTTPConnection(scope))
            send = _page_wrapper(send, lambda html: self._dress(html, path, language))
            scope = _moved(scope, f"/{language}{path.rstrip('/')}/")
        elif _GRADIO_PATHS.match(path):
            scope = _moved(scope, f"/{interface_language(HTTPConnection(scope))}{path}")
        await self._app(scope, receive, send)

    def _dress(self, html: str, path: str, language: str) -> str:
        head = self._frame.fragment("chat_head.html", language, path=path)
        header = self._frame.fragment("header.html", language, path=path)
        tail = self._frame.fragment("chat_tail.html", language, path=path)
        html = html.replace('lang="en"', f'lang="{language}"', 1).replace("</head>", f"{head}</head>", 1)
        html = re.sub(r"<body[^<>]*>", lambda body: body.group() + header, html, count=1)
        return html.replace("</body>", f"{tail}</body>", 1)


def _moved(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode()}


def _page_wrapper(send: Send, dress: Callable[[str], str]) -> Send:
    """Return a ``send`` that holds a page back until it is whole, and sends it dressed."""
    start: Message = {}
    body = bytearray()

    async def wrapped(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if message["type"] != "http.response.body":
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        content = dress(body.decode()).encode() if start["status"] == 200 else bytes(body)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(content))
        headers["vary"] = "Cookie, Accept-Language"
        headers["cache-control"] = "no-cache"
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": content})

    return wrapped
