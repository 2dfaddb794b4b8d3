"""No route of any mounted Gradio application stores, fetches or serves what a stranger sends."""

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.gradio_site.doors import USED
from assistant.web.strings import load_strings
from index import CourseIndex, build_index
from tests.helpers.fakes import HashingEncoder

pytestmark = pytest.mark.slow

MARK = b"what a stranger wants to keep here"
MOUNTS = ("/ko", "/en", "/tools")
#: The address of a page itself, and what the site makes of the paths that a page asks for.
PREFIXES = ("", *MOUNTS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="module")
def kept(folder: Path) -> Iterator[Path]:
    """The folder that Gradio would keep files in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "kept"))
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def client(kept: Path, folder: Path, small_glossary: None) -> Iterator[TestClient]:
    (folder / "notes").mkdir()
    (folder / "notes/storage.en.md").write_text("# Module 1: Storage\n\nA bucket holds objects.\n", encoding="utf-8")
    settings, encoder = Settings(dir=folder / "notes", data_dir=folder / "data"), HashingEncoder()
    build_index(settings, encoder)
    service = AssistantService(lambda: Assistant(CourseIndex.open(settings, encoder)))
    service.reload()
    site = AppContext(service, settings, load_strings())
    with TestClient(create_application(site, ROUTERS, GRADIO_PAGES), follow_redirects=False) as opened:
        yield opened


def routes_of(routes: list[Any], prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield path and methods of every route, those of included routers and of mounted applications too."""
    for route in routes:
        path = prefix + (getattr(route, "path", "") or "")
        included = getattr(route, "original_router", None)
        inside = getattr(getattr(route, "app", None), "routes", None)
        if included is not None:
            yield from routes_of(included.routes, prefix)
        elif inside:
            yield from routes_of(inside, path)
        else:
            yield path, set(getattr(route, "methods", None) or {"GET", "POST"})


def gradio_routes(client: TestClient) -> list[tuple[str, set[str]]]:
    found = list(routes_of(client.app.routes))  # type: ignore[attr-defined]
    return [(path, methods) for path, methods in found if path.startswith(tuple(f"{mount}/" for mount in MOUNTS))]


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and MARK in path.read_bytes()]


def test_only_named_routes_of_gradio_are_there(client: TestClient) -> None:
    found = {re.sub("^/(ko|en|tools)", "", path) for path, _ in gradio_routes(client)}
    found = {re.sub("(/gradio_api/mcp)/.*", r"\1", path) for path in found}
    assert found - USED == set()
    assert {"/", "/config", "/gradio_api/queue/join"} <= found


def test_no_route_keeps_what_a_stranger_sends(client: TestClient, folder: Path) -> None:
    paths = {filled(path) for path, _ in gradio_routes(client)}
    tried = {
        "/gradio_api/upload",
        "/gradio_api/process_recording",
        "/gradio_api/component_server",
        "/upload",
        "/vibe-edit",
    }
    paths |= {prefix + path for prefix in PREFIXES for path in tried}
    assert len(paths) > 40
    for path in sorted(paths):
        for sent in ({"files": {"files": ("a.html", io.BytesIO(MARK), "text/html")}}, {"content": MARK}):
            reply = client.post(path, **sent)  # type: ignore[arg-type]
            assert reply.status_code >= 300, path
            assert "html" not in reply.headers.get("content-type", ""), path
    assert stored(folder) == []


@pytest.mark.parametrize(
    "route",
    [
        "upload",
        "upload/",
        "upload_progress?upload_id=1",
        "file=/etc/hostname",
        "file/etc/hostname",
        "proxy=http://127.0.0.1:1/",
        "stream/1/1/1/playlist.m3u8",
        "stream/1/1/1/playlist-file",
        "component_server",
        "custom_component/1/server/component/index.js",
        "process_recording",
        "deep_link?session_hash=1",
        "runs",
        "run-history/records",
        "vibe-code",
        "dev/reload",
        "token",
    ],
)
@pytest.mark.parametrize("prefix", [*PREFIXES, "/ko/ko"])
def test_a_route_that_no_page_uses_is_not_there(client: TestClient, prefix: str, route: str) -> None:
    for method in ("GET", "POST", "HEAD", "PUT"):
        assert client.request(method, f"{prefix}/gradio_api/{route}").status_code in (404, 405), method


@pytest.mark.parametrize("path", ["https://example.invalid/a.html", "/etc/hostname"], ids=["address", "own-file"])
@pytest.mark.parametrize("depth", [0, 3])
def test_no_event_takes_a_file(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch, path: str, depth: int
) -> None:
    fetched: list[str] = []

    async def fetch(url: str, *_: object, **__: object) -> str:
        fetched.append(url)
        return str(folder / "fetched")

    monkeypatch.setattr("gradio.processing_utils.async_ssrf_protected_download", fetch)
    file: Any = {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}
    for _ in range(depth):
        file = {"deeper": [file]}
    tried = 0
    for prefix in MOUNTS:
        for number, event in enumerate(client.get(f"{prefix}/config").json()["dependencies"]):
            body = {"data": [file] * len(event["inputs"]), "fn_index": number, "session_hash": "s"}
            if event["inputs"] and event["api_name"]:
                tried += 1
                client.post(f"{prefix}/gradio_api/run/{event['api_name']}", json=body)
    assert tried > 10
    assert fetched == []


def test_the_page_and_its_parts_are_served_as_before(client: TestClient) -> None:
    for path in ("/", "/ko/", "/en/", "/config", "/theme.css", "/gradio_api/info", "/gradio_api/startup-events"):
        assert client.get(path).status_code == 200, path
    page = client.get("/ko/").text
    scripts = re.findall(r'(?:src|href)="\.?(/[^"]*assets/[^"]+)"', page) or re.findall(r"(/assets/[\w.-]+\.js)", page)
    assert scripts
    assert client.get(scripts[0]).status_code == 200
