"""Going through a quiz in the chat, as a student who knows the answers does."""

import re

from playwright.sync_api import Locator

from assistant.quiz.records import Item, ItemKind
from assistant.web.app_context import AppContext
from tests.browser.browsing import Chat


class Quiz:
    """The running quiz of a chat: what is asked, by the number and the stem that the page shows."""

    def __init__(self, chat: Chat, site: AppContext) -> None:
        self.chat = chat
        self._bank = site.tutor.current().bank

    @property
    def message(self) -> Locator:
        return self.chat.page.locator("#chat .quiz").last

    @property
    def running(self) -> bool:
        return self.chat.page.locator("#quiz-actions").is_visible()

    @property
    def options(self) -> Locator:
        return self.chat.page.locator("#chat .options .option")

    def item(self) -> Item:
        """Return the item whose stem stands in the latest message."""
        shown = squeezed(self.message.locator(".ask").text_content())
        asked = [
            item
            for item in self._bank.items
            if squeezed(item.stem) in shown
            and all(squeezed(option) in shown for option in item.options if item.kind is not ItemKind.TRUE_FALSE)
        ]
        assert asked, shown
        return max(asked, key=lambda item: len(item.stem))

    def pick(self, option: str) -> None:
        before = self.chat.questions.count()
        self.options.filter(has_text=option).first.click()
        self.chat.replied(before)

    def press(self, command: str) -> None:
        before = self.chat.questions.count()
        self.chat.button(f"chat.quiz_{command}").click()
        self.chat.replied(before)

    def answer_rightly(self) -> None:
        item = self.item()
        if self.options.count():
            self.pick(item.answer)
        else:
            self.chat.ask(", ".join("ABCDEF"[item.options.index(step)] for step in item.steps) or item.answer)


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
