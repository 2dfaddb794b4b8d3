import re

from playwright.sync_api import Page, expect

from tests.browser.browsing import Chat, ListLog, View

HANGUL = re.compile("[가-힣]")
ASKED_IN_EACH_LANGUAGE = (
    ("CloudTrail 기록은 며칠 보관돼?", "90일", "모듈 1"),
    ("How long are CloudTrail events kept?", "90 days", "Module 1"),
)


def test_answers_in_the_language_of_the_question_citing_the_module(chat: Chat):
    for question, expected, module in ASKED_IN_EACH_LANGUAGE:
        answer = chat.ask(question)
        expect(answer.locator(".body")).to_contain_text(expected)
        expect(answer.locator(".sources .module").first).to_contain_text(module)
        expect(chat.questions).to_have_text(re.compile(re.escape(question)))
        chat.begin_anew()


def test_declining_looks_different_names_sections_and_reaches_the_instructor(chat: Chat, log: ListLog, view: View):
    question = "DynamoDB 파티션 키는?" if view.language == "ko" else "What is a DynamoDB partition key?"
    answer = chat.ask(question)
    expect(answer).to_have_class(re.compile("declined"))
    expect(answer.locator(".badge")).to_have_text(chat.strings["chat.declined"])
    assert answer.locator(".sources a").count() >= 1
    expect(chat.button("chat.simpler")).to_be_hidden()
    expect(chat.button("chat.ask_instructor")).to_be_in_viewport(ratio=1)
    chat.button("chat.ask_instructor").click()
    expect(chat.page.get_by_text(chat.strings["chat.sent"])).to_be_visible()
    assert log.sent[-1] == question


def test_the_empty_page_offers_six_questions_that_the_notes_answer(chat: Chat):
    expect(chat.page.get_by_role("heading", name=chat.strings["chat.heading"])).to_be_visible()
    examples = chat.page.locator("#chat .example")
    expect(examples).to_have_count(6)
    expect(chat.page.locator("#chat .placeholder")).to_contain_text("Developing on AWS")
    for _ in range(2):
        chat.page.locator("#chat .example").last.click()
        answer = chat.answered(0)
        assert answer.locator("a.cite").count() >= 1
        chat.begin_anew()


def test_next_questions_lead_on_to_answers(chat: Chat, view: View):
    chat.ask("CloudTrail은 무엇을 기록하나요?" if view.language == "ko" else "What does CloudTrail record?")
    option = chat.page.locator("#chat .options .option").first
    question = option.inner_text()
    option.click()
    answer = chat.answered(1)
    expect(chat.questions.last).to_contain_text(question)
    assert answer.locator("a.cite").count() >= 1


def test_simpler_and_more_detail_ask_on_in_the_language_of_the_answer(chat: Chat):
    for key in ("simpler", "detail"):
        chat.ask("What does CloudTrail record?")
        chat.button(f"chat.{key}").click()
        answer = chat.answered(1)
        assert not HANGUL.search(chat.questions.last.inner_text().partition(":")[2])
        expect(answer).to_contain_text("CloudTrail")
        chat.begin_anew()


def test_a_module_can_be_chosen_to_answer_from(chat: Chat, view: View):
    chat.page.locator("#module input").click()
    name = "모듈 3: IAM 소개" if view.language == "ko" else "Module 3: Introduction to IAM"
    chat.page.get_by_role("option", name=name).click()
    answer = chat.ask("역할은 무엇을 위해 쓰나요?" if view.language == "ko" else "What are IAM roles for?")
    modules = answer.locator(".sources .module").all_inner_texts()
    assert modules
    assert set(modules) == {name}


def test_a_marker_opens_the_source_with_the_quoted_lines_marked_and_leads_to_the_note(chat: Chat, view: View):
    answer = chat.ask("CloudTrail 기록은 며칠 보관돼?")
    marker = answer.locator("a.cite").first
    marker.click()
    panel = chat.page.locator("#source-panel")
    expect(panel).to_be_visible()
    expect(panel.locator(".quoted")).to_have_text("CloudTrail은 기록을 90일 정도까지만 저장합니다.")
    box, talk = panel.bounding_box(), chat.page.locator("#main").bounding_box()
    if view.is_phone:
        assert box["x"] == 0
        assert box["width"] == view.width
    else:
        assert box["x"] >= talk["x"] + talk["width"] - 1
    chat.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()
    marker.click()
    chat.page.get_by_role("link", name=chat.strings["chat.panel_open_note"]).click()
    chat.page.wait_for_url(re.compile(r"/notes/.+\.ko\.md#L149-L149$"))
    expect(chat.page.locator(".note .quoted")).to_have_text("CloudTrail은 기록을 90일 정도까지만 저장합니다.")


def test_long_questions_are_told_and_code_is_kept_as_typed(chat: Chat):
    chat.box.fill("a" * 2500)
    chat.box.press("Enter")
    expect(chat.page.locator("#chat .trouble")).to_contain_text("2500")
    code = "aws s3 cp a b\n    if x < 1 && y:\n        print('*_*')"
    chat.box.fill(code)
    chat.box.press("Enter")
    expect(chat.questions).to_have_count(2)
    assert chat.questions.last.text_content().partition(": ")[2] == code


def test_the_page_speaks_one_language(chat: Chat, view: View, page: Page):
    chat.ask("CloudTrail 기록은 며칠 보관돼?" if view.language == "ko" else "How long are CloudTrail events kept?")
    shown = page.evaluate(
        """() => [...document.querySelectorAll('button, label, h1, h2, h3, p, [aria-label], [placeholder], [title]')]
            .filter((element) => element.id !== 'language-switch' && !element.closest('#language-switch, .body'))
            .flatMap((element) => [element.innerText, element.ariaLabel, element.placeholder, element.title])
            .filter(Boolean)"""
    )
    if view.language == "en":
        assert [text for text in shown if HANGUL.search(text)] == []
    else:
        other = {"Retry", "Like", "Dislike", "Clear", "Copy", "Undo", "Edit", "Stop", "Send"}
        assert other.isdisjoint(shown)
