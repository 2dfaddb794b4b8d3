"""The border at the door of HTTP: addresses and queries pass it before any route reads them."""

import re
from urllib.parse import parse_qsl, urlencode

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from index.border import mended

#: No file system takes longer names, and no address here has longer parts.
_LONGEST_PART_BYTES = 255
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_CHARSET = re.compile(rb";\s*charset\s*=\s*(?:\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)
#: Where a proxy says under which name it was asked; Gradio makes an address of it.
_FORWARDED_HOST = re.compile(rb"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
_NOTHING_THERE = "There is nothing at this address. / 이 주소에는 아무것도 없어요."


class HttpBorder:
    """Passes on what is well-formed and answers the rest. Plain ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            if not is_address(scope["path"]):
                await JSONResponse({"detail": _NOTHING_THERE}, 404)(scope, receive, send)
                return
            scope = with_safe_query(without_bad_hosts(without_charset(scope)))
        await self._app(scope, receive, send)


def is_address(path: str) -> bool:
    """Return whether anything can be at ``path``: no control characters, no part longer than a file's name may be."""
    return not _CONTROLS.search(path) and all(
        len(part.encode(errors="replace")) <= _LONGEST_PART_BYTES for part in path.split("/")
    )


def with_safe_query(scope: Scope) -> Scope:
    """Return ``scope`` with every text of its query safe to read; an honest query stays as it is, byte for byte."""
    query: bytes = scope["query_string"]
    if b"%" not in query and query.isascii():
        return scope
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    safe = [(mended(name), mended(value)) for name, value in pairs]
    return scope if safe == pairs else {**scope, "query_string": urlencode(safe).encode()}


def without_charset(scope: Scope) -> Scope:
    """Return ``scope`` whose body is not said to be in another charset than UTF-8: some make text of anything."""
    headers = [
        (name, _CHARSET.sub(b"", value) if name.lower() == b"content-type" else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def without_bad_hosts(scope: Scope) -> Scope:
    """Return ``scope`` without headers that would make an address of what is no host's name."""
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name.lower() != b"x-gradio-server"
        and (name.lower() != b"x-forwarded-host" or _FORWARDED_HOST.fullmatch(value.split(b",")[0].strip()))
    ]
    return {**scope, "headers": headers}
