"""What a student sees of the line in which questions wait when more is asked than the cores can answer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from assistant.serving.waiting_room import WaitingRoom
from assistant.web.app_context import AppContext
from tests.browser.browsing import Chat

QUESTION = "CloudTrail 기록은 며칠 보관돼?"


class Others:
    """Others whose questions are worked on or wait before the next one that is asked."""

    def __init__(self, room: WaitingRoom, waiting: int) -> None:
        self._room = room
        self._turns = [room.enter(600) for _ in range(room.workers + waiting)]

    def go(self, count: int) -> None:
        """Let the first ``count`` have their answers."""
        for _ in range(count):
            self._room.leave(self._turns.pop(0))

    def go_all(self) -> None:
        self.go(len(self._turns))

    def joined(self) -> int:
        """Return how many are before one who comes now, and takes no place."""
        turn = self._room.enter(600)
        try:
            place = self._room.place(turn)
            return place.ahead if place else 0
        finally:
            self._room.leave(turn)


@pytest.fixture
def others(site: AppContext) -> Iterator[Others]:
    before = Others(site.room, waiting=3)
    try:
        yield before
    finally:
        before.go_all()


def told(chat: Chat, key: str, count: int = 0) -> re.Pattern[str]:
    """Return the sentence about a place, whatever time it estimates."""
    sentence = re.escape(chat.strings.format(key, count=count, seconds="§"))
    return re.compile(f"^{sentence.replace('§', '[0-9]+')}$")


@pytest.mark.every_view
def test_who_waits_sees_the_place_move_up_and_is_answered_in_turn(chat: Chat, others: Others):
    chat.send(QUESTION)
    line = chat.page.get_by_role("status").and_(chat.page.locator(".waiting"))
    expect(line).to_have_text(told(chat, "chat.waiting", 3))
    expect(chat.questions).to_contain_text([QUESTION])
    expect(chat.button("chat.stop")).to_be_visible()
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    others.go(2)
    expect(line).to_have_text(told(chat, "chat.waiting_one", 1))
    others.go(1)
    expect(line).to_have_text(told(chat, "chat.waiting_next"))
    others.go_all()
    chat.idle()
    expect(chat.answers.last.locator(".body")).to_contain_text("90일")
    expect(chat.page.locator(".waiting")).to_have_count(0)


def test_stopping_gives_up_the_place_and_keeps_the_question(chat: Chat, others: Others):
    chat.send(QUESTION)
    expect(chat.page.locator(".waiting")).to_have_text(told(chat, "chat.waiting", 3))
    assert others.joined() == 4
    chat.button("chat.stop").click()
    expect(chat.page.locator("#chat .notice")).to_have_text(chat.strings["chat.stopped"])
    expect(chat.page.locator(".waiting")).to_have_count(0)
    assert others.joined() == 3
    others.go_all()
    chat.page.locator("#chat .message-buttons button").first.click()
    expect(chat.answers.last.locator(".body")).to_contain_text("90일")
    expect(chat.questions).to_have_count(1)


def test_who_is_sent_away_keeps_the_question_and_is_told_when_to_come_back(
    chat: Chat, site: AppContext, others: Others, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assistant.web.chat.page.LONGEST_WAIT_SECONDS", 0.0)
    chat.send(QUESTION)
    expect(chat.page.locator("#chat .trouble, #chat .notice")).to_have_text(told(chat, "chat.busy"))
    others.go_all()
    chat.page.locator("#chat .message-buttons button").first.click()
    expect(chat.answers.last.locator(".body")).to_contain_text("90일")
    expect(chat.questions).to_have_count(1)
