"""Reads and writes which group is perhaps the same as another, and which ones an instructor said are different."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assistant.faq.errors import UnknownItemError
from assistant.faq.grouping.batch_grouping import Pair, ordered
from assistant.faq.storage.tables import CLUSTERS, KEPT_APART


def is_nearest_known(connection: sa.Connection) -> bool:
    """Return whether any group has a nearest one: an older version of this program wrote none."""
    known = sa.select(CLUSTERS.c.id).where(CLUSTERS.c.nearest_id.is_not(None)).limit(1)
    return connection.execute(known).first() is not None


def write_nearest(connection: sa.Connection, nearest: Mapping[int, int]) -> None:
    """Store the nearest group of every group; those that ``nearest`` does not name have none."""
    stored = connection.execute(sa.select(CLUSTERS.c.id, CLUSTERS.c.nearest_id))
    changed = [
        {"cluster": cluster, "nearest": nearest.get(cluster)}
        for cluster, number in stored
        if number != nearest.get(cluster)
    ]
    if changed:
        update = sa.update(CLUSTERS).where(CLUSTERS.c.id == sa.bindparam("cluster"))
        connection.execute(update.values(nearest_id=sa.bindparam("nearest")), changed)


def read_kept_apart(connection: sa.Connection) -> set[Pair]:
    """Return the pairs of groups that an instructor said are different, the smaller number first."""
    return {(one, other) for one, other in connection.execute(sa.select(KEPT_APART.c.one_id, KEPT_APART.c.other_id))}


def keep_apart(connection: sa.Connection, one: int, other: int) -> None:
    """Store that two groups are different, and that neither is the nearest of the other.

    :raises UnknownItemError: If there is no such group.
    """
    pair = ordered(one, other)
    found = set(connection.execute(sa.select(CLUSTERS.c.id).where(CLUSTERS.c.id.in_(pair))).scalars())
    for cluster in pair:
        if cluster not in found:
            raise UnknownItemError("group", cluster)
    _add(connection, [pair])
    update = sa.update(CLUSTERS).where(CLUSTERS.c.id.in_(pair), CLUSTERS.c.nearest_id.in_(pair))
    connection.execute(update.values(nearest_id=None))


def move_decisions(connection: sa.Connection, old: int, new: int) -> None:
    """Let what is different from one group be different from another; that these two were ends there."""
    apart = read_kept_apart(connection)
    others = {one + other - old for one, other in apart if old in (one, other)} - {new}
    gone = sa.or_(KEPT_APART.c.one_id == old, KEPT_APART.c.other_id == old)
    connection.execute(sa.delete(KEPT_APART).where(gone))
    _add(connection, [ordered(new, other) for other in others])


def _add(connection: sa.Connection, pairs: Iterable[Pair]) -> None:
    rows = [{"one_id": one, "other_id": other} for one, other in pairs]
    if rows:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(KEPT_APART).on_conflict_do_nothing(), rows)
