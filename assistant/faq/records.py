"""The records of the FAQ: questions as logged, groups, entries. No behaviour beyond views and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from assistant.records import Citation
from index.json_values import json_values

LANGUAGES = ("ko", "en")


def moment(milliseconds: int) -> datetime:
    """Return the time that ``milliseconds`` since 1970 stand for, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc)


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question as it is kept: masked, without name or address.

    ``reason`` says why it was declined (empty where it was answered); ``session`` is a mark that cannot be traced to
    a person; ``helpful`` is None where nobody said. ``entry`` is the published entry that answered it first.
    """

    identifier: str
    asked_ms: int
    text: str
    language: str
    module: str
    grounded: bool
    reason: str
    probability: float
    engine: str
    citations: tuple[Citation, ...]
    session: str
    helpful: bool | None = None
    feedback: str = ""
    for_instructor: bool = False
    entry: int | None = None
    phrasing: int | None = None


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One wording of a question; equal wordings (up to case, spaces and punctuation) are one phrasing.

    ``by_hand`` marks one that an instructor put into its group; no program moves it.
    """

    identifier: int
    cluster: int
    text: str
    language: str
    by_hand: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """A group of questions that ask the same, as counted in a span of time.

    ``recent`` and ``before`` count the last seven days and the seven before them. ``unhelpful`` is the share of
    thumbs down among all thumbs, None without any. ``languages`` counts questions by language. ``nearest`` is the
    group that perhaps asks the same, None without one; it may be gone.
    """

    identifier: int
    title: str
    out_of_scope: bool
    count: int
    declined: int
    recent: int
    before: int
    unhelpful: float | None
    for_instructor: int
    first_ms: int
    last_ms: int
    languages: Mapping[str, int] = field(default_factory=dict[str, int])
    nearest: int | None = None

    @property
    def is_gap(self) -> bool:
        """Whether most of its questions found no answer in the notes."""
        return 2 * self.declined > self.count

    @property
    def trend(self) -> int:
        """How many more questions came in the last seven days than in the seven before."""
        return self.recent - self.before


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer in two languages, written or approved by an instructor.

    A language that was not written holds empty texts; one that is not published was perhaps reviewed by nobody.
    ``citations`` are the lines of the notes that the answers rest on, as they read when it was saved. ``version``
    counts how often it was saved in its database.
    """

    identifier: int
    slug: str
    cluster: int | None
    module: str
    question_ko: str
    question_en: str
    answer_ko: str
    answer_en: str
    citations: tuple[Citation, ...]
    published_ko: bool
    published_en: bool
    pinned: bool
    position: int
    created_ms: int
    updated_ms: int
    version: int = 0

    @property
    def is_published(self) -> bool:
        """Whether students see it in any language."""
        return self.published_ko or self.published_en

    def is_published_in(self, language: str) -> bool:
        """Return whether students see it in ``language``."""
        return self.published_ko if language == "ko" else self.published_en

    def question(self, language: str) -> str:
        """Return the question in ``language``, or in the other one where it was not written."""
        first, second = self._ordered(self.question_ko, self.question_en, language)
        return first or second

    def answer(self, language: str) -> str:
        """Return the answer in ``language``, or in the other one where it was not written."""
        first, second = self._ordered(self.answer_ko, self.answer_en, language)
        return first or second

    @staticmethod
    def _ordered(korean: str, english: str, language: str) -> tuple[str, str]:
        return (korean, english) if language == "ko" else (english, korean)

    def to_json(self) -> dict[str, Any]:
        """Return all fields but the version, which means nothing elsewhere, as JSON values."""
        row = json_values(self)
        del row["version"]
        return row
