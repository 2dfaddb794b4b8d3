"""Connections that are opened and then left, or fed a byte at a time; counts those that the server closed."""

import asyncio
import contextlib
import resource
from types import TracebackType

_BEGINNINGS = {
    "silent": b"",
    "slow headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "slow body": b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 60000\r\n\r\n",
}
_EVERY_SECONDS = 1.0


class SlowConnections:
    """``count`` connections of one kind to a port of this machine; use it as an async context manager."""

    def __init__(self, port: int, kind: str, count: int) -> None:
        self._port = port
        self._beginning = _BEGINNINGS[kind]
        self._count = count
        self._tasks: list[asyncio.Task[None]] = []
        self.opened = 0
        self.closed = 0

    async def __aenter__(self) -> "SlowConnections":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * self._count)), hard))
        self._tasks = [asyncio.create_task(self._hold()) for _ in range(self._count)]
        await asyncio.sleep(2)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hold(self) -> None:
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self._port), 10)
        except (OSError, asyncio.TimeoutError):
            return
        self.opened += 1
        ended = asyncio.create_task(reader.read())
        try:
            writer.write(self._beginning)
            while not ended.done():
                await asyncio.wait([ended], timeout=_EVERY_SECONDS)
                if self._beginning and not ended.done():
                    writer.write(b"x")
        finally:
            self.closed += ended.done()
            ended.cancel()
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await ended
