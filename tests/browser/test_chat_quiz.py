"""A quiz inside the chat, as a student goes through it."""

import re

import pytest
from playwright.sync_api import expect

from assistant.web.app_context import AppContext
from tests.browser.browsing import Chat, ListLog, View
from tests.browser.quizzing import Quiz, squeezed
from tests.browser.test_pages import violations

REQUESTS = {"ko": "IAM 역할을 퀴즈로 설명해줘", "en": "quiz me on IAM roles"}
QUESTIONS = {"ko": "IAM 역할은 언제 쓰나요?", "en": "When are IAM roles used?"}
UNKNOWN = {"ko": "DynamoDB 파티션 키를 퀴즈로 설명해줘", "en": "quiz me on DynamoDB partition keys"}


@pytest.fixture
def quiz(chat: Chat, site: AppContext) -> Quiz:
    return Quiz(chat, site)


def test_a_whole_quiz_is_led_by_asking_and_survives_a_reload(quiz: Quiz, view: View, log: ListLog):
    chat = quiz.chat
    chat.ask(REQUESTS[view.language])
    assert "IAM" in log.recorded[-1].question
    recorded = len(log.recorded)
    quiz.answer_rightly()
    marker = quiz.message.locator("a.cite").first
    expect(quiz.message.locator(".sources .module").first).to_be_visible()
    marker.click()
    expect(chat.page.locator("#source-panel .quoted").first).to_be_visible()
    chat.page.keyboard.press("Escape")
    shown = quiz.message.inner_text()
    chat.page.reload()
    expect(quiz.message).to_have_text(shown, use_inner_text=True)
    expect(chat.page.locator("#quiz-actions")).to_be_visible()
    while quiz.running:
        quiz.answer_rightly()
    expect(chat.page.locator("#chat .answer").last.locator("a.cite").first).to_be_visible()
    expect(quiz.message).to_contain_text({"ko": "맞혔어요", "en": "right"}[view.language])
    assert len(log.recorded) == recorded
    expect(chat.ask("CloudTrail 기록은 며칠 보관돼?")).to_contain_text("90일")


def test_the_switch_asks_instead_of_telling_until_it_is_off(quiz: Quiz, view: View):
    chat = quiz.chat
    switch = chat.page.get_by_label(chat.strings["chat.quiz_mode"])
    switch.check()
    chat.ask(QUESTIONS[view.language])
    assert quiz.running
    assert violations(chat.page) == []
    chat.page.reload()
    expect(switch).to_be_checked()
    expect(quiz.message).to_be_visible()
    quiz.press("stop")
    assert not quiz.running
    switch.uncheck()
    chat.ask(QUESTIONS[view.language])
    assert not quiz.running
    chat.page.reload()
    expect(chat.box).to_be_visible()
    expect(switch).not_to_be_checked()


def test_a_quiz_does_as_it_is_told_by_buttons_and_by_words(quiz: Quiz, view: View):
    chat = quiz.chat
    chat.ask(REQUESTS[view.language])
    first = quiz.item()
    quiz.press("hint")
    expect(quiz.message).to_contain_text(first.hint[:20])
    chat.ask({"ko": "다른 문제 내줘", "en": "another one"}[view.language])
    assert quiz.item() != first
    quiz.press("harder")
    quiz.press("easier")
    item = quiz.item()
    chat.ask({"ko": "모르겠어", "en": "just tell me"}[view.language])
    expect(quiz.message.locator("a.cite")).to_have_count(1)
    assert squeezed(item.answer) in squeezed(quiz.message.locator(".body").first.inner_text())
    quiz.press("skip")
    quiz.press("tell")


def test_a_wrong_reply_brings_a_hint_and_another_try(quiz: Quiz, view: View):
    quiz.chat.ask(REQUESTS[view.language])
    while not quiz.options.count():
        quiz.press("skip")
    item = quiz.item()
    quiz.pick(next(option for option in item.options if option != item.answer))
    expect(quiz.message).to_contain_text({"ko": "힌트:", "en": "Hint:"}[view.language])
    assert quiz.item() == item


def test_a_quiz_on_what_the_notes_do_not_say_is_declined_like_a_question(quiz: Quiz, view: View, log: ListLog):
    chat = quiz.chat
    declined = chat.ask(UNKNOWN[view.language])
    expect(declined).to_have_class(re.compile("declined"))
    expect(declined.locator(".badge")).to_have_text(chat.strings["chat.declined"])
    expect(chat.button("chat.ask_instructor")).to_be_visible()
    assert not quiz.running
    assert "DynamoDB" in log.recorded[-1].question
