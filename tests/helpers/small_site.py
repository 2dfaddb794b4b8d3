"""The whole application over two short notes and an encoder that computes: everything but the real model, in seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import FastAPI

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.records import Entry
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import save_entry
from assistant.serving.assistant import Assistant
from assistant.serving.cache import AnswerCache
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.strings import load_strings
from index import open_or_build
from tests.helpers.fakes import HashingEncoder
from tests.helpers.faq_questions import answer
from tests.helpers.running_app import running

PASSWORD = "correct horse battery"
NOTES = {
    "s3.ko.md": "# 모듈 1: 저장소\n\n## S3 버킷\n\n- S3 버킷은 객체를 담습니다.\n- 버킷 이름은 모두 달라야 합니다.\n"
    "- 로그는 90일 동안 보관됩니다.\n\n![그림](그림.png)\n\n## EBS 볼륨\n\n1. 볼륨을 만듭니다.\n2. 인스턴스에 붙입니다.\n"
    "3. 파일 시스템을 만듭니다.\n\n| 종류 | 뜻 |\n|---|---|\n| gp3 | 범용 볼륨 |\n| io2 | 빠른 볼륨 |\n",
    "s3.en.md": "# Module 1: Storage\n\n## S3 buckets\n\n- An S3 bucket holds objects.\n- Names of buckets differ.\n"
    "- Logs are kept for 90 days.\n\n## EBS volumes\n\n1. Create the volume.\n2. Attach it to an instance.\n"
    "3. Make a file system.\n\n| Kind | Meaning |\n|---|---|\n| gp3 | general volume |\n| io2 | fast volume |\n",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SmallSite:
    """A running application, its address, and a client of a student and of a signed-in instructor."""

    app: FastAPI
    address: str
    student: httpx.Client
    instructor: httpx.Client
    desk: FaqService


@contextmanager
def small_site(folder: Path) -> Iterator[SmallSite]:
    """Serve the application from ``folder``, with three questions asked and one answered by the instructor."""
    notes, data = folder / "notes", folder / "data"
    notes.mkdir()
    data.mkdir()
    for name, text in NOTES.items():
        (notes / name).write_text(text, encoding="utf-8")
    settings = Settings(dir=notes, data_dir=data)
    index = open_or_build(settings, None, HashingEncoder(256))
    database = Database.open(database_url(None, data))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqService(database, lambda: index) as desk:
        assistant = Assistant(index, cache=AnswerCache(), published=desk.verified)
        service = AssistantService(lambda: assistant)
        service.reload()
        for question in ("S3 버킷은 무엇을 담나요?", "로그는 며칠 보관돼요?", "What is DynamoDB?"):
            desk.log.record(answer(question, grounded="Dynamo" not in question))
        assert desk.settle()
        with desk.database.writing() as connection:
            group = read_summaries(connection, 0)[0].identifier
            texts = ("S3 버킷이 뭐예요?", "What is a bucket?", "객체를 담아요. [1]", "It holds objects. [1]")
            save_entry(connection, Entry(0, "", group, "모듈 1", *texts, (), True, True, False, 0, 0, 0), 1)
        site = AppContext(service, settings, load_strings(), log=ChatLog(desk.log), faq=desk)
        app = create_application(site, ROUTERS, GRADIO_PAGES)
        with running(app) as address, _client(address) as student, _client(address) as instructor:
            signed = instructor.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
            assert signed.status_code == 303, signed.text
            yield SmallSite(app, address, student, instructor, desk)


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=60, follow_redirects=False)
