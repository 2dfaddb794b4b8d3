import unicodedata

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from assistant.faq.accounts.account_store import FIRST_NAME, credential_stamp, ensure_account, set_password, verify
from assistant.faq.errors import AccountError
from assistant.faq.storage.database import Database
from assistant.faq.storage.tables import ACCOUNTS


def test_only_the_right_password_of_the_right_name_is_accepted(database: Database) -> None:
    set_password(database, "kim", "correct horse")
    assert verify(database, "kim", "correct horse")
    assert not verify(database, "kim", "wrong horse")
    assert not verify(database, "lee", "correct horse")


def test_a_password_whose_letters_are_apart_is_the_one_that_the_form_sends(database: Database) -> None:
    name, password = "김강사", "비밀번호 여덟 자"
    set_password(database, unicodedata.normalize("NFD", name), unicodedata.normalize("NFD", password))
    assert verify(database, name, password)
    with pytest.raises(AccountError):
        set_password(database, "kim", "short" + "\x7f" * 8)  # what is left of it could not sign in


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
        ("k\0m", "long enough"),
        ("kim\udc80", "long enough"),
        ("kim", "short 7"),
        ("kim", "long" * 257),
        ("kim", "long enough\udc80"),
    ],
    ids=[
        "empty",
        "space",
        "long",
        "line-break",
        "nul",
        "no-unicode",
        "short-password",
        "long-password",
        "password-of-no-unicode",
    ],
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


def test_a_password_of_the_settings_that_is_too_short_is_refused_in_one_sentence(database: Database) -> None:
    with pytest.raises(AccountError, match=r"^A password has at least 8 characters\.$"):
        ensure_account(database, SecretStr("1234567"))
    assert credential_stamp(database, FIRST_NAME) is None


@pytest.mark.parametrize("name", ["k\0m", "kim\udc80", "", "k" * 65], ids=["nul", "no-unicode", "empty", "long"])
def test_a_name_that_no_account_can_have_is_only_wrong(database: Database, name: str) -> None:
    assert not verify(database, name, "correct horse")
    assert credential_stamp(database, name) is None


@pytest.mark.parametrize("password", ["correct horse\udc80", "c\0", "long" * 1000], ids=["no-unicode", "nul", "long"])
def test_a_password_that_cannot_be_one_is_only_wrong(database: Database, password: str) -> None:
    set_password(database, "kim", "correct horse")
    assert not verify(database, "kim", password)


def test_the_stamp_changes_with_the_password_even_to_the_same_one(database: Database) -> None:
    set_password(database, "kim", "correct horse")
    stamps = {credential_stamp(database, "kim")}
    for password in ("battery staple", "correct horse"):
        set_password(database, "kim", password)
        stamps.add(credential_stamp(database, "kim"))
    assert len(stamps) == 3
    assert None not in stamps
    assert credential_stamp(database, "lee") is None
