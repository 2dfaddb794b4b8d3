"""Formulas are typeset wherever notes are shown, and figures open large, with a real browser over a small course."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.web.strings import Strings
from tests.browser.browsing import Chat, View, served, watched_page
from tests.helpers.figures_course import figures_site

NOTES = {"ko": "/notes/learning.ko.md", "en": "/notes/learning.en.md"}
UPDATE = {"ko": "경사 하강법의 갱신식은?", "en": "How does gradient descent update the weights?"}
QUIZ = {"ko": "경사 하강법 퀴즈", "en": "quiz on gradient descent"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with figures_site(tmp_path_factory.mktemp("course")) as site, served(site) as address:
        yield address


@pytest.fixture
def answer_of(page: Page, course: str, view: View, strings: dict[str, Strings]) -> Chat:
    return Chat(page, course, strings[view.language]).open()


def test_the_reader_typesets_formulas_and_leaves_what_cannot_be_read(page: Page, course: str, view: View):
    page.goto(course + NOTES[view.language])
    formulas = page.locator(".note .maths.typeset")
    expect(formulas.first).to_be_visible()
    expect(page.locator(".note .maths.display .katex-display")).to_have_count(1)
    expect(page.locator(".note .katex-mathml math").first).to_be_attached()
    expect(page.locator(".note .katex-error")).to_have_count(0)
    row = page.locator(".note tbody tr").first.locator("td")
    expect(row).to_have_count(3)
    if view.language == "ko":
        expect(page.locator(".note .maths:not(.typeset)")).to_have_text([r"\frac{1"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_diagram_is_drawn_when_it_comes_into_sight(page: Page, course: str):
    page.goto(course + NOTES["ko"])
    code = page.locator("pre[data-diagram]")
    code.scroll_into_view_if_needed()
    drawn = page.locator(".note .diagram svg")
    expect(drawn).to_be_visible()
    expect(drawn).to_contain_text("모델")
    expect(page.locator(".diagram script, .diagram a[href]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_broken_diagram_stays_code(page: Page, course: str):
    page.goto(f"{course}/notes/advanced/matrix.ko.md")
    page.locator("pre[data-diagram]").scroll_into_view_if_needed()
    page.wait_for_function("window.mermaid")
    page.wait_for_timeout(500)
    expect(page.locator("pre[data-diagram]")).to_be_visible()
    expect(page.locator(".diagram")).to_have_count(0)
    expect(page.locator("body > [id^='ddiagram']")).to_have_count(0)


def test_a_page_without_formulas_loads_no_typesetter(page: Page, course: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{course}/help")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "katex" in url or "mermaid" in url]


def test_an_answer_is_typeset_and_copied_as_source(answer_of: Chat, view: View, page: Page):
    answer = answer_of.ask(UPDATE[view.language])
    expect(answer.locator(".maths.display.typeset")).to_have_count(1)
    answer.locator(".copy-answer").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert r"\frac{\partial L}{\partial w_t}" in copied
    assert r"$\eta$" in copied


def test_a_figure_opens_large_by_keyboard_and_gives_focus_back(answer_of: Chat, view: View, page: Page):
    answer = answer_of.ask(UPDATE[view.language])
    figure = answer.locator(".figures a.figure").first
    expect(answer.locator(".figures li")).to_have_count(2)
    figure.focus()
    page.keyboard.press("Enter")
    large = page.locator("dialog.figure-large[open] img")
    expect(large).to_be_visible()
    page.wait_for_function("document.querySelector('dialog[open] img').naturalWidth > 0")
    if view.is_phone:
        box = large.bounding_box()
        assert box is not None
        assert box["width"] == view.width
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(figure).to_be_focused()
    expect(answer).to_be_visible()


def test_a_missing_figure_is_said(answer_of: Chat, view: View, strings: dict[str, Strings]):
    if view.language == "ko":
        answer = answer_of.ask(UPDATE["ko"])
        expect(answer.locator(".figures .missing-figure")).to_contain_text(strings["ko"]["notes.missing_figure"])


def test_the_source_panel_and_its_links_stay_beside_the_chat(answer_of: Chat, view: View, page: Page):
    answer = answer_of.ask({"ko": "베이즈 정리란?", "en": "What is Bayes' theorem?"}[view.language])
    answer.locator("a.where").first.click()
    panel = page.locator("#source-panel")
    expect(panel.locator(".maths.typeset").first).to_be_visible()
    panel.locator('a[href*="/notes/advanced/"]').first.click()
    expect(panel).to_contain_text({"ko": "야코비", "en": "Jacobian"}[view.language])
    expect(answer_of.box).to_be_attached()


def test_questions_of_a_quiz_are_typeset(answer_of: Chat, view: View, page: Page, course: str):
    answer_of.send(QUIZ[view.language])
    expect(page.locator("#chat .answer.quiz").first).to_be_visible()
    expect(page.locator("#chat .answer.quiz").first).not_to_contain_text("$\\")
    page.goto(f"{course}/quiz")
    page.locator("#quiz-start").click()
    expect(page.locator("#quiz-message")).to_be_visible()
    expect(page.locator("#quiz-message")).not_to_contain_text("$\\")


def test_the_faq_is_typeset(page: Page, course: str):
    page.goto(f"{course}/faq")
    page.locator(".faq-entry summary").first.click()
    expect(page.locator(".faq-answer .maths.typeset").first).to_be_visible()


def test_a_drawing_with_script_runs_none(browser: Browser, course: str):
    for page in watched_page(browser, View("en", 1280, "light")):
        page.goto(f"{course}/figures/assets/drawing.svg")
        assert page.evaluate("window.hit") is None
