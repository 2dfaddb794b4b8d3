"""Counts what the class asked, for the overview: by day, module and language, and which sections were cited."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from assistant.faq.storage.tables import QUESTIONS
from index import Section

DAY_MS = 86_400_000
_CITATIONS_READ = 5000


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions fell under ``name``, and how many of them were declined."""

    name: str
    total: int
    declined: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the overview. ``days`` holds one count for each of the last days, oldest first."""

    total: int
    declined: int
    up: int
    down: int
    days: tuple[Count, ...]
    modules: tuple[Count, ...]
    languages: tuple[Count, ...]
    most_cited: tuple[tuple[str, int], ...]
    never_cited: tuple[str, ...]


def read_overview(
    connection: sa.Connection,
    sections: Sequence[Section],
    now_ms: int,
    days: int = 30,
    offset_ms: int = 0,
    language: str = "ko",
) -> Overview:
    """Return the figures of the last ``days`` days.

    :param sections: Of the index in force; those without lines of their own are not counted as never cited.
    :param language: In which modules and sections are named; both editions of one count together.
    :param offset_ms: By how much local time is ahead of UTC, so that days end at midnight.
    """
    today = (now_ms + offset_ms) // DAY_MS
    since = (today - days + 1) * DAY_MS - offset_ms
    recent = QUESTIONS.c.asked_ms >= since
    declined = sa.func.coalesce(sa.func.sum(sa.case((QUESTIONS.c.grounded.is_(False), 1), else_=0)), 0)
    day = (QUESTIONS.c.asked_ms + offset_ms) // sa.literal(DAY_MS, sa.BigInteger)
    by_day = _counts(connection, day, declined, recent)
    per_day = {int(row.name): row for row in by_day}
    edition = Editions(sections, language)
    found = Counter(
        title for titles in _cited_sections(connection, recent) for title in set(map(edition.title, titles))
    )
    written = {edition.title(_title(section)) for section in sections if section.blocks}
    modules = _summed(_counts(connection, QUESTIONS.c.module, declined, recent), edition.module)
    return Overview(
        total=sum(row.total for row in by_day),
        declined=sum(row.declined for row in by_day),
        up=_thumbs(connection, recent, helpful=True),
        down=_thumbs(connection, recent, helpful=False),
        days=tuple(_on(per_day, number) for number in range(today - days + 1, today + 1)),
        modules=tuple(sorted(modules, key=lambda row: -row.total)),
        languages=tuple(_counts(connection, QUESTIONS.c.language, declined, recent)),
        most_cited=tuple(found.most_common(10)),
        never_cited=tuple(sorted(written - set(found))),
    )


class Editions:
    """Names modules and sections as the edition in one language does; names of notes that are gone stay."""

    def __init__(self, sections: Sequence[Section], language: str) -> None:
        wanted = {section.edition_key: section for section in sections if section.language == language}
        pairs = [(section, wanted.get(section.edition_key, section)) for section in sections]
        self._titles = {_title(section): _title(named) for section, named in pairs}
        self._modules = {section.module: named.module for section, named in pairs}

    def title(self, title: str) -> str:
        """Return the heading path of a section, joined, as this edition has it."""
        return self._titles.get(title, title)

    def module(self, module: str) -> str:
        """Return the name of a module as this edition has it."""
        return self._modules.get(module, module)


def _summed(counts: Sequence[Count], name: Callable[[str], str]) -> list[Count]:
    """Return ``counts`` with those that ``name`` calls the same added up."""
    sums: dict[str, Count] = {}
    for count in counts:
        key = name(count.name)
        old = sums.get(key, Count(key, 0, 0))
        sums[key] = Count(key, old.total + count.total, old.declined + count.declined)
    return list(sums.values())


def _on(per_day: dict[int, Count], number: int) -> Count:
    count = per_day.get(number, Count("", 0, 0))
    return Count(str(number), count.total, count.declined)


def _counts(
    connection: sa.Connection,
    column: sa.ColumnElement[str] | sa.ColumnElement[int],
    declined: sa.ColumnElement[int],
    condition: sa.ColumnElement[bool],
) -> list[Count]:
    query = sa.select(column, sa.func.count(), declined).where(condition).group_by(column)
    return [Count(str(name), int(total), int(no)) for name, total, no in connection.execute(query)]


def _thumbs(connection: sa.Connection, condition: sa.ColumnElement[bool], *, helpful: bool) -> int:
    query = sa.select(sa.func.count()).select_from(QUESTIONS).where(condition, QUESTIONS.c.helpful.is_(helpful))
    return int(connection.execute(query).scalar_one())


def _cited_sections(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[list[str]]:
    """Return the heading paths of the sections that each of the latest questions cited."""
    query = sa.select(QUESTIONS.c.citations).where(condition, QUESTIONS.c.grounded.is_(True))
    query = query.order_by(QUESTIONS.c.asked_ms.desc()).limit(_CITATIONS_READ)
    return [
        [" › ".join(citation["heading_path"]) for citation in citations] for (citations,) in connection.execute(query)
    ]


def _title(section: Section) -> str:
    return " › ".join(section.heading_path)
