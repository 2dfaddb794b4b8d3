"""Writes the screenshots of the FAQ and of the instructor's pages, with a class's questions and empty.

``python -m tests.browser.faq_screenshots``, or :func:`take_all` from the script of all screenshots.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from assistant.publishing.archives import Upload
from assistant.publishing.publisher import Publishing
from assistant.settings import Settings, load_settings
from index import Encoder, load_encoder, open_or_build
from index.course_index import ENCODER_CACHE
from tests.browser.browsing import PATIENCE, QUIET, View, served
from tests.browser.faq_course import CONTENT, Course, course, let_a_class_ask, signed_in
from tests.browser.screenshots import FOLDER, VIEWS, save

EMPTY_VIEWS = (VIEWS[0], VIEWS[-1])
PAGES = {"asked": "", "gaps": "/gaps", "entries": "/entries", "overview": "/overview", "content": "/content"}
NOTE = "developing-on-aws/01-aws-cloud-computing.ko.md"


def take_all(browser: Browser, encoder: Encoder, settings: Settings) -> None:
    """Write all screenshots of these pages."""
    with (
        tempfile.TemporaryDirectory() as folder,
        course(Path(folder), encoder, settings) as shown,
        served(shown.site) as address,
    ):
        for view in EMPTY_VIEWS:
            _take_empty(browser, address, view)
        let_a_class_ask(shown)
        _stage(shown)
        for view in VIEWS:
            _take_filled(browser, address, view)


def _stage(shown: Course) -> None:
    """Let a changed note wait for the instructor, and an earlier version be there."""
    publishing = Publishing(shown.site.settings.dir, shown.site.settings.data_dir)
    text = (CONTENT / NOTE).read_text(encoding="utf-8")
    publishing.staged.stage([Upload(NOTE, text.encode())])
    publishing.publish(lambda: "")
    publishing.notices.seen()
    changed = text.replace("90일 정도까지만", "90일까지만")
    publishing.staged.stage(
        [Upload(NOTE, changed.encode()), Upload("07-dynamodb.ko.md", "# 모듈 7: DynamoDB\n".encode())]
    )


def _take_empty(browser: Browser, address: str, view: View) -> None:
    page = signed_in(browser, address, view)
    for name, path in {**PAGES, "faq": None}.items():
        if name != "content":
            page.goto(f"{address}/faq" if path is None else f"{address}/instructor{path}")
            save(page, view, "faq-empty" if path is None else f"instructor-{name}-empty")
    page.context.close()


def _take_filled(browser: Browser, address: str, view: View) -> None:
    stranger = view.context(browser).new_page()
    stranger.goto(f"{address}/instructor")
    save(stranger, view, "instructor-sign-in")
    stranger.goto(f"{address}/faq")
    stranger.locator(".faq-entry summary").first.click()
    save(stranger, view, "faq")
    stranger.context.close()
    page = signed_in(browser, address, view)
    for name, path in PAGES.items():
        page.goto(f"{address}/instructor{path}")
        if name == "asked":
            page.locator(".draft summary").first.click()
            expect(page.locator(".drafted").first).not_to_be_empty()
        if name == "content":
            page.locator(".staged summary").first.click()
        save(page, view, f"instructor-{name}")
    for name, path in {"group": "", "gap": "/gaps", "entry": "/entries"}.items():
        page.goto(f"{address}/instructor{path}")
        page.locator("article.card h2 a").first.click()
        expect(page.locator("form.card").first).to_be_visible()
        save(page, view, f"instructor-{name}")
    page.context.close()


def main() -> int:
    """Write the screenshots; return the exit code."""
    expect.set_options(timeout=PATIENCE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    settings = load_settings()
    open_or_build(settings)
    encoder = load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed, args=list(QUIET))
        take_all(browser, encoder, settings)
        browser.close()
    print(f"{len(list(FOLDER.glob('instructor*.png')))} screenshots of the instructor's pages in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
