"""Lets so many questions at a time be worked on; others wait their turn, or are told for how long. Knows no page.

Answering keeps a core busy, and Python runs one thread at a time: more answers at once than cores make all of them
late, and every page with them. Whoever would wait longer than is sensible is not let in and gets a time at which to
come back; those times are as far apart as answers take, so that they do not all come back at once.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread

from index import NotesError

#: An answer's seconds before any was measured (``tests/benchmarks/speed.py``: 0.1 on a quiet machine, 0.3 else).
_FIRST_GUESS_SECONDS = 0.3
#: How much the latest answer counts in the mean: about the last twenty are remembered.
_WEIGHT = 0.1
_SHORTEST_SECONDS = 0.02
_LONGEST_PROMISE_SECONDS = 300.0
#: How often a place is told anew: at least, and at most for those far behind.
_TELL_SECONDS = (1.0, 5.0)
_FIRST_TOLD_SECONDS = 0.5

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def whole_seconds(seconds: float) -> int:
    """Return ``seconds`` as a sentence tells them: at least two, which is soon, and a plural."""
    return max(2, round(seconds))


class BusyError(NotesError):
    """More is asked than can be answered soon; ``seconds`` says when to come back."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        whole = whole_seconds(seconds)
        super().__init__(
            f"Many are asking right now; please ask again in about {whole} seconds. / "
            f"지금 질문이 많아요. {whole}초쯤 뒤에 다시 물어봐 주세요."
        )


class ClosingError(NotesError):
    """The app is being shut down and takes no new questions."""

    def __init__(self) -> None:
        super().__init__(
            "The server is being restarted; please ask again in a moment. / "
            "서버를 다시 시작하고 있어요. 잠시 후 다시 물어봐 주세요."
        )


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """How many are before one who waits, and in about how many seconds the answer will be there."""

    ahead: int
    seconds: float


class WaitingTurn:
    """One question's stay in the room: it waits, then works in threads of its own, one at a time."""

    def __init__(self, room: "WaitingRoom") -> None:
        self._room = room
        self._limiter = anyio.CapacityLimiter(1)
        self.called: Future[None] = Future()
        self.started = 0.0

    async def run(
        self, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Return what ``work`` returns, done in a thread; where this is cancelled, that ends first."""
        working = asyncio.ensure_future(
            anyio.to_thread.run_sync(lambda: work(*arguments, **named), limiter=self._limiter)
        )
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            with anyio.CancelScope(shield=True):
                while not working.done():
                    with contextlib.suppress(asyncio.CancelledError):
                        await asyncio.wait([working])
            if not working.cancelled():
                working.exception()  # nobody asks for it any more
            raise

    async def places(self) -> AsyncIterator[WaitingPlace]:
        """Yield the place now and then until it is this one's turn.

        :raises ClosingError: If the app is shut down before.
        """
        called = asyncio.wrap_future(self.called)
        seconds = _FIRST_TOLD_SECONDS
        try:
            while not (await asyncio.wait([called], timeout=seconds))[0]:
                place = self._room.place(self)
                if place is not None:
                    yield place
                    seconds = min(max(place.seconds / 10, _TELL_SECONDS[0]), _TELL_SECONDS[1])
            called.result()
        finally:
            called.cancel()

    async def wait(self) -> None:
        """Wait until it is this one's turn.

        :raises ClosingError: If the app is shut down before.
        """
        await asyncio.wrap_future(self.called)


class WaitingRoom:
    """Where questions wait for one of ``workers``. Safe for threads and for several event loops.

    :param workers: How many are worked on at once.
    :param places: The most that wait, however short the wait.
    """

    def __init__(self, workers: int, places: int = 600, clock: Callable[[], float] = time.monotonic) -> None:
        self.workers = workers
        self._places = places
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: deque[WaitingTurn] = deque()
        self._working: set[WaitingTurn] = set()
        self._mean_seconds = _FIRST_GUESS_SECONDS
        self._promised = 0.0
        self._closed = False
        self._empty = threading.Condition(self._lock)

    @contextlib.asynccontextmanager
    async def turn(self, most_seconds: float) -> AsyncGenerator[WaitingTurn, None]:
        """Give a turn when it comes, and take it back at the end; the errors of :meth:`enter`."""
        turn = self.enter(most_seconds)
        try:
            await turn.wait()
            yield turn
        finally:
            self.leave(turn)

    def enter(self, most_seconds: float) -> WaitingTurn:
        """Return a turn that waits behind all others; :meth:`leave` must follow.

        :raises BusyError: If it would be answered in more than ``most_seconds``, or no place is free.
        :raises ClosingError: If the app is being shut down.
        """
        with self._lock:
            if self._closed:
                raise ClosingError
            ahead = len(self._waiting)
            is_free = len(self._working) < self.workers
            seconds = self._seconds_behind(ahead)
            if not is_free and (seconds > most_seconds or ahead >= self._places):
                raise BusyError(self._promise(seconds))
            turn = WaitingTurn(self)
            self._waiting.append(turn)
            self._call()
            return turn

    def leave(self, turn: WaitingTurn) -> None:
        """Let the next one in: ``turn`` is answered, or waits no longer."""
        with self._lock:
            if turn in self._working:
                self._working.remove(turn)
                took = max(self._clock() - turn.started, _SHORTEST_SECONDS)
                self._mean_seconds += _WEIGHT * (took - self._mean_seconds)
            elif turn in self._waiting:
                self._waiting.remove(turn)
            self._call()
            if not self._working:
                self._empty.notify_all()

    def place(self, turn: WaitingTurn) -> WaitingPlace | None:
        """Return the place of ``turn``, None if it does not wait."""
        with self._lock:
            if turn not in self._waiting:
                return None
            ahead = self._waiting.index(turn)
            return WaitingPlace(ahead, self._seconds_behind(ahead))

    def close(self, timeout_seconds: float) -> bool:
        """Let nobody in any more, send away who waits, and return whether what is under way ended in time."""
        with self._lock:
            self._closed = True
            while self._waiting:
                called = self._waiting.popleft().called
                if called.set_running_or_notify_cancel():  # who has just given up is told nothing
                    called.set_exception(ClosingError())
            return self._empty.wait_for(lambda: not self._working, timeout_seconds)

    def _seconds_behind(self, ahead: int) -> float:
        """Return when one is answered who has ``ahead`` before it."""
        return (ahead + 1) * self._mean_seconds / self.workers + self._mean_seconds * (1 - 1 / self.workers)

    def _promise(self, seconds: float) -> float:
        """Return when one who is sent away shall come back: a step after the one before, in the pace of answers."""
        now = self._clock()
        self._promised = max(self._promised + self._mean_seconds / self.workers, now + seconds)
        self._promised = min(self._promised, now + _LONGEST_PROMISE_SECONDS)
        return self._promised - now

    def _call(self) -> None:
        while self._waiting and len(self._working) < self.workers:
            turn = self._waiting.popleft()
            if turn.called.set_running_or_notify_cancel():
                turn.started = self._clock()
                self._working.add(turn)
                turn.called.set_result(None)
