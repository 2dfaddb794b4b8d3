"""What waits to be encoded: single questions go together and first, everything else between them in small pieces."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from index.errors import EncoderLostError, EncoderUnavailableError

_QUESTIONS_AT_ONCE = 32
#: Texts of a batch are padded to the longest: their number times its characters.
_CHARACTERS_AT_ONCE = 2_400
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the encoder's process, in seconds.

    It shows life every second. ``silence_seconds`` without it, or ``loading_silence_seconds`` while libraries and
    weights are read, and it is ended; from ``suspicious_seconds`` on the app says that it cannot answer.
    ``batch_seconds`` is the longest for one batch, ``question_seconds`` the longest that a question waits in all.
    """

    silence_seconds: float = 10.0
    loading_silence_seconds: float = 30.0
    suspicious_seconds: float = 4.0
    batch_seconds: float = 120.0
    question_seconds: float = 30.0


@dataclass(eq=False, slots=True)
class Request:
    """Texts that somebody waits for. ``attempts`` of theirs ended the process; ``alone``: not beside others again."""

    role: str
    texts: Sequence[str]
    rows: list[npt.NDArray[np.float32]] = field(default_factory=list[npt.NDArray[np.float32]])
    attempts: int = 0
    alone: bool = False
    error: EncoderUnavailableError | None = None
    settled: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> int:
        """How many of the texts have their rows."""
        return len(self.rows)

    @property
    def is_urgent(self) -> bool:
        """Whether it is a single question, for which somebody waits before a page."""
        return len(self.texts) == 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that are encoded at once: one of each of several ``requests``, or the next few of one."""

    role: str
    requests: tuple[Request, ...]
    texts: tuple[str, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether it is made of single questions."""
        return self.requests[0].is_urgent


class EncoderQueue:
    """The requests in order. Safe for threads; one of them takes batches and settles them."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._questions: deque[Request] = deque()
        self._others: deque[Request] = deque()
        self._at_work: frozenset[Request] = frozenset()
        self._refusal: EncoderUnavailableError | None = None
        self._others_turn = False

    @property
    def waiting(self) -> int:
        """How many single questions wait or are being encoded."""
        with self._lock:
            return len(self._questions) + sum(request.is_urgent for request in self._at_work)

    @property
    def refusal(self) -> EncoderUnavailableError | None:
        """Why nothing is taken, None if it is."""
        return self._refusal

    def ask(self, role: str, texts: Sequence[str], wake: Callable[[], object]) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` rows for ``texts``.

        :param wake: Called when they wait.
        :raises EncoderUnavailableError: If they cannot be encoded, or a single question has waited too long.
        """
        request = Request(role, tuple(texts))
        with self._lock:
            if self._refusal is not None:
                raise self._refusal.with_traceback(None)  # raised again and again it would hold all frames
            (self._questions if request.is_urgent else self._others).append(request)
        wake()
        if not request.settled.wait(self._patience.question_seconds if request.is_urgent else None):
            self._forget(request)
            raise EncoderLostError("The encoder is busy or being started again. Please ask once more.")
        if request.error is not None:
            raise request.error.with_traceback(None)
        return np.stack(request.rows)

    def next_batch(self) -> Batch | None:
        """Return what is to be encoded next, None if nothing waits. Questions and the others take turns."""
        with self._lock:
            if self._questions and not (self._others and self._others_turn):
                self._others_turn = True
                batch = self._together()
            elif self._others:
                self._others_turn = False
                batch = _piece(self._others[0])
            else:
                return None
            self._at_work = frozenset(batch.requests)
            return batch

    def _together(self) -> Batch:
        """Take the oldest question and those behind it that fit beside it."""
        first = self._questions.popleft()
        chosen, longest = [first], len(first.texts[0])
        for request in () if first.alone else tuple(self._questions):
            wider = max(longest, len(request.texts[0]))
            if len(chosen) == _QUESTIONS_AT_ONCE or wider * (len(chosen) + 1) > _CHARACTERS_AT_ONCE:
                break
            if request.role == first.role and not request.alone:
                chosen.append(request)
                longest = wider
        self._questions = deque(request for request in self._questions if request not in chosen)
        return Batch(first.role, tuple(chosen), tuple(request.texts[0] for request in chosen))

    def fulfil(self, batch: Batch, rows: npt.NDArray[np.float32]) -> None:
        """Give the rows of ``batch`` to those who wait for them."""
        with self._lock:
            self._at_work = frozenset()
            request, *others = batch.requests
            if others:
                for waiting, row in zip(batch.requests, rows, strict=True):
                    waiting.rows.append(row)
                    waiting.settled.set()
                return
            request.rows.extend(rows)
            request.attempts = 0
            if request.done == len(request.texts):
                if self._others and self._others[0] is request:
                    self._others.popleft()
                request.settled.set()

    def fail(
        self,
        batch: Batch | None,
        error: EncoderUnavailableError,
        *,
        may_be_a_neighbours: bool = False,
        again: bool = False,
    ) -> None:
        """Tell those who wait for ``batch`` of an error.

        :param may_be_a_neighbours: Questions of a batch of several are first tried again, each alone.
        :param again: A request is tried a second time before it is told.
        """
        with self._lock:
            self._at_work = frozenset()
            for request in reversed(batch.requests if batch else ()):
                request.attempts += 1
                several = batch is not None and len(batch.requests) > 1
                if (several and may_be_a_neighbours) or (again and request.attempts < _ATTEMPTS):
                    if request.is_urgent:
                        request.alone = True
                        self._questions.appendleft(request)
                    continue
                self._settle(request, error)

    def refuse(self, error: EncoderUnavailableError | None) -> None:
        """Refuse all that waits and comes with ``error``, until called with None."""
        with self._lock:
            self._refusal = error
            if error is not None:
                for request in (*self._questions, *self._others):
                    self._settle(request, error)

    def _settle(self, request: Request, error: EncoderUnavailableError) -> None:
        request.error = error
        request.settled.set()
        for waiting in (self._questions, self._others):
            if request in waiting:
                waiting.remove(request)

    def _forget(self, request: Request) -> None:
        with self._lock:
            if request in self._questions:
                self._questions.remove(request)


def _piece(request: Request) -> Batch:
    """Return the next texts of ``request`` that are encoded at once: at least one."""
    rest = request.texts[request.done :]
    count = longest = 0
    for text in rest[:_QUESTIONS_AT_ONCE]:
        longest = max(longest, len(text))
        if count and longest * (count + 1) > _CHARACTERS_AT_ONCE:
            break
        count += 1
    return Batch(request.role, (request,), tuple(rest[:count]))
