"""Instructors' accounts, hashed with argon2 at once, and the slowing down of those who guess. Knows no page."""

import secrets
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.faq.database import Database
from assistant.faq.errors import AccountError
from assistant.faq.tables import ACCOUNTS

if TYPE_CHECKING:
    from pydantic import SecretStr

FIRST_NAME = "instructor"
SHORTEST_PASSWORD = 8
_LONGEST_NAME = 64
_FREE_FAILURES = 5
_LONGEST_PAUSE_SECONDS = 300.0
_FORGET_SECONDS = 3600.0


def set_password(database: Database, name: str, password: str) -> None:
    """Add the account ``name``, or give it a new password. Only the hash is stored.

    :raises AccountError: If the name or the password cannot be used.
    :raises DatabaseUnavailableError: If it cannot be stored.
    """
    if not name.strip() or len(name) > _LONGEST_NAME or name != name.strip() or not name.isprintable():
        raise AccountError(f"A name has 1 to {_LONGEST_NAME} characters and no space around it.")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    _store(database, name, password)


def ensure_account(database: Database, password: "SecretStr | None") -> str | None:
    """See to it that someone can sign in: the account ``instructor`` gets the password of the settings.

    Without that setting, and if there is no account at all, a password is made up; it is returned so that it can be
    shown, this once.

    :raises DatabaseUnavailableError: If the database fails.
    """
    if password is not None:
        if not verify(database, FIRST_NAME, password.get_secret_value()):
            _store(database, FIRST_NAME, password.get_secret_value())
        return None
    with database.reading() as connection:
        if connection.execute(sa.select(ACCOUNTS.c.name).limit(1)).scalar() is not None:
            return None
    made_up = secrets.token_urlsafe(12)
    _store(database, FIRST_NAME, made_up)
    return made_up


def verify(database: Database, name: str, password: str) -> bool:
    """Return whether ``password`` is that of ``name``; an unknown name takes as long as a wrong password.

    :raises DatabaseUnavailableError: If the database cannot be read.
    """
    hasher = PasswordHasher()
    with database.reading() as connection:
        stored = connection.execute(sa.select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.name == name)).scalar()
    if stored is None:
        hasher.hash(password)  # costs what checking costs, so that the time does not tell which names exist
        return False
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _store(database: Database, name: str, password: str) -> None:
    row = {"password_hash": PasswordHasher().hash(password), "created_ms": int(time.time() * 1000)}
    with database.writing() as connection:
        update = sa.update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(row)
        if not connection.execute(update).rowcount:
            connection.execute(sa.insert(ACCOUNTS).values(name=name, **row))


class Throttle:
    """Makes those who guess wait: after five failures in a row twice as long every time, up to five minutes.

    Counts by any text, such as an address; forgets after an hour. Nothing is stored.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[str, tuple[int, float]] = {}

    def wait_seconds(self, who: str) -> float:
        """Return how long ``who`` has to wait before the next try, 0 if not at all."""
        with self._lock:
            count, last = self._failures.get(who, (0, 0.0))
        if count < _FREE_FAILURES:
            return 0.0
        pause = min(2.0 ** (count - _FREE_FAILURES), _LONGEST_PAUSE_SECONDS)
        return max(0.0, last + pause - self._clock())

    def fail(self, who: str) -> None:
        """Note a failure of ``who``."""
        now = self._clock()
        with self._lock:
            fresh = {name: (n, last) for name, (n, last) in self._failures.items() if now - last < _FORGET_SECONDS}
            self._failures = {**fresh, who: (fresh.get(who, (0, 0.0))[0] + 1, now)}

    def succeed(self, who: str) -> None:
        """Forget the failures of ``who``."""
        with self._lock:
            self._failures.pop(who, None)


class Sessions:
    """Who is signed in, by a random token; kept in memory, so that a restart signs everybody out."""

    def __init__(self, lifetime_seconds: float = 8 * 3600.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime = lifetime_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, tuple[str, float]] = {}

    def open(self, name: str) -> str:
        """Sign ``name`` in and return the token."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._open = {key: value for key, value in self._open.items() if value[1] > now}
            self._open[token] = (name, now + self._lifetime)
        return token

    def name(self, token: str | None) -> str | None:
        """Return who holds ``token``, None if it is unknown or too old."""
        with self._lock:
            held = self._open.get(token or "")
        return held[0] if held and held[1] > self._clock() else None

    def close(self, token: str | None) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(token or "", None)
