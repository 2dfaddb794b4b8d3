"""The instructor's content page over a small course of its own: an upload goes live while the application runs."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.assistant import Assistant
from assistant.faq.accounts import FIRST_NAME, set_password
from assistant.faq.database import Database, database_url
from assistant.faq.desk import FaqDesk
from assistant.service import AssistantService
from assistant.settings import Settings
from assistant.web.application import ROUTERS, create_application
from assistant.web.site import LoadProgress, Site
from assistant.web.strings import load_strings
from index import CourseIndex, build_index
from tests.fakes import HashingEncoder

PASSWORD = "correct horse"
NOTE = "# Module 1: Storage\n\n## Buckets\n\nA bucket holds objects for 90 days.\n"
FILE = "storage.en.md"


@pytest.fixture
def settings(tmp_path: Path, small_glossary_here: None) -> Settings:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / FILE).write_text(NOTE, encoding="utf-8")
    return Settings(dir=tmp_path / "notes", data_dir=tmp_path / "data")


@pytest.fixture
def gate() -> threading.Event:
    """While it is cleared, a reading of the notes does not get past its first half."""
    opened = threading.Event()
    opened.set()
    return opened


@pytest.fixture
def site(settings: Settings, gate: threading.Event) -> Iterator[Site]:
    progress, encoder = LoadProgress(), HashingEncoder()

    def load() -> Assistant:
        progress.advance(1, 2)
        assert gate.wait(30)
        build_index(settings, encoder, progress.advance)
        return Assistant(CourseIndex.open(settings, encoder))

    service = AssistantService(load)
    service.reload()
    database = Database.open(database_url(None, settings.data_dir))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqDesk(database, lambda: service.assistant.index) as desk:
        yield Site(service, settings, load_strings(), progress, faq=desk)


@pytest.fixture
def instructor(site: Site) -> TestClient:
    client = TestClient(
        create_application(site, ROUTERS, {}),
        headers={"Accept-Language": "en", "Accept": "text/html"},
        follow_redirects=False,
    )
    client.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
    return client


def upload(client: TestClient, name: str, data: bytes) -> int:
    return client.post("/instructor/content/upload", files=[("files", (name, data))]).status_code


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def idle(client: TestClient) -> None:
    eventually(lambda: not client.get("/instructor/content/state").json()["busy"])


def test_an_upload_is_previewed_then_live_without_a_restart_and_can_be_taken_back(
    instructor: TestClient, site: Site
) -> None:
    assert upload(instructor, FILE, NOTE.replace("90", "120").encode()) == 303
    page = instructor.get("/instructor/content").text
    assert "-A bucket holds objects for 90 days." in page
    assert "+A bucket holds objects for 120 days." in page
    assert "90 days" in site.service.assistant.index.notes[0].text
    instructor.post("/instructor/content/publish")
    idle(instructor)
    assert "120 days" in site.service.assistant.index.notes[0].text
    (version,) = (site.settings.data_dir / "earlier-notes").iterdir()
    assert version.name in instructor.get("/instructor/content").text
    instructor.post("/instructor/content/restore", data={"version": version.name})
    idle(instructor)
    assert "90 days" in site.service.assistant.index.notes[0].text


def test_an_upload_in_a_foreign_encoding_is_told_with_its_line(instructor: TestClient) -> None:
    reply = instructor.post(
        "/instructor/content/upload",
        files=[("files", ("a.md", "# 제목\n".encode("cp949"))), ("files", ("b.md", NOTE.encode()))],
    )
    assert reply.status_code == 422
    assert "line 1" in reply.text
    assert "not UTF-8" in reply.text
    assert "Waiting to go live: 1" in reply.text
    instructor.post("/instructor/content/discard")
    assert "Waiting to go live" not in instructor.get("/instructor/content").text


def test_notes_that_cannot_be_indexed_do_not_stay(instructor: TestClient, site: Site) -> None:
    upload(instructor, FILE, b"\n")
    instructor.post("/instructor/content/publish")
    idle(instructor)
    assert (site.settings.dir / FILE).read_text("utf-8") == NOTE
    assert "all notes in this folder are empty" in instructor.get("/instructor/content").text
    assert site.service.ready


def test_a_note_that_fails_to_parse_is_listed_with_line_and_reason_and_answers_keep_coming(
    instructor: TestClient, site: Site
) -> None:
    (site.settings.dir / "bad.ko.md").write_bytes("# 제목\n\n본문\n".encode("cp949"))
    page = instructor.get("/instructor/content").text
    assert "bad.ko.md" in page
    assert "line 1" in page
    assert "have changed since they were read" in page
    instructor.post("/instructor/content/reload")
    idle(instructor)
    assert "bad.ko.md" in str(site.service.error)
    assert "The latest reading failed." in instructor.get("/instructor/content").text
    assert site.service.assistant.ask("What does a bucket hold?").question


def test_how_far_the_reading_is_can_be_followed(instructor: TestClient, gate: threading.Event) -> None:
    assert "Up to date" in instructor.get("/instructor/content").text
    gate.clear()
    instructor.post("/instructor/content/reload")
    eventually(lambda: instructor.get("/instructor/content/state").json() == {"busy": True, "done": 1, "total": 2})
    page = instructor.get("/instructor/content").text
    assert "<progress" in page
    assert "/instructor/content/reload" not in page
    assert instructor.post("/instructor/content/publish").status_code == 409
    gate.set()
    idle(instructor)


def test_an_upload_beyond_the_limit_is_refused(instructor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.instructor_content.MAX_UPLOAD_BYTES", 1000)
    assert upload(instructor, "a.md", b"x" * 2000) == 413


def test_a_stranger_cannot_upload_nor_learn_how_far_it_is(instructor: TestClient) -> None:
    stranger = TestClient(instructor.app, follow_redirects=False)
    assert upload(stranger, "a.md", NOTE.encode()) == 401
    assert stranger.get("/instructor/content/state").status_code == 401


def test_an_unknown_version_is_told(instructor: TestClient) -> None:
    assert instructor.post("/instructor/content/restore", data={"version": "../.."}).status_code == 400
