"""The instructor's content page over a small course of its own: an upload goes live while the application runs."""

import itertools
import os
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.service import FaqService
from assistant.faq.storage.database import Database, database_url
from assistant.publishing.archives import Upload
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext, LoadProgress
from assistant.web.application import ROUTERS, create_application
from assistant.web.faq_page import CATALOGUE
from assistant.web.strings import load_strings
from index import CourseIndex, build_index
from index.reading.notes import parse_note
from tests.helpers.fakes import HashingEncoder
from tests.helpers.running_app import running

pytestmark = pytest.mark.slow

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
def site(settings: Settings, gate: threading.Event) -> Iterator[AppContext]:
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
    with FaqService(database, lambda: service.assistant.index) as desk:
        yield AppContext(service, settings, load_strings(), progress, faq=desk)


@pytest.fixture
def instructor(site: AppContext) -> TestClient:
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
    instructor: TestClient, site: AppContext
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
    assert reply.status_code == 303
    page = instructor.get("/instructor/content").text
    assert "line 1" in page
    assert "not UTF-8" in page
    assert "Waiting to go live: 1" in page
    instructor.post("/instructor/content/discard")
    assert "Waiting to go live" not in instructor.get("/instructor/content").text


def test_notes_that_cannot_be_indexed_do_not_stay(instructor: TestClient, site: AppContext) -> None:
    upload(instructor, FILE, b"\n")
    instructor.post("/instructor/content/publish")
    idle(instructor)
    assert (site.settings.dir / FILE).read_text("utf-8") == NOTE
    page = instructor.get("/instructor/content").text
    assert "could not go live, so the notes were put back" in page
    assert "all notes in this folder are empty" in page
    assert "The latest reading failed." not in page, "the old notes were read again"
    assert f"Take out: {FILE}" in page, "what failed waits on"
    assert "그전 그대로" in instructor.get("/instructor/content", headers={"Accept-Language": "ko"}).text
    assert site.service.ready
    instructor.post("/instructor/content/seen")
    assert "put back" not in instructor.get("/instructor/content").text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_file_is_told_by_name_uploads_add_up_and_one_is_taken_out(instructor: TestClient, language: str) -> None:
    instructor.headers["Accept-Language"] = language
    long = "가" * 190 + ".md"
    for names in (["one.md", long], ["WEEK9.MD", "one.md", FILE, "b.markdown", "x.exe"]):
        files = [("files", (name, f"# {name}\n".encode())) for name in names]
        assert instructor.post("/instructor/content/upload", files=files).status_code == 303
    page = instructor.get("/instructor/content").text
    texts = load_strings(CATALOGUE)[language]
    for name, key in (("WEEK9.MD", "new"), ("one.md", "replaces_waiting"), (FILE, "replaces_live")):
        told = texts.format(f"instructor.taken_{key}", place=name)
        assert f"<strong>{name}</strong> {told}" in page
    assert texts.format("instructor.waiting", count=4) in page
    assert texts["problem.not_markdown"] in page
    instructor.post("/instructor/content/take-out", data={"file": "b.markdown"})
    page = instructor.get("/instructor/content").text
    assert texts.format("instructor.waiting", count=3) in page
    instructor.post("/instructor/content/publish")
    idle(instructor)
    served = instructor.get("/instructor/content").text
    assert 'href="/notes/WEEK9.MD"' in served
    assert texts["instructor.outcome_published"] in served
    assert "b.markdown" not in served.partition('id="told"')[2].partition("</section>")[2]


def test_a_name_that_is_too_long_is_refused_before_anything_is_written(
    instructor: TestClient, site: AppContext
) -> None:
    long = "가" * 190 + ".md"
    files = [("files", (name, b"# x\n")) for name in ("one.md", long, "two.md")]
    assert instructor.post("/instructor/content/upload", files=files).status_code == 303
    page = instructor.get("/instructor/content").text
    assert "This name is too long" in page
    assert "Waiting to go live: 2" in page


