"""What a running app does in the background: no error ends it in silence, and health, status and instructor are told."""

import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fastapi.testclient import TestClient
from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.outputs import ChatGenerationChunk
from pydantic import SecretStr

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.database import FILE_NAME, Database, database_url
from assistant.generating.chat_model import ChatModelError, ChatStream, Limits
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService, StillLoadingError
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import ROUTERS, create_application
from assistant.web.running import open_faq
from assistant.web.strings import load_strings
from index import ContentError, CourseIndex, EncoderLostError, StorageError, build_index
from index.background import Background
from tests.helpers.fakes import HashingEncoder, ScriptedChatModel
from tests.helpers.faq_questions import answer

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
NOTE = "# Module 1: Storage\n\n## Buckets\n\nA bucket holds objects for 90 days.\n"


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


class Outcomes:
    """A loader that raises what stands in ``errors``, one after the other, and then returns the assistant."""

    def __init__(self, assistant: Assistant | None = None) -> None:
        self.assistant = assistant
        self.errors: list[Exception] = []
        self.loads = 0

    def __call__(self) -> Assistant:
        self.loads += 1
        if self.errors:
            raise self.errors.pop(0)
        assert self.assistant is not None
        return self.assistant


@pytest.fixture
def background() -> Iterator[Background]:
    with Background() as background:
        yield background


