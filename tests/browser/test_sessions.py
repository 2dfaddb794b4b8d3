from playwright.sync_api import Browser

from assistant.web.app_context import AppContext
from tests.browser.crowd import ask_at_once


def test_thirty_students_at_once_get_their_own_answers(browser: Browser, address: str, site: AppContext):
    seen = ask_at_once(browser, address, site.strings["ko"], 30)
    assert [experience.trouble for experience in seen if experience.trouble] == []
    assert [experience for experience in seen if not experience.is_right] == []
