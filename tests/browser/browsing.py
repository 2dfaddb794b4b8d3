"""Serving the real application for a browser, looking at it, and chatting with it."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from assistant.records import Answer
from assistant.web.app_context import AppContext
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.strings import Strings

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 30_000
#: How long a page may take for what a student waits for; a busy machine needs it.
PATIENCE = 20_000


@dataclass(frozen=True)
class View:
    """How a student looks at the pages."""

    language: str
    width: int
    theme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.theme}"

    @property
    def is_phone(self) -> bool:
        return self.width < 600

    def context(self, browser: Browser) -> BrowserContext:
        return browser.new_context(
            locale={"ko": "ko-KR", "en": "en-US"}[self.language],
            viewport={"width": self.width, "height": 844 if self.is_phone else 860},
            color_scheme=self.theme,
            has_touch=self.is_phone,
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )


#: Lets a page ask for the server's status twenty times as often, and give up on it as much sooner.
HASTE = """
const { setTimeout: later, AbortSignal: { timeout: giveUp } } = window;
window.setTimeout = (act, wait, ...values) => later(act, wait === 5000 ? 250 : wait, ...values);
AbortSignal.timeout = (wait) => giveUp.call(AbortSignal, wait / 20);
"""
#: Each width in both languages, each language light and dark.
VIEWS = (View("ko", 1280, "light"), View("en", 1280, "dark"), View("ko", 390, "dark"), View("en", 390, "light"))
ALL_VIEWS = tuple(
    View(language, width, theme) for language in ("ko", "en") for width in (1280, 390) for theme in ("light", "dark")
)


@dataclass
class ListLog:
    """A question log that keeps everything in lists."""

    recorded: list[Answer] = field(default_factory=list)
    verdicts: list[tuple[str, bool, str]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def record(self, answer: Answer, mark: str = "", *, identifier: str) -> None:
        self.recorded.append(answer)

    def feedback(self, answer: Answer, mark: str = "", *, identifier: str, helpful: bool, reason: str = "") -> bool:
        self.verdicts.append((answer.question, helpful, reason))
        return True

    def ask_instructor(self, answer: Answer, mark: str = "", *, identifier: str) -> bool:
        self.sent.append(answer.question)
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(site: AppContext, port: int | None = None) -> Iterator[str]:
    """Serve ``site`` and yield its address."""
    port = port or free_port()
    config = uvicorn.Config(
        # Open pages never let go of the server by themselves: there is nothing to wait for.
        create_application(site, ROUTERS, GRADIO_PAGES),
        port=port,
        log_level="error",
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def watched_page(browser: Browser, view: View) -> Iterator[Page]:
    with contextlib.closing(view.context(browser)) as context:
        page = context.new_page()
        page.set_default_timeout(SECONDS)
        errors: list[str] = []
        foreign: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: None if is_local(request.url) else foreign.append(request.url))
        yield page
        assert foreign == []
        assert errors == []


def is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


class Chat:
    """The chat page as a student uses it."""

    def __init__(self, page: Page, address: str, strings: Strings) -> None:
        self.page = page
        self.strings = strings
        self._address = address

    def open(self) -> "Chat":
        self.begin_to_open()
        expect(self.box).to_be_visible(timeout=SECONDS)
        return self

    def begin_to_open(self) -> None:
        self.page.goto(self._address, wait_until="commit")

    @property
    def box(self) -> Locator:
        return self.page.locator("#question textarea")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#chat .answer")

    @property
    def questions(self) -> Locator:
        return self.page.locator("#chat .question")

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.strings[key], exact=True)

    def ask(self, question: str) -> Locator:
        """Ask, wait until the answer is whole, and return it."""
        before = self.questions.count()
        self.send(question)
        return self.replied(before)

    def send(self, question: str) -> None:
        self.box.fill(question)
        self.box.press("Enter")

    def replied(self, before: int) -> Locator:
        """Wait until what follows ``before`` questions is answered, and return the answer."""
        expect(self.questions).to_have_count(before + 1, timeout=SECONDS)
        self.idle()
        return self.answers.last

    def answered(self, before: int) -> Locator:
        expect(self.answers).to_have_count(before + 1, timeout=SECONDS)
        self.idle()
        return self.answers.last

    def begin_anew(self) -> None:
        self.button("chat.new").click()
        expect(self.questions).to_have_count(0)

    def idle(self) -> None:
        expect(self.page.locator("#actions, #quiz-actions").filter(visible=True)).to_have_count(1, timeout=SECONDS)
        expect(self.button("chat.send")).to_be_visible(timeout=SECONDS)
