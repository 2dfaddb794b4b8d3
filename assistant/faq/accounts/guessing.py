"""Slows down those who guess passwords, and keeps them from shutting out others. Nothing is stored.

A try is counted before its password is hashed, so that many at once gain nothing, and taken back if it was right. Each
address has an allowance, and so has each name, a far wider one that only many addresses together can use up: a stranger
who guesses makes himself wait, not the instructor. A browser that signed in before has an allowance of its own.
"""

import contextlib
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass

from assistant.faq.errors import FaqError

_FREE_FAILURES = 5
_LONGEST_PAUSE_SECONDS = 300.0
#: One address, which waits 300 s after each try in the end, makes 24 tries an hour: it cannot use this up alone.
_FREE_FAILURES_OF_A_NAME = 100
_LONGEST_PAUSE_OF_A_NAME_SECONDS = 60.0
_FORGET_SECONDS = 3600.0
_MOST_GUESSERS = 10_000
_MOST_WAITING = 12
_STRANGERS_WAITING = 6


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failures ``who`` has free, and how long the pause between tries becomes, twice as long every time."""

    who: str
    free: int = _FREE_FAILURES
    longest_seconds: float = _LONGEST_PAUSE_SECONDS


def of_address(address: str) -> Allowance:
    """Return the allowance of an address; those of one IPv6 network, which one person has, count as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Allowance(f"address:{address}")
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        network = ipaddress.ip_network((int(parsed), 64), strict=False)
        return Allowance(f"address:{mapped or network}")
    return Allowance(f"address:{parsed}")


def of_name(name: str) -> Allowance:
    """Return the allowance that all strangers together have for the account ``name``."""
    return Allowance(f"name:{name}", _FREE_FAILURES_OF_A_NAME, _LONGEST_PAUSE_OF_A_NAME_SECONDS)


def of_browser(mark: str) -> Allowance:
    """Return the allowance of a browser that signed in before."""
    return Allowance(f"browser:{mark}")


@dataclass(frozen=True, slots=True)
class _Tries:
    count: int
    last: float


class Throttle:
    """Counts the failed tries of each allowance and makes those who have used it up wait; forgets after an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, _Tries] = OrderedDict()  # the one that failed last at the end

    def __len__(self) -> int:
        return len(self._tries)

    def begin(self, *allowances: Allowance) -> float:
        """Count a try and return 0, or count nothing and return how many seconds one has to wait before the next."""
        now = self._clock()
        with self._lock:
            self._forget(now)
            wait = max(self._wait_seconds(allowance, now) for allowance in allowances)
            if wait > 0:
                return wait
            for allowance in allowances:
                count = self._tries.pop(allowance.who, _Tries(0, now)).count
                self._tries[allowance.who] = _Tries(count + 1, now)
        return 0.0

    def take_back(self, *allowances: Allowance) -> None:
        """Let a try not count: the password was right, or could not be checked."""
        with self._lock:
            for allowance in allowances:
                tries = self._tries.get(allowance.who)
                if tries is not None and tries.count > 1:
                    self._tries[allowance.who] = _Tries(tries.count - 1, tries.last)
                else:
                    self._tries.pop(allowance.who, None)

    def forget(self, allowance: Allowance) -> None:
        """Forget all failures of ``allowance``: who signs in has proven to be no stranger."""
        with self._lock:
            self._tries.pop(allowance.who, None)

    def _wait_seconds(self, allowance: Allowance, now: float) -> float:
        tries = self._tries.get(allowance.who)
        if tries is None or tries.count < allowance.free:
            return 0.0
        pause = min(2.0 ** min(tries.count - allowance.free, 30), allowance.longest_seconds)
        return max(0.0, tries.last + pause - now)

    def _forget(self, now: float) -> None:
        while self._tries:
            who, oldest = next(iter(self._tries.items()))
            if len(self._tries) < _MOST_GUESSERS and now - oldest.last <= _FORGET_SECONDS:
                return
            del self._tries[who]


class TooManyWaitingError(FaqError):
    """So many passwords wait to be checked that one more would wait too long."""

    def __init__(self) -> None:
        super().__init__("Too many people are signing in right now. Please try again in a moment.")


class HashQueue:
    """Lets one password be hashed at a time: each takes 64 MB. Who waits is bounded, with places kept for the known."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hashing = threading.Lock()
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    @contextlib.contextmanager
    def turn(self, *, known: bool) -> Generator[None]:
        """Wait for one's turn to hash a password.

        :param known: Whoever signed in before finds a place where strangers find none.
        :raises TooManyWaitingError: If too many wait already.
        """
        with self._lock:
            if self._waiting >= (_MOST_WAITING if known else _STRANGERS_WAITING):
                raise TooManyWaitingError
            self._waiting += 1
        try:
            with self._hashing:
                yield
        finally:
            with self._lock:
                self._waiting -= 1
