import csv
import json

import pytest
from playwright.sync_api import Page, expect

from assistant.quiz.records import Item
from tests.browser.browsing import View
from tests.browser.test_pages import violations
from tests.helpers.quiz_course import course_bank

TOPICS = {"ko": "IAM 역할은 언제 쓰나요?", "en": "What encryption in S3 covers"}
DONE = {"ko": "맞혔어요", "en": "right"}


def run_of(page: Page) -> dict:
    return json.loads(page.evaluate("localStorage.getItem('notes-quiz')"))


def item_of(page: Page) -> Item:
    run = run_of(page)
    return course_bank().item(run["session"]["items"][run["position"]])


def answer_rightly(page: Page) -> None:
    """Answer as a student would: by the option's button, or typed."""
    item, position = item_of(page), run_of(page)["position"]
    if page.locator("#quiz-options button").count():
        page.locator("#quiz-options button").nth(item.options.index(item.answer)).click()
    else:
        letters = ", ".join("ABCDEF"[item.options.index(step)] for step in item.steps)
        page.locator("#quiz-text").fill(letters or item.answer)
        page.locator("#quiz-text").press("Enter")
    page.wait_for_function(f"JSON.parse(localStorage.getItem('notes-quiz')).position > {position}")


def begin(page: Page, address: str, topic: str = "", count: int = 3) -> None:
    page.goto(f"{address}/quiz")
    page.locator("[name=topic]").fill(topic)
    page.locator("[name=count]").fill(str(count))
    page.locator("#quiz-start").click()
    expect(page.locator("#quiz-message")).to_be_visible()


def test_a_whole_quiz_on_a_topic_survives_a_reload_and_ends_with_the_cited_answer(page: Page, address: str, view: View):
    begin(page, address, TOPICS[view.language])
    answer_rightly(page)
    shown = page.locator("#quiz-message").inner_text()
    page.reload()
    expect(page.locator("#quiz-message")).to_have_text(shown, use_inner_text=True)
    while not run_of(page)["finished"]:
        answer_rightly(page)
    expect(page.locator("#quiz-message")).to_contain_text(DONE[view.language])
    expect(page.locator("#quiz-message a[href^='/notes/']").first).to_be_visible()
    assert page.locator("#quiz-progress").evaluate("bar => bar.value === bar.max")
    page.locator("#quiz-message a[href^='/notes/']").first.click()
    page.wait_for_url("**/notes/**")


def test_the_practice_page_is_accessible_and_fits_the_screen(page: Page, address: str, view: View):
    page.goto(f"{address}/quiz")
    assert violations(page) == []
    begin(page, address)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= view.width


def test_missed_questions_wait_for_review_until_they_are_deleted(page: Page, address: str):
    begin(page, address, count=1)
    page.locator("#quiz-commands button").last.click()
    expect(page.locator("#quiz-end")).to_be_visible()
    pair = next(iter(json.loads(page.evaluate("localStorage.getItem('notes-quiz-memory')"))["cards"]))
    page.evaluate(
        """() => { const memory = JSON.parse(localStorage.getItem('notes-quiz-memory'));
        for (const card of Object.values(memory.cards)) card.due = '2020-01-01T00:00:00+00:00';
        localStorage.setItem('notes-quiz-memory', JSON.stringify(memory)); localStorage.removeItem('notes-quiz'); }"""
    )
    page.reload()
    expect(page.locator("#quiz-due-count")).to_contain_text("1")
    page.locator("#quiz-due").click()
    expect(page.locator("#quiz-message")).to_be_visible()
    assert item_of(page).pair == pair
    page.evaluate("localStorage.removeItem('notes-quiz')")
    page.reload()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#memory-delete").click()
    assert page.evaluate("localStorage.getItem('notes-quiz-memory')") is not None
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#memory-delete").click()
    expect(page.locator("#quiz-due-count")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('notes-quiz-memory')") is None


def test_an_export_is_opened_again_by_its_parser(page: Page, address: str, tmp_path):
    begin(page, address, count=2)
    while not run_of(page)["finished"]:
        answer_rightly(page)
    with page.expect_download() as download:
        page.locator("[data-format=csv]").click()
    download.value.save_as(tmp_path / "quiz.csv")
    with (tmp_path / "quiz.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == run_of(page)["session"]["items"]


@pytest.mark.parametrize("view", [View("ko", 390, "light")], ids=str)
def test_a_wrong_answer_brings_a_hint_first(page: Page, address: str, view: View):
    page.goto(f"{address}/quiz")
    page.locator("[name=kind]").select_option("choice")
    page.locator("#quiz-start").click()
    expect(page.locator("#quiz-message")).to_be_visible()
    item = item_of(page)
    wrong = next(place for place, option in enumerate(item.options) if option != item.answer)
    page.locator("#quiz-options button").nth(wrong).click()
    expect(page.locator("#quiz-message")).to_contain_text("힌트")
    assert run_of(page)["position"] == 0
