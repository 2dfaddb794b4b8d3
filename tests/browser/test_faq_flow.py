"""From a question to a verified answer to a flag, and what a student may refuse, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.faq.storage.question_store import read_questions
from assistant.settings import Settings
from assistant.web.faq_page import CATALOGUE
from assistant.web.strings import Strings, load_strings
from index import CourseIndex, Encoder
from tests.browser.browsing import SECONDS, Chat, View, served
from tests.browser.faq_course import CONTENT, Course, course, let_a_class_ask, signed_in
from tests.helpers.faq_questions import answer

NOTE = "01-aws-cloud-computing.{language}.md"
QUESTION = {"ko": "CloudTrail 기록은 며칠 보관되나요?", "en": "How long are CloudTrail records kept?"}
REWORDED = {"ko": "CloudTrail 기록은 며칠 동안 보관돼요?", "en": "For how long are the records of CloudTrail kept?"}
WRITTEN = {"ko": "90일이에요. 더 두려면 S3에 저장하세요. [1]", "en": "90 days. Store them in S3 to keep them. [1]"}
#: Questions in a student's plain and oblique words, too far apart to be one group.
SPLIT = (
    ("자격 증명 풀은 뭘 해 주나요?", "로그인하고 나온 증표를 클라우드 접근 권한으로 바꿔 주는 건 누가 해요?"),
    (
        "Besides EC2, what can EFS be integrated with?",
        "서버리스 함수나 컨테이너 클러스터에서도 공유 파일시스템 붙여 쓸 수 있어요?",
    ),
)
PATHS = ("", "/gaps", "/entries", "/overview", "/content")


@pytest.fixture
def own(tmp_path: Path, encoder: Encoder, settings: Settings, course_index: CourseIndex) -> Iterator[Course]:
    with course(tmp_path, encoder, settings) as opened:
        yield opened


@pytest.fixture
def own_address(own: Course) -> Iterator[str]:
    with served(own.site) as address:
        yield address


@pytest.fixture
def texts(view: View) -> Strings:
    return load_strings(CATALOGUE)[view.language]


def button(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).first.click()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in serious for node in rule["nodes"]]


def student(browser: Browser, address: str, view: View, own: Course) -> Chat:
    page = view.context(browser).new_page()
    page.set_default_timeout(SECONDS)
    return Chat(page, address, own.site.strings[view.language]).open()


def write_an_answer(page: Page, own_address: str, view: View, texts: Strings) -> None:
    page.goto(f"{own_address}/instructor")
    card = page.locator("article.card", has_text=QUESTION[view.language])
    card.get_by_text(texts["instructor.notes_say"]).click()
    expect(card.locator(".drafted").first).to_contain_text("90")
    card.get_by_role("button", name=texts["instructor.draft"]).click()
    box = page.locator(f"textarea[name=answer_{view.language}]")
    expect(box).to_have_value(re.compile("90"))
    box.fill(WRITTEN[view.language])
    named = texts["instructor.korean" if view.language == "ko" else "instructor.english"]
    button(page, f"{texts['instructor.publish']}: {named}")
    expect(page.locator(f"div[lang={view.language}]").last).to_contain_text(WRITTEN[view.language][:20])
    expect(page.get_by_role("button", name=texts["instructor.unpublish"])).to_be_visible()


def upload_a_changed_note(page: Page, own_address: str, view: View, texts: Strings) -> None:
    name = NOTE.format(language=view.language)
    text = (CONTENT / "developing-on-aws" / name).read_text(encoding="utf-8").replace("90", "400")
    page.goto(f"{own_address}/instructor/content")
    page.locator("input[type=file]").first.set_input_files(
        [{"name": name, "mimeType": "text/markdown", "buffer": text.encode()}]
    )
    button(page, texts["instructor.do_upload"])
    page.locator(".staged summary").click()
    expect(page.locator(".staged pre")).to_contain_text("400")
    button(page, texts["instructor.go_live"])
    expect(page.get_by_text(texts["instructor.up_to_date"])).to_be_visible(timeout=4 * SECONDS)


def test_from_a_question_to_a_verified_answer_to_a_flag(
    browser: Browser, own: Course, own_address: str, view: View, texts: Strings
):
    asking = student(browser, own_address, view, own)
    expect(asking.ask(QUESTION[view.language])).to_contain_text("90")
    assert own.desk.settle(60)
    page = signed_in(browser, own_address, view)
    write_an_answer(page, own_address, view, texts)

    other = student(browser, own_address, view, own)
    answer = other.ask(REWORDED[view.language])
    expect(answer.locator(".body")).to_contain_text(WRITTEN[view.language].split("[")[0].strip())
    expect(answer.locator(".body")).to_contain_text({"ko": "강사님이 확인한", "en": "verified by"}[view.language])
    other.page.goto(f"{own_address}/faq")
    other.page.locator("#faq-search").fill("S3")
    other.page.locator(".faq-entry summary").click()
    expect(other.page.locator(".faq-answer")).to_contain_text(WRITTEN[view.language].split("[")[0].strip())
    other.page.locator("#faq-search").fill("zzzz")
    expect(other.page.get_by_text(texts["faq.none_found"])).to_be_visible()

    page.goto(f"{own_address}/instructor/entries")
    expect(page.locator("article.card")).to_have_count(1)
    flagged = page.locator(".badge.warn", has_text=texts["instructor.flagged"])  # a language may be a draft besides
    expect(flagged).to_have_count(0)
    upload_a_changed_note(page, own_address, view, texts)
    page.goto(f"{own_address}/instructor/entries")
    expect(flagged).to_have_count(1)
    page.locator("article.card h2 a").click()
    expect(page.locator("pre.quote").nth(1)).to_contain_text("400")
    button(page, texts["instructor.looked_at"])
    expect(page.get_by_text(texts["instructor.flagged"])).to_have_count(0)
    for opened in (asking, other):
        opened.page.context.close()
    page.context.close()


def test_a_student_sees_that_questions_are_kept_and_may_refuse(
    browser: Browser, own: Course, own_address: str, view: View, texts: Strings
):
    def kept() -> list[str]:
        assert own.desk.log.flush(60)
        with own.desk.database.reading() as connection:
            return [question.text for question in read_questions(connection)]

    chat = student(browser, own_address, view, own)
    note = chat.page.locator("#keeping")
    expect(note.get_by_text(texts["keeping.kept"])).to_be_visible()
    button(chat.page, texts["keeping.kept_button"])
    expect(note.get_by_text(texts["keeping.not-kept"])).to_be_visible()
    chat.ask(QUESTION[view.language])
    chat.page.locator("#chat .message-buttons button").nth(1).click()
    expect(chat.page.locator("#reasons")).to_be_visible()
    assert kept() == []
    chat.page.reload()
    expect(chat.questions).to_have_count(1)  # the kept conversation is shown again
    expect(note.get_by_text(texts["keeping.not-kept"])).to_be_visible()
    unknown = {"ko": "DynamoDB 파티션 키는?", "en": "What is a DynamoDB partition key?"}[view.language]
    chat.ask(unknown)
    assert kept() == []
    chat.button("chat.ask_instructor").click()
    expect(chat.page.get_by_text(chat.strings["chat.sent"])).to_be_visible()
    assert kept() == [unknown]
    button(chat.page, texts["keeping.not-kept_button"])
    expect(note.get_by_text(texts["keeping.kept"])).to_be_visible()
    chat.ask(QUESTION[view.language])
    assert kept() == [unknown, QUESTION[view.language]]
    chat.page.context.close()


def test_a_split_question_is_kept_apart_or_merged_on_the_list(
    browser: Browser, own: Course, own_address: str, view: View, texts: Strings
):
    for plain, oblique in SPLIT:
        for question in (plain, plain, oblique):
            own.desk.log.record(answer(question))
    assert own.desk.settle(60)
    assert own.desk.grouper is not None
    own.desk.grouper.note_nearest()
    page = signed_in(browser, own_address, view)
    cards = page.locator("article.card")
    expect(cards).to_have_count(2)
    expect(page.locator(".nested .other-group")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= view.width
    card = page.locator("article.card", has_text=SPLIT[0][0])
    number = card.get_attribute("id")
    card.get_by_text(texts["instructor.similar"], exact=True).click()
    expect(card.locator(".drafted").last).to_have_text(texts["instructor.none_similar"])
    card.get_by_role("button", name=texts["instructor.keep_apart"]).click()
    expect(cards).to_have_count(3)
    assert page.url == f"{own_address}/instructor#{number}"
    expect(page.locator(f"#{number}")).to_be_in_viewport()
    card = page.locator("article.card", has_text=SPLIT[1][0])
    card.get_by_role("button", name=texts["instructor.do_merge"], exact=True).click()
    expect(page.locator(".nested")).to_have_count(0)
    expect(cards).to_have_count(3)
    page.locator("article.card h2 a").first.click()
    page.get_by_text(texts["instructor.similar"], exact=True).click()
    expect(page.locator(".drafted").last).to_have_text(texts["instructor.none_similar"])
    page.context.close()


def test_the_pages_of_the_faq_have_no_serious_accessibility_issue_and_fit_the_screen(
    browser: Browser, own: Course, own_address: str, view: View
):
    def look(page: Page, path: str) -> None:
        page.goto(own_address + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= view.width, path

    page = view.context(browser).new_page()
    for path in ("/faq", "/instructor/sign-in"):
        look(page, path)
    page.context.close()
    page = signed_in(browser, own_address, view)
    for path in PATHS:
        look(page, f"/instructor{path}")
    let_a_class_ask(own, questions=60, published=3)
    for path in PATHS:
        look(page, f"/instructor{path}")
    look(page, "/instructor/entries/1")
    page.goto(f"{own_address}/instructor/gaps")
    for path in ("/instructor/gaps", "/instructor"):
        page.goto(own_address + path)
        look(page, page.locator("article.card h2 a").first.get_attribute("href") or "")
    look(page, "/faq")
    page.locator(".faq-entry summary").first.click()
    assert violations(page) == []
    page.context.close()
