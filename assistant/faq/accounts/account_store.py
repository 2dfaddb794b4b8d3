"""Instructors' accounts: names and passwords, of which only argon2 hashes are kept. Knows no page and no session."""

import hashlib
import secrets
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.faq.errors import AccountError
from assistant.faq.storage.database import Database
from assistant.faq.storage.tables import ACCOUNTS
from assistant.passwords import name_trouble, password_trouble
from index.border import mended

if TYPE_CHECKING:
    from pydantic import SecretStr

FIRST_NAME = "instructor"


def set_password(database: Database, name: str, password: str) -> None:
    """Add the account ``name``, or give it a new password, which ends its sessions. Only the hash is stored.

    Both are stored as the sign-in form reads them (:func:`index.border.mended`), whatever composed their letters.

    :raises AccountError: If the name or the password cannot be used.
    :raises DatabaseUnavailableError: If it cannot be stored.
    """
    trouble = name_trouble(name) or password_trouble(password) or password_trouble(mended(password))
    if trouble:
        raise AccountError(trouble)
    name = mended(name)
    row = {"password_hash": PasswordHasher().hash(mended(password)), "created_ms": int(time.time() * 1000)}
    with database.writing() as connection:
        update = sa.update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(row)
        if not connection.execute(update).rowcount:
            connection.execute(sa.insert(ACCOUNTS).values(name=name, **row))


def ensure_account(database: Database, password: "SecretStr | None") -> str | None:
    """See to it that someone can sign in: the account ``instructor`` gets the password of the settings.

    Without that setting, and if there is no account at all, a password is made up; it is returned so that it can be
    shown, this once.

    :raises AccountError: If the password of the settings cannot be used.
    :raises DatabaseUnavailableError: If the database fails.
    """
    if password is not None:
        if not verify(database, FIRST_NAME, password.get_secret_value()):
            set_password(database, FIRST_NAME, password.get_secret_value())
        return None
    with database.reading() as connection:
        if connection.execute(sa.select(ACCOUNTS.c.name).limit(1)).scalar() is not None:
            return None
    made_up = secrets.token_urlsafe(12)
    set_password(database, FIRST_NAME, made_up)
    return made_up


def verify(database: Database, name: str, password: str) -> bool:
    """Return whether ``password`` is that of ``name``; an unknown name takes as long as a wrong password.

    Takes 64 MB for some hundredths of a second: see :class:`assistant.faq.accounts.guessing.HashQueue`.

    :raises DatabaseUnavailableError: If the database cannot be read.
    """
    hasher = PasswordHasher()
    stored = _stored_hash(database, name)
    if password_trouble(password):  # nobody has such a password; a cheap answer tells no more than that
        return False
    if stored is None:
        hasher.hash(password)  # costs what checking costs, so that the time does not tell which names exist
        return False
    try:
        return hasher.verify(stored, mended(password))
    except (VerificationError, InvalidHashError):
        return False


def credential_stamp(database: Database, name: str) -> str | None:
    """Return what changes whenever the password of ``name`` is set, None if there is no such account. Keep it secret.

    :raises DatabaseUnavailableError: If the database cannot be read.
    """
    stored = _stored_hash(database, name)
    return None if stored is None else hashlib.sha256(f"stamp:{stored}".encode()).hexdigest()


def _stored_hash(database: Database, name: str) -> str | None:
    if name_trouble(name):  # PostgreSQL would not even take some of them, such as a NUL
        return None
    with database.reading() as connection:
        query = sa.select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.name == mended(name))
        return connection.execute(query).scalar()
