"""Who may ask: which names the site is served under, what other sites may read, how large a request may be."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.running import names_of
from assistant.web.server.body_limit import MAX_BODY_BYTES, MAX_CHAT_BYTES, BodyLimit
from assistant.web.server.hosts import KnownHosts
from assistant.web.strings import load_strings

pytestmark = pytest.mark.slow


async def page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("page")


@pytest.mark.parametrize(
    ("settings", "host", "is_served"),
    [
        ({}, "127.0.0.1:7860", True),
        ({}, "localhost:7860", True),
        ({}, "LOCALHOST", True),
        ({}, "notes.localhost:7860", True),
        ({}, "[::1]:7860", True),
        ({}, "[::1", True),
        ({"host": "0.0.0.0"}, "192.168.0.7:7860", True),
        ({}, "evil.example", False),
        ({}, "127.0.0.1.evil.example", False),
        ({}, "localhost.evil.example", False),
        ({}, "", False),
        ({"host": "campus.local"}, "campus.local", True),
        ({"allowed_hosts": "notes.example.org, *.uni.example"}, "notes.example.org", True),
        ({"allowed_hosts": "notes.example.org, *.uni.example"}, "Notes.Example.org.:443", True),
        ({"allowed_hosts": "notes.example.org, *.uni.example"}, "a.uni.example", True),
        ({"allowed_hosts": "notes.example.org, *.uni.example"}, "uni.example", False),
        ({"allowed_hosts": "notes.example.org, *.uni.example"}, "localhost", True),
        ({"allowed_hosts": "*"}, "anything.example", True),
    ],
    ids=str,
)
def test_the_site_is_served_under_its_own_names_only(settings: dict[str, Any], host: str, is_served: bool):
    app = KnownHosts(Starlette(routes=[Route("/", page)]), names_of(Settings(**settings)))
    reply = TestClient(app).get("/", headers={"Host": host})
    assert reply.status_code == (200 if is_served else 421)
    assert is_served or "NOTES_ALLOWED_HOSTS" in reply.text


def test_on_all_addresses_the_machines_own_name_is_served(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Lab-7")
    monkeypatch.setattr("socket.getfqdn", lambda: "lab-7.uni.example")
    served = KnownHosts(Starlette(), names_of(Settings(host="0.0.0.0")))
    assert all(map(served.knows, ("lab-7", "lab-7.local:7860", "lab-7.uni.example")))
    assert not KnownHosts(Starlette(), names_of(Settings())).knows("lab-7")


@pytest.fixture(scope="module")
def client(assistant: Assistant, settings: Settings) -> Iterator[TestClient]:
    service = AssistantService(lambda: assistant)
    service.reload()
    with TestClient(create_application(AppContext(service, settings, load_strings()), ROUTERS, GRADIO_PAGES)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/api/faq", "/gradio_api/info", "/ko/gradio_api/info", "/tools/gradio_api/info"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_other_site_may_read_what_is_answered(client: TestClient, path: str, method: str):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Host": "notes.example"}
    reply = client.request(method, path, headers=headers)
    assert "access-control-allow-origin" not in reply.headers
    assert method == "GET" or reply.status_code == 400


@pytest.mark.parametrize("path", ["", "/gaps", "/entries/export", "/export", "/overview", "/no/such"])
def test_what_is_the_instructors_stays_in_no_memory(client: TestClient, path: str):
    reply = client.get(f"/instructor{path}", follow_redirects=False)
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/quiz/start", MAX_BODY_BYTES),
        ("/api/ask", MAX_BODY_BYTES),
        ("/gradio_api/run/predict", MAX_CHAT_BYTES),
        ("/ko/gradio_api/queue/join", MAX_CHAT_BYTES),
        ("/tools/gradio_api/mcp/", MAX_CHAT_BYTES),
    ],
)
def test_a_body_that_is_too_large_is_not_read(client: TestClient, path: str, most: int):
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        for _ in range(30):
            read += 1024 * 1024
            yield b" " * (1024 * 1024)

    reply = client.post(path, content=json.dumps({"data": "x" * most}), headers={"Content-Type": "application/json"})
    assert reply.status_code == 413
    assert "KB" in reply.json()["detail"]
    reply = client.post(path, content=body(), headers={"Content-Type": "application/json"})
    assert reply.status_code == 413


def test_a_body_without_a_length_is_read_no_further_than_its_limit():
    asked = 0

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    import asyncio

    scope = {"type": "http", "path": "/gradio_api/run/predict", "headers": [], "method": "POST"}
    asyncio.run(BodyLimit(reading)(scope, receive, send))
    assert sent[0]["status"] == 413
    assert asked == MAX_CHAT_BYTES // 65536 + 1
