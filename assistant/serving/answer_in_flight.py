"""An answer under way that several students wait for: one works it out, the others read along; asks nothing itself."""

import threading
from collections.abc import Generator
from dataclasses import dataclass, replace
from enum import Enum

from assistant.records import Answer

#: A leader that shows nothing for so long has a reader that stalls; those behind then help themselves.
STALL_SECONDS = 2.0
_HEARTBEAT_SECONDS = 0.25


class End(str, Enum):
    """How following a flight ended: with the finished answer, before it, or because nothing moved any more."""

    WHOLE = "whole"
    BROKEN = "broken"
    STALLED = "stalled"


@dataclass(frozen=True, slots=True)
class _State:
    """The answer so far, how many times it has grown, and how the flight ended."""

    latest: Answer | None = None
    count: int = 0
    end: End | None = None


class Flight:
    """One answer as it grows. Safe for threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._state = _State()

    def show(self, answer: Answer) -> None:
        """Hand the answer so far to those who wait."""
        with self._changed:
            self._state = _State(answer, self._state.count + 1)
            self._changed.notify_all()

    def end(self, *, whole: bool) -> None:
        """Let those who wait go; ``whole`` tells whether what was shown last is the finished answer."""
        with self._changed:
            self._state = replace(self._state, end=End.WHOLE if whole else End.BROKEN)
            self._changed.notify_all()

    def follow(self) -> Generator[Answer, None, End]:
        """Yield the answer as it grows, and the same again while it does not; return how it ended."""
        waited, seen = 0.0, 0
        while True:
            state = self._wait(seen)
            grown = state.count > seen
            waited, seen = 0.0 if grown else waited + _HEARTBEAT_SECONDS, state.count
            if state.latest is not None and (grown or state.end is None):
                yield state.latest
            if state.end is not None:
                return state.end
            if waited >= STALL_SECONDS:
                return End.STALLED

    def _wait(self, seen: int) -> _State:
        """Return the state once the answer grew more than ``seen`` times or ended, at the latest in a heartbeat."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.end is not None or self._state.count > seen, _HEARTBEAT_SECONDS)
            return self._state
