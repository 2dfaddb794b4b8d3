"""Work beside the requests, in threads of its own: started, repeated after errors, told of, and ended in one way.

An error ends no thread here. It is logged, kept for whoever is responsible (:attr:`Background.failures`), and the work
is done again after a pause that grows, until it succeeds or is stopped.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import NotesError

_LOGGER = logging.getLogger(__name__)
_CLOSING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait after a work failed: the first time, then twice as long each time, up to the longest."""

    first_seconds: float = 0.5
    longest_seconds: float = 60.0

    def after(self, failures: int) -> float:
        """Return the pause in seconds after so many failures in a row, from 1 on."""
        return min(self.first_seconds * 2.0 ** min(failures - 1, 30), self.longest_seconds)


PAUSES = Pauses()


@dataclass(frozen=True, slots=True)
class Failure:
    """A work that failed: its name, why, when, and when it is done again (seconds since 1970; None: not by itself)."""

    work: str
    reason: str
    at: float
    again_at: float | None


class Work:
    """One work in its thread. :class:`Background` makes it."""

    def __init__(self, name: str, run: Callable[["Work"], None]) -> None:
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=run, args=(self,), name=name, daemon=True)
        self._thread.start()

    @property
    def is_stopping(self) -> bool:
        """Whether the work is to end."""
        return self._stopping.is_set()

    @property
    def is_alive(self) -> bool:
        """Whether the work is under way or waits for its next time."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """Let the next time be now; in a pause after an error, only once that is over."""
        self._woken.set()

    def stop(self, timeout_seconds: float = _CLOSING_SECONDS) -> bool:
        """End the work after the step that is under way, and return whether it has ended."""
        self._stopping.set()
        self._woken.set()
        self.join(timeout_seconds)
        return not self._thread.is_alive()

    def join(self, timeout_seconds: float | None = None) -> None:
        """Wait until the work has ended; its own thread waits for nothing."""
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_seconds)

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the work is stopped."""
        self._stopping.wait(seconds)

    def rest(self, seconds: float) -> None:
        """Wait until the work is woken or stopped, or so many seconds have passed."""
        self._woken.wait(seconds)
        self._woken.clear()


class Background:
    """The works of one program. Use it as a context manager, or call :meth:`close`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._works: list[Work] = []
        self._failures: dict[str, Failure] = {}

    def __enter__(self) -> "Background":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def failures(self) -> list[Failure]:
        """What failed and has not succeeded since, the latest first."""
        with self._lock:
            return sorted(self._failures.values(), key=lambda failure: -failure.at)

    def failure_of(self, name: str) -> Failure | None:
        """Return why the work ``name`` failed the last time, None if it did not."""
        with self._lock:
            return self._failures.get(name)

    def repeat(self, name: str, step: Callable[[], object], *, every_seconds: float, pauses: Pauses = PAUSES) -> Work:
        """Do ``step`` every so often, and as soon as the work is woken, until it is stopped."""

        def run(work: Work) -> None:
            failures = 0
            while not work.is_stopping:
                failures = self._attempt(work, name, step, failures, pauses, _always)
                if not failures:
                    work.rest(every_seconds)

        return self._started(name, run)

    def once(
        self,
        name: str,
        task: Callable[[], object],
        *,
        again: Callable[[BaseException], bool] | None = None,
        pauses: Pauses = PAUSES,
    ) -> Work:
        """Do ``task`` and end.

        :param again: Says of an error whether the task is done again; by default it is not.
        """

        def run(work: Work) -> None:
            failures = self._attempt(work, name, task, 0, pauses, again)
            while failures and not work.is_stopping:
                failures = self._attempt(work, name, task, failures, pauses, again)

        return self._started(name, run)

    def close(self, timeout_seconds: float = _CLOSING_SECONDS) -> bool:
        """End all works, together within ``timeout_seconds``, and return whether all have ended."""
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            works = list(self._works)
        for work in works:
            work.stop(0.0)
        return all(work.stop(max(0.0, deadline - time.monotonic())) for work in works)

    def _started(self, name: str, run: Callable[[Work], None]) -> Work:
        with self._lock:
            self._works = [work for work in self._works if work.is_alive]
            work = Work(name, run)
            self._works.append(work)
            return work

    def _attempt(
        self,
        work: Work,
        name: str,
        step: Callable[[], object],
        failures: int,
        pauses: Pauses,
        again: Callable[[BaseException], bool] | None,
    ) -> int:
        """Do ``step`` and return 0, or after an error that calls for another time the failures in a row, paused for."""
        try:
            step()
        except (Exception, SystemExit) as error:  # whatever it is: a thread that ends in silence is what must not be
            if work.is_stopping:
                _LOGGER.warning("%s failed while it was ended: %s", name, reason_of(error))
                return failures + 1
            pause = pauses.after(failures + 1) if again is not None and again(error) else None
            self._note(name, error, pause)
            if pause is None:
                return 0
            work.pause(pause)
            return failures + 1
        with self._lock:
            self._failures.pop(name, None)
        return 0

    def _note(self, name: str, error: BaseException, pause: float | None) -> None:
        now = time.time()
        with self._lock:
            before = self._failures.get(name)
            failure = Failure(name, reason_of(error), now, None if pause is None else now + pause)
            self._failures[name] = failure
        told = "" if pause is None else f" It is done again in {pause:.1f} seconds."
        # A traceback where the program did not foresee the error, and once for those that repeat.
        unforeseen = not isinstance(error, NotesError) and (before is None or before.reason != failure.reason)
        _LOGGER.error("%s failed: %s%s", name, failure.reason, told, exc_info=error if unforeseen else None)


def reason_of(error: BaseException) -> str:
    """Return one sentence about ``error``: its own where it is meant to be read, else its kind and first line."""
    if isinstance(error, NotesError):
        return str(error)
    first = str(error).strip().partition("\n")[0][:200]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _always(_: BaseException) -> bool:
    return True