def test_others_are_served_while_an_archive_is_unpacked(
    site: AppContext, instructor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacking = threading.Event()

    def slowly(uploads: object) -> list[Upload]:
        unpacking.set()
        time.sleep(3)
        return [Upload("slow.md", b"# x\n")]

    monkeypatch.setattr("assistant.publishing.staging.unpacked", slowly)
    with running(instructor.app) as address:
        session = {"instructor": instructor.cookies["instructor"]}
        sent: list[int] = []

        def send() -> None:
            files = [("files", ("a.zip", b"x"))]
            url = f"{address}/instructor/content/upload"
            sent.append(httpx.post(url, files=files, cookies=session, timeout=30).status_code)

        thread = threading.Thread(target=send)
        thread.start()
        assert unpacking.wait(20)
        started = time.monotonic()
        assert httpx.get(f"{address}/status", timeout=30).status_code == 200
        assert time.monotonic() - started < 2
        assert sent == []
        thread.join(30)
    assert sent == [303]


def test_a_disk_that_is_full_is_told_and_what_waited_waits_on(
    instructor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert upload(instructor, "one.md", b"# x\n") == 303

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("assistant.publishing.staging.os.fsync", full)
        reply = instructor.post("/instructor/content/upload", files=[("files", ("two.md", b"# x\n"))])
    assert reply.status_code == 400
    assert "No space left on device" in reply.text
    assert "Waiting to go live: 1" in instructor.get("/instructor/content").text


HOSTILE = {
    "odd-html.md": b"# A\n\n<div>\n<![ x ]>\n</div>\n",
    "odd-picture.md": b"# A\n\n![alt over\ntwo lines](a.png)\n",
    "comments.md": b"# A\n\n" + b"<!--" * 500 + b"\n",
    "brackets.md": b"[" * 3000 + b"\n",
    "quotes.md": b"> " * 3000 + b"x\n",
    "no-text.md": b"\xff\xfe\0",
    "empty.md": b"",
}


@pytest.mark.parametrize("where", ["notes", "data/staged-notes", "data/earlier-notes/2026-01-01 00.00.00"])
def test_the_page_opens_and_discards_whatever_lies_in_the_folders(
    instructor: TestClient, site: AppContext, where: str
) -> None:
    folder = site.settings.dir.parent / where
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in HOSTILE.items():
        (folder / name).write_bytes(data)
    (folder / "folder.md").mkdir()
    (folder / "nowhere.md").symlink_to("nothing")
    (folder / "itself.md").symlink_to("itself.md")
    with open(os.fsencode(folder) + b"/\xb0\xa1.md", "wb") as stream:
        stream.write(b"# x\n")
    for language in ("ko", "en"):
        reply = instructor.get("/instructor/content", headers={"Accept-Language": language})
        assert reply.status_code == 200
        assert "/instructor/content/upload" in reply.text
    assert instructor.post("/instructor/content/discard").status_code == 303
    assert not (site.settings.data_dir / "staged-notes").exists()


@pytest.mark.parametrize("place", ["staged-notes", "earlier-notes", "notes-notices.json"])
def test_the_page_opens_where_a_folder_is_no_folder(instructor: TestClient, site: AppContext, place: str) -> None:
    (site.settings.data_dir / place).write_bytes(b"\xff")
    assert instructor.get("/instructor/content").status_code == 200
    assert instructor.post("/instructor/content/discard").status_code == 303
    assert upload(instructor, "one.md", b"# x\n") == 303


BROKEN = {
    "assistant.publishing.staging.StagedNotes.waiting": AssertionError("no"),
    "assistant.publishing.earlier_notes.EarlierNotes.names": PermissionError(13, "Permission denied"),
    "assistant.web.instructor.content_parts.needs_build": RecursionError(),
    "assistant.web.instructor.content_parts.unpaired_editions": IndexError(),
    "assistant.web.instructor.content_parts.find_notes": OSError(5, "Input/output error"),
    "assistant.web.instructor.desk.InstructorDesk.notes": KeyError("x"),
}


def test_a_part_of_the_page_that_fails_is_a_sentence(instructor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for (broken, error), language in itertools.product(BROKEN.items(), ("ko", "en")):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(broken, fail)
            reply = instructor.get("/instructor/content", headers={"Accept-Language": language})
        assert reply.status_code == 200, broken
        sentence = "instructor.waiting_trouble" if broken.endswith("waiting") else "instructor.part_trouble"
        assert load_strings(CATALOGUE)[language][sentence] in reply.text, broken
        assert type(error).__name__ in reply.text
        assert "/instructor/content/upload" in reply.text
        assert ("/instructor/content/discard" in reply.text) == broken.endswith("waiting")


def test_a_note_that_could_not_be_used_is_taken_back(
    instructor: TestClient, site: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(text: str, *rest: Any) -> Any:
        if "odd" in text:
            raise RecursionError
        return parse_note(text, *rest)

    monkeypatch.setattr("index.reading.notes.parse_note", parse)
    upload(instructor, FILE, b"# odd\n")
    upload(instructor, "more.md", b"# More\n\nMore text.\n")
    instructor.post("/instructor/content/publish")
    idle(instructor)
    assert (site.settings.dir / FILE).read_text("utf-8") == NOTE
    page = instructor.get("/instructor/content").text
    assert "the notes were put back" in page
    assert f"{FILE} is left out" in page
    assert "Waiting to go live: 2" in page
    assert [note.file for note in site.service.assistant.index.notes] == [FILE]


def test_two_notes_of_one_name_are_told(instructor: TestClient, site: AppContext) -> None:
    (site.settings.dir / unicodedata.normalize("NFD", "가.md")).write_text("# a\n", encoding="utf-8")
    (site.settings.dir / "가.md").write_text("# b\n", encoding="utf-8")
    assert "There is another note of this name" in instructor.get("/instructor/content").text


def test_nothing_is_published_while_the_notes_are_loading_for_the_first_time(
    instructor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(instructor, FILE, b"# new\n")
    monkeypatch.setattr(AssistantService, "ready", property(lambda _: False))
    assert instructor.post("/instructor/content/publish").status_code == 409
    assert instructor.get("/instructor/content/state").json()["busy"]
    assert instructor.get("/instructor/content").status_code == 200


def test_a_note_that_fails_to_parse_is_listed_with_line_and_reason_and_answers_keep_coming(
    instructor: TestClient, site: AppContext
) -> None:
    (site.settings.dir / "bad.ko.md").write_bytes("# 제목\n\n본문\n".encode("cp949"))
    page = instructor.get("/instructor/content").text
    assert "bad.ko.md" in page
    assert "line 1" in page
    assert "have changed since they were read" in page
    instructor.post("/instructor/content/reload")
    idle(instructor)
    page = instructor.get("/instructor/content").text
    assert "bad.ko.md" in page
    assert "line 1" in page
    assert "The latest reading failed." not in page, "it is left out, and the others are read"
    upload(instructor, FILE, NOTE.replace("90", "120").encode())
    instructor.post("/instructor/content/publish")
    idle(instructor)
    assert "120 days" in site.service.assistant.index.notes[0].text, "it keeps no other note from going live"
    assert site.service.assistant.ask("What does a bucket hold?").question


def test_how_far_the_reading_is_can_be_followed(
    instructor: TestClient, site: AppContext, gate: threading.Event
) -> None:
    assert "Up to date" in instructor.get("/instructor/content").text
    gate.clear()
    instructor.post("/instructor/content/reload")
    eventually(lambda: instructor.get("/instructor/content/state").json() == {"busy": True, "done": 1, "total": 2})
    page = instructor.get("/instructor/content").text
    assert "<progress" in page
    assert "/instructor/content/reload" not in page
    assert instructor.post("/instructor/content/publish").status_code == 409
    (site.settings.data_dir / "earlier-notes/2026-01-01 00.00.00").mkdir(parents=True)
    restored = instructor.post("/instructor/content/restore", data={"version": "2026-01-01 00.00.00"})
    assert restored.status_code == 409
    assert (site.settings.dir / FILE).exists()
    gate.set()
    idle(instructor)


def test_an_upload_beyond_the_limit_is_refused(instructor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.instructor.content.MAX_UPLOAD_BYTES", 1000)
    assert upload(instructor, "a.md", b"x" * 2000) == 413


def test_a_stranger_cannot_upload_nor_learn_how_far_it_is(instructor: TestClient) -> None:
    stranger = TestClient(instructor.app, follow_redirects=False)
    assert upload(stranger, "a.md", NOTE.encode()) == 401
    assert stranger.get("/instructor/content/state").status_code == 401


def test_an_unknown_version_is_told(instructor: TestClient) -> None:
    assert instructor.post("/instructor/content/restore", data={"version": "../.."}).status_code == 400


def test_what_is_left_out_stands_on_the_content_page_with_line_and_reason(
    instructor: TestClient, site: AppContext
) -> None:
    (site.settings.dir / "glossary.yaml").write_text("- {ko: a}\n- {ko: b, ko: c}\n", encoding="utf-8")
    (site.settings.dir / "odd.en.md").write_bytes(b"# Odd\n\n\xff\n")
    (site.settings.dir / "html.en.md").write_text("# H\n\n<div>\n<![ x ]>\n</div>\n", encoding="utf-8")
    instructor.post("/instructor/content/reload")
    idle(instructor)
    page = instructor.get("/instructor/content").text
    assert all(told in page for told in ("glossary.yaml", "line 2", "stands twice in one entry", "odd.en.md", "line 3"))
    assert [note.file for note in site.service.assistant.index.notes] == ["html.en.md", FILE]
    assert [item.file for item in site.service.assistant.index.left_out] == ["odd.en.md", "glossary.yaml"]
    assert site.service.error is None


def test_the_page_says_how_each_note_was_read_and_what_to_look_at(instructor: TestClient, site: AppContext) -> None:
    page = instructor.get("/instructor/content").text
    assert "All is well: there is nothing to look at." in page
    assert "Left out on purpose" not in page
    shown = f"![x](gone.png) and [more](nowhere.md) and [all]({FILE})"
    odd = f"---\ntitle: S3: the basics\n---\n## Buckets\n\n{shown}\n"
    (site.settings.dir / "odd.md").write_text(odd, encoding="utf-8")
    (site.settings.dir / "soon.md").write_text("---\ndraft: true\n---\n# Soon\n", encoding="utf-8")
    (site.settings.dir / "LICENSE.md").write_text("MIT", encoding="utf-8")
    instructor.post("/instructor/content/reload")
    idle(instructor)
    for language, said in {
        "en": (
            "To look at: 3",
            "This figure is missing:",
            "This link leads to no note or file:",
            "A draft.",
            "S3: the basics",
        ),
        "ko": (
            "살펴볼 곳 3개",
            "그림 파일이 없어요:",
            "가리키는 노트나 파일이 없어요:",
            "아직 공개하지 않은 초안이에요.",
        ),
    }.items():
        page = instructor.get("/instructor/content", headers={"Accept-Language": language}).text
        assert [text for text in (*said, "gone.png", "nowhere.md", "soon.md", "LICENSE.md") if text not in page] == []
        assert "/notes/odd.md#L6" in page
        assert load_strings(CATALOGUE)[language]["check.well"] not in page
    (site.settings.dir / "gone.png").write_bytes(b"")
    (site.settings.dir / "nowhere.md").write_text("# There\n", encoding="utf-8")
    assert "To look at: 1" in instructor.get("/instructor/content").text


def test_a_document_becomes_a_note_while_the_page_tells_how_far_it_is(
    instructor: TestClient, settings: Settings
) -> None:
    document = b"<h1>Tides</h1><p>High water comes every 12 hours.</p><script></script><img src=x>"
    assert upload(instructor, "tides.html", document) == 303
    eventually(lambda: not instructor.get("/instructor/content/state").json()["busy"])
    page = instructor.get("/instructor/content").text
    assert "<strong>tides.html</strong> A new note." in page
    assert "Scripts and forms of the page were left out: 1." in page
    assert "+High water comes every 12 hours." in page
    whole = instructor.get("/instructor/content/waiting", params={"file": "tides.md"})
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert whole.text.endswith("# Tides\n\nHigh water comes every 12 hours.\n")
    assert instructor.get("/instructor/content/waiting", params={"file": "storage.en.md"}).status_code == 404
    assert not (settings.dir / "tides.md").exists()

    assert instructor.post("/instructor/content/publish").status_code == 303
    eventually(
        lambda: (settings.dir / "tides.md").exists() and not instructor.get("/instructor/content/state").json()["busy"]
    )
    assert "The uploaded notes are live." in instructor.get("/instructor/content").text
    korean = {"Accept-Language": "ko"}
    assert upload(instructor, "tides.pdf", b" ") == 303
    eventually(lambda: not instructor.get("/instructor/content/state").json()["busy"])
    assert "빈 파일이에요." in instructor.get("/instructor/content", headers=korean).text


def test_documents_wait_their_turn_while_the_notes_are_read(instructor: TestClient, gate: threading.Event) -> None:
    gate.clear()
    instructor.post("/instructor/content/reload")
    assert upload(instructor, "tides.html", b"<p>x</p>") == 409
    gate.set()
    eventually(lambda: not instructor.get("/instructor/content/state").json()["busy"])
