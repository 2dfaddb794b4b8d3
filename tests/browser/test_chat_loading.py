"""The chat while its page is being prepared."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.web.site import Site
from tests.browser.browsing import Chat, View

QUESTION = "CloudTrail 기록은 며칠 보관돼?"


@pytest.mark.parametrize("view", [View("ko", 1280, "light")], ids=str)
def test_a_question_asked_before_the_page_is_prepared_is_not_lost(page: Page, address: str, site: Site, view: View):
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
