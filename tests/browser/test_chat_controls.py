import http.server
import re
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.records import Answer, Turn
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.web.app_context import AppContext
from tests.browser.browsing import HASTE, Chat, ListLog, View, served

QUESTION = "CloudTrail 기록은 며칠 보관돼?"


class HesitantAssistant(Assistant):
    """The real assistant, which holds its answers back until it is let go on."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant.index)
        self.hold()

    def hold(self) -> None:
        """Hold back the answers to come; those that were let go on stay so."""
        self.go_on = threading.Event()
        self.asked = 0

    def stream(
        self,
        question: str,
        *,
        module: str | None = None,
        history: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Generator[Answer, None, None]:
        self.asked += 1
        go_on = self.go_on
        for answer in super().stream(question, module=module, history=history, language=language):
            yield answer
            go_on.wait(20)


@pytest.fixture(scope="module")
def hesitant_assistant(assistant: Assistant) -> HesitantAssistant:
    return HesitantAssistant(assistant)


@pytest.fixture(scope="module")
def slow_address(hesitant_assistant: HesitantAssistant, site: AppContext) -> Iterator[str]:
    service = AssistantService(lambda: hesitant_assistant)
    service.reload()
    with served(AppContext(service, site.settings, site.strings)) as url:
        yield url


@pytest.fixture
def hesitant(hesitant_assistant: HesitantAssistant) -> Iterator[HesitantAssistant]:
    hesitant_assistant.hold()
    yield hesitant_assistant
    hesitant_assistant.go_on.set()


@pytest.fixture
def slow_chat(page: Page, slow_address: str, site: AppContext, view: View, hesitant: HesitantAssistant) -> Chat:
    return Chat(page, slow_address, site.strings[view.language]).open()


def test_the_answer_streams_can_be_stopped_by_button_or_key_and_tried_again(
    slow_chat: Chat, hesitant: HesitantAssistant
):
    slow_chat.send(QUESTION)
    expect(slow_chat.answers).to_have_count(1)
    slow_chat.button("chat.stop").click()
    expect(slow_chat.page.locator("#chat .notice")).to_have_text(slow_chat.strings["chat.stopped"])
    slow_chat.idle()
    hesitant.go_on.set()
    slow_chat.page.locator("#chat .message-buttons button").first.click()
    expect(slow_chat.page.locator("#chat .notice")).to_have_count(0)
    expect(slow_chat.answers.locator(".body")).to_contain_text("90일")
    slow_chat.idle()
    assert hesitant.asked == 2
    expect(slow_chat.questions).to_have_count(1)
    hesitant.hold()
    slow_chat.begin_anew()
    slow_chat.send(QUESTION)
    expect(slow_chat.answers).to_have_count(1)
    slow_chat.page.keyboard.press("Escape")
    expect(slow_chat.page.locator("#chat .notice")).to_have_text(slow_chat.strings["chat.stopped"])


def test_the_question_stays_in_place_while_its_answer_grows(slow_chat: Chat, hesitant: HesitantAssistant):
    slow_chat.send(QUESTION)
    expect(slow_chat.answers).to_have_count(1)
    before = slow_chat.questions.last.bounding_box()
    hesitant.go_on.set()
    slow_chat.idle()
    after = slow_chat.questions.last.bounding_box()
    assert abs(before["y"] - after["y"]) < 2


def test_the_last_question_can_be_edited(chat: Chat):
    chat.ask("CloudTrail 기록은 어디에 저장해?")
    chat.button("chat.edit").click()
    expect(chat.box).to_have_value("CloudTrail 기록은 어디에 저장해?")
    expect(chat.box).to_be_focused()
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.questions).to_have_text([re.compile(re.escape(QUESTION))])
    chat.idle()
    expect(chat.answers.locator(".body")).to_contain_text("90일")


def test_an_answer_is_copied_as_text_and_saved_as_markdown(chat: Chat, tmp_path: Path):
    answer = chat.ask(QUESTION)
    answer.get_by_role("button", name=chat.strings["chat.copy"]).click()
    expect(answer.get_by_role("button", name=chat.strings["chat.copied"])).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "90일" in copied
    assert "모듈 1" in copied
    with chat.page.expect_download() as download:
        chat.button("chat.export").click()
    target = tmp_path / "saved.md"
    download.value.save_as(target)
    text = target.read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".md")
    assert QUESTION in text
    assert "90일 정도까지만" in text
    assert "01-aws-cloud-computing.ko.md" in text


def test_thumbs_reach_the_log_with_an_optional_reason(chat: Chat, log: ListLog):
    chat.ask(QUESTION)
    thumbs = chat.page.locator("#chat .message-buttons button")
    thumbs.nth(2).click()
    expect(chat.page.get_by_text(chat.strings["chat.thanks"])).to_be_visible()
    assert log.verdicts[-1] == (QUESTION, True, "")
    thumbs.nth(1).click()
    chat.page.get_by_label(chat.strings["chat.reason_incomplete"]).check()
    chat.page.get_by_label(chat.strings["chat.reason_other"]).fill("S3?")
    chat.button("chat.reason_send").click()
    expect(chat.page.locator("#reasons")).to_be_hidden()
    assert log.verdicts[-1] == (QUESTION, False, f"{chat.strings['chat.reason_incomplete']} · S3?")


def open_list(chat: Chat) -> None:
    chat.page.locator("#conversations > button").click()


def test_conversations_are_kept_opened_and_deleted(chat: Chat):
    chat.ask(QUESTION)
    chat.begin_anew()
    chat.ask("EFS는 어디에 쓰나요?")
    chat.page.reload()
    expect(chat.questions).to_have_text(re.compile("EFS는 어디에 쓰나요"))
    open_list(chat)
    chat.page.get_by_role("button", name=QUESTION).click()
    expect(chat.questions).to_have_text(re.compile(re.escape(QUESTION)))
    expect(chat.answers.locator(".body")).to_contain_text("90일")
    expect(chat.page.locator(".conversation.current")).to_contain_text(QUESTION)
    rows = chat.page.locator(".conversation")
    expect(rows).to_have_count(2)
    deleting = chat.page.locator(".conversation.current").get_by_role("button", name=chat.strings["chat.delete"])
    chat.page.once("dialog", lambda dialog: dialog.dismiss())
    deleting.click()
    expect(chat.page.locator(".conversation.current")).to_contain_text(QUESTION)
    expect(rows).to_have_count(2)
    chat.page.once("dialog", lambda dialog: dialog.accept())
    deleting.click()
    expect(rows).to_have_count(1)
    expect(chat.questions).to_have_count(0)
    chat.page.once("dialog", lambda dialog: dialog.dismiss())
    chat.button("chat.delete_all").click()
    rows.locator(".open-conversation").click()
    expect(chat.answers).to_have_count(1)
    chat.page.once("dialog", lambda dialog: dialog.accept())
    chat.button("chat.delete_all").click()
    expect(rows).to_have_count(0)
    chat.page.reload()
    open_list(chat)
    expect(chat.page.locator("#chat .example")).to_have_count(6)
    expect(rows).to_have_count(0)


def test_shift_enter_breaks_the_line_and_tab_reaches_the_send_button(chat: Chat):
    chat.box.fill("첫 줄")
    chat.box.press("Shift+Enter")
    chat.box.type("둘째 줄")
    expect(chat.box).to_have_value("첫 줄\n둘째 줄")
    expect(chat.questions).to_have_count(0)
    chat.box.press("Tab")
    expect(chat.button("chat.send")).to_be_focused()


def test_a_lost_server_is_told_and_the_conversation_goes_on_after_it(page: Page, view: View, site: AppContext):
    page.add_init_script(HASTE)
    with served(site) as url:
        chat = Chat(page, url, site.strings[view.language]).open()
        chat.ask(QUESTION)
        chat.box.fill("그럼")
        page.evaluate("window.isFromBefore = true")
    status = page.locator("#site-status")
    expect(status).to_contain_text(site.strings[view.language]["status.offline"], timeout=15_000)
    with served(replace(site, server="another"), int(url.rpartition(":")[2])):
        expect(status).not_to_contain_text(site.strings[view.language]["status.offline"], timeout=15_000)
        expect(chat.answers.locator(".body")).to_contain_text("90일")
        page.wait_for_function("!window.isFromBefore")
        expect(chat.answers.locator(".body")).to_contain_text("90일")
        expect(chat.box).to_have_value("그럼")
        chat.ask("그럼 영구 보관은?")
        expect(chat.answers).to_have_count(2)


class HalfAnAnswer(http.server.BaseHTTPRequestHandler):
    """Sends the head of an answer and keeps the rest."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.server.stopped.wait(20)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def half_an_answer() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), HalfAnAnswer) as server:
        server.daemon_threads, server.stopped = True, threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.stopped.set()
        server.shutdown()


