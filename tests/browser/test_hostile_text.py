"""HTML and script in a question, a note or an answer is shown as text and does nothing."""

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.records import Answer, Turn
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.web.app_context import AppContext
from index.reading.portable import portable
from tests.browser.browsing import Chat, View, served, watched_page

PAYLOADS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "<svg><script>window.hit=1</script></svg>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<iframe src=javascript:parent.hit=1></iframe>",
    "<body onload=window.hit=1>",
    "<details open ontoggle=window.hit=1>x</details>",
    "<video><source onerror=window.hit=1></video>",
    "<audio src=x onerror=window.hit=1></audio>",
    "<input autofocus onfocus=window.hit=1>",
    "<select autofocus onfocus=window.hit=1></select>",
    "<textarea autofocus onfocus=window.hit=1></textarea>",
    "<a href=javascript:window.hit=1>x</a>",
    "[x](javascript:window.hit=1)",
    "[x](JaVaScRiPt:window.hit=1)",
    "[x](data:text/html,<script>window.hit=1</script>)",
    "[x](vbscript:msgbox)",
    "![x](javascript:window.hit=1)",
    '![x](x" onerror="window.hit=1)',
    "[x](https://example.org \"onmouseover='window.hit=1'\")",
    "<javascript:window.hit=1>",
    "<math><mi xlink:href=javascript:window.hit=1>x</mi></math>",
    "<object data=javascript:window.hit=1></object>",
    "<embed src=javascript:window.hit=1>",
    "<form action=javascript:window.hit=1><button>x</button></form>",
    "<style>@import 'https://example.org/x.css';</style>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<meta http-equiv=refresh content=0;url=https://example.org>",
    "<base href=https://example.org/>",
    "<template><img src=x onerror=window.hit=1></template>",
    "</div></article><img src=https://example.org/p.png onerror=window.hit=1>",
    "`<img src=x onerror=window.hit=1>`",
    "```html\n<script>window.hit=1</script>\n```",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "${window.hit=1} {{window.hit=1}} <%= window.hit=1 %>",
)
#: The longer a conversation, the longer the page takes to show it.
A_CONVERSATION = 12
DANGEROUS = "script:not([src]), iframe, object, embed, form, meta, base, link, style, video, audio, svg, math, template, select, input"


