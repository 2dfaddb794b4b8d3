"""Small talk, other modules and slips in the chat: what is shown, offered and kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.faq.records import LoggedQuestion
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.question_store import read_questions
from assistant.records import AnswerKind
from assistant.serving.assistant import Assistant
from assistant.serving.cache import AnswerCache
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.answer_log import Visit
from assistant.web.app_context import AppContext
from assistant.web.chat.answer_view import answer_html
from assistant.web.chat.archive import Archive, to_json
from assistant.web.chat.events import ChatEvents
from assistant.web.strings import load_strings

VISIT = Visit("tab")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FaqService]:
    with Database.open(database_url(None, tmp_path)) as database, FaqService(database, lambda: None) as desk:
        yield desk


@pytest.fixture
def events(desk: FaqService, assistant: Assistant, settings: Settings) -> ChatEvents:
    verified = Assistant(assistant.index, cache=AnswerCache(), published=lambda _: {})
    service = AssistantService(lambda: verified)
    service.reload()
    return ChatEvents(AppContext(service, settings, load_strings(), log=ChatLog(desk.log)), "ko")


def asked(events: ChatEvents, archive: Archive, question: str, module: str = "") -> Archive:
    *_, last = events.answer(module, events.ask(question, to_json(archive)), VISIT)
    return last


def stored(desk: FaqService) -> list[LoggedQuestion]:
    assert desk.log.flush()
    with desk.database.reading() as connection:
        return read_questions(connection)


def test_small_talk_is_neither_declined_nor_kept_and_offers_questions(events: ChatEvents, desk: FaqService) -> None:
    archive = asked(events, Archive(), "안녕하세요!")
    answer = archive.conversation.last.answer
    html = answer_html(answer, load_strings()["ko"])
    assert "declined" not in html
    assert "badge" not in html
    assert not events.can_ask_instructor(archive)
    assert len(events.next_questions(archive)) == 3
    assert stored(desk) == []


def test_a_missing_module_is_no_gap(events: ChatEvents, desk: FaqService) -> None:
    archive = asked(events, Archive(), "모듈 2는?")
    assert not events.can_ask_instructor(archive)
    assert stored(desk) == []


def test_another_module_is_one_press_away_and_no_gap(events: ChatEvents, desk: FaqService) -> None:
    archive = asked(events, Archive(), "CloudTrail 기록은 며칠 보관돼?", "모듈 5: S3로 스토리지 솔루션 개발")
    html = answer_html(archive.conversation.last.answer, load_strings()["ko"])
    assert "badge" not in html
    assert "/notes/" in html
    (offer,) = events.next_questions(archive)
    pressed = asked(events, archive, offer, "모듈 5: S3로 스토리지 솔루션 개발")
    assert pressed.conversation.last.answer.grounded
    assert [question.grounded for question in stored(desk)] == [True, True]
    assert {question.module for question in stored(desk)} == {"모듈 1: AWS 클라우드 컴퓨팅"}


def test_a_declined_question_is_a_gap_as_before(events: ChatEvents, desk: FaqService) -> None:
    archive = asked(events, Archive(), "DynamoDB 파티션 키는?")
    assert events.can_ask_instructor(archive)
    assert [question.grounded for question in stored(desk)] == [False]


def test_who_says_that_it_was_no_small_talk_is_kept(events: ChatEvents, desk: FaqService) -> None:
    archive = asked(events, Archive(), "심심해요")
    assert events.rate(to_json(archive), 0, True, VISIT).is_stored
    assert stored(desk) == []
    assert events.rate(to_json(archive), 0, False, VISIT).is_stored
    (question,) = stored(desk)
    assert (question.text, question.helpful) == ("심심해요", False)


def test_no_published_answer_takes_the_place_of_small_talk(assistant: Assistant) -> None:
    seen: list[str] = []
    watched = Assistant(assistant.index, published=lambda question: seen.append(question) or {})
    assert watched.ask("안녕하세요").kind is AnswerKind.SMALL_TALK
    assert seen == []
    watched.ask("CloudTrail 기록은 며칠 보관돼?")
    assert len(seen) == 1
