"""In the chat the quoted lines stand at once; while a model words them nobody waits, and nothing is lost by leaving."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.faq.records import LoggedQuestion
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.question_store import read_questions
from assistant.generating.chat_model import ChatStream, Limits
from assistant.generating.chat_model_writer import ChatModelWriter
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.answer_log import Visit
from assistant.web.app_context import AppContext
from assistant.web.chat.answer_view import exchange_html
from assistant.web.chat.archive import Archive, Exchange, from_json, to_json
from assistant.web.chat.events import ChatEvents
from assistant.web.strings import load_strings
from tests.helpers.fakes import ProviderError, ScriptedChatModel

QUESTION = "CloudTrail 기록은 며칠 보관돼?"
TRUE = "CloudTrail은 기록을 90일까지 저장합니다. [1]"
PAGE = Visit("page")
LIMITS = Limits(total_seconds=20.0, attempts=1, heartbeat_seconds=0.05)
STRINGS = load_strings()["ko"]


@pytest.fixture
def model() -> ScriptedChatModel:
    return ScriptedChatModel()


@pytest.fixture
def desk(tmp_path: Path, assistant: Assistant) -> Iterator[FaqService]:
    with FaqService(Database.open(database_url(None, tmp_path)), lambda: assistant.index) as desk:
        yield desk


@pytest.fixture
def events(
    desk: FaqService, assistant: Assistant, settings: Settings, model: ScriptedChatModel
) -> Iterator[ChatEvents]:
    writer = ChatModelWriter("scripted:one", ChatStream(lambda: model, LIMITS), assistant.index)
    service = AssistantService(lambda: Assistant(assistant.index, writer))
    service.reload()
    yield ChatEvents(AppContext(service, settings, load_strings(), log=ChatLog(desk.log)), "ko")
    writer.close()


def logged(desk: FaqService) -> list[LoggedQuestion]:
    assert desk.log.flush()
    with desk.database.reading() as connection:
        return read_questions(connection)


def sent(archive: Archive) -> Archive:
    """Return ``archive`` as it comes back from the browser."""
    return from_json(json.loads(json.dumps(to_json(archive))))


def while_it_is_worded(events: ChatEvents) -> tuple[Iterator[Archive], Archive]:
    """Ask, and return the events that follow and the archive while the model is still writing."""
    growing = events.answer(None, events.ask(QUESTION, to_json(Archive())), PAGE)
    return growing, next(growing)


def shown(exchange: Exchange | None) -> str:
    assert exchange
    return exchange_html(exchange, STRINGS)


def test_the_lines_are_shown_at_once_with_a_note_and_then_the_models_words_alone(events, model, desk):
    model.replies = [[0.3, TRUE]]
    growing, first = while_it_is_worded(events)
    assert "90일" in shown(first.conversation.last)
    assert STRINGS["chat.writing"] in shown(first.conversation.last)
    *silent, last = growing
    assert sum(archive is first for archive in silent) >= 3, "what has not changed is not shown again"
    assert last.conversation.last.answer.engine == "scripted:one"
    assert STRINGS["chat.writing"] not in shown(last.conversation.last)
    assert [question.engine for question in logged(desk)] == ["scripted:one"]


def test_where_the_model_fails_the_lines_stay_and_a_notice_says_so(events, model):
    model.replies = [[ProviderError(401)]]
    growing, first = while_it_is_worded(events)
    *_, last = growing
    assert last.conversation.last.answer.text == first.conversation.last.answer.text
    assert last.conversation.last.answer.notice in shown(last.conversation.last)
    assert STRINGS["chat.writing"] not in shown(last.conversation.last)


@pytest.mark.parametrize("ending", ["stopped", "resumed", "broken"])
def test_lines_that_were_only_to_be_worded_are_an_answer_to_go_on_from(events, model, desk, ending):
    model.replies = [[5.0, TRUE]]
    growing, first = while_it_is_worded(events)
    growing.close()
    ended = sent(getattr(events, ending)(to_json(sent(first))))
    assert ended.conversation.last.state == "done"
    assert STRINGS["chat.writing"] not in shown(ended.conversation.last)
    assert [(question.text, question.engine) for question in logged(desk)] == [(QUESTION, "extractive")]
    assert events.rate(to_json(ended), 0, True, PAGE).is_stored
    model.replies = [[ProviderError(401)]]
    *_, follow_up = events.answer(None, events.ask("그럼 영구 보관은?", to_json(ended)), PAGE)
    assert "S3" in follow_up.conversation.last.answer.text


@pytest.mark.parametrize("ending", ["stopped", "broken"])
def test_what_was_not_yet_answered_is_none(events, ending):
    ended = getattr(events, ending)(to_json(events.ask(QUESTION, to_json(Archive()))))
    assert ended.conversation.last.state in ("stopped", "failed")


def test_a_rewriter_is_not_waited_for_before_the_lines_are_shown(course_index, model):
    class SlowRewriter:
        version = "slow"

        def __init__(self) -> None:
            self.asked: list[str] = []

        def rewrite(self, question: str, language: str, history: object) -> str:
            self.asked.append(question)
            return "CloudTrail 기록을 영구 보관하려면?"

    rewriter = SlowRewriter()
    model.replies = [[ProviderError(401)], [ProviderError(401)]]
    writer = ChatModelWriter("scripted:one", ChatStream(lambda: model, LIMITS), course_index)
    assistant = Assistant(course_index, writer, rewriter=rewriter)
    history = assistant.replay([QUESTION])
    assert rewriter.asked == []
    stream = assistant.stream("그럼 영구 보관은?", history=history)
    first = next(stream)
    assert first.provisional
    assert "S3" in first.text
    assert rewriter.asked == []
    *_, last = stream
    writer.close()
    assert rewriter.asked == ["그럼 영구 보관은?"]
    assert last.standalone == "CloudTrail 기록을 영구 보관하려면?"
