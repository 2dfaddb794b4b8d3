import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant.faq.log import WORK, QuestionLog
from assistant.faq.records import LoggedQuestion
from assistant.faq.storage.database import FILE_NAME, Database, database_url
from assistant.faq.storage.question_store import read_questions
from assistant.faq.storage.tables import QUESTIONS
from index.background import Background
from tests.helpers.faq_questions import answer, citation
from tests.places import ROOT

DAY_SECONDS = 86_400


@pytest.fixture
def log(database: Database) -> Iterator[QuestionLog]:
    log = QuestionLog(database)
    yield log
    log.close()


def stored(database: Database) -> list[LoggedQuestion]:
    with database.reading() as connection:
        return read_questions(connection)


def test_a_question_is_stored_with_what_was_decided_about_it(database: Database, log: QuestionLog) -> None:
    receipt = log.record(answer("S3가 뭐예요?"), session="tab-1", module="모듈 5: S3")
    assert receipt.wait(5)
    (question,) = stored(database)
    assert (question.identifier, question.text, question.language) == (receipt.identifier, "S3가 뭐예요?", "ko")
    assert (question.grounded, question.reason, question.module) == (True, "", "모듈 5: S3")
    assert question.citations == (citation(),)
    assert (question.helpful, question.for_instructor) == (None, False)


def test_a_declined_question_keeps_why(database: Database, log: QuestionLog) -> None:
    log.record(answer("DynamoDB는 뭐예요?", grounded=False, absent=("DynamoDB",)))
    log.record(answer("시험 언제 봐요?", grounded=False))
    assert log.flush()
    assert {question.reason for question in stored(database)} == {"absent: DynamoDB", "unlikely"}


def test_personal_data_is_masked_before_it_is_stored_wherever_it_stands(database: Database, log: QuestionLog) -> None:
    receipt = log.record(answer("제 메일 kim@univ.ac.kr로 보내 주세요", grounded=False, absent=("kim@univ.ac.kr",)))
    log.feedback(receipt.identifier, helpful=False, reason="010-1234-5678로 연락 주세요")
    assert log.flush()
    (question,) = stored(database)
    assert question.text == "제 메일 [이메일]로 보내 주세요"
    assert question.reason == "unlikely"
    assert question.feedback == "[전화번호]로 연락 주세요"


def test_one_visit_has_one_mark_that_does_not_tell_who_it_was(database: Database) -> None:
    for _ in range(2):
        log = QuestionLog(database)
        for session in ("kim-laptop", "kim-laptop", "lee-phone"):
            log.record(answer("S3가 뭐예요?"), session=session)
        log.close()
    marks = [question.session for question in stored(database)]
    assert len(set(marks)) == 4, "two visitors in each of two runs, which cannot be linked"
    assert all("kim" not in mark and mark.isalnum() for mark in marks)


@pytest.mark.parametrize("verdicts", [[True], [False, True], [True, None]], ids=["up", "changed", "taken-back"])
def test_the_last_thumb_counts(database: Database, log: QuestionLog, verdicts: list[bool | None]) -> None:
    identifier = log.record(answer("S3가 뭐예요?")).identifier
    for verdict in verdicts:
        log.feedback(identifier, helpful=verdict)
    assert log.flush()
    assert stored(database)[0].helpful is verdicts[-1]


def test_a_question_can_be_sent_to_the_instructor(database: Database, log: QuestionLog) -> None:
    log.ask_instructor(log.record(answer("시험 언제 봐요?", grounded=False)).identifier)
    assert log.flush()
    assert stored(database)[0].for_instructor


def test_text_that_a_database_refuses_is_stored_without_the_offending_characters(
    database: Database, log: QuestionLog
) -> None:
    assert log.record(answer("S3\x00가 \ud800뭐예요?")).wait(5)
    assert stored(database)[0].text == "S3가 ?뭐예요?"


def test_questions_older_than_the_retention_time_are_deleted_at_the_next_start(database: Database) -> None:
    now = time.time()
    for age_days in (31, 29):
        old = QuestionLog(database, clock=lambda age=age_days: now - age * DAY_SECONDS)
        assert old.record(answer(f"{age_days}일 전 질문")).wait(5)
        old.close()
    log = QuestionLog(database, retention_days=30)
    deadline = time.monotonic() + 10
    while len(stored(database)) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    log.close()
    assert [question.text for question in stored(database)] == ["29일 전 질문"]


def test_store_nothing_stores_nothing_and_still_gives_receipts() -> None:
    log = QuestionLog(None)
    receipt = log.record(answer("S3가 뭐예요?"))
    log.feedback(receipt.identifier, helpful=True)
    assert not log.enabled
    assert not receipt.wait(0)
    log.close()