@pytest.mark.parametrize("silence", ["no-answer", "half-an-answer"])
def test_a_server_too_busy_to_tell_its_status_does_not_disturb_an_answer(
    page: Page,
    slow_address: str,
    site: AppContext,
    view: View,
    hesitant: HesitantAssistant,
    half_an_answer: str,
    silence: str,
):
    page.add_init_script(HASTE)
    chat = Chat(page, slow_address, site.strings[view.language]).open()
    page.route("**/status", lambda route: silence == "no-answer" or route.continue_(url=half_an_answer))
    chat.send(QUESTION)
    expect(chat.answers).to_have_count(1)
    for _ in range(3):  # asked again after giving up on the one before
        with page.expect_request("**/status"):
            pass
        expect(page.locator("#site-status")).to_be_hidden()
    page.unroute("**/status")
    hesitant.go_on.set()
    chat.idle()
    expect(page.locator("#chat .notice")).to_have_count(0)
    expect(chat.answers.locator(".body")).to_contain_text("90일")


def test_the_welcome_comes_even_if_the_status_arrives_before_the_script_that_waits_for_it(
    page: Page, address: str, site: AppContext
):
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/site/chat.js*", hold)
    with page.expect_response("**/status"):
        chat = Chat(page, address, site.strings["ko"])
        chat.begin_to_open()
    page.wait_for_function("document.querySelector('#welcome')")
    late[0].continue_()
    expect(page.locator("#chat .example")).to_have_count(6)


def test_the_page_appears_while_the_notes_are_read(page: Page, site: AppContext, assistant: Assistant, view: View):
    let_go = threading.Event()

    def load() -> Assistant:
        let_go.wait(30)
        return assistant

    service = AssistantService(load)
    service.start()
    strings = site.strings[view.language]
    with served(AppContext(service, site.settings, site.strings)) as url:
        chat = Chat(page, url, strings).open()
        expect(page.locator("#site-status")).to_have_text(strings["status.loading"])
        chat.box.fill(QUESTION)
        chat.box.press("Enter")
        expect(page.locator("#chat .trouble")).to_have_text(strings["chat.not_ready"])
        let_go.set()
        expect(page.locator("#site-status")).to_be_hidden(timeout=10_000)
        page.locator("#chat .message-buttons button").first.click()
        expect(chat.answers.locator(".body")).to_contain_text("90일")
