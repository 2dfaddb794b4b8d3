import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from assistant.assistant import Assistant
from assistant.faq.accounts import FIRST_NAME, set_password
from assistant.faq.cluster_store import add_cluster, read_summaries
from assistant.faq.database import Database, database_url
from assistant.faq.desk import FaqDesk
from assistant.faq.question_store import write_changes
from assistant.faq.records import LoggedQuestion
from assistant.faq.statistics import read_overview
from assistant.faq.tables import PHRASINGS, QUESTIONS
from assistant.service import AssistantService
from assistant.settings import Settings
from assistant.web.application import ROUTERS, create_application
from assistant.web.site import Site
from assistant.web.strings import load_strings
from tests.faq_questions import citation

QUESTIONS_LOGGED = 20_000
GROUPS = 400
NOW_MS = 1_800_000_000_000


@pytest.fixture(scope="module")
def class_of_20000(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faq")
    with Database.open(database_url(None, folder)) as database, database.writing() as connection:
        for number in range(GROUPS):
            cluster = add_cluster(connection, NOW_MS, f"질문 {number}")
            row = {"key": str(number), "text": f"질문 {number}", "language": "ko", "vector": b"", "encoder": "none"}
            connection.execute(sa.insert(PHRASINGS).values(cluster_id=cluster, **row))
        for first in range(0, QUESTIONS_LOGGED, 1000):
            write_changes(connection, [logged(number) for number in range(first, first + 1000)])
        connection.execute(sa.update(QUESTIONS).values(phrasing_id=QUESTIONS.c.text.cast(sa.Integer) % GROUPS + 1))
    return folder


def logged(number: int) -> LoggedQuestion:
    asked_ms = NOW_MS - number * 120_000
    declined = number % 5 == 0
    return LoggedQuestion(
        f"{number:032x}", asked_ms, str(number), "ko", "모듈 5: S3", not declined, "", 0.9, "extractive",
        () if declined else (citation(),), "",
    )  # fmt: skip


def test_groups_of_20000_questions_are_ranked_in_a_second(class_of_20000: Path) -> None:
    with Database.open(database_url(None, class_of_20000)) as database, database.reading() as connection:
        started = time.perf_counter()
        groups = read_summaries(connection, NOW_MS)
        seconds = time.perf_counter() - started
    assert sum(group.count for group in groups) == QUESTIONS_LOGGED
    assert len(groups) == GROUPS
    assert seconds < 1.0


def test_the_overview_of_20000_questions_is_counted_in_a_second(class_of_20000: Path) -> None:
    with Database.open(database_url(None, class_of_20000)) as database, database.reading() as connection:
        started = time.perf_counter()
        figures = read_overview(connection, (), NOW_MS)
        seconds = time.perf_counter() - started
    assert figures.total == sum(day.total for day in figures.days) == QUESTIONS_LOGGED
    assert figures.declined == QUESTIONS_LOGGED // 5
    assert figures.most_cited[0][0] == "모듈 5: S3 › 개요"
    assert seconds < 1.0


@pytest.mark.parametrize("path", ["", "/gaps", "/overview", "/entries", "/content"])
def test_every_page_of_the_instructor_of_20000_questions_opens_in_two_seconds(
    class_of_20000: Path, path: str, assistant: Assistant, settings: Settings
) -> None:
    service = AssistantService(lambda: assistant)
    service.reload()
    with FaqDesk(Database.open(database_url(None, class_of_20000)), lambda: None) as desk:
        set_password(desk.database, FIRST_NAME, "correct horse")
        site = Site(service, settings, load_strings(), faq=desk)
        client = TestClient(create_application(site, ROUTERS, {}), headers={"Accept": "text/html"})
        client.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": "correct horse"})
        started = time.perf_counter()
        reply = client.get(f"/instructor{path}", follow_redirects=False)
        seconds = time.perf_counter() - started
    assert reply.status_code == 200
    assert seconds < 2.0
