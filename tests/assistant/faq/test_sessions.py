from assistant.faq.accounts.sessions import KnownAddresses, Sessions, browser_mark, is_browser_mark
from tests.assistant.faq.test_guessing import Clock


def test_a_session_lasts_until_sign_out_or_its_time() -> None:
    clock = Clock()
    sessions = Sessions(100.0, clock)
    first, second = sessions.open("kim", "stamp"), sessions.open("lee", "stamp")
    assert first != second
    found = [sessions.find(token) for token in (first, second, "guess", None)]
    assert [session and session.name for session in found] == ["kim", "lee", None, None]
    sessions.close(first)
    assert sessions.find(first) is None
    clock.now = 101.0
    assert sessions.find(second) is None


def test_a_browser_is_known_for_its_name_until_the_password_changes() -> None:
    mark = browser_mark("kim", "stamp")
    assert is_browser_mark(mark, "kim", "stamp")
    assert not is_browser_mark(mark, "lee", "stamp")
    assert not is_browser_mark(mark, "kim", "another stamp")
    number, _, signature = mark.partition(".")
    for forged in ("", ".", number, f"{number}.", f"{number}1.{signature}", f"{number}.{signature}x", "가.\udc80"):
        assert not is_browser_mark(forged, "kim", "stamp")
    assert browser_mark("kim", "stamp") != mark


def test_the_latest_thousand_addresses_are_known_each_for_its_name() -> None:
    known = KnownAddresses()
    for number in range(1001):
        known.remember(str(number), "kim")
    assert not known.knows("0", "kim")
    assert known.knows("1000", "kim")
    assert not known.knows("1000", "lee")
