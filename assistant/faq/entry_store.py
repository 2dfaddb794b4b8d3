"""Reads and writes the instructor's entries. Knows nothing of groups' likeness and of pages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from assistant.faq.errors import UnknownItemError
from assistant.faq.records import Entry, citation_from_json
from assistant.faq.tables import ENTRIES

_SLUG_CHARACTERS = 60


def read_entries(connection: sa.Connection, *, published: bool | None = None) -> list[Entry]:
    """Return the entries: pinned ones first, then by position, then oldest first.

    :param published: Only published ones (True) or drafts (False).
    """
    query = sa.select(ENTRIES).order_by(ENTRIES.c.pinned.desc(), ENTRIES.c.position, ENTRIES.c.id)
    if published is not None:
        query = query.where(ENTRIES.c.published.is_(published))
    return [_entry(row) for row in connection.execute(query).mappings()]


def read_entry(connection: sa.Connection, identifier: int) -> Entry:
    """Return one entry.

    :raises UnknownItemError: If there is none.
    """
    row = connection.execute(sa.select(ENTRIES).where(ENTRIES.c.id == identifier)).mappings().one_or_none()
    if row is None:
        raise UnknownItemError("entry", identifier)
    return _entry(row)


def save_entry(connection: sa.Connection, entry: Entry, now_ms: int) -> Entry:
    """Store ``entry`` and return it as stored: a new one (identifier 0) with its number, place and slug.

    :raises UnknownItemError: If it has a number that does not exist.
    """
    if entry.identifier:
        saved = replace(entry, updated_ms=now_ms)
        update = sa.update(ENTRIES).where(ENTRIES.c.id == entry.identifier)
        if not connection.execute(update.values(_row(saved))).rowcount:
            raise UnknownItemError("entry", entry.identifier)
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


def delete_entry(connection: sa.Connection, identifier: int) -> None:
    """Delete an entry.

    :raises UnknownItemError: If there is none.
    """
    if not connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.id == identifier)).rowcount:
        raise UnknownItemError("entry", identifier)


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
    row = entry.to_json()
    row["cluster_id"] = row.pop("cluster")
    del row["identifier"]
    return row


def _entry(row: sa.RowMapping) -> Entry:
    return Entry(
        identifier=row["id"],
        slug=row["slug"],
        cluster=row["cluster_id"],
        module=row["module"],
        question_ko=row["question_ko"],
        question_en=row["question_en"],
        answer_ko=row["answer_ko"],
        answer_en=row["answer_en"],
        citations=tuple(citation_from_json(citation) for citation in row["citations"]),
        published=row["published"],
        pinned=row["pinned"],
        position=row["position"],
        created_ms=row["created_ms"],
        updated_ms=row["updated_ms"],
    )
