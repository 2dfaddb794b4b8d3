"""Reads and writes logged questions. Knows no threads and no pages."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assistant.faq.records import LoggedQuestion
from assistant.faq.storage.tables import CLUSTERS, ENTRIES, PHRASINGS, QUESTIONS
from index.json_values import json_values, record_of


@dataclass(frozen=True, slots=True)
class Feedback:
    """A thumb up, down, or taken back (None), and the words with it."""

    question: str
    helpful: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class ForInstructor:
    """The student of ``question`` sent it to the instructor."""

    question: str


Change = LoggedQuestion | Feedback | ForInstructor


def write_changes(connection: sa.Connection, changes: Sequence[Change]) -> None:
    """Write ``changes`` in their order. Writing them again changes nothing: a lost acknowledgement does no harm."""
    questions = [_row(change) for change in changes if isinstance(change, LoggedQuestion)]
    if questions:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(QUESTIONS).on_conflict_do_nothing(index_elements=["id"]), questions)
    for change in changes:
        if isinstance(change, Feedback):
            values: dict[str, Any] = {"helpful": change.helpful, "feedback": change.text}
        elif isinstance(change, ForInstructor):
            values = {"for_instructor": True}
        else:
            continue
        connection.execute(sa.update(QUESTIONS).where(QUESTIONS.c.id == change.question).values(values))


#: The columns that are named otherwise than their fields.
_COLUMNS: dict[str, str] = {"identifier": "id", "entry": "entry_id", "phrasing": "phrasing_id"}


def _row(question: LoggedQuestion) -> dict[str, Any]:
    values: dict[str, Any] = json_values(question)
    return {_COLUMNS.get(name, name): value for name, value in values.items()}


def _question(row: sa.RowMapping) -> LoggedQuestion:
    names = (field.name for field in fields(LoggedQuestion))
    return record_of(LoggedQuestion, {name: row[_COLUMNS.get(name, name)] for name in names})


def read_questions(
    connection: sa.Connection, *, cluster: int | None = None, ungrouped: bool = False, limit: int | None = None
) -> list[LoggedQuestion]:
    """Return logged questions, oldest first.

    :param cluster: Only those of this group.
    :param ungrouped: Only those that belong to no group yet.
    """
    query = sa.select(QUESTIONS).order_by(QUESTIONS.c.asked_ms, QUESTIONS.c.id).limit(limit)
    if cluster is not None:
        query = query.join(PHRASINGS, QUESTIONS.c.phrasing_id == PHRASINGS.c.id)
        query = query.where(PHRASINGS.c.cluster_id == cluster)
    if ungrouped:
        query = query.where(QUESTIONS.c.phrasing_id.is_(None))
    return [_question(row) for row in connection.execute(query).mappings()]


def delete_questions_before(connection: sa.Connection, before_ms: int) -> int:
    """Delete questions asked before ``before_ms``, with wordings and groups that nothing refers to any more.

    Groups that hold an entry stay, with their wordings: they serve the instructor's answer. Returns the number of
    questions deleted.
    """
    deleted = connection.execute(sa.delete(QUESTIONS).where(QUESTIONS.c.asked_ms < before_ms)).rowcount
    if deleted:
        asked = sa.select(QUESTIONS.c.phrasing_id).where(QUESTIONS.c.phrasing_id.is_not(None))
        with_entry = sa.select(ENTRIES.c.cluster_id).where(ENTRIES.c.cluster_id.is_not(None))
        connection.execute(
            sa.delete(PHRASINGS).where(PHRASINGS.c.id.not_in(asked), PHRASINGS.c.cluster_id.not_in(with_entry))
        )
        delete_empty_clusters(connection)
    return deleted


def delete_empty_clusters(connection: sa.Connection) -> None:
    """Delete groups without any wording or entry."""
    used = sa.select(PHRASINGS.c.cluster_id)
    with_entry = sa.select(ENTRIES.c.cluster_id).where(ENTRIES.c.cluster_id.is_not(None))
    connection.execute(sa.delete(CLUSTERS).where(CLUSTERS.c.id.not_in(used), CLUSTERS.c.id.not_in(with_entry)))
