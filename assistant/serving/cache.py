"""Remembers finished answers, and knows those under way, so that none is worked out twice; asks nothing."""

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

from assistant.records import Answer, Turn
from assistant.serving.answer_in_flight import End, Flight

CAPACITY = 512


@dataclass(frozen=True, slots=True)
class CacheKey:
    """All that an answer depends on besides the index. ``engine`` names the writer and its prompt."""

    question: str
    module: str
    engine: str
    history: tuple[tuple[str, str], ...]


def cache_key(question: str, module: str | None, history: Sequence[Turn], engine: str) -> CacheKey:
    """Return the key of an answer; spacing, Unicode form and the case of a module make no difference.

    An earlier turn counts with what was understood and which lines were cited, not with the wording of its answer.
    """
    turns = tuple((turn.standalone or _normal(turn.question), _cited(turn.answer)) for turn in history)
    return CacheKey(_normal(question), _normal(module or "").casefold(), engine, turns)


@dataclass(frozen=True, slots=True)
class _Boarding:
    """How a question comes to its answer: ``known`` already, or by ``flight``, which the asker may have to lead."""

    known: Answer | None
    flight: Flight
    leads: bool


class AnswerCache:
    """The latest answers for one generation of an index. Safe for threads.

    :param capacity: The most answers that are kept; the one not asked for longest goes first.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._capacity = capacity
        self._lock = threading.Lock()
        self._generation = ""
        self._answers: OrderedDict[CacheKey, Answer] = OrderedDict()
        self._flights: dict[tuple[str, CacheKey], Flight] = {}

    def __len__(self) -> int:
        with self._lock:
            return len(self._answers)

    def get(self, key: CacheKey, generation: str) -> Answer | None:
        """Return the remembered answer, or None; another generation than before forgets all answers."""
        with self._lock:
            return self._known(key, generation)

    def put(self, key: CacheKey, generation: str, answer: Answer) -> None:
        """Remember ``answer``, unless it carries a notice: what went wrong once may go right next time."""
        if answer.notice:
            return
        with self._lock:
            self._turn_to(generation)
            self._answers[key] = answer
            self._answers.move_to_end(key)
            if len(self._answers) > self._capacity:
                self._answers.popitem(last=False)

    def shared(
        self, key: CacheKey, generation: str, work: Callable[[], Iterator[Answer]]
    ) -> Generator[Answer, None, None]:
        """Yield the remembered answer, else that of ``work`` as it grows, which one does for all who ask at a time.

        The others read along. Where the one breaks off (an error, a student who leaves), the next one works; where it
        stalls, everyone does for himself.

        :raises Exception: Whatever ``work`` raises.
        """
        while True:
            boarding = self._board(key, generation)
            if boarding.known is not None:
                yield boarding.known
                return
            if boarding.leads:
                yield from self._lead(boarding.flight, key, generation, work)
                return
            end = yield from boarding.flight.follow()
            if end is End.WHOLE:
                return
            if end is End.STALLED:
                yield from work()
                return

    def _board(self, key: CacheKey, generation: str) -> "_Boarding":
        """Return what is remembered, or the flight to follow or to lead."""
        with self._lock:
            known = self._known(key, generation)
            flight = self._flights.get((generation, key))
            if known is not None or flight is not None:
                return _Boarding(known, flight or Flight(), leads=False)
            flight = self._flights[generation, key] = Flight()
            return _Boarding(None, flight, leads=True)

    def _lead(
        self, flight: Flight, key: CacheKey, generation: str, work: Callable[[], Iterator[Answer]]
    ) -> Generator[Answer, None, None]:
        last: Answer | None = None
        whole = False
        try:
            for last in work():
                flight.show(last)
                yield last
            whole = last is not None
            if last is not None:
                self.put(key, generation, last)
        finally:
            with self._lock:
                del self._flights[generation, key]
            flight.end(whole=whole)

    def _known(self, key: CacheKey, generation: str) -> Answer | None:
        self._turn_to(generation)
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def _turn_to(self, generation: str) -> None:
        if generation != self._generation:
            self._answers.clear()
            self._generation = generation


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _cited(answer: Answer) -> str:
    return " ".join(f"{c.file}:{c.first_line}-{c.last_line}" for c in answer.citations)