class ParrotAssistant(Assistant):
    """Answers with what it was asked, as the worst of chat models might, citing the notes as the real one does."""

    def stream(
        self,
        question: str,
        *,
        module: str | None = None,
        history: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Generator[Answer, None, None]:
        (*_, real) = super().stream("CloudTrail 기록은 며칠 보관돼?")
        yield Answer(
            question,
            "en",
            True,
            f"{question}\n\n{question} [1]",
            real.citations,
            (),
            (),
            1.0,
            question,
            0.1,
            notice=question,
        )


@pytest.fixture(scope="module")
def parrot_address(assistant: Assistant, site: AppContext) -> Iterator[str]:
    service = AssistantService(lambda: ParrotAssistant(assistant.index))
    service.reload()
    with served(AppContext(service, site.settings, site.strings)) as url:
        yield url


@pytest.fixture(scope="module")
def hostile_page(browser: Browser) -> Iterator[Page]:
    yield from watched_page(browser, View("en", 1280, "light"))


def test_hostile_questions_and_answers_are_text(hostile_page: Page, parrot_address: str, site: AppContext):
    assert len(PAYLOADS) >= 25
    chat = Chat(hostile_page, parrot_address, site.strings["en"]).open()
    for first in range(0, len(PAYLOADS), A_CONVERSATION):
        payloads = PAYLOADS[first : first + A_CONVERSATION]
        ask_all(chat, payloads)
        hostile_page.reload()
        expect(chat.answers).to_have_count(len(payloads))
        assert hostile_page.evaluate("window.hit") is None
        chat.begin_anew()


def ask_all(chat: Chat, payloads: Sequence[str]) -> None:
    for number, payload in enumerate(payloads):
        chat.send(payload)
        expect(chat.answers).to_have_count(number + 1)
        chat.idle()
        assert chat.questions.last.text_content().removeprefix("You asked: ") == payload
        assert chat.questions.last.locator(DANGEROUS).count() == 0
        assert chat.answers.last.locator(f"{DANGEROUS}, img").count() == 0
        assert (
            chat.answers.last.locator("a[href^='javascript' i], a[href^='data' i], a[href^='vbscript' i]").count() == 0
        )
        assert chat.page.evaluate("window.hit") is None
    for link in chat.answers.locator("a[href^='http']").all():
        assert "noopener" in link.get_attribute("rel")


def test_hostile_notes_are_text(hostile_page: Page, tmp_path: Path, site: AppContext, service: AssistantService):
    parts = [f"# Notes {PAYLOADS[0]}"]
    parts += [
        f"## Section {number} {payload.splitlines()[0]}\n\n{payload}\n\n- {payload.splitlines()[0]}"
        for number, payload in enumerate(PAYLOADS)
    ]
    (tmp_path / "hostile.md").write_text("\n\n".join(parts), encoding="utf-8")
    loading = AssistantService(lambda: service.assistant)  # never started: the notes are read from the folder
    settings = site.settings.model_copy(update={"dir": tmp_path})
    with served(AppContext(loading, settings, site.strings)) as url:
        hostile_page.goto(f"{url}/notes/hostile.md")
        expect(hostile_page.locator(".note h2")).to_have_count(len(PAYLOADS))
        assert hostile_page.locator(".book").locator(DANGEROUS.removesuffix(", input")).count() == 0
        text = hostile_page.locator(".note").inner_text()
        shown = [payload for payload in PAYLOADS if payload.startswith("<") and portable(payload).text == payload]
        assert len(shown) >= 5, "what Markdown takes for no tag is text, and the rest is read for what it means"
        for payload in shown:
            assert payload in text or payload[1:-1] in text, "an address in angle brackets is shown as its text"
        hostile_page.locator("#notes-search").fill("hit")
        expect(hostile_page.locator("#notes-results a")).not_to_have_count(0)
        assert hostile_page.locator("#notes-results").locator(DANGEROUS).count() == 0
        panel = hostile_page.request.get(f"{url}/panel/hostile.md?first=1&last=40").text()
        assert "<script" not in panel
        assert "<img src=x" not in panel
        assert hostile_page.evaluate("window.hit") is None


def test_a_tampered_browser_store_is_harmless(hostile_page: Page, parrot_address: str, site: AppContext):
    chat = Chat(hostile_page, parrot_address, site.strings["en"]).open()
    hostile_page.goto(f"{parrot_address}/help")  # where nothing writes to the store
    hostile_page.evaluate("localStorage.clear()")
    chat.open()
    expect(hostile_page.locator("#chat .example").first).to_be_visible()
    chat.ask("one to be kept")
    hostile_page.goto(f"{parrot_address}/help")
    hostile_page.evaluate("localStorage.setItem('notes_conversations', '\"<img src=x onerror=window.hit=1>\"')")
    chat.open()
    expect(hostile_page.locator("#chat .example").first).to_be_visible()
    chat.ask("still there?")
    expect(chat.questions).to_have_count(1)
    assert hostile_page.evaluate("window.hit") is None


@pytest.mark.parametrize(
    "path",
    [
        "/figures/../app.py",
        "/figures/%2e%2e/app.py",
        "/figures/glossary.yaml",
        "/notes/../app.py",
        "/panel/../../app.py?first=1&last=2",
        "/site/../shell.py",
    ],
    ids=["dots", "escaped-dots", "no-image", "note", "panel", "static"],
)
def test_only_notes_and_their_figures_are_served(hostile_page: Page, parrot_address: str, path: str):
    response = hostile_page.request.get(parrot_address + path)
    assert response.status == 404
    assert "import" not in response.text()
