"""The chat while its page is being prepared, and while a chat model is still silent."""

import asyncio
import functools
import re
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.generating.answer_writer import WrittenAnswer
from assistant.selection import Selection
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.web.app_context import AppContext
from assistant.web.chat.archive import Archive, from_json, to_json
from assistant.web.chat.events import ChatEvents
from assistant.web.chat.page import UNCHANGED, ChatPage
from tests.browser.browsing import Chat, View, served

QUESTION = "CloudTrail 기록은 며칠 보관돼?"


@pytest.mark.parametrize("view", [View("ko", 1280, "light")], ids=str)
def test_a_question_asked_before_the_page_is_prepared_is_not_lost(
    page: Page, address: str, site: AppContext, view: View
):
    held: list[Route] = []

    def hold(route: Route) -> None:
        """Keep back what the page asks for when it opens."""
        if QUESTION in (route.request.post_data or ""):
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile("/gradio_api/(queue/join|run/)"), hold)
    chat = Chat(page, address, site.strings[view.language]).open()
    answer = chat.ask(QUESTION)
    expect(answer.locator(".body")).to_contain_text("90일")
    assert held
    with page.expect_response(re.compile("/gradio_api/run/")):
        for route in held:
            route.continue_()
    chat.ask("EFS는 어디에 쓰나요?")
    expect(chat.questions).to_have_count(2)
    expect(chat.answers.first.locator(".body")).to_contain_text("90일")


class SilentWriter:
    """Words an answer as a chat model does that thinks long before its first sentence."""

    name = "silent"
    version = "1"

    def __init__(self) -> None:
        self.hold()

    def hold(self) -> None:
        self.go_on = threading.Event()

    def write(self, selection: Selection) -> Iterator[WrittenAnswer]:
        go_on = self.go_on
        yield WrittenAnswer()
        go_on.wait(30)
        yield WrittenAnswer(f"{selection.excerpts[0].citation.quote.strip()} [1]", selection.excerpts[:1])


@pytest.fixture(scope="module")
def writer() -> SilentWriter:
    return SilentWriter()


@pytest.fixture(scope="module")
def silent_address(writer: SilentWriter, site: AppContext, assistant: Assistant) -> Iterator[str]:
    service = AssistantService(lambda: Assistant(assistant.index, writer))
    service.reload()
    with served(AppContext(service, site.settings, site.strings)) as url:
        yield url


def test_the_lines_can_be_read_while_a_silent_model_is_said_to_be_wording_them(
    page: Page, silent_address: str, site: AppContext, view: View, writer: SilentWriter
):
    writer.hold()
    chat = Chat(page, silent_address, site.strings[view.language]).open()
    chat.send(QUESTION)
    try:
        expect(page.locator("#chat .wording")).to_have_text(chat.strings["chat.writing"])
        expect(chat.answers.locator(".body")).to_contain_text("90일")
        expect(chat.answers.locator(".sources li")).to_have_count(1)
        expect(chat.button("chat.stop")).to_be_visible()
    finally:
        writer.go_on.set()
    chat.idle()
    expect(page.locator("#chat .searching, #chat .wording")).to_have_count(0)
    expect(chat.answers).to_have_count(1)
    expect(chat.answers.locator(".engine")).to_contain_text("silent")


#: Lets the page hear late that the stream of the queue's results has been closed.
LATE_CLOSING = """
const fetchNow = window.fetch;
window.fetch = async (...request) => {
  const response = await fetchNow(...request);
  if (!response.url.includes("/queue/data")) return response;
  const held = new TransformStream({
    async transform(chunk, onward) {
      for (const event of new TextDecoder().decode(chunk).split(/(?<=\\n\\n)/)) {
        if (event.includes("close_stream")) await new Promise((go) => setTimeout(go, 1000));
        onward.enqueue(new TextEncoder().encode(event));
      }
    },
  });
  return new Response(response.body.pipeThrough(held), response);
};
"""


@pytest.mark.parametrize("view", [View("ko", 1280, "light")], ids=str)
def test_an_answer_is_not_lost_with_a_stream_that_closes_as_it_is_asked_for(
    page: Page, address: str, site: AppContext, view: View
):
    def after_the_list(route: Route) -> None:
        """Let what asks for the answer arrive when the list of conversations has been brought up to date."""
        if QUESTION in (route.request.post_data or ""):
            page.wait_for_timeout(400)
        route.continue_()

    page.add_init_script(LATE_CLOSING)
    page.route(re.compile("/gradio_api/queue/join"), after_the_list)
    chat = Chat(page, address, site.strings[view.language]).open()
    expect(chat.ask(QUESTION).locator(".body")).to_contain_text("90일")


@pytest.mark.parametrize("view", [View("ko", 1280, "light")], ids=str)
def test_a_question_is_answered_while_the_end_of_the_last_answer_is_on_its_way(
    page: Page, site: AppContext, view: View, monkeypatch: pytest.MonkeyPatch
):
    may_end, answer = threading.Event(), ChatPage._answer

    @functools.wraps(answer)
    async def lingering(*values: Any) -> AsyncIterator[object]:
        async for shown in answer(*values):
            yield shown
        await asyncio.to_thread(may_end.wait, 30)

    monkeypatch.setattr(ChatPage, "_answer", lingering)
    with served(site) as url:
        chat = Chat(page, url, site.strings[view.language]).open()
        chat.ask(QUESTION)
        try:
            chat.ask("EFS는 어디에 쓰나요?")
            expect(chat.answers).to_have_count(2)
        finally:
            may_end.set()


def test_a_failure_told_late_of_a_stopped_answer_takes_nothing_back(site: AppContext):
    chat = ChatPage(ChatEvents(site, "ko"), site.strings["ko"])
    asked = Archive().asked(QUESTION)
    assert all(update is UNCHANGED for update in chat._broken(to_json(asked.with_last(state="stopped"))))
    failed = from_json(chat._broken(to_json(asked))[0])
    assert failed.conversation.last is not None
    assert failed.conversation.last.state == "failed"
