import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.quiz.leading.scheduling import Memory
from assistant.serving.service import AssistantService
from assistant.web.app_context import AppContext
from assistant.web.page_frame import PageFrame
from assistant.web.quiz import page as quiz
from assistant.web.strings import load_strings
from tests.helpers.quiz_course import course_bank


@pytest.fixture(scope="module")
def client(assistant, settings):
    service = AssistantService(lambda: assistant)
    service.reload()
    site = AppContext(service, settings, load_strings())
    app = FastAPI()
    app.include_router(quiz.create_router(site, PageFrame(site.strings, ["/quiz"])))
    with TestClient(app) as client:
        yield client


def start(client, **body):
    return client.post("/quiz/start", json={"language": "en", "count": 3, **body}).json()


def reply(client, run, text, memory=None):
    return client.post("/quiz/reply", json={"session": run["session"], "text": text, "memory": memory})


def item_of(run):
    return course_bank().item(run["session"]["items"][run["position"]])


def right(run):
    item = item_of(run)
    return "; ".join(item.steps) or item.answer


@pytest.mark.parametrize(("header", "word"), [("ko-KR", "퀴즈로 연습하기"), ("en-GB", "Practise with a quiz")])
def test_the_page_speaks_the_students_language_and_lists_the_modules(client, header, word):
    page = client.get("/quiz", headers={"Accept-Language": header}).text
    assert word in page
    assert all(module in page for module in course_bank().modules(header[:2]))


def test_a_whole_quiz_is_led_with_small_sessions(client):
    run = start(client)
    while not run["finished"]:
        assert len(json.dumps(run["session"])) < 4000
        run = reply(client, run, right(run)).json()
        assert run["source"].startswith("/notes/")
    assert run["position"] == run["total"] == 3
    assert "3 of 3" in run["html"]


def test_module_and_kind_are_kept_to(client):
    run = start(client, module="Module 3: Introduction to IAM", kind="cloze", count=6)
    items = [course_bank().item(identifier) for identifier in run["session"]["items"]]
    assert {item.kind.value for item in items} == {"cloze"}
    assert {item.citation.file for item in items} == {"developing-on-aws/03-iam.en.md"}
    assert run["options"] == []


def test_a_topic_ends_with_the_full_cited_answer(client):
    run = start(client, topic="What encryption in S3 covers")
    while not run["finished"]:
        run = reply(client, run, right(run)).json()
    assert "Here is what the notes say in full." in run["html"]
    assert 'href="/notes/developing-on-aws/05-s3-storage.en.md#L' in run["html"]


@pytest.mark.parametrize("body", [{"topic": "kimchi stew recipe"}, {"topic": "kimchi stew recipe", "kind": "choice"}])
def test_what_the_notes_lack_is_said(client, body):
    run = start(client, **body)
    assert run["session"] is None
    assert run["notice"]


def test_missed_items_come_back_and_known_ones_do_not(client):
    run = start(client, count=2)
    pair = item_of(run).pair
    run = reply(client, run, "just tell me").json()
    run = reply(client, run, right(run), run["memory"]).json()
    assert set(run["memory"]["cards"]) == {pair}
    later = {**run["memory"]["cards"][pair], "due": "2020-01-01T00:00:00+00:00"}
    memory = {"format": 1, "cards": {pair: later}}
    assert client.post("/quiz/due", json={"memory": memory}).json() == {"due": 1}
    again = start(client, memory=memory)
    assert [course_bank().item(identifier).pair for identifier in again["session"]["items"]] == [pair]


def test_nothing_due_is_said(client):
    assert start(client, memory=Memory().to_json())["notice"] == "Nothing is due for review now."


@pytest.mark.parametrize("form", ["markdown", "csv", "anki", "moodle"])
def test_a_quiz_is_exported(client, form):
    run = start(client)
    file = client.post("/quiz/export", json={"session": run["session"], "format": form}).json()
    item = item_of(run)
    assert file["name"]
    assert item.citation.module in file["text"]
    assert ("html" in file) == (form == "markdown")


@pytest.mark.parametrize(
    "session", [{}, {"language": "en", "items": ["gone-en"], "spare": []}, {"items": [1], "spare": []}]
)
def test_a_session_that_the_notes_no_longer_know_is_refused_in_a_sentence(client, session):
    response = client.post("/quiz/reply", json={"session": session, "text": "A"})
    assert response.status_code == 422
    assert "새로 시작" in response.json()["detail"] or "start a new one" in response.json()["detail"]


def test_replies_are_shown_as_text(client):
    run = start(client, kind="cloze", topic="")
    html = reply(client, run, "<img src=x onerror=alert(1)>").json()["html"]
    assert "<img" not in html
    topical = start(client, topic="S3 <script>alert(1)</script>")
    assert "<script" not in (topical.get("html") or topical["notice"]) or topical["session"] is None


def test_bad_bodies_are_refused(client):
    assert client.post("/quiz/start", json={"count": 0}).status_code == 422
    assert client.post("/quiz/due", json={"memory": {"format": 9}}).status_code == 422
    run = start(client)
    response = client.post("/quiz/export", json={"session": run["session"], "format": "pdf"})
    assert "There is no format 'pdf'" in response.json()["detail"]
