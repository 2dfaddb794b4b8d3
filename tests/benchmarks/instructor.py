"""How long the instructor's pages take with 20,000 logged questions: ``python tests/benchmarks/instructor.py``.

The floor is the page that reads nothing of the log: the answers the instructor has written, none here.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.service import FaqService
from assistant.faq.statistics import read_overview
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.serving.factory import create_assistant
from assistant.serving.service import AssistantService
from assistant.settings import load_settings
from assistant.web.app_context import AppContext
from assistant.web.application import ROUTERS, create_application
from assistant.web.strings import load_strings
from index import open_or_build
from tests.helpers.faq_class import NOW_MS, QUESTIONS_LOGGED, log_a_class

TARGET_SECONDS = 2.0
FLOOR = "/entries"
GROUP = "/groups/1"
PAGES = ("", "/gaps", "/overview", GROUP, f"{GROUP}/answer", f"{GROUP}/similar", FLOOR, "/content")
PASSWORD = "correct horse"


def main() -> None:
    """Print the seconds of each page and of what it reads, and the pages' ratio to the floor."""
    with tempfile.TemporaryDirectory() as folder:
        log_a_class(Path(folder))
        with Database.open(database_url(None, Path(folder))) as database, database.reading() as connection:
            print(f"{QUESTIONS_LOGGED:,} questions")
            print(f"  groups ranked     {timed(lambda: read_summaries(connection, NOW_MS)):6.2f} s")
            print(f"  overview counted  {timed(lambda: read_overview(connection, (), NOW_MS)):6.2f} s")
        pages = page_times(Path(folder))
    for path, seconds in pages.items():
        verdict = "" if seconds < TARGET_SECONDS else f"  missed {TARGET_SECONDS} s"
        print(f"  /instructor{path:17}{seconds:6.2f} s{seconds / pages[FLOOR]:8.1f} × floor{verdict}")


def page_times(folder: Path) -> dict[str, float]:
    """Return the median seconds in which each page opens, once all questions are grouped."""
    settings = load_settings()
    service = AssistantService(lambda: create_assistant(settings, open_or_build(settings)))
    service.reload()
    with FaqService(Database.open(database_url(None, folder)), lambda: service.assistant.index) as desk:
        desk.settle()  # what groups questions in the background would go on while the interpreter ends
        set_password(desk.database, FIRST_NAME, PASSWORD)
        site = AppContext(service, settings, load_strings(), faq=desk)
        client = TestClient(create_application(site, ROUTERS, {}), headers={"Accept": "text/html"})
        client.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
        return {path: timed(lambda path=path: client.get(f"/instructor{path}").raise_for_status()) for path in PAGES}


def timed(work: Callable[[], object]) -> float:
    """Return the median seconds of five runs."""
    laps: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        laps.append(time.perf_counter() - started)
    return statistics.median(laps)


if __name__ == "__main__":
    main()
