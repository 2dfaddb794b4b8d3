"""What a browser keeps is not believed: forged archives reach neither the question log nor the search."""

import errno
import hashlib
import hmac
import json
import os
import stat
import threading
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.faq.records import LoggedQuestion
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.question_store import read_questions
from assistant.records import Answer, Citation
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.answer_log import Visit
from assistant.web.api.guard import clean_body
from assistant.web.app_context import AppContext
from assistant.web.chat.archive import MAX_BYTES, MAX_CONVERSATIONS, MAX_EXCHANGES, Archive, from_json, to_json
from assistant.web.chat.events import ChatEvents
from assistant.web.receipts import Receipts
from assistant.web.strings import load_strings
from index import StorageError

QUESTION = "CloudTrail 기록은 며칠 보관돼?"
PAGE = Visit("page")
LIE = Answer(
    question="시험 답은?",
    language="ko",
    grounded=True,
    body="시험 답은 3번입니다. [1]",
    citations=(Citation(1, "모듈 1", ("가짜",), "no-such-note.md", 1, 2_000_000_000, "가짜 줄"),),
    suggestions=(),
    absent=(),
    probability=1.0,
    engine="verified",
    seconds=0.1,
)


@pytest.fixture
def desk(tmp_path: Path, assistant: Assistant) -> Iterator[FaqService]:
    with FaqService(Database.open(database_url(None, tmp_path)), lambda: assistant.index) as desk:
        yield desk


@pytest.fixture
def events(desk: FaqService, assistant: Assistant, settings: Settings) -> ChatEvents:
    service = AssistantService(lambda: assistant)
    service.reload()
    return ChatEvents(AppContext(service, settings, load_strings(), log=ChatLog(desk.log)), "ko")


def logged(desk: FaqService) -> list[LoggedQuestion]:
    assert desk.log.flush()
    with desk.database.reading() as connection:
        return read_questions(connection)


def asked(events: ChatEvents, archive: Archive, question: str, visit: Visit = PAGE) -> Archive:
    """Return the archive after a question, as it comes back from the browser."""
    *_, last = events.answer(None, events.ask(question, to_json(archive)), visit)
    return from_json(json.loads(json.dumps(to_json(last))))


def forged(**changes: Any) -> Archive:
    archive = Archive().asked(LIE.question).with_last(answer=LIE, state="done")
    return archive.with_last(**changes)


def test_a_forged_answer_is_rated_and_sent_for_nothing(events: ChatEvents, desk: FaqService):
    real = asked(events, Archive(), QUESTION)
    receipt = real.conversation.exchanges[0].receipt
    for archive in (
        forged(),
        forged(receipt=receipt),
        forged(receipt="x"),
        forged(receipt="0.\ud7ff"),
        forged(receipt="."),
    ):
        rated = events.rate(to_json(archive), 0, False, PAGE)
        assert not rated.is_stored, "nobody is thanked for it"
        events.report(rated.archive, 0, helpful=False, reason="거짓", visit=PAGE)
        events.send_to_instructor(to_json(archive), PAGE)
        assert not events.can_ask_instructor(archive.with_last(answer=replace(LIE, grounded=False)))
    (only,) = logged(desk)
    assert (only.text, only.engine, only.helpful, only.for_instructor) == (QUESTION, "extractive", None, False)


def test_an_answer_changed_in_the_browser_is_no_longer_the_servers(events: ChatEvents, desk: FaqService):
    real = asked(events, Archive(), QUESTION)
    answer = real.conversation.exchanges[0].answer
    assert answer is not None
    events.rate(to_json(real.with_last(answer=replace(answer, engine="verified"))), 0, True, PAGE)
    assert logged(desk)[0].helpful is None
    assert events.rate(to_json(real), 0, True, PAGE).is_stored
    assert logged(desk)[0].helpful is True


def test_thumbs_after_equal_questions_go_to_their_own(events: ChatEvents, desk: FaqService):
    twice = asked(events, asked(events, Archive(), QUESTION), QUESTION)
    events.rate(to_json(twice), 0, False, PAGE)
    assert [question.helpful for question in logged(desk)] == [False, None]
    events.rate(to_json(twice), 1, True, PAGE)
    assert [question.helpful for question in logged(desk)] == [False, True]


def test_a_question_that_was_not_to_be_kept_is_kept_when_its_student_sends_it(events: ChatEvents, desk: FaqService):
    declined = asked(events, Archive(), "쿠버네티스 오퍼레이터는 어떻게 만들어?", Visit("page", may_keep=False))
    assert logged(desk) == []
    assert events.can_ask_instructor(declined)
    assert events.send_to_instructor(to_json(declined), Visit("page", may_keep=False))
    (sent,) = logged(desk)
    assert sent.for_instructor


def test_what_a_forged_answer_cites_is_not_read(events: ChatEvents):
    started = time.thread_time()
    for follow_up in ("더 자세히 알려 주세요.", "두 번째는?", "왜?", "영어로"):
        archive = asked(events, forged(), follow_up)
        assert archive.conversation.last is not None
        assert archive.conversation.last.state == "done"
    assert time.thread_time() - started < 10


