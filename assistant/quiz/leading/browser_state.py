"""What a quiz lets a browser keep, as it must be when it comes back: sessions by their items' names, review cards."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Annotated, Literal

from fsrs import Card, State
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from assistant.quiz.leading.grading import GradeVerdict
from assistant.quiz.leading.session import ItemOutcome, QuizSession
from assistant.quiz.records import Item
from index.border import MAX_NAME_CHARACTERS, MAX_QUESTION_CHARACTERS

_MOST_ITEMS = 100
_MOST_TRIES = 1000
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
Name = Annotated[str, Field(max_length=MAX_NAME_CHARACTERS)]
Tries = Annotated[int, Field(ge=0, le=_MOST_TRIES)]


class StoredSession(BaseModel):
    """A session whose items are named instead of held."""

    model_config = ConfigDict(strict=True, extra="ignore")

    topic: str = Field(max_length=MAX_QUESTION_CHARACTERS)
    language: Literal["ko", "en"]
    items: list[Name] = Field(min_length=1, max_length=_MOST_ITEMS)
    spare: list[Name] = Field(max_length=_MOST_ITEMS)
    outcomes: list[Annotated[tuple[Annotated[GradeVerdict, Field(strict=False)], Tries], Field(strict=False)]]
    tries: Tries
    hinted: bool
    stopped: bool

    @classmethod
    def of(cls, session: QuizSession) -> "StoredSession":
        """Return what the browser keeps of ``session``."""
        names = {"items": [item.id for item in session.items], "spare": [item.id for item in session.spare]}
        ended = [(outcome.verdict, outcome.tries) for outcome in session.outcomes]
        kept = {name: getattr(session, name) for name in ("topic", "language", "tries", "hinted", "stopped")}
        return cls.model_validate({**kept, **names, "outcomes": ended})

    def session(self, item_of: Callable[[str], Item | None]) -> QuizSession | None:
        """Undo :meth:`of`; None where ``item_of`` no longer finds an item by its name."""
        items, spare = (tuple(filter(None, map(item_of, names))) for names in (self.items, self.spare))
        if len(items) < len(self.items) or len(spare) < len(self.spare):
            return None
        ended = [ItemOutcome(item, *outcome) for item, outcome in zip(items, self.outcomes, strict=False)]
        return QuizSession(self.topic, self.language, items, spare, tuple(ended), self.tries, self.hinted, self.stopped)


def _in_reach(time: datetime) -> datetime:
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise ValueError("this is no time of a review")
    return time.astimezone(timezone.utc)


Time = Annotated[AwareDatetime, AfterValidator(_in_reach)]


class StoredCard(BaseModel):
    """An FSRS card, whose numbers are such as FSRS gives: others would break its formulas."""

    model_config = ConfigDict(extra="ignore")

    card_id: int = Field(ge=0)
    state: State
    step: int | None = Field(ge=0, le=9)
    stability: float | None = Field(gt=0, le=1e9)
    difficulty: float | None = Field(ge=1, le=10)
    due: Time
    last_review: Time | None

    @model_validator(mode="after")
    def _is_whole(self) -> "StoredCard":
        in_steps = self.state is not State.Review
        if in_steps != (self.step is not None) or (self.state is not State.Learning and self.stability is None):
            raise ValueError("this card is in no state that there is")
        if (self.stability is None) != (self.difficulty is None):
            raise ValueError("this card is in no state that there is")
        return self

    def card(self) -> Card:
        """Return the card as FSRS takes it."""
        return Card(self.card_id, self.state, self.step, self.stability, self.difficulty, self.due, self.last_review)