@pytest.fixture
def small(tmp_path: Path, small_glossary_here: None) -> tuple[Settings, Assistant]:
    """An assistant over a course of one note."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "storage.en.md").write_text(NOTE, encoding="utf-8")
    settings, encoder = Settings(dir=tmp_path / "notes", data_dir=tmp_path / "data"), HashingEncoder()
    build_index(settings, encoder)
    return settings, Assistant(CourseIndex.open(settings, encoder))


@pytest.fixture
def outcomes(small: tuple[Settings, Assistant]) -> Outcomes:
    return Outcomes(small[1])


@pytest.fixture
def instructor(small: tuple[Settings, Assistant], outcomes: Outcomes, background: Background) -> Iterator[TestClient]:
    service = AssistantService(outcomes, background)
    service.reload()
    database = Database.open(database_url(None, small[0].data_dir))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqService(database, lambda: service.assistant.index, background=background) as desk:
        site = AppContext(service, small[0], load_strings(), log=ChatLog(desk.log), faq=desk, background=background)
        client = TestClient(
            create_application(site, ROUTERS, {}), headers={"Accept-Language": "en", "Accept": "text/html"}
        )
        signed_in = client.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
        assert signed_in.status_code == 200
        yield client


# Loading --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyError("unforeseen"), EncoderLostError("It ended.")], ids=["unforeseen", "lost"])
def test_a_first_load_that_fails_by_surprise_is_told_and_tried_again(
    small: tuple[Settings, Assistant], background: Background, error: Exception
) -> None:
    outcomes = Outcomes(small[1])
    outcomes.errors = [error]
    service = AssistantService(outcomes, background)
    work = service.start()
    wait_until(lambda: service.error is not None or service.ready)
    site = AppContext(service, small[0], load_strings(), background=background)
    if not service.ready:
        assert site.status()["error"]
    work.join(30)
    assert service.ready
    assert service.trouble is None
    assert site.status()["error"] == ""
    assert outcomes.loads == 2


def test_a_first_load_that_will_never_succeed_is_not_tried_again(background: Background) -> None:
    outcomes = Outcomes()
    outcomes.errors = [ContentError("it is empty", "a.md")]
    service = AssistantService(outcomes, background)
    service.start().join(10)
    assert outcomes.loads == 1
    assert "empty" in str(service.trouble)


def test_an_error_while_warming_up_is_told_and_does_not_load_again(
    small: tuple[Settings, Assistant], background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes, warmed = Outcomes(small[1]), []

    def warm_up() -> None:
        warmed.append(1)
        if len(warmed) == 1:
            raise KeyError("cold")

    monkeypatch.setattr(small[1], "warm_up", warm_up)
    AssistantService(outcomes, background).start().join(30)
    assert (len(warmed), outcomes.loads) == (2, 1)


def test_what_publishing_starts_tells_of_an_unforeseen_error_and_the_notes_in_force_stay(
    instructor: TestClient, outcomes: Outcomes
) -> None:
    outcomes.errors = [KeyError("unforeseen")]
    instructor.post("/instructor/content/reload")
    wait_until(lambda: not instructor.get("/instructor/content/state").json()["busy"])
    assert "KeyError" in instructor.get("/instructor/content").text
    assert instructor.post("/api/ask", json={"question": "What holds objects?"}).status_code == 200
    instructor.post("/instructor/content/reload")
    wait_until(lambda: not instructor.get("/instructor/content/state").json()["busy"])
    assert "KeyError" not in instructor.get("/instructor/content").text


# Grouping -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [KeyError("unforeseen"), StorageError("The disk is full.")], ids=["unforeseen", "disk"]
)
def test_grouping_goes_on_after_an_error_which_the_instructor_is_told(
    instructor: TestClient, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    faults = [error] * 3

    def group_new(_: object) -> int:
        if faults:
            raise faults.pop()
        return 0

    monkeypatch.setattr("assistant.faq.grouping.grouper.Grouper.group_new", group_new)
    wait_until(lambda: len(faults) < 3)
    page = instructor.get("/instructor/overview").text
    assert "Grouping questions: failed at" in page
    assert "tried again at" in page
    wait_until(lambda: not faults)
    wait_until(lambda: "Grouping questions: failed" not in instructor.get("/instructor/overview").text)


# Health ---------------------------------------------------------------------------------------------------------------


def test_health_and_status_tell_of_an_encoder_that_cannot_encode(
    small: tuple[Settings, Assistant], outcomes: Outcomes
) -> None:
    troubles: list[EncoderLostError] = []
    service = AssistantService(outcomes, encoder_trouble=lambda: troubles[0] if troubles else None)
    client = TestClient(create_application(AppContext(service, small[0], load_strings()), ROUTERS, {}))
    assert (client.get("/healthz").status_code, client.get("/status").json()["ready"]) == (503, False)
    assert isinstance(service.trouble, StillLoadingError)
    service.reload()
    assert (client.get("/healthz").status_code, client.get("/status").json()["ready"]) == (200, True)
    troubles.append(EncoderLostError("The encoder has shown no life for 7 seconds."))
    health, status = client.get("/healthz"), client.get("/status").json()
    assert health.status_code == 503
    assert "Retry-After" in health.headers
    assert "no life" in health.json()["detail"]
    assert status["ready"] is False
    assert "no life" in status["error"]
    troubles.clear()
    assert client.get("/healthz").status_code == 200


# The database ---------------------------------------------------------------------------------------------------------


def test_a_database_that_is_locked_at_the_start_is_opened_later_and_loses_no_question(
    small: tuple[Settings, Assistant], background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.faq.storage.database._BUSY_SECONDS", 0.5)
    settings = small[0]
    settings.data_dir.mkdir(exist_ok=True)
    other = sqlite3.connect(settings.data_dir / FILE_NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    service = AssistantService(Outcomes(small[1]), background)
    service.reload()
    with open_faq(
        settings.model_copy(update={"instructor_password": SecretStr(PASSWORD)}), service, background
    ) as desk:
        site = AppContext(service, settings, load_strings(), log=ChatLog(desk.log), faq=desk, background=background)
        client = TestClient(create_application(site, ROUTERS, {}), headers={"Accept-Language": "en"})
        receipt = desk.log.record(answer("S3가 뭐예요?"))
        wait_until(lambda: {failure.work for failure in background.failures} >= {"open-database", "question-log"})
        assert not receipt.wait(0)
        sign_in = {"name": FIRST_NAME, "password": PASSWORD}
        assert client.post("/instructor/sign-in", data=sign_in).status_code == 503
        assert client.post("/api/ask", json={"question": "What holds objects?"}).status_code == 200
        other.execute("ROLLBACK")
        other.close()
        assert receipt.wait(30)
        wait_until(lambda: client.post("/instructor/sign-in", data=sign_in).status_code == 200)
        wait_until(lambda: not background.failures)


# What a student is thanked for ----------------------------------------------------------------------------------------


def test_only_what_is_stored_is_said_to_be_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.faq.service._STORED_WITHIN_SECONDS", 0.3)
    with Database.open(database_url(None, tmp_path)) as database, FaqService(database, lambda: None) as desk:
        log = ChatLog(desk.log)
        unanswered = answer("시험 언제 봐요?", grounded=False)
        assert log.ask_instructor(unanswered, "tab", identifier="a" * 32)
        assert log.feedback(answer("S3가 뭐예요?"), "tab", identifier="b" * 32, helpful=False, reason="틀렸어요")
        with database.writing():
            assert not log.ask_instructor(answer("숙제는 언제까지예요?", grounded=False), "tab", identifier="c" * 32)
        assert desk.log.flush(10)


# The chat model -------------------------------------------------------------------------------------------------------


class EndingModel(ScriptedChatModel):
    """Ends the thread that asks it, as a library that calls ``sys.exit`` does."""

    def _stream_of(self, messages: list[BaseMessage]) -> NoReturn:
        raise SystemExit(3)

    async def _astream(self, messages: list[BaseMessage], **options: Any) -> AsyncIterator[ChatGenerationChunk]:
        if not self.replies:
            self._stream_of(messages)
        async for chunk in super()._astream(messages):
            yield chunk


def test_a_chat_model_that_ends_its_thread_is_told_and_asked_again_next_time() -> None:
    model = EndingModel()
    stream = ChatStream(lambda: model, Limits(heartbeat_seconds=0.05, total_seconds=5.0))
    told: list[ChatModelError] = []

    def ask() -> None:
        try:
            list(stream.stream([HumanMessage("What holds objects?")]))
        except ChatModelError as error:
            told.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(20)
    assert told, "the answer waits without end"
    model.replies = [["A bucket."]]
    assert "".join(stream.stream([HumanMessage("What holds objects?")])).strip() == "A bucket."
    stream.close()
