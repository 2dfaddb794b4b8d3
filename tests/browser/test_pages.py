import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.web.app_context import AppContext
from tests.browser.browsing import ALL_VIEWS, Chat, View, watched_page

NOTE = "/notes/developing-on-aws/01-aws-cloud-computing.ko.md"
PLAIN_PAGES = ("/quiz", "/faq", "/help", "/instructor")
SERIOUS = {"serious", "critical"}
HANGUL = re.compile("[가-힣]")


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]}" for rule in found if rule["impact"] in SERIOUS for node in rule["nodes"]
    ]


@pytest.mark.parametrize("view", ALL_VIEWS, ids=str)
def test_no_page_has_a_serious_accessibility_issue_or_is_wider_than_the_screen(
    page: Page, address: str, view: View, site: AppContext
):
    def width() -> int:
        return page.evaluate("document.documentElement.scrollWidth")

    for path in (NOTE, f"{NOTE}#L149-L151", "/notes/none.md", *PLAIN_PAGES):
        page.goto(address + path)
        assert violations(page) == [], path
        assert width() <= view.width, path
    chat = Chat(page, address, site.strings[view.language]).open()
    expect(page.locator("#chat .example")).to_have_count(6)
    assert violations(page) == []
    assert width() <= view.width
    chat.ask("DynamoDB 파티션 키는?")
    chat.ask("CloudTrail 기록은 며칠 보관돼?").locator("a.cite").first.click()
    expect(page.locator("#source-panel .quoted")).to_have_count(1)
    assert violations(page) == []
    assert width() <= view.width


def test_the_chosen_language_is_remembered_on_every_page(page: Page, address: str, view: View):
    other = "en" if view.language == "ko" else "ko"
    page.goto(f"{address}/help")
    page.locator("#language-switch").click()
    expect(page).to_have_url(f"{address}/help")
    for path in ("/help", NOTE, "/"):
        page.goto(address + path)
        expect(page.locator("html")).to_have_attribute("lang", other)
        name = page.locator(".brand").inner_text()
        assert bool(HANGUL.search(name)) == (other == "ko")


@pytest.mark.parametrize("view", [View("en", 1280, "light")], ids=str)
def test_no_english_page_holds_korean_words(page: Page, address: str, view: View):
    for path in PLAIN_PAGES:
        page.goto(address + path)
        said = page.evaluate(
            """() => [...document.querySelectorAll('body *, title')]
                .filter((element) => !element.closest('#language-switch, script'))
                .flatMap((element) => [element.ariaLabel, element.placeholder, element.title,
                    ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)])
                .filter(Boolean)"""
        )
        assert [text for text in said if HANGUL.search(text)] == [], path


def test_switching_the_language_keeps_the_place_and_the_conversation(chat: Chat, address: str, view: View):
    chat.ask("CloudTrail 기록은 며칠 보관돼?")
    chat.page.locator("#language-switch").click()
    expect(chat.page.locator("html")).to_have_attribute("lang", "en" if view.language == "ko" else "ko")
    expect(chat.answers.locator(".body")).to_contain_text("90일")
    chat.page.goto(f"{address}{NOTE}#L149")
    chat.page.locator("#language-switch").click()
    expect(chat.page).to_have_url(f"{address}{NOTE}#L149")


def test_light_and_dark_follow_the_system_until_the_student_chooses(page: Page, address: str, view: View):
    def is_dark() -> bool:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) < 3 * 128

    for path in ("/", "/help"):
        page.goto(address + path)
        page.wait_for_load_state("load")
        assert is_dark() == (view.theme == "dark"), path
    page.locator("#theme-switch").click()
    for path in ("/help", NOTE, "/"):
        page.goto(address + path)
        if path == "/":
            expect(page.locator("#question textarea")).to_be_visible()
        assert is_dark() == (view.theme == "light"), path


def test_the_skip_link_and_the_menu_come_first_in_the_focus_order(page: Page, address: str):
    page.goto(f"{address}/help")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_an_address_with_lines_opens_the_note_there(page: Page, address: str):
    page.goto(f"{address}{NOTE}#L51-L53")
    quoted = page.locator(".note .quoted")
    expect(quoted).to_have_count(3)
    expect(quoted.first).to_have_text("거버넌스(governance)")
    expect(quoted.first).to_be_in_viewport()


