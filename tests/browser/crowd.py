"""Many students in browsers of their own, asking at the same moment: who got which answer, and how soon."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.web.strings import Strings
from tests.browser.browsing import SECONDS, Chat, View

#: Questions and what only their own answer says.
QUESTIONS = (
    ("CloudTrail 기록은 며칠 보관돼?", "90일"),
    ("How long are CloudTrail events kept?", "90 days"),
    ("리전을 선택할 때 무엇을 고려해야 하나요?", "근접성"),
    ("What should I consider when choosing a Region?", "Proximity"),
    ("Auto Scaling의 조정 방식은 무엇인가요?", "예약된 조정"),
    ("What are the scaling methods of Auto Scaling?", "Scheduled scaling"),
    ("마이크로서비스의 모범 사례에는 무엇이 있나요?", "상태 비저장"),
    ("What are the best practices for microservices?", "must be stateless"),
    ("AWS 개발을 시작하는 순서는 어떻게 되나요?", "개발 환경"),
    ("What are the steps to start developing on AWS?", "Install a development environment"),
)
#: Notes in the page itself when Enter is pressed, when the first words of the answer show, and when it is whole.
_STOPWATCH = """
() => {
  const times = (window.times = {});
  const note = (name) => { times[name] ??= performance.now(); };
  document.querySelector('#question textarea').addEventListener('keydown', () => note('asked'));
  new MutationObserver(() => {
    if (document.querySelector('#chat .answer .body')?.innerText.trim()) note('words');
    if (document.querySelector('#chat .answer .sources')) note('whole');
  }).observe(document.querySelector('#chat'), { childList: true, subtree: true, characterData: true });
}
"""


#: Tabs that share a cache, so that opening them takes less; to the server each tab is a session of its own. A browser
#: opens six connections to a site at most, and a tab keeps one or two of them open.
_SESSIONS_A_CONTEXT = 2
#: Pages that open at the same time use all cores, where one after the other they wait for the network in between.
_OPENED_TOGETHER = 6


@dataclass(frozen=True, slots=True)
class Experience:
    """What one student saw; times in seconds from pressing Enter. ``trouble`` is an error that the page told."""

    question: str
    expected: str
    asked: str
    answer: str
    trouble: str
    first_words: float
    whole: float

    @property
    def is_right(self) -> bool:
        """Whether the answer is the one to this student's own question, and to no other's."""
        others = [expected for _, expected in QUESTIONS if expected != self.expected]
        return (
            self.question in self.asked
            and self.expected in self.answer
            and not any(other in self.answer for other in others)
        )


def ask_at_once(browser: Browser, address: str, strings: Strings, count: int) -> list[Experience]:
    """Open ``count`` sessions, let all ask within a moment, and return what each saw, in order."""
    view = View(strings.language, 800, "light")
    with contextlib.ExitStack() as closing:
        contexts = [closing.enter_context(_context(browser, view)) for _ in range(-(-count // _SESSIONS_A_CONTEXT))]
        pages = [contexts[number % len(contexts)].new_page() for number in range(count)]
        rows = [QUESTIONS[number % len(QUESTIONS)] for number in range(count)]
        chats = [Chat(page, address, strings) for page in pages]
        for first in range(0, count, _OPENED_TOGETHER):
            for chat in chats[first : first + _OPENED_TOGETHER]:
                chat.begin_to_open()
            for chat in chats[first : first + _OPENED_TOGETHER]:
                expect(chat.page.locator("#chat .example").first).to_be_visible(timeout=4 * SECONDS)
        for chat, (question, _) in zip(chats, rows, strict=True):
            chat.box.fill(question)
            chat.page.evaluate(_STOPWATCH)
        for page in pages:
            page.locator("#question textarea").press("Enter")
        return [_seen(page, question, expected) for page, (question, expected) in zip(pages, rows, strict=True)]


@contextlib.contextmanager
def _context(browser: Browser, view: View) -> Iterator[BrowserContext]:
    with contextlib.closing(view.context(browser)) as context:
        context.set_default_timeout(4 * SECONDS)
        yield context


def _seen(page: Page, question: str, expected: str) -> Experience:
    expect(page.locator("#chat .answer .sources, #chat .trouble").first).to_be_visible(timeout=4 * SECONDS)
    times = page.evaluate("window.times")
    asked = times.get("asked", 0.0)
    trouble = page.locator("#chat .trouble")
    return Experience(
        question=question,
        expected=expected,
        asked=page.locator("#chat .question").inner_text(),
        answer=" ".join(page.locator("#chat .answer .body").all_inner_texts()),
        trouble=" ".join(trouble.all_inner_texts()),
        first_words=(times.get("words", float("inf")) - asked) / 1000,
        whole=(times.get("whole", float("inf")) - asked) / 1000,
    )
