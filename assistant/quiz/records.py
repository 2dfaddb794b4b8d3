"""The records of quizzes: what an item is, and how it travels as JSON. No behaviour beyond views."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from assistant.records import Citation


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
        return {
            "id": self.id,
            "pair": self.pair,
            "kind": self.kind.value,
            "structure": self.structure.value,
            "language": self.language,
            "stem": self.stem,
            "options": list(self.options),
            "answer": list(self.steps) if self.kind is ItemKind.ORDERING else self.answer,
            "accepted": list(self.accepted),
            "explanation": self.explanation,
            "hint": self.hint,
            "citation": self.citation.to_json(),
            "evidence": list(self.evidence),
            "place": self.place,
            "source": self.source,
            "difficulty": self.difficulty,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Item":
        """Undo :meth:`to_json`.

        :raises KeyError: If a field is missing.
        :raises ValueError: If the kind or the structure is unknown.
        """
        answer = row["answer"]
        return cls(
            id=row["id"],
            pair=row["pair"],
            kind=ItemKind(row["kind"]),
            structure=Structure(row["structure"]),
            language=row["language"],
            stem=row["stem"],
            options=tuple(row["options"]),
            answer=answer if isinstance(answer, str) else ORDER_ARROW.join(answer),
            accepted=tuple(row["accepted"]),
            explanation=row["explanation"],
            hint=row["hint"],
            citation=citation_from_json(row["citation"]),
            evidence=tuple(row["evidence"]),
            place=row["place"],
            source=row["source"],
            difficulty=int(row["difficulty"]),
        )


ORDER_ARROW = " → "


def citation_from_json(row: Mapping[str, Any]) -> Citation:
    """Undo :meth:`assistant.records.Citation.to_json`."""
    return Citation(
        marker=int(row["marker"]),
        module=row["module"],
        heading_path=tuple(row["heading_path"]),
        file=row["file"],
        first_line=int(row["first_line"]),
        last_line=int(row["last_line"]),
        quote=row["quote"],
    )
