from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.service import FaqService
from assistant.faq.statistics import read_overview
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import ROUTERS, create_application
from assistant.web.strings import load_strings
from tests.helpers.faq_class import GROUPS, NOW_MS, QUESTIONS_LOGGED, log_a_class

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def class_of_20000(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faq")
    log_a_class(folder)
    return folder


def test_groups_of_20000_questions_are_ranked(class_of_20000: Path) -> None:
    with Database.open(database_url(None, class_of_20000)) as database, database.reading() as connection:
        groups = read_summaries(connection, NOW_MS)
    assert sum(group.count for group in groups) == QUESTIONS_LOGGED
    assert len(groups) == GROUPS


def test_the_overview_of_20000_questions_is_counted(class_of_20000: Path) -> None:
    with Database.open(database_url(None, class_of_20000)) as database, database.reading() as connection:
        figures = read_overview(connection, (), NOW_MS)
    assert figures.total == sum(day.total for day in figures.days) == QUESTIONS_LOGGED
    assert figures.declined == QUESTIONS_LOGGED // 5
    assert figures.most_cited[0][0] == "모듈 5: S3 › 개요"


@pytest.mark.parametrize("path", ["", "/gaps", "/overview", "/entries", "/content"])
def test_every_page_of_the_instructor_of_20000_questions_opens(
    class_of_20000: Path, path: str, assistant: Assistant, settings: Settings
) -> None:
    service = AssistantService(lambda: assistant)
    service.reload()
    with FaqService(Database.open(database_url(None, class_of_20000)), lambda: None) as desk:
        set_password(desk.database, FIRST_NAME, "correct horse")
        site = AppContext(service, settings, load_strings(), faq=desk)
        client = TestClient(create_application(site, ROUTERS, {}), headers={"Accept": "text/html"})
        client.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": "correct horse"})
        reply = client.get(f"/instructor{path}", follow_redirects=False)
    assert reply.status_code == 200
