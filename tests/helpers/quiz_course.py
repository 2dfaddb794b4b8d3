"""The quiz bank of the course that ships with the project, made once for all tests."""

from functools import cache

from assistant.quiz.making.bank import QuizBank
from assistant.quiz.records import Item, ItemKind
from tests.places import CONTENT


@cache
def course_bank() -> QuizBank:
    return QuizBank.read(CONTENT)


def item_of(kind: ItemKind, language: str = "en", **wanted: str) -> Item:
    """Return the first item of a kind whose fields hold the wanted texts."""
    return next(
        item
        for item in course_bank().items
        if item.kind is kind
        and item.language == language
        and all(text in getattr(item, name) for name, text in wanted.items())
    )
