"""Nothing below ``/instructor`` is open to a stranger: every way in is listed from the application as ``app.py`` runs it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.service import FaqService
from assistant.faq.storage.database import FILE_NAME, Database, database_url
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.instructor.routes import METHODS
from assistant.web.page_frame import STATIC
from assistant.web.strings import load_strings

pytestmark = pytest.mark.slow

HOME = "/instructor"
SIGN_IN = f"{HOME}/sign-in"
SECRET = "a question that only the instructor may see"
#: Both ways in that a stranger needs: the form, and leaving (which leads to the form).
OPEN = {SIGN_IN, f"{HOME}/sign-out"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faq")


@pytest.fixture(scope="module")
def stranger(folder: Path, assistant: Assistant, settings: Settings) -> Iterator[TestClient]:
    database = Database.open(database_url(None, folder))
    set_password(database, FIRST_NAME, "correct horse")
    service = AssistantService(lambda: assistant)
    service.reload()
    with FaqService(database, lambda: assistant.index) as desk:
        site = AppContext(service, settings, load_strings(), faq=desk)
        application = create_application(site, ROUTERS, GRADIO_PAGES)
        yield TestClient(application, headers={"Accept-Language": "en"}, follow_redirects=False)


def paths_of(routes: list[Any], prefix: str = "") -> set[str]:
    """Return the path of every route, those of included routers and of mounted applications too."""
    found: set[str] = set()
    for route in routes:
        path = prefix + (getattr(route, "path", "") or "")
        found.add(path)
        included = getattr(route, "original_router", None)
        inside = getattr(getattr(route, "app", None), "routes", None)
        if included is not None:
            found |= paths_of(included.routes, prefix)
        elif inside:
            found |= paths_of(inside, path)
        elif getattr(route, "routes", None):
            found |= paths_of(route.routes, path)
    return found


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def events_of(client: TestClient) -> list[str]:
    """Return the names of the events of every mounted Gradio page."""
    pages = [blocks.config for blocks in _gradio_blocks(client.app.routes)]  # type: ignore[attr-defined]
    return sorted({event["api_name"] or str(event["id"]) for page in pages for event in page["dependencies"]})


def _gradio_blocks(routes: list[Any]) -> Iterator[Any]:
    for route in routes:
        application = getattr(route, "app", None)
        blocks = getattr(application, "blocks", None)
        if blocks is not None:
            yield blocks


def refused(client: TestClient, method: str, path: str, **body: Any) -> bool:
    """Return whether a stranger gets 401, or the sign-in page where a browser asks for a page."""
    reply = client.request(method, path, **body)
    page = client.request(method, path, headers={"Accept": "text/html"}, **body)
    sent = page.status_code == 303 and page.headers["location"] == SIGN_IN
    return reply.status_code == 401 and (page.status_code == 401 or sent)


def test_every_route_below_instructor_is_closed_by_every_method(stranger: TestClient) -> None:
    paths = {path for path in paths_of(stranger.app.routes) if path.startswith(HOME)}  # type: ignore[attr-defined]
    assert len(paths) > 20
    assert {
        HOME,
        SIGN_IN,
        f"{HOME}/content/upload",
        f"{HOME}/groups/{{group}}/merge",
        f"{HOME}/groups/{{group}}/apart",
    } <= paths
    open_to_strangers = [
        (method, path)
        for path in sorted(paths - OPEN)
        for method in METHODS
        if not refused(stranger, method, filled(path))
    ]
    assert open_to_strangers == []


def test_whatever_a_gradio_page_has_is_closed_below_instructor(stranger: TestClient) -> None:
    paths = {re.sub("^/(ko|en)", "", filled(path)) for path in paths_of(stranger.app.routes)}  # type: ignore[attr-defined]
    assert {"/gradio_api/queue/join", "/config", "/gradio_api/info", "/theme.css"} <= paths
    for path in sorted(paths):
        if path.startswith(HOME) or not path.startswith("/"):
            continue
        for method in ("GET", "POST"):
            assert refused(stranger, method, HOME + path, content=b"{}"), (method, path)


def test_every_gradio_event_is_closed_below_instructor_and_no_page_has_one_for_instructors(
    stranger: TestClient,
) -> None:
    events = events_of(stranger)
    assert len(events) > 10
    for event in events:
        for path in (f"/gradio_api/call/{event}", f"/gradio_api/run/{event}", f"/call/{event}", f"/api/{event}"):
            assert refused(stranger, "POST", HOME + path, json={"data": []}), path
        assert "instructor" not in event.replace("ask_instructor", "")


def test_no_static_file_is_below_instructor(stranger: TestClient) -> None:
    for file in STATIC.iterdir():
        for path in (f"{HOME}/{file.name}", f"{HOME}/site/{file.name}", f"{HOME}/static/{file.name}"):
            assert refused(stranger, "GET", path), path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/%2e%2e/instructor",
        "/sign-in/",
        "/sign-in/../gaps",
        "/sign-in%2f..%2fgaps",
        "/SIGN-IN",
        "/entries/1.json",
        "/export/faq.json",
        "/content/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_spelling_of_a_path_gets_around(stranger: TestClient, path: str) -> None:
    reply = stranger.get(HOME + path)
    assert reply.status_code in (401, 303, 307), reply.text
    assert reply.headers.get("location", "/instructor").endswith(("/instructor", "/sign-in"))


@pytest.mark.parametrize("language", ["", "/ko", "/en"])
def test_gradio_gives_the_database_to_nobody(stranger: TestClient, folder: Path, language: str) -> None:
    for file in (folder / FILE_NAME, Path(FILE_NAME), Path("..") / FILE_NAME):
        for route in ("gradio_api/file=", "file=", "gradio_api/file/", "static/", "assets/"):
            reply = stranger.get(f"{language}/{route}{file}")
            assert reply.status_code >= 400, reply.url
            assert not reply.content.startswith(b"SQLite")


def test_the_language_prefixes_of_the_chat_lead_to_no_instructor_page(stranger: TestClient) -> None:
    for path in ("/ko/instructor", "/en/instructor/gaps", "/ko/ko/instructor"):
        assert stranger.get(path).status_code == 404, path


def test_the_description_of_the_api_does_not_name_instructors_routes(stranger: TestClient) -> None:
    assert HOME not in stranger.get("/openapi.json").text
