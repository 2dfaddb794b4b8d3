"""Writes docs/screenshots: every page at both widths, from the real application. ``python -m tests.browser.screenshots``"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from assistant.assistant import Assistant
from assistant.faq.desk import FaqDesk
from assistant.service import AssistantService
from assistant.settings import load_settings
from assistant.web.site import Site
from assistant.web.strings import load_strings
from index import open_or_build
from tests.browser.browsing import PATIENCE, QUIET, Chat, ListLog, View, served

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
NOTE = "/notes/developing-on-aws/01-aws-cloud-computing.{language}.md#L51-L54"
QUESTIONS = {"ko": "리전을 고를 때 무엇을 고려해야 하나요?", "en": "What should I consider when choosing a Region?"}
UNKNOWN = {"ko": "DynamoDB 파티션 키는 어떻게 정하나요?", "en": "How do I choose a DynamoDB partition key?"}
VIEWS = (View("ko", 1280, "light"), View("en", 1280, "dark"), View("ko", 390, "dark"), View("en", 390, "light"))
PALETTE = 128


def save(page: Page, view: View, name: str) -> None:
    """Write what the page shows, reduced to a palette so that the file stays small."""
    page.wait_for_timeout(400)
    path = FOLDER / f"{name}-{view}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(PALETTE).save(path, optimize=True)


def take(page: Page, address: str, view: View, site: Site) -> None:
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
    chat.button("chat.new").click()
    expect(chat.questions).to_have_count(0)
    chat.ask(UNKNOWN[view.language])
    save(page, view, "declined")
    page.goto(address + NOTE.format(language=view.language))
    save(page, view, "notes")
    for link in page.locator(".site-header nav a").all():
        path = link.get_attribute("href") or "/"
        if path not in ("/", "/notes"):
            visit(page, address + path)
            save(page, view, path.strip("/"))
            page.goto(address + "/help")


def visit(page: Page, url: str) -> None:
    """Open a page and wait until nothing more is loaded."""
    page.goto(url)
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)


@contextmanager
def site() -> Iterator[Site]:
    """Load the application over the notes that the settings name."""
    assistant = Assistant(open_or_build(load_settings()))
    service = AssistantService(lambda: assistant)
    service.reload()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings().model_copy(update={"database_url": f"sqlite:///{folder}/faq.db"})
        desk = FaqDesk.open(settings, lambda: service.assistant.index)
        yield Site(service, settings, load_strings(), log=ListLog(), faq=desk)
        desk.close()


def main() -> int:
    """Write all screenshots; return the exit code."""
    expect.set_options(timeout=PATIENCE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with site() as shown, served(shown) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed, args=list(QUIET))
        for view in VIEWS:
            context = view.context(browser)
            take(context.new_page(), address, view, shown)
            context.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} screenshots in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
