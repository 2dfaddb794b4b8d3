"""The notes of all tables of dialects in a real browser: no mark is left raw in reader, panel, chat, copy or quiz."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.strings import Strings, load_strings
from index import Encoder, open_or_build
from index.language.languages import detect_language
from tests.browser.browsing import Chat, View, served
from tests.helpers.dialect_cases import Case, cases, write_notes
from tests.helpers.small_builds import few_other_subjects

CASES = cases()
ASKED = 5  # rows a language that are asked in the chat


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dialects")
    write_notes(folder / "notes")
    with few_other_subjects(folder):
        settings = Settings(dir=folder / "notes", data_dir=folder / "data")
        index = open_or_build(settings, None, encoder)
        service = AssistantService(lambda: Assistant(index))
        service.reload()
        with served(AppContext(service, settings, load_strings())) as address:
            yield address


def seen(page: Page, selector: str) -> str:
    """Return what a reader sees in an element, code and formulas as they stand, white space folded."""
    page.eval_on_selector_all(f"{selector} .anchor", "links => links.forEach(link => link.remove())")
    return " ".join(page.locator(selector).last.inner_text().split())


def left_raw(case: Case, text: str) -> list[str]:
    return [f"{case.name}: {mark}" for mark in case.hidden if mark in text]


def test_the_reader_shows_what_a_note_says_and_none_of_its_marks(page: Page, course: str):
    raw: list[str] = []
    missing: list[str] = []
    for case in CASES:
        page.goto(f"{course}/notes/{quote(case.path)}", wait_until="domcontentloaded")
        text = seen(page, "article.note")
        raw += left_raw(case, text)
        missing += [f"{case.name}: {said}" for said in case.shown if said not in text and "$" not in said]
    assert raw == []
    assert missing == []


def test_no_mark_is_left_in_chat_copy_and_source_panel(
    page: Page, course: str, view: View, strings: dict[str, Strings]
):
    chat = Chat(page, course, strings[view.language]).open()
    rows = [case for case in CASES if case.question and detect_language(case.question) == view.language]
    raw: list[str] = []
    for case in rows[:: max(1, len(rows) // ASKED)][:ASKED]:
        answer = chat.ask(str(case.question))
        raw += left_raw(case, " ".join(answer.inner_text().split()))
        answer.locator(".copy-answer").click()
        raw += left_raw(case, page.evaluate("navigator.clipboard.readText()"))
        answer.locator("a.cite").first.click()
        panel = page.locator("#source-panel")
        expect(panel).to_be_visible()
        raw += left_raw(case, " ".join(panel.inner_text().split()))
        page.keyboard.press("Escape")
    assert raw == []