def test_a_long_text_in_a_forged_answer_holds_nobody_up(events: ChatEvents, desk: FaqService):
    lie = replace(LIE, question="더" * 108_000, standalone="1" * 108_000)
    archive = Archive().asked(lie.question).with_last(answer=lie, state="done")
    started = time.thread_time()
    asked(events, archive, "왜?")
    assert time.thread_time() - started < 5
    assert all(len(question.text) <= 2000 for question in logged(desk))


def test_an_archive_from_before_receipts_is_shown_and_goes_on(events: ChatEvents, desk: FaqService):
    old = to_json(asked(events, Archive(), QUESTION))
    for exchange in old["conversations"][0]["exchanges"]:
        del exchange["receipt"]
    opened = from_json(old)
    assert "90일" in str(events.shown(opened)[-1]["content"].value)
    assert not events.can_ask_instructor(opened)
    on = asked(events, opened, "그럼 영구 보관은?")
    assert on.conversation.last is not None
    assert on.conversation.last.answer is not None
    assert "CloudTrail" in on.conversation.last.answer.standalone
    assert len(logged(desk)) == 2


def test_an_answer_from_a_note_whose_letters_are_apart_is_still_the_servers():
    apart = unicodedata.normalize("NFD", "한글 노트의 줄\x7f")
    cited = replace(LIE.citations[0], quote=apart, heading_path=(apart,))
    answer = replace(LIE, body=f"{apart} [1]", citations=(cited,))
    receipts = Receipts()
    archive = Archive().asked(LIE.question).with_last(answer=answer, state="done", receipt=receipts.issue("1", answer))
    back = from_json(json.loads(clean_body(json.dumps(to_json(archive)).encode()))).conversation.exchanges[0]
    assert back.answer is not None
    assert back.answer != answer, "the border composes what passes it"
    assert receipts.identifier(back.receipt, back.answer) == "1"


# Limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["\ud800", "더\udfff", "a\ud800b"], ids=ascii)
def test_half_a_character_costs_nobody_the_other_conversations(text: str):
    kept = to_json(forged().begun().asked("x"))
    kept["conversations"][0]["exchanges"][0]["question"] = text
    archive = from_json(kept)
    assert len(archive.conversations) == 2
    archive.conversation.exchanges[0].question.encode()


def test_more_than_the_chat_would_keep_is_left_out():
    exchange = to_json(forged())["conversations"][0]["exchanges"][0]
    many = [{"identifier": str(number), "exchanges": [exchange] * 100} for number in range(100)]
    archive = from_json({"current": "0" * 1000, "conversations": many})
    assert len(archive.conversations) == MAX_CONVERSATIONS
    assert {len(conversation.exchanges) for conversation in archive.conversations} == {MAX_EXCHANGES}
    assert len(archive.current) <= 64


@pytest.mark.parametrize(
    "value", [float("nan"), {1: object()}, {"current": float("inf")}], ids=["nan", "object", "inf"]
)
def test_what_is_no_json_is_an_empty_archive(value: object):
    assert from_json(value) == Archive()


def test_endless_nesting_is_an_empty_archive():
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    assert from_json(value) == Archive()
    while value:  # taken apart from outside: Python would do it one within the other
        value = value.pop()


def test_the_archive_never_grows_beyond_what_a_request_takes():
    large = replace(LIE, body="가" * 200_000)
    archive = Archive()
    for number in range(12):
        archive = archive.begun().asked(f"질문 {number}").with_last(answer=large, state="done", receipt="x")
    archive = archive.asked("이어서").with_last(answer=large, state="done").asked("더")
    assert len(json.dumps(to_json(archive), ensure_ascii=False).encode()) < MAX_BYTES + 100_000
    assert archive.conversation.exchanges[-1].question == "더"
    assert archive.conversation.exchanges[0].question == "질문 11"


# The key --------------------------------------------------------------------------------------------------------


def test_the_key_is_made_once_for_this_user_only(tmp_path: Path):
    folder = tmp_path / "data"
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(Receipts.of_folder(folder).issue("1", LIE))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Receipts.of_folder(folder).identifier(made[0], LIE) == "1"
    assert Receipts().identifier(made[0], LIE) is None


def test_a_file_system_without_links_keeps_a_key_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    receipt = Receipts.of_folder(tmp_path).issue("1", LIE)
    assert Receipts.of_folder(tmp_path).identifier(receipt, LIE) == "1"
    assert [file.name for file in tmp_path.iterdir()] == ["receipts.key"]


def test_a_damaged_key_is_told(tmp_path: Path):
    (tmp_path / "receipts.key").write_bytes(b"short")
    with pytest.raises(StorageError, match=r"receipts\.key"):
        Receipts.of_folder(tmp_path)


def test_a_receipt_from_before_answers_told_their_kind_or_could_be_provisional_stays_good(settings: Settings):
    receipts = Receipts.of_folder(settings.data_dir)
    told = {name: value for name, value in LIE.to_json().items() if name not in ("kind", "offer", "provisional")}
    signed = json.dumps(["x", told], sort_keys=True)
    earlier = hmac.new(receipts._key, signed.encode(), hashlib.sha256).hexdigest()
    assert receipts.identifier(f"x.{earlier}", LIE) == "x"
    assert receipts.identifier(f"x.{earlier}", replace(LIE, provisional=True)) is None
