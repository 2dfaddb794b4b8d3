from dataclasses import replace

import pytest

from assistant.faq.log import QuestionLog
from assistant.faq.statistics import DAY_MS, read_overview
from assistant.faq.storage.database import Database
from index import Section
from tests.helpers.faq_questions import answer, citation

NOW_MS = 20_000 * DAY_MS + DAY_MS // 2
HOUR_MS = 3_600_000


@pytest.fixture
def asked(database: Database) -> Database:
    for age_ms, grounded, helpful in (
        (0, True, True),
        (13 * HOUR_MS, False, False),
        (2 * DAY_MS, True, None),
        (60 * DAY_MS, True, True),
    ):
        log = QuestionLog(database, clock=lambda age=age_ms: (NOW_MS - age) / 1000)
        receipt = log.record(answer("S3가 뭐예요?", grounded=grounded))
        if helpful is not None:
            log.feedback(receipt.identifier, helpful=helpful)
        log.close()
    return database


def test_the_last_days_are_counted_by_day_module_language_and_thumb(asked: Database) -> None:
    with asked.reading() as connection:
        figures = read_overview(connection, (), NOW_MS, days=3)
    assert [(day.total, day.declined) for day in figures.days] == [(1, 0), (1, 1), (1, 0)]
    assert (figures.total, figures.declined, figures.up, figures.down) == (3, 1, 1, 1)
    assert {row.name: row.total for row in figures.modules} == {"모듈 5: S3": 2, "": 1}
    assert [(row.name, row.total) for row in figures.languages] == [("ko", 3)]


def test_days_end_at_local_midnight(asked: Database) -> None:
    with asked.reading() as connection:
        figures = read_overview(connection, (), NOW_MS, days=3, offset_ms=9 * HOUR_MS)
    assert [day.total for day in figures.days] == [1, 0, 2]


def test_cited_sections_are_counted_and_the_others_named(asked: Database, course_sections: list[Section]) -> None:
    with asked.reading() as connection:
        figures = read_overview(connection, course_sections, NOW_MS, days=3)
    assert figures.most_cited == (("모듈 5: S3 › 개요", 2),)
    assert len(figures.never_cited) > 10
    assert "모듈 5: S3 › 개요" not in figures.never_cited


@pytest.mark.parametrize(
    ("language", "name"), [("ko", "모듈 5: S3로 스토리지 솔루션 개발"), ("en", "Module 5: Developing")]
)
def test_both_editions_of_a_module_and_of_a_section_count_together(
    database: Database, course_sections: list[Section], language: str, name: str
) -> None:
    log = QuestionLog(database, clock=lambda: NOW_MS / 1000)
    editions = [section for section in course_sections if section.module.endswith(("솔루션 개발", "with S3"))][:1]
    editions = [section for section in course_sections if section.edition_key == editions[0].edition_key]
    assert len(editions) == 2
    for section in editions:
        cited = replace(citation(), module=section.module, heading_path=section.heading_path)
        log.record(replace(answer("S3?"), citations=(cited,)))
    log.close()
    with database.reading() as connection:
        figures = read_overview(connection, course_sections, NOW_MS, language=language)
    assert [row.total for row in figures.modules] == [2]
    assert figures.modules[0].name.startswith(name)
    assert [count for _, count in figures.most_cited] == [2]
    assert figures.most_cited[0][0] not in figures.never_cited


@pytest.fixture
def course_sections(request: pytest.FixtureRequest) -> list[Section]:
    return list(request.getfixturevalue("course_index").sections)
