"""The question log as the app uses it: takes questions at once and writes them in a thread of its own.

``record`` never waits for a disk and never fails: an answer must not depend on the log. What the database does not take
is tried again until it does; while it does not, :attr:`QuestionLog.notice` says so.
"""

import hashlib
import logging
import queue
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import exc

from assistant.faq.database import Database
from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.masking import mask
from assistant.faq.question_store import Change, Feedback, ForInstructor, delete_questions_before, write_changes
from assistant.faq.records import LoggedQuestion
from assistant.records import Answer
from index import detect_language

CAPACITY = 20_000
_BATCH = 200
_LONGEST_WAIT_SECONDS = 5.0
_DAY_MS = 86_400_000
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What :meth:`QuestionLog.record` gives: the question's identifier, and whether it is safely stored."""

    identifier: str
    stored: threading.Event

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until the question is committed and return whether it is: from then on no crash loses it."""
        return self.stored.wait(timeout_seconds)


@dataclass(frozen=True, slots=True)
class _Task:
    change: Change
    stored: threading.Event


class QuestionLog:
    """Keeps questions, for a limited time, without names. Close it to write what is still waiting.

    :param database: Where to; None stores nothing (the setting ``NOTES_LOG_QUESTIONS=false``).
    :param retention_days: How long questions are kept.
    :param on_stored: Called in the writing thread after every commit of questions.
    """

    def __init__(
        self,
        database: Database | None,
        retention_days: int = 365,
        *,
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.time,
        on_stored: Callable[[], object] | None = None,
    ) -> None:
        self._database = database
        self._retention_ms = retention_days * _DAY_MS
        self._clock = clock
        self._on_stored = on_stored
        self._salt = secrets.token_bytes(16)  # new at every start: sessions of two runs cannot be told to be one
        self._waiting: queue.Queue[_Task] = queue.Queue(capacity)
        self._closing = threading.Event()
        self._trouble = ""
        self._dropped = 0
        self._cleaned_ms = 0
        self._thread = threading.Thread(target=self._run, name="question-log", daemon=True)
        if database is not None:
            self._thread.start()

    @property
    def enabled(self) -> bool:
        """Whether questions are kept at all."""
        return self._database is not None

    @property
    def notice(self) -> str:
        """A sentence to the instructor about a trouble with the log, empty if there is none."""
        lost = f" {self._dropped} questions could not be kept." if self._dropped else ""
        return f"{self._trouble}{lost}".strip()

    def record(
        self, answer: Answer, *, session: str = "", module: str | None = None, entry: int | None = None
    ) -> Receipt:
        """Take a question that was just answered. Returns at once.

        :param session: Anything that is equal for the questions of one visit; only a salted hash is kept.
        :param module: The module that the student had chosen; else that of the first citation is kept.
        :param entry: The published entry that was shown first.
        """
        identifier = uuid.uuid4().hex
        stored = threading.Event()
        if self.enabled:
            self._put(_Task(self._question(answer, identifier, session, module, entry), stored))
        return Receipt(identifier, stored)

    def feedback(self, identifier: str, *, helpful: bool | None, reason: str = "") -> None:
        """Take a thumb for the question ``identifier``: up, down, or None to take it back, with the student's words."""
        text = mask(_storable(reason), detect_language(reason))
        self._put(_Task(Feedback(identifier, helpful, text), threading.Event()))

    def ask_instructor(self, identifier: str) -> None:
        """Mark the question ``identifier`` as one that its student sent to the instructor."""
        self._put(_Task(ForInstructor(identifier), threading.Event()))

    def flush(self, timeout_seconds: float = 10.0) -> bool:
        """Wait until all that was taken is written, and return whether it is."""
        deadline = time.monotonic() + timeout_seconds
        while self._waiting.unfinished_tasks:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Write what is waiting, as far as the database takes it in time, and stop."""
        if self.enabled and self._thread.is_alive():
            self.flush(timeout_seconds)
            self._closing.set()
            self._thread.join(timeout_seconds)

    def _question(
        self, answer: Answer, identifier: str, session: str, module: str | None, entry: int | None
    ) -> LoggedQuestion:
        text = mask(_storable(answer.standalone or answer.question), answer.language)
        absent = [word for word in answer.absent if word in text]  # a word that was masked must not come back here
        return LoggedQuestion(
            identifier=identifier,
            asked_ms=int(self._clock() * 1000),
            text=text,
            language=answer.language,
            module=module or (answer.citations[0].module if answer.citations else ""),
            grounded=answer.grounded,
            reason="" if answer.grounded else ("absent: " + ", ".join(absent) if absent else "unlikely"),
            probability=answer.probability,
            engine=answer.engine,
            citations=answer.citations,
            session=hashlib.sha256(self._salt + session.encode()).hexdigest()[:16] if session else "",
            entry=entry,
        )

    def _put(self, task: _Task) -> None:
        if not self.enabled or self._closing.is_set():
            return
        try:
            self._waiting.put_nowait(task)
        except queue.Full:
            self._dropped += 1

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                tasks = [self._waiting.get(timeout=0.2)]
            except queue.Empty:
                self._clean()
                continue
            while len(tasks) < _BATCH and not self._waiting.empty():
                tasks.append(self._waiting.get_nowait())
            self._write(tasks)

    def _write(self, tasks: list[_Task]) -> None:
        """Write ``tasks``, again and again until the database takes them or the log is closed."""
        wait = 0.05
        while not self._attempt(tasks):
            if self._closing.wait(wait):
                break
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
        for _ in tasks:
            self._waiting.task_done()
        if self._on_stored and any(task.stored.is_set() for task in tasks):
            self._on_stored()

    def _attempt(self, tasks: list[_Task]) -> bool:
        """Write ``tasks`` in one transaction and return whether there is nothing to try again."""
        if self._database is None:
            return True
        try:
            with self._database.writing() as connection:
                write_changes(connection, [task.change for task in tasks])
        except DatabaseUnavailableError as error:
            self._trouble = f"Questions are waiting to be stored. {error}"
            _LOGGER.warning("%s", error)
            return False
        except exc.SQLAlchemyError as error:
            if len(tasks) > 1:  # one of them is at fault: find it, keep the others
                attempts = [self._attempt([task]) for task in tasks]
                return all(attempts)
            self._dropped += 1
            _LOGGER.error("A question could not be stored: %s", error)
            return True
        self._trouble = ""
        for task in tasks:
            task.stored.set()
        return True

    def _clean(self) -> None:
        """Delete, at the start and then once an hour, what is older than the retention time."""
        now = int(self._clock() * 1000)
        if self._database is None or now - self._cleaned_ms < _DAY_MS // 24:
            return
        self._cleaned_ms = now
        try:
            with self._database.writing() as connection:
                delete_questions_before(connection, now - self._retention_ms)
        except DatabaseUnavailableError as error:
            _LOGGER.warning("Old questions could not be deleted yet: %s", error)


def _storable(text: str) -> str:
    """Return ``text`` without what a database refuses: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
