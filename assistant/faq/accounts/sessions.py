"""Who is signed in, and which browsers signed in before. Knows no page, no password and no database."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_ADDRESSES = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """That ``name`` is signed in; ``stamp`` is that of the password, which ends the session when it changes."""

    name: str
    stamp: str
    ends: float


class Sessions:
    """Who is signed in, by a random token; kept in memory, so that a restart signs everybody out."""

    def __init__(self, lifetime_seconds: float = 8 * 3600.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime = lifetime_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}

    def open(self, name: str, stamp: str) -> str:
        """Sign ``name`` in and return the token."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._open = {key: session for key, session in self._open.items() if session.ends > now}
            self._open[token] = Session(name, stamp, now + self._lifetime)
        return token

    def find(self, token: str | None) -> Session | None:
        """Return the session of ``token``, None if it is unknown or too old."""
        with self._lock:
            held = self._open.get(token or "")
        return held if held and held.ends > self._clock() else None

    def close(self, token: str | None) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(token or "", None)


class KnownAddresses:
    """From where each name signed in, the latest thousand; a restart forgets them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def remember(self, address: str, name: str) -> None:
        """Note that ``name`` signed in from ``address``."""
        with self._lock:
            self._known[address, name] = None
            self._known.move_to_end((address, name))
            if len(self._known) > _MOST_ADDRESSES:
                self._known.popitem(last=False)

    def knows(self, address: str, name: str) -> bool:
        """Return whether ``name`` signed in from ``address`` before."""
        with self._lock:
            return (address, name) in self._known


def browser_mark(name: str, stamp: str) -> str:
    """Return a mark by which a browser that signed in as ``name`` is known until the password changes."""
    number = secrets.token_hex(12)
    return f"{number}.{_signature(number, name, stamp)}"


def is_browser_mark(mark: str, name: str, stamp: str) -> bool:
    """Return whether :func:`browser_mark` made ``mark`` for ``name`` since the password was set."""
    number, _, signature = mark.partition(".")
    return hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(number, name, stamp).encode())


def _signature(number: str, name: str, stamp: str) -> str:
    told = f"known browser\n{number}\n{name}".encode("utf-8", "replace")
    return hmac.new(stamp.encode(), told, hashlib.sha256).hexdigest()
