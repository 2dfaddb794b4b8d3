"""A course with a FAQ of its own for browsers to look at: notes that may change, a class that asks, an instructor."""

import json
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.entry_drafts import draft_entry
from assistant.faq.log import QuestionLog
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.cluster_store import read_phrasings, read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import save_entry
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext, LoadProgress
from assistant.web.strings import load_strings
from index import CourseIndex, Encoder, build_index, needs_build
from index.store import index_folder
from tests.browser.browsing import View

CONTENT = Path(__file__).parents[2] / "content"
PASSWORD = "correct horse battery"
#: What the class asks most, in both languages.
FREQUENT = (
    ("CloudTrail 기록은 며칠 보관되나요?", "How long are CloudTrail records kept?"),
    ("리전을 고를 때 무엇을 고려해야 하나요?", "What should I consider when choosing a Region?"),
    ("Auto Scaling의 조정 방식에는 무엇이 있나요?", "What are the scaling methods of Auto Scaling?"),
    ("마이크로서비스의 모범 사례에는 무엇이 있나요?", "What are the best practices for microservices?"),
    ("S3와 EBS는 어떻게 다른가요?", "How do S3 and EBS differ?"),
)
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Course:
    """A site over a copy of the course's notes, and the desk behind it."""

    site: AppContext
    desk: FaqService


@contextmanager
def course(folder: Path, encoder: Encoder, built: Settings) -> Iterator[Course]:
    """Give a course in ``folder`` whose index starts as a copy of the one that ``built`` names."""
    settings = built.model_copy(update={"dir": folder / "notes", "data_dir": folder / "data", "database_url": None})
    shutil.copytree(CONTENT, settings.dir, ignore=shutil.ignore_patterns("questions"))
    shutil.copytree(index_folder(built.data_dir, built.dir), index_folder(settings.data_dir, settings.dir))
    progress = LoadProgress()

    def load() -> Assistant:
        if needs_build(settings):
            build_index(settings, encoder, progress.advance)
        plain = Assistant(CourseIndex.open(settings, encoder))
        return Assistant(plain.index, published=desk.verified)

    service = AssistantService(load)
    database = Database.open(database_url(None, settings.data_dir))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqService(database, lambda: service.assistant.index if service.ready else None) as desk:
        service.reload()
        yield Course(AppContext(service, settings, load_strings(), progress, ChatLog(desk.log), desk), desk)


def let_a_class_ask(shown: Course, questions: int = 160, published: int = 5) -> None:
    """Let a class ask the course's questions for a month, some far more often, and publish answers to a few."""
    chance = random.Random(7)
    asked = [row for name in ("ko", "en") for row in _rows(name)]
    gaps = _rows("unanswerable")
    chance.shuffle(asked)
    chance.shuffle(gaps)
    frequent = [question for pair in FREQUENT for question in pair]
    pool = [*frequent, *(row["query"] for row in asked[:30]), *(row["query"] for row in gaps[:12])]
    weights = [8 - rank / 2 if rank < len(frequent) else 2 / (1 + rank % 15) for rank in range(len(pool))]
    moments = sorted(time.time() - _DAY_SECONDS * 29 * chance.random() for _ in range(questions))
    clock = [moments[0]]
    log = QuestionLog(shown.desk.database, clock=lambda: clock[0])
    plain = Assistant(shown.site.service.assistant.index)
    answers = {question: plain.ask(question) for question in pool}
    for number, question in enumerate(chance.choices(pool, weights, k=questions)):
        clock[0] = moments[number]
        receipt = log.record(answers[question], session=f"visit {number % 40}")
        if chance.random() < 0.3:
            log.feedback(receipt.identifier, helpful=chance.random() < 0.8)
    log.close(60)
    assert shown.desk.settle(60)
    _publish(shown, plain, published)


def _rows(name: str) -> list[dict[str, str]]:
    lines = (CONTENT / "questions" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _publish(shown: Course, assistant: Assistant, count: int) -> None:
    now_ms = int(time.time() * 1000)
    with shown.desk.database.writing() as connection:
        for number, group in enumerate(group for group in read_summaries(connection, now_ms) if not group.is_gap):
            phrasings = read_phrasings(connection, group.identifier)
            texts = {phrasing.text for phrasing in phrasings}
            pair = next((pair for pair in FREQUENT if texts & set(pair)), None)
            if pair is None or count == 0:
                continue
            count -= 1
            entry = draft_entry(assistant, group.identifier, phrasings)
            entry = replace(entry, question_ko=pair[0], question_en=pair[1], pinned=number == 0)
            save_entry(connection, replace(entry, published_ko=count > 0, published_en=count > 0), now_ms)


def signed_in(browser: Browser, address: str, view: View) -> Page:
    """Return a page of an instructor who has signed in."""
    page = view.context(browser).new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{address}/instructor")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    expect(page.locator(".desk-tabs")).to_be_visible()
    return page