def test_every_section_has_an_address_of_its_own(page: Page, address: str):
    page.goto(address + NOTE)
    headings = page.locator(".note :is(h1, h2, h3)[id]")
    assert headings.count() == 24
    anchor = headings.nth(5).locator(".anchor")
    anchor.focus()
    anchor.press("Enter")
    expect(page).to_have_url(re.compile(r"#L37$"))


def test_the_tree_leads_to_every_note_and_its_sections(page: Page, address: str):
    page.goto(address + NOTE)
    tree = page.locator(".tree")
    if not tree.locator("nav").is_visible():
        tree.locator("summary").click()
    for note in ("00-overview.ko.md", "03-iam.ko.md"):
        expect(tree.locator(f"a[href$='{note}']")).to_be_visible()
    tree.get_by_role("link", name="CloudTrail", exact=False).first.click()
    page.wait_for_url(re.compile(r"#L\d+$"))
    expect(page.locator(".note .quoted")).to_be_in_viewport()


def test_code_is_highlighted(page: Page, address: str):
    page.goto(address + NOTE.replace("01-aws-cloud-computing", "03-iam"))
    coloured = page.locator(".note pre.code span[class]").first
    plain = page.locator(".note pre.code code").first
    colours = [element.evaluate("(shown) => getComputedStyle(shown).color") for element in (coloured, plain)]
    assert colours[0] != colours[1]


def test_the_other_edition_opens_at_the_same_section(page: Page, address: str):
    page.goto(f"{address}{NOTE}#L149")
    expect(page.locator(".note .quoted")).to_be_in_viewport()
    page.locator("#edition-switch").click()
    page.wait_for_url(re.compile(r"\.en\.md#L147$"))
    expect(page.locator(".note")).to_have_attribute("lang", "en")


def test_search_finds_while_typing_and_says_when_there_is_nothing(
    page: Page, address: str, site: AppContext, view: View
):
    page.goto(address + NOTE)
    page.keyboard.press("/")
    box = page.locator("#notes-search")
    expect(box).to_be_focused()
    box.type("90일")
    result = page.locator("#notes-results a").first
    expect(result).to_contain_text("90일")
    box.fill("쿠버네티스없음")
    expect(page.locator("#notes-found")).to_have_text(site.strings[view.language]["notes.no_results"])
    box.fill("자격 증명 파일")
    expect(page.locator("#notes-results a").first).to_contain_text("자격 증명 파일")
    page.locator("#notes-results a").first.click()
    page.wait_for_url(re.compile(r"03-iam\.ko\.md#L\d+$"))
    expect(page.locator(".note .quoted")).to_have_count(1)


def test_a_missing_figure_is_described(page: Page, address: str, site: AppContext, view: View):
    page.goto(f"{address}/notes/developing-on-aws/00-overview.ko.md")
    figure = page.get_by_role("img", name=re.compile("개요를 보여 주는 그림"))
    expect(figure).to_be_visible()
    expect(figure).to_contain_text(site.strings[view.language]["notes.missing_figure"])


def test_wide_tables_scroll_in_themselves(page: Page, address: str, view: View):
    page.goto(f"{address}{NOTE}#L41")
    table = page.locator(".note .table").first
    width, inner = table.evaluate("(element) => [element.clientWidth, element.scrollWidth]")
    assert width <= view.width
    assert (inner > width) == view.is_phone


def test_an_unknown_note_is_told_and_leads_back(page: Page, address: str, site: AppContext, view: View):
    response = page.goto(f"{address}/notes/none.md")
    assert response.status == 404
    page.get_by_role("link", name=site.strings[view.language]["notes.all"]).click()
    expect(page.locator(".note")).to_be_visible()


def test_help_tells_what_is_stored(page: Page, address: str, site: AppContext, view: View):
    page.goto(f"{address}/help")
    strings = site.strings[view.language]
    for key in ("help_privacy.browser", "help_privacy.logged", "help_privacy.no_model", "help_keys.newline"):
        expect(page.get_by_text(strings[key])).to_be_visible()
    expect(page.get_by_text(strings["help_privacy.not_logged"])).to_have_count(0)


def test_motion_is_reduced_for_who_asks_for_it(browser: Browser, address: str, view: View):
    for page in watched_page(browser, view):
        page.goto(f"{address}/help")
        duration = page.evaluate("getComputedStyle(document.getElementById('site-status')).animationDuration")
        assert float(duration.rstrip("s")) < 0.001
