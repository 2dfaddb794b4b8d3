import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from assistant.faq.accounts import FIRST_NAME, Sessions, Throttle, ensure_account, set_password, verify
from assistant.faq.database import Database
from assistant.faq.errors import AccountError
from assistant.faq.tables import ACCOUNTS


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_the_right_password_of_the_right_name_is_accepted(database: Database) -> None:
    set_password(database, "kim", "correct horse")
    assert verify(database, "kim", "correct horse")
    assert not verify(database, "kim", "wrong horse")
    assert not verify(database, "lee", "correct horse")


def test_a_new_password_replaces_the_old_one(database: Database) -> None:
    set_password(database, "kim", "correct horse")
    set_password(database, "kim", "battery staple")
    assert verify(database, "kim", "battery staple")
    assert not verify(database, "kim", "correct horse")


def test_what_is_stored_is_an_argon2_hash(database: Database) -> None:
    set_password(database, "kim", "correct horse")
    with database.reading() as connection:
        stored = connection.execute(sa.select(ACCOUNTS.c.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert "horse" not in stored


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", "long enough"),
        (" kim", "long enough"),
        ("k" * 65, "long enough"),
        ("k\nm", "long enough"),
        ("kim", "short"),
    ],
    ids=["empty", "space", "long", "line-break", "short-password"],
)
def test_unusable_names_and_passwords_are_refused(database: Database, name: str, password: str) -> None:
    with pytest.raises(AccountError):
        set_password(database, name, password)


def test_the_password_of_the_settings_signs_in_and_can_be_changed_there(database: Database) -> None:
    assert ensure_account(database, SecretStr("from settings")) is None
    assert verify(database, FIRST_NAME, "from settings")
    assert ensure_account(database, SecretStr("another one")) is None
    assert verify(database, FIRST_NAME, "another one")
    assert not verify(database, FIRST_NAME, "from settings")


def test_without_any_account_a_password_is_made_up_once(database: Database) -> None:
    made_up = ensure_account(database, None)
    assert made_up is not None
    assert verify(database, FIRST_NAME, made_up)
    assert ensure_account(database, None) is None


def test_who_guesses_waits_longer_every_time() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits: list[float] = []
    for _ in range(16):
        throttle.fail("stranger")
        waits.append(throttle.wait_seconds("stranger"))
    assert waits[:4] == [0.0] * 4
    assert waits[4:8] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == 300.0
    assert throttle.wait_seconds("somebody else") == 0.0
    clock.now += 300
    assert throttle.wait_seconds("stranger") == 0.0
    throttle.succeed("stranger")
    throttle.fail("stranger")
    assert throttle.wait_seconds("stranger") == 0.0


def test_a_session_lasts_until_sign_out_or_its_time() -> None:
    clock = Clock()
    sessions = Sessions(100.0, clock)
    first, second = sessions.open("kim"), sessions.open("lee")
    assert first != second
    assert (sessions.name(first), sessions.name(second), sessions.name("guess"), sessions.name(None)) == (
        "kim", "lee", None, None,
    )  # fmt: skip
    sessions.close(first)
    assert sessions.name(first) is None
    clock.now = 101.0
    assert sessions.name(second) is None
