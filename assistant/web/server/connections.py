"""Serves the application: idle and slow connections hold nobody up, and stopping finishes what is under way.

uvicorn has no time limit for a request that does not come, and its limit of connections turns everybody away. Here a
connection that has not sent a whole request in time is closed, and where there are too many, those that wait longest
without a request make room; what is being answered is never closed.
"""

import asyncio
import resource
import time
from typing import Any, Protocol, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.serving.waiting_room import WaitingRoom

#: How long the head of a request may take to come, and its body beyond what a slow line needs for so many bytes; also
#: how long a client may read nothing of what is sent. A phone on a bad line needs a few seconds.
REQUEST_SECONDS = 15.0
_SLOWEST_BYTES_A_SECOND = 10_000
#: The most connections at once: a class of 300 with a page each needs some 900.
MOST_CONNECTIONS = 2000
_LEAST_CONNECTIONS = 50
#: Files that are open besides connections: database, notes, encoder, the interpreter's own.
_OTHER_FILES = 200
#: How long answers under way, then the last bytes of connections, get at the end.
FINISH_SECONDS = 20.0
_CLOSE_SECONDS = 2
_HEAD_BYTES = 32 * 1024


class _Cycle(Protocol):
    more_body: bool
    response_complete: bool


class BoundedProtocol(H11Protocol):
    """HTTP with a time limit for every request to come, and with room for new connections."""

    most_connections = MOST_CONNECTIONS
    request_seconds = REQUEST_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._received = 0
        self.idle_since = time.monotonic()

    @property
    def awaits_request(self) -> bool:
        """Whether no whole request has come, so that nothing is lost with the connection."""
        cycle = cast("_Cycle | None", self.cycle)
        return cycle is None or cycle.response_complete or cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as in uvicorn
        """Take a connection; where there are too many, close the one that waits longest without a request."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            waiting = [other for other in self.connections if isinstance(other, BoundedProtocol)]
            oldest = min((other for other in waiting if other.awaits_request), key=_idle_since, default=self)
            oldest.abandon()
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; the time until it must be whole runs from its first part."""
        if self._deadline is None:
            self._await_request()
        self._received += len(data)
        super().data_received(data)
        if not self.awaits_request:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn limits how long a connection is kept for it."""
        self.idle_since = time.monotonic()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait until the client reads what was sent, but not for ever."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.request_seconds, self.abandon)

    def resume_writing(self) -> None:
        """Go on sending: the client reads."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def abandon(self) -> None:
        """Close the connection at once."""
        self._stop_waiting()
        self.connections.discard(self)
        self.transport.abort()

    def _await_request(self) -> None:
        self._began, self._received = self.loop.time(), 0
        self._deadline = self.loop.call_later(self.request_seconds, self._give_up)

    def _give_up(self) -> None:
        if not self.awaits_request:
            return
        if self.flow.read_paused:  # it is the application that does not read
            self._began = self.loop.time()
        allowed = self.request_seconds + self._received / _SLOWEST_BYTES_A_SECOND
        left = self._began + allowed - self.loop.time()
        if left <= 0:
            self.abandon()
        else:
            self._deadline = self.loop.call_later(left, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _idle_since(connection: BoundedProtocol) -> float:
    return connection.idle_since


class GracefulServer(uvicorn.Server):
    """A server that, told to stop, takes no new question and finishes those under way.

    :param room: Where the questions are.
    """

    def __init__(self, config: uvicorn.Config, room: WaitingRoom, finish_seconds: float = FINISH_SECONDS) -> None:
        super().__init__(config)
        self._room = room
        self._finish_seconds = finish_seconds

    async def shutdown(self, sockets: Any = None) -> None:  # noqa: ANN401 - uvicorn's own
        """Stop: no new connections, no new questions, what is under way to its end, then everything."""
        for server in self.servers:
            server.close()
        deadline = time.monotonic() + self._finish_seconds
        # Asked again and again rather than waited for in a thread, which would outlast a second Ctrl-C.
        while not (self._room.close(0.0) or self.force_exit or time.monotonic() > deadline):
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.2)  # the last words of the answers are on their way
        await super().shutdown(sockets)


def server_config(application: ASGIApp) -> uvicorn.Config:
    """Return how uvicorn serves ``application``."""
    BoundedProtocol.most_connections = min(MOST_CONNECTIONS, max(_files_allowed() - _OTHER_FILES, _LEAST_CONNECTIONS))
    return uvicorn.Config(
        application,
        http=BoundedProtocol,
        log_level="warning",
        timeout_graceful_shutdown=_CLOSE_SECONDS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
    )


def _files_allowed() -> int:
    """Return how many files this process may have open, after asking for as many as connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)
