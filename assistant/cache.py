"""Remembers finished answers, so that the same question on the same index is not worked out twice; asks nothing."""

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import Answer, Turn

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

    def __len__(self) -> int:
        with self._lock:
            return len(self._answers)

    def get(self, key: CacheKey, generation: str) -> Answer | None:
        """Return the remembered answer, or None; another generation than before forgets all answers."""
        with self._lock:
            self._turn_to(generation)
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

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

    def _turn_to(self, generation: str) -> None:
        if generation != self._generation:
            self._answers.clear()
            self._generation = generation


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _cited(answer: Answer) -> str:
    return " ".join(f"{c.file}:{c.first_line}-{c.last_line}" for c in answer.citations)
