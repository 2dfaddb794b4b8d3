"""Writes docs/screenshots: every page at both widths, from the real application. ``python -m tests.browser.screenshots``"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from assistant.faq.service import FaqService
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import load_settings
from assistant.web.app_context import AppContext
from assistant.web.strings import load_strings
from index import load_encoder, open_or_build
from index.course_index import ENCODER_CACHE
from tests.browser.browsing import PATIENCE, QUIET, Chat, ListLog, View, served
from tests.browser.quizzing import Quiz

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
NOTE = "/notes/developing-on-aws/01-aws-cloud-computing.{language}.md#L51-L54"
QUESTIONS = {"ko": "리전을 고를 때 무엇을 고려해야 하나요?", "en": "What should I consider when choosing a Region?"}
UNKNOWN = {"ko": "DynamoDB 파티션 키는 어떻게 정하나요?", "en": "How do I choose a DynamoDB partition key?"}
VIEWS = (View("ko", 1280, "light"), View("en", 1280, "dark"), View("ko", 390, "dark"), View("en", 390, "light"))
PALETTE = 128


def save(page: Page, view: View, name: str) -> None:
    """Write what the page shows, reduced to a palette so that the file stays small."""
    page.mouse.move(1, 400)  # where nothing lies that would look different below a pointer
    page.wait_for_timeout(400)
    path = FOLDER / f"{name}-{view}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(PALETTE).save(path, optimize=True)


def take(page: Page, address: str, view: View, site: AppContext) -> None:
    """Walk through the pages."""
    chat = Chat(page, address, site.strings[view.language]).open()
    expect(page.locator("#chat .example")).to_have_count(6)
    save(page, view, "start")
    chat.ask(QUESTIONS[view.language])
    save(page, view, "answer")
    chat.answers.last.locator("a.cite").first.click()
    expect(page.locator("#source-panel .quoted").first).to_be_visible()
    save(page, view, "source")
    page.keyboard.press("Escape")
    begin_anew(chat)
    chat.ask(UNKNOWN[view.language])
    save(page, view, "declined")
    begin_anew(chat)
    take_quiz(chat, view, site)
    page.goto(address + NOTE.format(language=view.language))
    save(page, view, "notes")
    for path in ("/quiz", "/help"):
        page.goto(address + path)
        save(page, view, path.strip("/"))
    page.goto(f"{address}/quiz")
    page.locator("#quiz-start").click()
    expect(page.locator("#quiz-message")).to_be_visible()
    save(page, view, "quiz-question")


def begin_anew(chat: Chat) -> None:
    """Begin a new conversation."""
    chat.button("chat.new").click()
    expect(chat.questions).to_have_count(0)


def take_quiz(chat: Chat, view: View, site: AppContext) -> None:
    """Go through a quiz in the chat; its picture shows a graded reply and a question with options."""
    quiz = Quiz(chat, site)
    chat.page.get_by_label(chat.strings["chat.quiz_mode"]).check()
    chat.ask(QUESTIONS[view.language])
    quiz.answer_rightly()
    save(chat.page, view, "chat-quiz")
    while quiz.running:
        quiz.answer_rightly()
    chat.page.get_by_label(chat.strings["chat.quiz_mode"]).uncheck()
    save(chat.page, view, "chat-quiz-end")


@contextmanager
def site() -> Iterator[AppContext]:
    """Load the application over the notes that the settings name."""
    assistant = Assistant(open_or_build(load_settings()))
    service = AssistantService(lambda: assistant)
    service.reload()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings().model_copy(update={"database_url": f"sqlite:///{folder}/faq.db"})
        desk = FaqService.open(settings, lambda: service.assistant.index)
        yield AppContext(service, settings, load_strings(), log=ListLog(), faq=desk)
        desk.close()


def main() -> int:
    """Write all screenshots; return the exit code."""
    from tests.browser.faq_screenshots import take_all as take_faq  # which needs what is above

    expect.set_options(timeout=PATIENCE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with site() as shown, served(shown) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed, args=list(QUIET))
        for view in VIEWS:
            context = view.context(browser)
            take(context.new_page(), address, view, shown)
            context.close()
        settings = load_settings()
        take_faq(browser, load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE), settings)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} screenshots in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
