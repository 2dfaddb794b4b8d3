"""Signing in: who guesses waits and shuts nobody else out, many at once gain nothing, a changed password ends sessions."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.faq.accounts.account_store import FIRST_NAME, set_password, verify
from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.service import FaqService
from assistant.faq.storage.database import Database, database_url
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import ROUTERS, create_application
from assistant.web.instructor import access as instructor_access
from assistant.web.strings import load_strings
from index import NotesError

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
SIGN_IN = "/instructor/sign-in"
INSTRUCTOR, STRANGER = "198.51.100.1", "203.0.113.7"
From = Callable[[str], TestClient]


def no_notes() -> None:
    raise NotesError("no notes are needed here")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FaqService]:
    database = Database.open(database_url(None, tmp_path))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqService(database, lambda: None) as desk:
        yield desk


@pytest.fixture
def at(desk: FaqService, tmp_path: Path) -> From:
    """Give a browser at an address."""
    site = AppContext(AssistantService(no_notes), Settings(dir=tmp_path, data_dir=tmp_path), load_strings(), faq=desk)  # type: ignore[arg-type]
    application = create_application(site, ROUTERS, {})
    headers = {"Accept-Language": "en", "Accept": "text/html"}

    def client(address: str) -> TestClient:
        return TestClient(application, headers=headers, follow_redirects=False, client=(address, 50_000))

    return client


def sign_in(client: TestClient, password: str = PASSWORD, name: str = FIRST_NAME) -> int:
    return client.post(SIGN_IN, data={"name": name, "password": password}).status_code


def test_twelve_wrong_passwords_of_a_stranger_make_only_the_stranger_wait(at: From) -> None:
    stranger = at(STRANGER)
    codes = [sign_in(stranger, "guess") for _ in range(12)]
    assert codes == [401] * 5 + [429] * 7
    reply = stranger.post(SIGN_IN, data={"name": FIRST_NAME, "password": PASSWORD})
    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) >= 1
    assert sign_in(at(INSTRUCTOR)) == 303, "never seen before, but at another address"


def test_a_browser_that_signed_in_before_is_let_in_from_the_address_of_a_stranger_who_guesses(at: From) -> None:
    known = at(STRANGER)
    assert sign_in(known) == 303
    cookies = known.cookies
    assert known.post("/instructor/sign-out").status_code == 303
    assert [sign_in(at(STRANGER), "guess") for _ in range(12)][-1] == 429
    assert sign_in(at(STRANGER)) == 429
    known.cookies = cookies
    assert sign_in(known) == 303


def test_guesses_from_many_addresses_shut_out_no_address_that_is_known(
    at: From, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in(at(INSTRUCTOR)) == 303
    monkeypatch.setattr(instructor_access, "verify", lambda *_: False)
    codes = [sign_in(at(f"203.0.113.{number}"), "guess") for number in range(120)]
    assert codes == [401] * 100 + [429] * 20
    monkeypatch.setattr(instructor_access, "verify", verify)
    assert sign_in(at("203.0.113.250")) == 429
    assert sign_in(at(INSTRUCTOR)) == 303


def test_a_forged_mark_of_a_known_browser_gains_nothing(at: From) -> None:
    codes: list[int] = []
    for number in range(12):
        stranger = at(STRANGER)
        stranger.cookies.set("instructor_known", f"{number:024x}.{'0' * 64}", path="/instructor")
        codes.append(sign_in(stranger, "guess"))
    assert codes == [401] * 5 + [429] * 7


def test_sixty_tries_at_once_from_one_address_are_five(at: From) -> None:
    client, started = at(STRANGER), time.monotonic()
    with ThreadPoolExecutor(20) as threads:
        codes = list(threads.map(lambda _: sign_in(client, "guess"), range(60)))
    # The pauses after them are 1, 2, 4 … seconds: a slow machine may get to the end of some.
    assert codes.count(401) <= 5 + int(math.log2(1 + time.monotonic() - started))
    assert codes.count(429) == 60 - codes.count(401)


def test_passwords_are_hashed_one_at_a_time_and_the_queue_is_bounded(at: From, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def counted(database: Database, name: str, password: str) -> bool:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        found = verify(database, name, password)
        with lock:
            running[0] -= 1
        return found

    monkeypatch.setattr(instructor_access, "verify", counted)
    clients = [at(f"203.0.113.{number}") for number in range(60)]
    start = threading.Barrier(30)

    def guess(client: TestClient) -> tuple[int, str]:
        start.wait(30)
        reply = client.post(SIGN_IN, data={"name": FIRST_NAME, "password": "guess"})
        return reply.status_code, reply.headers.get("retry-after", "")

    with ThreadPoolExecutor(30) as threads:
        replies = list(threads.map(guess, clients))
    assert most == [1]
    assert {code for code, _ in replies} <= {401, 429}
    assert all(after for code, after in replies if code == 429)


def test_a_changed_password_ends_the_sessions_of_the_old_one(at: From, desk: FaqService) -> None:
    client, other = at(INSTRUCTOR), at(INSTRUCTOR)
    set_password(desk.database, "lee", PASSWORD)
    assert sign_in(client) == 303
    assert sign_in(other, name="lee") == 303
    assert client.get("/instructor/entries").status_code == 200
    set_password(desk.database, FIRST_NAME, "battery staple")
    assert client.get("/instructor/entries").headers["location"] == SIGN_IN
    assert client.post("/instructor/entries/1/delete").status_code == 401
    assert other.get("/instructor/entries").status_code == 200
    assert sign_in(client) == 401
    assert sign_in(client, "battery staple") == 303


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(at: From) -> None:
    reply = at(INSTRUCTOR).post(SIGN_IN, data={"name": FIRST_NAME, "password": PASSWORD})
    cookies = reply.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["instructor", "instructor_known"]
    for cookie in cookies:
        assert {"httponly", "path=/instructor", "samesite=strict"} <= set(cookie.lower().split("; "))


@pytest.mark.parametrize(("name", "status"), [("\0", 401), (" ", 401), ("k" * 5000, 422)], ids=["nul", "space", "long"])
def test_an_odd_name_is_only_wrong(at: From, name: str, status: int) -> None:
    assert sign_in(at(STRANGER), name=name) == status


def test_a_form_without_end_is_refused(at: From) -> None:
    for path in (SIGN_IN, "/instructor/entries/1"):
        assert at(STRANGER).post(path, data={"password": "x" * 3_000_000}).status_code == 413


def test_while_the_database_fails_nobody_is_let_through_and_a_page_says_why(
    at: From, desk: FaqService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at(INSTRUCTOR)
    assert sign_in(client) == 303

    def fail() -> None:
        raise DatabaseUnavailableError("The FAQ database is not available: the disk is gone")

    monkeypatch.setattr(desk.database, "reading", fail)
    for reply in (client.get("/instructor"), client.post(SIGN_IN, data={"name": FIRST_NAME, "password": PASSWORD})):
        assert reply.status_code == 503
        assert "the disk is gone" in reply.text
        assert "<main" in reply.text


def test_what_goes_wrong_is_told_on_a_page_to_a_browser_and_as_json_to_a_program(at: From) -> None:
    client = at(INSTRUCTOR)
    assert sign_in(client) == 303
    for path, code in (("/instructor/entries/99", 404), ("/instructor/entries/x", 422), ("/instructor/nowhere", 404)):
        page = client.get(path)
        assert (page.status_code, "<main" in page.text) == (code, True)
        assert client.get(path, headers={"Accept": "application/json"}).json()["detail"]
