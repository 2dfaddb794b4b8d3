"""Reads and writes the instructor's entries. Knows nothing of groups' likeness and of pages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from assistant.faq.entry_text import as_published
from assistant.faq.errors import StaleEntryError, UnknownItemError
from assistant.faq.records import Entry
from assistant.faq.storage.tables import ENTRIES
from index.json_values import json_values, record_of

_SLUG_CHARACTERS = 60
#: How long a deleted entry can be had back.
DELETED_KEPT_DAYS = 30
_DAY_MS = 86_400_000
_IN_ORDER = sa.select(ENTRIES).order_by(ENTRIES.c.pinned.desc(), ENTRIES.c.position, ENTRIES.c.id)
_IS_THERE = ENTRIES.c.deleted_ms.is_(None)


def read_entries(connection: sa.Connection) -> list[Entry]:
    """Return the entries: pinned ones first, then by position, then oldest first."""
    return [_entry(row) for row in connection.execute(_IN_ORDER.where(_IS_THERE)).mappings()]


def read_published(connection: sa.Connection) -> list[Entry]:
    """Return the published entries as students may see them, in the same order: no text that nobody published."""
    published = sa.or_(ENTRIES.c.published_ko.is_(True), ENTRIES.c.published_en.is_(True))
    return [as_published(_entry(row)) for row in connection.execute(_IN_ORDER.where(_IS_THERE, published)).mappings()]


def read_deleted(connection: sa.Connection) -> list[Entry]:
    """Return the entries that were deleted and can be had back, the latest first."""
    query = sa.select(ENTRIES).where(ENTRIES.c.deleted_ms.is_not(None)).order_by(ENTRIES.c.deleted_ms.desc())
    return [_entry(row) for row in connection.execute(query).mappings()]


def read_entry(connection: sa.Connection, identifier: int) -> Entry:
    """Return one entry.

    :raises UnknownItemError: If there is none.
    """
    query = sa.select(ENTRIES).where(ENTRIES.c.id == identifier, _IS_THERE)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise UnknownItemError("entry", identifier)
    return _entry(row)


def save_entry(connection: sa.Connection, entry: Entry, now_ms: int) -> Entry:
    """Store ``entry`` and return it as stored: a new one (identifier 0) with its number, place and slug.

    A language without an answer is not published.

    :raises UnknownItemError: If it has a number that does not exist.
    :raises StaleEntryError: If it was saved by somebody else since ``entry`` was read.
    """
    entry = replace(
        entry,
        published_ko=entry.published_ko and bool(entry.answer_ko.strip()),
        published_en=entry.published_en and bool(entry.answer_en.strip()),
    )
    if entry.identifier:
        saved = replace(entry, updated_ms=now_ms, version=entry.version + 1)
        as_read = sa.and_(ENTRIES.c.id == entry.identifier, ENTRIES.c.version == entry.version, _IS_THERE)
        if not connection.execute(sa.update(ENTRIES).where(as_read).values(_row(saved))).rowcount:
            read_entry(connection, entry.identifier)
            raise StaleEntryError
        return saved
    last = connection.execute(sa.select(sa.func.max(ENTRIES.c.position))).scalar()
    slug = entry.slug or free_slug(connection, entry.question_en or entry.question_ko)
    position = entry.position or (last or 0) + 1
    saved = replace(entry, slug=slug, position=position, created_ms=entry.created_ms or now_ms)
    saved = replace(saved, updated_ms=entry.updated_ms or now_ms)
    key = connection.execute(sa.insert(ENTRIES).values(_row(saved))).inserted_primary_key
    if key is None:
        raise AssertionError("an insert gives its key")
    return replace(saved, identifier=int(key[0]))


def delete_entry(connection: sa.Connection, identifier: int, now_ms: int) -> None:
    """Delete an entry, which can be undone for a while; those of which the while is over are gone for good.

    :raises UnknownItemError: If there is none.
    """
    connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.deleted_ms < now_ms - DELETED_KEPT_DAYS * _DAY_MS))
    _mark(connection, sa.and_(ENTRIES.c.id == identifier, _IS_THERE), identifier, now_ms)


def restore_entry(connection: sa.Connection, identifier: int) -> None:
    """Undo :func:`delete_entry`.

    :raises UnknownItemError: If it is too late.
    """
    _mark(connection, sa.and_(ENTRIES.c.id == identifier, ENTRIES.c.deleted_ms.is_not(None)), identifier, None)


def _mark(connection: sa.Connection, which: sa.ColumnElement[bool], identifier: int, deleted_ms: int | None) -> None:
    values = {"deleted_ms": deleted_ms, "version": ENTRIES.c.version + 1}
    if not connection.execute(sa.update(ENTRIES).where(which).values(values)).rowcount:
        raise UnknownItemError("entry", identifier)


def free_slugs(connection: sa.Connection, slugs: Sequence[str]) -> None:
    """Give up deleted entries of these slugs for good: entries that come in their place need them."""
    connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.deleted_ms.is_not(None), ENTRIES.c.slug.in_(slugs)))


def order_entries(connection: sa.Connection, identifiers: Sequence[int]) -> None:
    """Put the entries into the order of ``identifiers``; those that are not named follow in their old order."""
    known = [entry.identifier for entry in read_entries(connection)]
    wanted = [*dict.fromkeys(number for number in identifiers if number in known)]
    for position, number in enumerate([*wanted, *(n for n in known if n not in wanted)], start=1):
        connection.execute(sa.update(ENTRIES).where(ENTRIES.c.id == number).values(position=position))


def free_slug(connection: sa.Connection, question: str) -> str:
    """Return an anchor for ``question`` that no entry has: its words joined by hyphens, numbered if taken."""
    folded = unicodedata.normalize("NFC", question).casefold()
    words = re.sub(r"[^\w]+", "-", folded).strip("-")[:_SLUG_CHARACTERS].strip("-") or "question"
    taken = set(connection.execute(sa.select(ENTRIES.c.slug)).scalars())
    number = 1
    slug = words
    while slug in taken:
        number += 1
        slug = f"{words}-{number}"
    return slug


def _row(entry: Entry) -> dict[str, Any]:
    row = json_values(entry)
    row["cluster_id"] = row.pop("cluster")
    del row["identifier"]
    return row


def _entry(row: sa.RowMapping) -> Entry:
    return record_of(Entry, {**row, "identifier": row["id"], "cluster": row["cluster_id"]})
