"""Remembers missed and shaky items and says when they are due again, by FSRS with its default parameters.

The memory is a plain record that lives with the student (in the browser); nothing is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from fsrs import Card, Rating, Scheduler
from pydantic import ValidationError

from assistant.quiz.leading.browser_state import StoredCard
from assistant.quiz.leading.grading import GradeVerdict
from index import QuestionError

_FORMAT = 1


class MemoryFormatError(QuestionError):
    """A stored memory of reviews that cannot be read."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The FSRS cards of the items to come back, by the item's ``pair``, so that both languages share one."""

    cards: Mapping[str, Card] = field(default_factory=dict[str, Card])

    def to_json(self) -> dict[str, Any]:
        """Return the memory as JSON values."""
        return {"format": _FORMAT, "cards": {pair: card.to_dict() for pair, card in self.cards.items()}}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Memory":
        """Undo :meth:`to_json`.

        :raises MemoryFormatError: If ``row`` is not a memory of this format.
        """
        if row.get("format") != _FORMAT or not isinstance(row.get("cards"), dict):
            raise MemoryFormatError("This file does not hold quiz reviews. / 퀴즈 복습 기록이 아닌 파일입니다.")
        cards = cast("dict[str, Any]", row["cards"])
        try:
            return cls({pair: StoredCard.model_validate(card).card() for pair, card in cards.items()})
        except ValidationError as error:
            raise MemoryFormatError("These quiz reviews are damaged. / 퀴즈 복습 기록이 손상되었습니다.") from error


def rating(verdict: GradeVerdict, tries: int) -> Rating:
    """Return FSRS's rating of an answer: right at once is good, near or only after a hint is hard, else again."""
    if verdict is GradeVerdict.WRONG:
        return Rating.Again
    return Rating.Good if verdict is GradeVerdict.RIGHT and tries <= 1 else Rating.Hard


def remember(memory: Memory, pair: str, verdict: GradeVerdict, tries: int, now: datetime) -> Memory:
    """Return the memory after an answer. What is known at once is not taken up, but counts once it is there.

    :param pair: The item's ``pair``.
    :param tries: How often the student answered it, 1 for at once.
    :param now: With its time zone.
    :raises ValueError: If ``now`` has none.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    grade = rating(verdict, tries)
    card = memory.cards.get(pair)
    if card is None:
        if grade is Rating.Good:
            return memory
        card = Card(card_id=int(pair, 16), due=now)
    reviewed, _ = Scheduler(enable_fuzzing=False).review_card(card, grade, now)
    return Memory({**memory.cards, pair: reviewed})


def due(memory: Memory, now: datetime) -> list[str]:
    """Return the pairs that are due at ``now``, the longest overdue first."""
    waiting = [(card.due, pair) for pair, card in memory.cards.items() if card.due <= now]
    return [pair for _, pair in sorted(waiting)]


def forget(memory: Memory, known: frozenset[str]) -> Memory:
    """Return the memory without items that the notes no longer give."""
    return Memory({pair: card for pair, card in memory.cards.items() if pair in known})
