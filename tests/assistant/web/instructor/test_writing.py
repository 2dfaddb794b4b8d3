"""Writing an answer: every button saves, each language is published by itself, nobody's text is dropped."""
# ruff: noqa: F811 - fixtures come from another module

import json
import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from assistant.faq.records import Entry
from assistant.faq.service import FaqService, published_texts
from assistant.faq.storage.entry_store import read_entry, save_entry
from assistant.records import Answer
from assistant.serving.verified import ENGINE, text_for, verified_answer
from assistant.web.instructor.writing import LONGEST_TEXT
from tests.assistant.web.instructor.test_access import INSTRUCTOR, From, at, desk, sign_in  # noqa: F401 - fixtures
from tests.helpers.faq_questions import answer, citation

pytestmark = pytest.mark.slow

DRAFT = {
    "question_ko": "S3가 뭐예요?", "question_en": "What is S3?",
    "answer_ko": "기계의 초안이에요. [1]", "answer_en": "The machine's draft. [2]", "module": "M",
}  # fmt: skip
WRITTEN = {**DRAFT, "answer_ko": "강사가 고쳐 쓴 답이에요. [1]"}
ENTRY = Entry(
    0, "", None, "M", *(DRAFT[name] for name in ("question_ko", "question_en", "answer_ko", "answer_en")),
    (citation(1), citation(2)), False, False, False, 0, 0, 0,
)  # fmt: skip


@pytest.fixture
def edit(desk: FaqService) -> str:
    """The address of a draft of the machine."""
    with desk.database.writing() as connection:
        return f"/instructor/entries/{save_entry(connection, ENTRY, 1).identifier}"


@pytest.fixture
def instructor(at: From) -> TestClient:
    client = at(INSTRUCTOR)
    assert sign_in(client) == 303
    return client


