"""Idle and slow connections against a real server, whose limits are made small; and how it stops."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from assistant.serving.waiting_room import ClosingError, WaitingRoom
from assistant.web.server.connections import BoundedProtocol, GracefulServer, server_config

pytestmark = pytest.mark.slow

SECONDS = 0.4


class Small(BoundedProtocol):
    most_connections = 20
    request_seconds = SECONDS


@dataclass
class Serving:
    port: int
    room: WaitingRoom
    server: uvicorn.Server
    thread: threading.Thread
    working: threading.Event

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


@contextlib.contextmanager
def serving(finish_seconds: float = 5.0) -> Iterator[Serving]:
    room, working = WaitingRoom(1), threading.Event()

    async def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse("page")

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    async def large(_: Request) -> PlainTextResponse:
        return PlainTextResponse("x" * 20_000_000)

    async def slow_words(_: Request) -> StreamingResponse:
        async def words():
            for _ in range(6):
                await asyncio.sleep(SECONDS / 2)
                yield "word "

        return StreamingResponse(words())

    async def ask(_: Request) -> PlainTextResponse:
        try:
            async with room.turn(60) as turn:
                working.set()
                await turn.run(time.sleep, 1.0)
        except ClosingError as error:
            return PlainTextResponse(str(error), 503)
        return PlainTextResponse("answer")

    routes = {"/": page, "/large": large, "/stream": slow_words, "/ask": ask}
    app = Starlette(
        routes=[*(Route(path, made) for path, made in routes.items()), Route("/echo", echo, methods=["POST"])]
    )
    config = server_config(app)
    config.http = Small
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = GracefulServer(config, room, finish_seconds)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    while not server.started:
        time.sleep(0.01)
    try:
        yield Serving(port, room, server, thread, working)
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()


def is_closed_within(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        return connection.recv(1000) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n",
    ],
    ids=["silent", "half a head", "half a body"],
)
def test_a_request_that_does_not_come_is_waited_for_no_longer(beginning: bytes):
    with serving() as served, contextlib.closing(served.connect()) as connection:
        connection.sendall(beginning)
        ended = threading.Event()

        def trickle() -> None:
            with contextlib.suppress(OSError):
                while beginning and not ended.wait(SECONDS / 4):
                    connection.sendall(b"x")

        trickling = threading.Thread(target=trickle)
        trickling.start()
        try:
            assert is_closed_within(connection, 5)
        finally:
            ended.set()
            trickling.join(5)


def test_a_large_body_on_a_slow_line_is_taken():
    with serving() as served, contextlib.closing(served.connect()) as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        for _ in range(6):
            time.sleep(SECONDS / 3)
            connection.sendall(b"x" * 10_000)
        connection.settimeout(5)
        received = b""
        while not received.endswith(b"\r\n\r\n60000"):  # head and body may come one after the other
            part = connection.recv(1000)
            assert part, received
            received += part


def test_more_silent_connections_than_there_is_room_for_keep_nobody_out():
    with serving() as served, contextlib.ExitStack() as held:
        for _ in range(60):
            held.enter_context(contextlib.closing(served.connect()))
        started = time.monotonic()
        assert httpx.get(served.address, timeout=5).text == "page"
        assert time.monotonic() - started < 2
        assert len(served.server.server_state.connections) <= 21


def test_an_answer_that_is_read_slowly_as_it_comes_is_never_cut_off():
    with (
        serving() as served,
        contextlib.ExitStack() as held,
        httpx.stream("GET", f"{served.address}/stream", timeout=10) as response,
    ):
        for _ in range(40):
            held.enter_context(contextlib.closing(served.connect()))
        assert "".join(response.iter_text()) == "word " * 6


def test_who_reads_nothing_of_a_large_page_is_let_go():
    with serving() as served, contextlib.closing(served.connect()) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        deadline = time.monotonic() + 5
        while served.server.server_state.connections or time.monotonic() < deadline - 4:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_stopping_finishes_the_answer_under_way_and_sends_away_who_waits():
    with serving() as served:
        told: dict[str, httpx.Response] = {}

        def ask(name: str) -> None:
            told[name] = httpx.get(f"{served.address}/ask", timeout=10)

        asking = threading.Thread(target=ask, args=("under way",))
        asking.start()
        assert served.working.wait(5)
        waiting = threading.Thread(target=ask, args=("waits",))
        waiting.start()
        time.sleep(0.2)
        served.server.should_exit = True
        for thread in (asking, waiting, served.thread):
            thread.join(10)
        assert told["under way"].text == "answer"
        assert told["waits"].status_code == 503
        with pytest.raises(httpx.ConnectError):
            httpx.get(served.address)


def test_stopping_waits_for_an_answer_no_longer_than_it_may():
    with serving(finish_seconds=0.1) as served:
        asking = threading.Thread(
            target=lambda: contextlib.suppress(httpx.HTTPError) and httpx.get(f"{served.address}/ask", timeout=10)
        )
        asking.start()
        assert served.working.wait(5)
        started = time.monotonic()
        served.server.should_exit = True
        served.thread.join(10)
        assert time.monotonic() - started < 5
        asking.join(10)


def test_who_insists_on_stopping_waits_for_no_answer():
    with serving(finish_seconds=60) as served:
        held = served.room.enter(60)  # an answer that does not end
        served.server.force_exit = True
        served.server.should_exit = True
        served.thread.join(10)
        assert not served.thread.is_alive()
        served.room.leave(held)
