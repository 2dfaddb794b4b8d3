"""Reads and writes groups of questions and the wordings in them. Knows nothing of likeness."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from assistant.faq.errors import UnknownItemError
from assistant.faq.records import ClusterSummary, Phrasing
from assistant.faq.storage.question_store import delete_empty_clusters
from assistant.faq.storage.tables import CLUSTERS, ENTRIES, PHRASINGS, QUESTIONS
from index.encoding.centring import Vectors

_WEEK_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class StoredPhrasing:
    """A wording with its uncentred vector, ``(d,)`` float32, and the encoder that made it."""

    identifier: int
    cluster: int
    key: str
    text: str
    language: str
    by_hand: bool
    encoder: str
    vector: Vectors


def pack(vector: Vectors) -> bytes:
    """Return a vector as half-precision bytes: cosines change by less than 0.001."""
    return vector.astype("<f2").tobytes()


def read_stored_phrasings(connection: sa.Connection) -> list[StoredPhrasing]:
    """Return all wordings, oldest first."""
    return [
        StoredPhrasing(
            row["id"],
            row["cluster_id"],
            row["key"],
            row["text"],
            row["language"],
            row["by_hand"],
            row["encoder"],
            np.frombuffer(row["vector"], dtype="<f2").astype(np.float32),
        )
        for row in connection.execute(sa.select(PHRASINGS).order_by(PHRASINGS.c.id)).mappings()
    ]


def add_cluster(connection: sa.Connection, created_ms: int, title: str) -> int:
    """Create a group and return its number."""
    values = {"created_ms": created_ms, "title": title}
    return _inserted(connection.execute(sa.insert(CLUSTERS).values(values)))


def add_phrasing(connection: sa.Connection, phrasing: StoredPhrasing) -> int:
    """Store a wording (its identifier is not used) and return its number."""
    values = {
        "key": phrasing.key,
        "text": phrasing.text,
        "language": phrasing.language,
        "vector": pack(phrasing.vector),
        "encoder": phrasing.encoder,
        "by_hand": phrasing.by_hand,
        "cluster_id": phrasing.cluster,
    }
    return _inserted(connection.execute(sa.insert(PHRASINGS).values(values)))


def _inserted(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    if key is None:
        raise AssertionError("an insert gives its key")
    return int(key[0])


def set_vector(connection: sa.Connection, phrasing: int, vector: Vectors, encoder: str) -> None:
    """Store another vector of a wording, after the encoder was changed."""
    values = {"vector": pack(vector), "encoder": encoder}
    connection.execute(sa.update(PHRASINGS).where(PHRASINGS.c.id == phrasing).values(values))


def assign_questions(connection: sa.Connection, questions: Sequence[str], phrasing: int) -> None:
    """Note which wording the logged questions have."""
    connection.execute(sa.update(QUESTIONS).where(QUESTIONS.c.id.in_(questions)).values(phrasing_id=phrasing))


def move_phrasings(
    connection: sa.Connection, phrasings: Iterable[int], cluster: int, *, by_hand: bool, keep_empty: bool = False
) -> None:
    """Put wordings into another group; groups left without any are deleted unless they hold an entry.

    :param keep_empty: Leave them for now, when more wordings are to be moved.
    """
    update = sa.update(PHRASINGS).where(PHRASINGS.c.id.in_(list(phrasings)))
    connection.execute(update.values(cluster_id=cluster, **({"by_hand": True} if by_hand else {})))
    if not keep_empty:
        delete_empty_clusters(connection)


def move_entries(connection: sa.Connection, old: int, new: int) -> None:
    """Let the entries of one group belong to another."""
    connection.execute(sa.update(ENTRIES).where(ENTRIES.c.cluster_id == old).values(cluster_id=new))


def set_title(connection: sa.Connection, cluster: int, title: str, *, by_hand: bool = False) -> None:
    """Name a group; a name that was not given by hand does not replace one that was."""
    update = sa.update(CLUSTERS).where(CLUSTERS.c.id == cluster)
    if not by_hand:
        update = update.where(CLUSTERS.c.title_by_hand.is_(False))
    connection.execute(update.values(title=title, title_by_hand=by_hand))


def set_out_of_scope(connection: sa.Connection, cluster: int, out_of_scope: bool) -> None:
    """Mark a group as no matter of this course, or undo it.

    :raises UnknownItemError: If there is no such group.
    """
    update = sa.update(CLUSTERS).where(CLUSTERS.c.id == cluster).values(out_of_scope=out_of_scope)
    if not connection.execute(update).rowcount:
        raise UnknownItemError("group", cluster)


def clusters_with_entries(connection: sa.Connection) -> set[int]:
    """Return the groups that an entry belongs to."""
    return set(connection.execute(sa.select(ENTRIES.c.cluster_id).where(ENTRIES.c.cluster_id.is_not(None))).scalars())


def clusters_to_leave(connection: sa.Connection) -> set[int]:
    """Return the groups that an instructor touched: answered, named, put out of scope, or corrected."""
    corrected = sa.select(PHRASINGS.c.cluster_id).where(PHRASINGS.c.by_hand.is_(True))
    marked = sa.select(CLUSTERS.c.id).where(
        sa.or_(CLUSTERS.c.out_of_scope.is_(True), CLUSTERS.c.title_by_hand.is_(True))
    )
    touched = {*connection.execute(corrected).scalars(), *connection.execute(marked).scalars()}
    return touched | clusters_with_entries(connection)


def read_phrasings(connection: sa.Connection, cluster: int) -> list[Phrasing]:
    """Return the wordings of a group with how often each was asked, the most frequent first."""
    count = sa.func.count(QUESTIONS.c.id)
    query = (
        sa.select(PHRASINGS.c.id, PHRASINGS.c.text, PHRASINGS.c.language, PHRASINGS.c.by_hand, count)
        .outerjoin(QUESTIONS, QUESTIONS.c.phrasing_id == PHRASINGS.c.id)
        .where(PHRASINGS.c.cluster_id == cluster)
        .group_by(PHRASINGS.c.id)
        .order_by(count.desc(), PHRASINGS.c.id)
    )
    return [
        Phrasing(number, cluster, text, language, by_hand, asked)
        for number, text, language, by_hand, asked in connection.execute(query)
    ]


def read_summaries(
    connection: sa.Connection, now_ms: int, clusters: Collection[int] | None = None
) -> list[ClusterSummary]:
    """Return the groups that were asked, the most frequent first; of equals the one asked last.

    :param now_ms: What the weeks are counted back from.
    :param clusters: Only these.
    """
    asked, helpful = QUESTIONS.c.asked_ms, QUESTIONS.c.helpful
    query = (
        sa.select(
            CLUSTERS.c.id,
            CLUSTERS.c.title,
            CLUSTERS.c.out_of_scope,
            CLUSTERS.c.nearest_id,
            sa.func.count().label("count"),
            _count_if(QUESTIONS.c.grounded.is_(False)).label("declined"),
            _count_if(asked > now_ms - _WEEK_MS).label("recent"),
            _count_if(sa.and_(asked <= now_ms - _WEEK_MS, asked > now_ms - 2 * _WEEK_MS)).label("before"),
            _count_if(helpful.is_(False)).label("down"),
            _count_if(helpful.is_not(None)).label("thumbs"),
            _count_if(QUESTIONS.c.for_instructor.is_(True)).label("for_instructor"),
            _count_if(QUESTIONS.c.language == "ko").label("korean"),
            sa.func.min(asked).label("first_ms"),
            sa.func.max(asked).label("last_ms"),
        )
        .join(PHRASINGS, PHRASINGS.c.cluster_id == CLUSTERS.c.id)
        .join(QUESTIONS, QUESTIONS.c.phrasing_id == PHRASINGS.c.id)
        .group_by(CLUSTERS.c.id)
        .order_by(sa.desc("count"), sa.desc("last_ms"), CLUSTERS.c.id)
    )
    if clusters is not None:
        query = query.where(CLUSTERS.c.id.in_(clusters))
    return [_summary(row) for row in connection.execute(query).mappings()]


def _count_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _summary(row: sa.RowMapping) -> ClusterSummary:
    korean, count = int(row["korean"]), int(row["count"])
    languages = {"ko": korean, "en": count - korean}
    return ClusterSummary(
        identifier=row["id"],
        title=row["title"],
        out_of_scope=row["out_of_scope"],
        count=count,
        declined=int(row["declined"]),
        recent=int(row["recent"]),
        before=int(row["before"]),
        unhelpful=int(row["down"]) / int(row["thumbs"]) if row["thumbs"] else None,
        for_instructor=int(row["for_instructor"]),
        first_ms=row["first_ms"],
        last_ms=row["last_ms"],
        languages={language: asked for language, asked in languages.items() if asked},
        nearest=row["nearest_id"],
    )