def version_of(page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', page)[-1]


def post(client: TestClient, edit: str, action: str, fields: dict[str, str], version: str | None = None) -> str:
    version = version or version_of(client.get(edit).text)
    return client.post(edit, data={**fields, "version": version, "action": action}).headers["location"]


def seen(student: TestClient) -> str:
    """Return all that students can see of the FAQ."""
    pages = [student.get("/faq", headers={"Accept-Language": code}).text for code in ("ko", "en")]
    return "".join([*pages, json.dumps(student.get("/api/faq").json(), ensure_ascii=False)])


def test_publishing_saves_what_was_written_and_never_publishes_the_draft_of_the_machine(
    at: From,
    instructor: TestClient,
    edit: str,
) -> None:
    assert post(instructor, edit, "publish_ko", WRITTEN) == f"{edit}?done=publish_ko"
    shown = seen(at("203.0.113.7"))
    assert WRITTEN["answer_ko"].removesuffix(" [1]") in shown
    assert "초안" not in shown
    assert "draft" not in shown


@pytest.mark.parametrize(("language", "other"), [("ko", "en"), ("en", "ko")])
def test_each_language_is_published_by_itself(
    at: From,
    instructor: TestClient,
    edit: str,
    language: str,
    other: str,
) -> None:
    post(instructor, edit, f"publish_{language}", DRAFT)
    (entry,) = at("203.0.113.7").get("/api/faq").json()["entries"]
    assert entry[f"answer_{language}"] == DRAFT[f"answer_{language}"]
    assert (entry[f"answer_{other}"], entry[f"question_{other}"]) == ("", "")
    assert [cited["marker"] for cited in entry["citations"]] == [1 if language == "ko" else 2]
    assert DRAFT[f"answer_{other}"].split(" [")[0].replace("'", "&#39;") not in seen(at("203.0.113.7"))
    page = instructor.get(edit).text
    assert page.count("Draft, not reviewed") == 1
    assert f'value="unpublish_{language}"' in page
    assert f'value="publish_{other}"' in page
    assert post(instructor, edit, f"unpublish_{language}", DRAFT) == f"{edit}?done=unpublish_{language}"
    assert f'value="publish_{language}"' in instructor.get(f"{edit}?done=unpublish_{language}").text
    assert at("203.0.113.7").get("/api/faq").json() == {"entries": []}


@pytest.mark.parametrize("action", ["save", "pin", "publish_en", "publish_ko"])
def test_every_button_saves(instructor: TestClient, edit: str, desk: FaqService, action: str) -> None:
    post(instructor, edit, action, {**WRITTEN, "module": "other"})
    with desk.database.reading() as connection:
        stored = read_entry(connection, int(edit.rpartition("/")[2]))
    assert (stored.answer_ko, stored.module, stored.pinned) == (WRITTEN["answer_ko"], "other", action == "pin")


def test_what_somebody_else_saved_meanwhile_is_shown_and_replaced_only_knowingly(
    instructor: TestClient,
    edit: str,
    desk: FaqService,
) -> None:
    version = version_of(instructor.get(edit).text)
    post(instructor, edit, "publish_ko", {**DRAFT, "answer_ko": "첫째가 쓴 답"}, version)
    mine = {**DRAFT, "answer_ko": "둘째가 쓴 답"}
    reply = instructor.post(edit, data={**mine, "version": version, "action": "unpublish_ko"})
    assert reply.status_code == 409
    assert "첫째가 쓴 답" in reply.text
    assert "둘째가 쓴 답" in reply.text
    assert "data-unsaved" in reply.text
    with desk.database.reading() as connection:
        stored = read_entry(connection, int(edit.rpartition("/")[2]))
    assert (stored.answer_ko, stored.published_ko) == ("첫째가 쓴 답", True)
    assert 'value="unpublish_ko"' in reply.text, "still published"
    post(instructor, edit, "save", mine, version_of(reply.text))
    with desk.database.reading() as connection:
        assert read_entry(connection, stored.identifier).answer_ko == "둘째가 쓴 답"


def test_a_button_pressed_twice_is_no_conflict(instructor: TestClient, edit: str) -> None:
    version = version_of(instructor.get(edit).text)
    for _ in range(2):
        assert post(instructor, edit, "publish_ko", WRITTEN, version) == f"{edit}?done=publish_ko"


@pytest.mark.parametrize("missing", ["question_en", "answer_en"])
def test_what_is_not_written_is_not_published_and_nothing_of_the_rest_is_lost(
    instructor: TestClient, edit: str, missing: str
) -> None:
    fields = {**WRITTEN, missing: " "}
    version = version_of(instructor.get(edit).text)
    reply = instructor.post(edit, data={**fields, "version": version, "action": "publish_en"})
    assert reply.status_code == 422
    assert WRITTEN["answer_ko"] in reply.text
    assert 'value="publish_en"' in reply.text


def test_the_longest_texts_that_the_form_lets_one_write_are_saved(
    instructor: TestClient, edit: str, desk: FaqService
) -> None:
    longest = dict.fromkeys(WRITTEN, "가" * LONGEST_TEXT)
    assert post(instructor, edit, "save", longest).endswith("done=save")
    with desk.database.reading() as connection:
        assert read_entry(connection, 1).answer_en == longest["answer_en"]


def test_a_form_without_its_version_saves_nothing(instructor: TestClient, edit: str) -> None:
    assert instructor.post(edit, data=WRITTEN).status_code == 422
    assert instructor.post(edit, data={**WRITTEN, "version": "0", "action": "publish_all"}).status_code == 422
    assert "고쳐 쓴" not in instructor.get(edit).text


def test_deleting_can_be_undone_with_all_that_was_published(
    at: From,
    instructor: TestClient,
    edit: str,
) -> None:
    post(instructor, edit, "publish_ko", WRITTEN)
    location = instructor.post(f"{edit}/delete").headers["location"]
    assert at("203.0.113.7").get("/api/faq").json() == {"entries": []}
    page = instructor.get(location).text
    assert f'action="{edit}/restore"' in page
    assert "What is S3?" in page
    assert instructor.get(edit).status_code == 404
    assert instructor.post(f"{edit}/restore").headers["location"] == edit
    assert WRITTEN["answer_ko"] in at("203.0.113.7").get("/api/faq").text
    assert instructor.post(f"{edit}/restore").status_code == 404


@pytest.mark.parametrize("suffix", [".csv", ".json", ".md"])
def test_an_export_stays_in_no_cache(instructor: TestClient, edit: str, suffix: str) -> None:
    assert instructor.get(f"/instructor/export/faq{suffix}").headers["cache-control"] == "no-store"


def test_a_note_that_was_looked_at_meanwhile_is_no_reason_to_drop_a_text(instructor: TestClient, edit: str) -> None:
    version = version_of(instructor.get(edit).text)
    post(instructor, edit, "save", WRITTEN, version)
    assert instructor.post(f"{edit}/looked-at", data={"version": version}).status_code == 409


class TestVerified:
    """What a student is answered where something was published."""

    PUBLISHED = replace(
        ENTRY, cluster=1, answer_ko="확인한 답 [1]", answer_en="A verified answer [2]", published_ko=True
    )

    @staticmethod
    def asked(entry: Entry, language: str, *, grounded: bool = True) -> Answer:
        found = replace(answer("S3가 뭐예요?", grounded=grounded), language=language, body="기계의 줄 [1]")
        text = text_for(found, "S3가 뭐예요?", lambda _: published_texts(entry))
        return verified_answer(found, text) if text else found

    def test_a_verified_answer_stands_alone_with_its_own_sources(self) -> None:
        shown = self.asked(self.PUBLISHED, "ko")
        assert shown.engine == ENGINE
        assert shown.body == "**강사님이 확인한 답변이에요.**\n\n확인한 답 [1]"
        assert shown.citations == (citation(1),)

    def test_a_language_that_nobody_published_is_not_served_as_verified(self) -> None:
        shown = self.asked(self.PUBLISHED, "en")
        assert shown.engine != ENGINE
        assert "A verified answer" not in shown.text

    def test_what_only_the_other_language_answers_is_shown_and_named(self) -> None:
        shown = self.asked(self.PUBLISHED, "en", grounded=False)
        assert shown.engine == ENGINE
        assert shown.body == (
            "**This answer was verified by your instructor. There is only a Korean one.**\n\n확인한 답 [1]"
        )
        assert shown.grounded