def test_writing_while_reading_loses_nothing(database: Database, log: QuestionLog) -> None:
    reading = threading.Event()

    def read() -> None:
        while not reading.is_set():
            stored(database)

    reader = threading.Thread(target=read)
    reader.start()
    writers = [
        threading.Thread(target=lambda name=name: [log.record(answer(f"{name}-{number}?")) for number in range(100)])
        for name in "abcde"
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert log.flush(30)
    reading.set()
    reader.join()
    assert len({question.text for question in stored(database)}) == 500


_RECORDS_FOREVER = """
import itertools, sys
sys.path.insert(0, ".")
import sqlalchemy as sa
from assistant.faq.storage.database import Database
from assistant.faq.log import WORK, QuestionLog
from tests.helpers.faq_questions import answer
log = QuestionLog(Database.open(sa.make_url(sys.argv[1])))
for number in itertools.count():
    receipt = log.record(answer(f"question {number}"))
    if number % 7 == 0 and receipt.wait(10):
        print(receipt.identifier, flush=True)
"""


def test_kill_9_in_the_middle_of_writes_loses_no_acknowledged_question(faq_url: sa.URL) -> None:
    url = faq_url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", _RECORDS_FOREVER, url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(25)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += process.stdout.read().split()
    with Database.open(faq_url) as database:
        kept = {question.identifier for question in stored(database)}
    assert len(acknowledged) >= 25
    assert set(acknowledged) - kept == set()


def test_a_locked_database_delays_no_answer_and_gets_all_once_it_is_free(tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path)) as database, Background() as background:
        log = QuestionLog(database, background=background)
        other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        receipts = [log.record(answer(f"question {number}")) for number in range(100)]
        written_meanwhile = [receipt for receipt in receipts if receipt.wait(0)]
        deadline = time.monotonic() + 10
        while not background.failures and time.monotonic() < deadline:
            time.sleep(0.05)
        (failure,) = background.failures
        other.execute("ROLLBACK")
        other.close()
        assert log.flush(20)
        log.close()
        assert written_meanwhile == []  # all were taken while none could be written
        assert (failure.work, "locked" in failure.reason, failure.again_at is not None) == (WORK, True, True)
        assert background.failures == []
        assert log.notice == ""
        assert all(receipt.wait(0) for receipt in receipts)
        assert len(stored(database)) == 100


def test_a_full_disk_becomes_a_notice_and_answers_keep_coming(tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path)) as database, Background() as background:
        sa.event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 40"))
        database.engine.dispose()
        log = QuestionLog(database, capacity=200, background=background)
        deadline = time.monotonic() + 60
        while not background.failures and time.monotonic() < deadline:
            log.record(answer("What fills a disk?"))
        assert "full" in background.failures[0].reason
        for _ in range(201):  # one more than may wait
            log.record(answer("still answering?"))
        assert "could not be kept" in log.notice
        kept = len(stored(database))
        assert log.record(answer("still answering?")).identifier
        log.close(0.1)
        assert len(stored(database)) == kept


@pytest.mark.parametrize("value", [2**70, object()], ids=["too-large", "no-value"])
def test_a_value_that_the_driver_cannot_pass_on_does_not_hold_up_the_log(
    database: Database, log: QuestionLog, value: object
) -> None:
    log.record(answer("before"))
    log.record(answer("x"), entry=value)  # type: ignore[arg-type]
    log.record(answer("after"))
    assert log.flush()
    assert {question.text for question in stored(database)} == {"before", "after"}
    assert "1 questions could not be kept" in log.notice


def test_an_unforeseen_error_in_the_writing_thread_does_not_end_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Background() as background:
        told: list[int] = []

        def on_stored() -> None:
            told.append(1)
            if len(told) == 1:
                raise KeyError("unforeseen")

        log = QuestionLog(database, on_stored=on_stored, background=background)
        assert log.record(answer("first")).wait(10)
        assert log.record(answer("second")).wait(10)
        assert log.flush()
        log.close()
    assert len(stored(database)) == 2


def test_thumbs_and_questions_for_the_instructor_tell_when_they_are_stored(
    database: Database, log: QuestionLog
) -> None:
    identifier = log.record(answer("S3가 뭐예요?")).identifier
    assert log.feedback(identifier, helpful=True).wait(5)
    assert log.ask_instructor(identifier).wait(5)
    (question,) = stored(database)
    assert (question.helpful, question.for_instructor) == (True, True)


def test_a_question_at_fault_does_not_take_its_neighbours_with_it(database: Database, log: QuestionLog) -> None:
    log.record(answer("before"))
    bad = log.record(answer("x", language="klingon" * 20), session="s")
    log.record(answer("after"))
    assert log.flush()
    texts = {question.text for question in stored(database)}
    assert {"before", "after"} <= texts
    if not database.is_sqlite:  # SQLite does not check the length of a column
        assert not bad.wait(0)
        assert "1 questions could not be kept" in log.notice


def test_an_answer_of_no_probability_is_stored_and_its_question_stays_out_of_the_log_file(
    database: Database, log: QuestionLog, caplog: pytest.LogCaptureFixture
) -> None:
    log.record(replace(answer("비밀 질문"), probability=float("nan")))
    log.record(replace(answer("비밀 질문 둘"), probability=float("inf")))
    assert log.flush()
    assert [question.probability for question in stored(database)] == [0.0, 0.0]
    assert "비밀" not in caplog.text


def test_the_message_of_a_failed_statement_holds_no_values(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught, database.writing() as connection:
        connection.execute(sa.insert(QUESTIONS).values(id="q", text="비밀 질문"))
    if database.is_sqlite:  # PostgreSQL itself quotes the row: its message is never logged
        assert "비밀" not in str(caught.value)
