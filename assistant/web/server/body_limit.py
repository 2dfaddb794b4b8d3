"""Limits the bodies of all requests before any route reads them; pages and API may limit theirs further."""

from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
#: A page sends all conversations that its browser keeps; a browser keeps five million characters of a site at most.
MAX_CHAT_BYTES = 4 * 1024 * 1024
#: The instructor's forms and files are counted while they are read, with an answer that is a page and names them
#: (``instructor_trouble.py``, ``instructor_content.py``).
_OWN_LIMIT = "/instructor/"
_TOO_LARGE = "The request’s body is larger than {size} KB. / 요청이 너무 커요. {size}KB까지 보낼 수 있어요."


class BodyLimit:
    """Answers 413 to a request with a larger body than its path takes, without reading on. Plain ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(_OWN_LIMIT):
            await self._app(scope, receive, send)
            return
        most = MAX_CHAT_BYTES if "/gradio_api/" in scope["path"] else MAX_BODY_BYTES
        refusal = JSONResponse(
            {"detail": _TOO_LARGE.format(size=most // 1024)}, 413, {"Connection": "close", "Cache-Control": "no-store"}
        )
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared[:20]) > most:
            await refusal(scope, receive, send)
            return
        received, is_over, is_started = 0, False, False

        async def receive_limited() -> Message:
            nonlocal received, is_over
            message = await receive()
            received += len(message.get("body", b""))
            is_over = is_over or received > most
            return {"type": "http.disconnect"} if is_over else message

        async def send_or_refuse(message: Message) -> None:
            nonlocal is_started
            if is_over and not is_started:
                return  # what was made of half a request; the refusal follows
            is_started = True
            await send(message)

        try:
            await self._app(scope, receive_limited, send_or_refuse)
        except ClientDisconnect:
            if not is_over:
                raise
        if is_over and not is_started:
            await refusal(scope, receive, send)
