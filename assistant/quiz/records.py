"""The records of quizzes: what an item is, and how it travels as JSON. No behaviour beyond views."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from assistant.records import Citation
from index.json_values import json_values


class ItemKind(str, Enum):
    """How an item is answered."""

    CHOICE = "choice"
    TRUE_FALSE = "true_false"
    CLOZE = "cloze"
    ORDERING = "ordering"
    SHORT = "short"


class Structure(str, Enum):
    """What in the notes an item was made from."""

    MEMBERSHIP = "membership"
    COMPLETION = "completion"
    DEFINITION = "definition"
    TERM = "term"
    COMPARISON = "comparison"
    ORDER = "order"
    NUMBER = "number"
    CONDITION = "condition"
    TRUTH = "truth"
    GENERATED = "generated"


TYPED = (ItemKind.CLOZE, ItemKind.SHORT)


@dataclass(frozen=True, slots=True)
class Item:
    """One quiz question with its key and the lines that prove it.

    ``answer`` is the key as shown: the right option, the word to be typed, or for an ordering the steps joined by
    ``ORDER_ARROW``. ``options`` are shown in this order; typed kinds have none. ``accepted`` are further right
    answers to a typed kind. ``evidence`` are pieces of text that stand, byte for byte, in the citation's quote.
    ``pair`` is equal for the same item of two editions; ``place`` names the section in all its editions, and
    ``source`` the line or list that was asked about, so that one quiz asks it once. ``difficulty`` runs from 1
    (recognise) to 4 (connect several lines).
    """

    id: str
    pair: str
    kind: ItemKind
    structure: Structure
    language: str
    stem: str
    options: tuple[str, ...]
    answer: str
    accepted: tuple[str, ...]
    explanation: str
    hint: str
    citation: Citation
    evidence: tuple[str, ...]
    place: str
    source: str
    difficulty: int

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of an ordering in their right order, else nothing."""
        return tuple(self.answer.split(ORDER_ARROW)) if self.kind is ItemKind.ORDERING else ()

    def to_json(self) -> dict[str, Any]:
        """Return the item as JSON values; ``answer`` of an ordering is a list."""
        return {**json_values(self), "answer": list(self.steps) or self.answer}


ORDER_ARROW = " → "
