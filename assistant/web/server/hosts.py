"""Serves requests only under the site's own names, so that another site's name cannot be pointed here (DNS rebinding).

An address in numbers, such as ``127.0.0.1`` or the machine's own in a network, is no name that somebody else could own:
it is always served, and so is ``localhost``. A name by which a reverse proxy passes requests on is one to be set.
"""

import ipaddress
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

EVERY = "*"
_MISDIRECTED = 421
_TOLD = (
    "This site is not served under this name. Whoever runs it can allow the name with NOTES_ALLOWED_HOSTS. / "
    "이 이름으로는 열 수 없는 사이트예요. 운영하시는 분이 NOTES_ALLOWED_HOSTS에 이름을 넣으면 열려요.\n"
)


def own_names(host: str) -> frozenset[str]:
    """Return the names of this machine where it listens on ``host``: its own only where others can reach it."""
    names = {host.lower()}
    if host in ("0.0.0.0", "::"):  # compared, not bound  # nosec B104
        name = socket.gethostname().lower()
        names |= {name, f"{name}.local", socket.getfqdn().lower()}
    return frozenset(names)


class KnownHosts:
    """Answers 421 to a request for another host. Plain ASGI.

    :param names: The names besides addresses and ``localhost``; ``*.example.org`` stands for all below it, ``*`` for
        every name.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(name.strip().lower().rstrip(".") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] in ("http", "websocket") and not self.knows(Headers(scope=scope).get("host", "")):
            await PlainTextResponse(_TOLD, _MISDIRECTED, {"Cache-Control": "no-store"})(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def knows(self, host: str) -> bool:
        """Return whether ``host``, as in the header of that name, is served."""
        name = _without_port(host).lower().rstrip(".")
        if EVERY in self._names or name in self._names or name == "localhost" or name.endswith(".localhost"):
            return True
        if any(known.startswith("*.") and name.endswith(known[1:]) for known in self._names):
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
