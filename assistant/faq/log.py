"""The question log as the app uses it: takes questions at once and writes them in the background.

``record`` never waits for a disk and never fails: an answer must not depend on the log. What the database does not take
is tried again until it does. Only what a :class:`Receipt` says is stored may be called so to anybody: until then a
crash loses it.
"""

import hashlib
import logging
import math
import queue
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.masking import mask
from assistant.faq.records import LoggedQuestion
from assistant.faq.storage.database import Database
from assistant.faq.storage.question_store import Change, Feedback, ForInstructor, delete_questions_before, write_changes
from assistant.records import Answer, AnswerKind
from index import detect_language
from index.background import Background, Pauses, Work

CAPACITY = 20_000
#: The name of the writing among the works of the background.
WORK = "question-log"
_BATCH = 200
_PAUSES = Pauses(0.05, 5.0)
_CLEANS_EVERY_SECONDS = 60.0
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
    :param background: What runs the writing; its own unless given. It tells what fails there.
    """

    def __init__(
        self,
        database: Database | None,
        retention_days: int = 365,
        *,
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.time,
        on_stored: Callable[[], object] | None = None,
        background: Background | None = None,
    ) -> None:
        self._database = database
        self._retention_ms = retention_days * _DAY_MS
        self._clock = clock
        self._on_stored = on_stored
        self._salt = secrets.token_bytes(16)  # new at every start: sessions of two runs cannot be told to be one
        self._waiting: queue.Queue[_Task] = queue.Queue(capacity)
        self._taken: list[_Task] = []
        self._closed = False
        self._dropped = 0
        self._cleaned_ms = 0
        self._writing: Work | None = None
        if database is not None:
            self._writing = (background or Background()).repeat(
                WORK, self._write_waiting, every_seconds=_CLEANS_EVERY_SECONDS, pauses=_PAUSES
            )

    @property
    def enabled(self) -> bool:
        """Whether questions are kept at all."""
        return self._database is not None

    @property
    def notice(self) -> str:
        """A sentence to the instructor about what was lost, empty if nothing was."""
        return f"{self._dropped} questions could not be kept." if self._dropped else ""

    def record(
        self,
        answer: Answer,
        *,
        session: str = "",
        module: str | None = None,
        entry: int | None = None,
        identifier: str = "",
    ) -> Receipt:
        """Take a question that was just answered. Returns at once.

        :param session: Anything that is equal for the questions of one visit; only a salted hash is kept.
        :param module: The module that the student had chosen; else that of the first citation is kept.
        :param entry: The published entry that was shown first.
        :param identifier: What it is kept as; one that is kept already stays as it is. By default a new one.
        """
        identifier = identifier or uuid.uuid4().hex
        stored = threading.Event()
        if self.enabled:
            self._put(_Task(self._question(answer, identifier, session, module, entry), stored))
        return Receipt(identifier, stored)

    def feedback(self, identifier: str, *, helpful: bool | None, reason: str = "") -> Receipt:
        """Take a thumb for the question ``identifier``: up, down, or None to take it back, with the student's words."""
        text = mask(_storable(reason), detect_language(reason))
        return self._change(identifier, Feedback(identifier, helpful, text))

    def ask_instructor(self, identifier: str) -> Receipt:
        """Mark the question ``identifier`` as one that its student sent to the instructor."""
        return self._change(identifier, ForInstructor(identifier))

    def _change(self, identifier: str, change: Change) -> Receipt:
        stored = threading.Event()
        self._put(_Task(change, stored))
        return Receipt(identifier, stored)

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
        if self._writing is not None and self._writing.is_alive:
            self.flush(timeout_seconds)
            self._closed = True
            self._writing.stop(timeout_seconds)

    def _question(
        self, answer: Answer, identifier: str, session: str, module: str | None, entry: int | None
    ) -> LoggedQuestion:
        text = mask(_storable(answer.standalone or answer.question), answer.language)
        places = answer.suggestions if answer.kind is AnswerKind.ELSEWHERE else ()  # the notes answer it there
        absent = [word for word in answer.absent if word in text]  # a word that was masked must not come back here
        return LoggedQuestion(
            identifier=identifier,
            asked_ms=int(self._clock() * 1000),
            text=text,
            language=answer.language,
            module=module or next((place.module for place in (*answer.citations, *places)), ""),
            grounded=not answer.is_gap,
            reason="" if not answer.is_gap else ("absent: " + ", ".join(absent) if absent else "unlikely"),
            probability=answer.probability if math.isfinite(answer.probability) else 0.0,
            engine=answer.engine,
            citations=answer.citations,
            session=hashlib.sha256(self._salt + session.encode()).hexdigest()[:16] if session else "",
            entry=entry,
        )

    def _put(self, task: _Task) -> None:
        if self._writing is None or self._closed:
            return
        try:
            self._waiting.put_nowait(task)
        except queue.Full:
            self._dropped += 1
        self._writing.wake()

    def _write_waiting(self) -> None:
        """Write all that waits, then delete what is too old.

        :raises DatabaseUnavailableError: If the database does not take it now; nothing of it is forgotten.
        """
        while self._taken or not self._waiting.empty():
            while len(self._taken) < _BATCH and not self._waiting.empty():
                self._taken.append(self._waiting.get_nowait())
            self._write(self._taken)
            tasks, self._taken = self._taken, []
            for _ in tasks:
                self._waiting.task_done()
            if self._on_stored and any(task.stored.is_set() for task in tasks):
                self._on_stored()
        self._clean()

    def _write(self, tasks: list[_Task]) -> None:
        """Write ``tasks`` in one transaction. One that the database can never take is dropped, the others are kept."""
        if self._database is None:
            return
        try:
            with self._database.writing() as connection:
                write_changes(connection, [task.change for task in tasks])
        except DatabaseUnavailableError:
            raise
        except Exception as error:  # not only the driver's: a value that it cannot even pass on
            if len(tasks) > 1:
                for task in tasks:
                    self._write([task])
                return
            self._dropped += 1
            _LOGGER.error("A question could not be stored: %s", type(error).__name__)  # its text may hold the question
            return
        for task in tasks:
            task.stored.set()

    def _clean(self) -> None:
        """Delete, at the start and then once an hour, what is older than the retention time."""
        now = int(self._clock() * 1000)
        if self._database is None or now - self._cleaned_ms < _DAY_MS // 24:
            return
        with self._database.writing() as connection:
            delete_questions_before(connection, now - self._retention_ms)
        self._cleaned_ms = now


def _storable(text: str) -> str:
    """Return ``text`` without what a database refuses: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
