"""An instructor writes an answer in a real browser: publishing saves, leaving asks, nothing that was written is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.records import Entry
from assistant.faq.service import FaqService
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import read_entries, save_entry
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.faq_page import CATALOGUE
from assistant.web.strings import Strings, load_strings
from index import NotesError
from tests.browser.browsing import View, served
from tests.browser.faq_course import PASSWORD, signed_in
from tests.browser.test_faq_flow import violations

MACHINE = {"ko": "기계의 초안", "en": "The machine's draft"}
OWN = {"ko": "강사가 고쳐 쓴 답", "en": "What the instructor wrote"}
OTHER = {"ko": "en", "en": "ko"}
NAMES = {"ko": "instructor.korean", "en": "instructor.english"}


def no_notes() -> None:
    raise NotesError("no notes are needed here")


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[FaqService]:
    database = Database.open(database_url(None, tmp_path))
    set_password(database, FIRST_NAME, PASSWORD)
    draft = Entry(
        0, "", None, "M", "S3가 뭐예요?", "What is S3?", MACHINE["ko"], MACHINE["en"], (), False, False, False, 0, 0, 0
    )
    with database.writing() as connection:
        save_entry(connection, draft, 1)
    with FaqService(database, lambda: None) as desk:
        yield desk


@pytest.fixture
def own_address(own_desk: FaqService, tmp_path: Path) -> Iterator[str]:
    settings = Settings(dir=tmp_path, data_dir=tmp_path)
    with served(AppContext(AssistantService(no_notes), settings, load_strings(), faq=own_desk)) as address:  # type: ignore[arg-type]
        yield address


@pytest.fixture
def texts(view: View) -> Strings:
    return load_strings(CATALOGUE)[view.language]


@pytest.fixture
def desk_page(browser: Browser, own_address: str, view: View) -> Iterator[Page]:
    page = signed_in(browser, own_address, view)
    yield page
    page.context.close()


def stored(desk: FaqService) -> Entry:
    with desk.database.reading() as connection:
        return read_entries(connection)[0]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def answering(dialogs: list[str], accept: bool):
    def answer(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        if accept:
            dialog.accept()
        else:
            dialog.dismiss()

    return answer


def look(page: Page, view: View) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= view.width


def test_publishing_saves_and_publishes_the_one_language_and_can_be_undone(
    desk_page: Page, own_desk: FaqService, own_address: str, view: View, texts: Strings
):
    page, code = desk_page, view.language
    page.goto(f"{own_address}/instructor/entries/1")
    look(page, view)
    page.locator(f"textarea[name=answer_{code}]").fill(OWN[code])
    press(page, f"{texts['instructor.publish']}: {texts[NAMES[code]]}")
    expect(page.locator(".done")).to_contain_text(texts[f"instructor.done_publish_{code}"])
    look(page, view)
    for language in ("ko", "en"):
        page.goto(f"{own_address}/language/{language}?to=/faq")
        page.locator(".faq-entry summary").first.click()
        expect(page.locator(".faq-answer")).to_have_text(OWN[code])
    page.goto(f"{own_address}/language/{code}?to=/instructor/entries/1")
    expect(page.locator("form#entry .badge.warn")).to_have_text(texts["instructor.draft_state"])
    press(page, f"{texts['instructor.unpublish']}: {texts[NAMES[code]]}")
    expect(page.locator(".done")).to_contain_text(texts[f"instructor.done_unpublish_{code}"])
    assert not stored(own_desk).is_published
    page.locator(".done button").press("Enter")
    expect(page.locator(".done")).to_contain_text(texts[f"instructor.done_publish_{code}"])
    assert stored(own_desk).is_published_in(code)
    assert not stored(own_desk).is_published_in(OTHER[code])


def test_leaving_with_unsaved_text_asks_and_the_tab_keeps_it(
    desk_page: Page, own_desk: FaqService, own_address: str, view: View, texts: Strings
):
    page, code, dialogs = desk_page, view.language, []
    page.goto(f"{own_address}/instructor/entries/1")
    page.locator(".desk-tabs a").first.click()  # nothing was written: nothing is asked
    expect(page).to_have_url(f"{own_address}/instructor")
    page.goto(f"{own_address}/instructor/entries/1")
    box = page.locator(f"textarea[name=answer_{code}]")
    box.click()
    box.fill(OWN[code])
    page.once("dialog", answering(dialogs, accept=False))
    page.locator(".desk-tabs a").first.click()
    page.once("dialog", answering(dialogs, accept=False))
    press(page, texts["instructor.delete"])
    expect(box).to_have_value(OWN[code])
    assert dialogs == ["confirm", "confirm"]
    page.once("dialog", answering(dialogs, accept=True))
    page.reload()
    assert dialogs[2:] == ["beforeunload"]
    expect(page.locator("#kept")).to_be_visible()
    expect(box).to_have_value(OWN[code])
    look(page, view)
    page.once("dialog", answering(dialogs, accept=True))
    page.locator(".desk-tabs a").first.click()
    expect(page).to_have_url(f"{own_address}/instructor")
    page.context.clear_cookies(name="instructor")
    page.go_back()
    page.get_by_label(texts["instructor.password"]).fill(PASSWORD)
    press(page, texts["instructor.sign_in"])
    expect(page.locator(".desk-tabs")).to_be_visible()
    page.goto(f"{own_address}/instructor/entries/1")
    expect(box).to_have_value(OWN[code])
    press(page, texts["instructor.save"])
    expect(page.locator(".done")).to_have_text(texts["instructor.done_save"])
    expect(page.locator("#kept")).to_be_hidden()
    assert OWN[code] in (stored(own_desk).answer_ko, stored(own_desk).answer_en)
    assert len(dialogs) == 4, "saving asks nothing"


def test_what_was_saved_in_another_tab_is_shown_and_deleting_can_be_undone(
    desk_page: Page, own_desk: FaqService, own_address: str, view: View, texts: Strings
):
    page, code = desk_page, view.language
    page.goto(f"{own_address}/instructor/entries/1")
    other = page.context.new_page()
    other.goto(f"{own_address}/instructor/entries/1")
    other.locator(f"textarea[name=answer_{code}]").fill("A")
    press(other, texts["instructor.save"])
    expect(other.locator(".done")).to_be_visible()
    page.locator(f"textarea[name=answer_{code}]").fill("B")
    press(page, texts["instructor.save"])
    expect(page.get_by_role("alert")).to_have_text(texts["instructor.meanwhile"])
    expect(page.locator("pre.quote")).to_have_text("A")
    expect(page.locator(f"textarea[name=answer_{code}]")).to_have_value("B")
    look(page, view)
    press(page, texts["instructor.save"])
    expect(page.locator(".done")).to_be_visible()
    press(page, texts["instructor.delete"])
    expect(page.locator("article.card")).to_have_count(0)
    expect(page.locator(".done button")).to_be_focused()
    look(page, view)
    page.keyboard.press("Enter")
    expect(page.locator(f"textarea[name=answer_{code}]")).to_have_value("B")
    assert stored(own_desk).version > 0
