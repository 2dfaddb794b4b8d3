"""A real Chromium against the real application, served in this process over the real index."""

import contextlib
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.strings import Strings, load_strings
from tests.browser.browsing import PATIENCE, QUIET, VIEWS, Chat, ListLog, View, served, watched_page


def pytest_configure(config: pytest.Config) -> None:
    expect.set_options(timeout=PATIENCE)
    # Gradio sums up its queue in ways that pandas has deprecated.
    config.addinivalue_line("filterwarnings", "ignore:'future.no_silent_downcasting' is deprecated")
    config.addinivalue_line("filterwarnings", "ignore:The copy keyword is deprecated")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look at a behaviour in one of the views, the next one for each: languages, widths and themes all have their turn.

    What has to hold in every view (``every_view``) is looked at in all of them, as is what names its views itself.
    """
    turns: dict[str, int] = {}
    kept: list[pytest.Item] = []
    for item in items:
        view = getattr(item, "callspec", None) and item.callspec.params.get("view")
        rotates = view in VIEWS and "view" not in _named_by(item) and not item.get_closest_marker("every_view")
        behaviour = item.nodeid.replace(str(view), "")
        turn = turns.setdefault(behaviour, len(turns)) if rotates else 0
        if not rotates or VIEWS[turn % len(VIEWS)] == view:
            kept.append(item)
    items[:] = kept


def _named_by(item: pytest.Item) -> set[str]:
    """Return the names that the marks of a test parametrize."""
    marks = item.iter_markers("parametrize")
    return {
        name.strip()
        for mark in marks
        for name in (mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0])
    }


@pytest.fixture(scope="session")
def strings() -> dict[str, Strings]:
    return load_strings()


@pytest.fixture(scope="session")
def log() -> ListLog:
    return ListLog()


@pytest.fixture(scope="session")
def service(assistant: Assistant) -> AssistantService:
    loaded = AssistantService(lambda: assistant)
    loaded.reload()
    return loaded


@pytest.fixture(scope="session")
def site(service: AssistantService, settings: Settings, strings: dict[str, Strings], log: ListLog) -> AppContext:
    return AppContext(service, settings, strings, log=log)


@pytest.fixture(scope="session")
def address(site: AppContext) -> Iterator[str]:
    with served(site) as url:
        yield url


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with contextlib.closing(playwright_driver.chromium.launch(executable_path=installed, args=list(QUIET))) as chromium:
        yield chromium


@pytest.fixture(params=VIEWS, ids=str)
def view(request: pytest.FixtureRequest) -> View:
    return request.param


@pytest.fixture
def page(browser: Browser, view: View) -> Iterator[Page]:
    """A page of a fresh browser; every script error and every request to another host fails the test."""
    yield from watched_page(browser, view)


@pytest.fixture
def chat(page: Page, address: str, view: View, strings: dict[str, Strings]) -> Chat:
    return Chat(page, address, strings[view.language]).open()
