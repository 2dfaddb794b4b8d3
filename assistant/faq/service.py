"""The FAQ of a running app: opens the database, keeps the log, groups in the background, finds verified answers."""

import logging
import threading
import time
from collections.abc import Callable

from assistant.faq.entry_text import text_of
from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.grouping.grouper import Grouper
from assistant.faq.log import QuestionLog
from assistant.faq.records import LANGUAGES, Entry
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import read_published
from assistant.records import Answer
from assistant.serving.verified import VerifiedText
from assistant.settings import Settings
from index import CourseIndex
from index.background import Background

_LOOKS_EVERY_SECONDS = 2.0
_STORED_WITHIN_SECONDS = 4.0
_LOGGER = logging.getLogger(__name__)


class FaqService:
    """Holds the parts of the FAQ together. Use it as a context manager, or call :meth:`close`.

    :param index: Returns the index in force, or None while it is loading; a new one is taken up by itself.
    """

    def __init__(
        self,
        database: Database,
        index: Callable[[], CourseIndex | None],
        *,
        retention_days: int = 365,
        keep_questions: bool = True,
        clock: Callable[[], float] = time.time,
        background: Background | None = None,
    ) -> None:
        self.database = database
        self._index = index
        background = background or Background()
        self._grouper: Grouper | None = None
        self._grouped_with: tuple[CourseIndex, int] | None = None
        self._grouper_lock = threading.Lock()
        self._grouping = background.repeat("group-questions", self._group, every_seconds=_LOOKS_EVERY_SECONDS)
        self.log = QuestionLog(
            database if keep_questions else None,
            retention_days,
            clock=clock,
            on_stored=self._grouping.wake,
            background=background,
        )

    @classmethod
    def open(
        cls, settings: Settings, index: Callable[[], CourseIndex | None], background: Background | None = None
    ) -> "FaqService":
        """Return the FAQ over the database that ``settings`` names, which is opened when it can be.

        :raises SettingsError: If its URL is wrong.
        """
        database = Database.of(database_url(settings.database_url, settings.data_dir))
        return cls(
            database,
            index,
            retention_days=settings.retention_days,
            keep_questions=settings.log_questions,
            background=background,
        )

    def __enter__(self) -> "FaqService":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is waiting and stop."""
        self.log.close()
        self._grouping.stop()
        self.database.close()

    @property
    def grouper(self) -> Grouper | None:
        """What groups questions over the index in force, None while that is loading.

        :raises DatabaseUnavailableError: If the groups cannot be read.
        """
        index, generation = self._index(), self.database.generation
        with self._grouper_lock:
            known = self._grouped_with
            if index is not None and (known is None or known[0] is not index or known[1] != generation):
                self._grouper, self._grouped_with = Grouper(self.database, index), (index, generation)
            return self._grouper

    def settle(self, timeout_seconds: float = 30.0) -> bool:
        """Wait until all that was asked is stored, group it, and return whether all of it is."""
        stored = self.log.flush(timeout_seconds)
        if self.grouper is not None:
            self.grouper.group_new()
        return stored and self.grouper is not None

    def verified(self, question: str) -> dict[str, VerifiedText]:
        """Return what was published in answer to ``question``, by language; nothing also if the database fails."""
        entry = self._published_for(question)
        return published_texts(entry) if entry else {}

    def _published_for(self, question: str) -> Entry | None:
        try:
            with self.database.reading() as connection:
                entries = read_published(connection)
            by_cluster = {entry.cluster: entry for entry in reversed(entries) if entry.cluster is not None}
            grouper = self.grouper if by_cluster else None
            match = grouper.nearest(question, by_cluster) if grouper else None
        except DatabaseUnavailableError as error:  # an answer must not depend on the FAQ
            _LOGGER.warning("%s", error)
            return None
        if grouper is None or match is None or match.odds < grouper.verified:
            return None
        return by_cluster[match.cluster]

    def _group(self) -> None:
        """Group what was stored, in the background."""
        if self.grouper is not None:
            self.grouper.group_new()


def published_texts(entry: Entry) -> dict[str, VerifiedText]:
    """Return what of ``entry`` was published, by language."""
    texts = [text_of(entry, code) for code in LANGUAGES if entry.is_published_in(code)]
    return {text.language: VerifiedText(text.language, text.answer, text.citations) for text in texts}


class ChatLog:
    """The log as the chat page tells it. A question that is rated or sent is put into the log unless it is there.

    Small talk is no question of the class and is not kept, unless its student says that the reply was wrong.
    """

    def __init__(self, log: QuestionLog) -> None:
        self._log = log

    def record(self, answer: Answer, mark: str = "", *, identifier: str) -> None:
        """Keep an answered or declined question of the visit ``mark``."""
        if answer.asks_of_notes:
            self._log.record(answer, session=mark, identifier=identifier)

    def feedback(self, answer: Answer, mark: str = "", *, identifier: str, helpful: bool, reason: str = "") -> bool:
        """Keep a verdict on ``answer`` and return whether nothing of it is left to be stored."""
        if helpful and not answer.asks_of_notes:
            return True
        self._log.record(answer, session=mark, identifier=identifier)
        return self._log.feedback(identifier, helpful=helpful, reason=reason).wait(_STORED_WITHIN_SECONDS)

    def ask_instructor(self, answer: Answer, mark: str = "", *, identifier: str) -> bool:
        """Keep that the student sent the question of ``answer`` to the instructor, and return whether it is stored."""
        self._log.record(answer, session=mark, identifier=identifier)
        return self._log.ask_instructor(identifier).wait(_STORED_WITHIN_SECONDS)
