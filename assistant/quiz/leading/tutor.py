"""Leads a quiz on what the notes say of a topic: finds the lines, draws the items, and ends with the cited answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.generating.grounding import Grounding
from assistant.quiz.leading.browser_state import StoredSession
from assistant.quiz.leading.replies import said
from assistant.quiz.leading.session import QuizSession, SessionStep, begin, reply
from assistant.quiz.leading.topics import places_of
from assistant.quiz.making.bank import QuizBank, draw
from assistant.quiz.records import Item
from assistant.records import Answer
from assistant.serving.assistant import EXTRACTIVE, Assistant
from index import detect_language
from index.border import clean_question

_MOST = 5
_FEWEST = 2
_ENOUGH_SOURCES = 3
_SPARE = 12


@dataclass(frozen=True, slots=True)
class Lesson:
    """A step of a quiz, None where there is nothing to ask, and the ``message`` to be shown.

    The last step of a quiz on a topic brings ``closing``, to be shown below the message: the full ``answer``, whose
    markers it uses; those of the message mean the line behind the item that ended.
    """

    step: SessionStep | None
    message: str
    answer: Answer | None = None
    closing: str = ""


class Author(Protocol):
    """Writes further items on a section."""

    def items(self, place: str, language: str) -> tuple[Item, ...]:
        """Return sound items on the section called ``place``, none where there are none."""
        ...

    def item(self, identifier: str) -> Item | None:
        """Return an item written before."""
        ...


class QuizTutor:
    """Quizzes from one assistant's notes. Keeps no conversation: sessions go in and out.

    :param author: Writes further items; by default the chat model that words the assistant's answers, if any.
    """

    def __init__(self, assistant: Assistant, bank: QuizBank, author: Author | None = None) -> None:
        self._assistant = assistant
        self._bank = bank
        self._author = author or _author_of(assistant, bank)

    @property
    def bank(self) -> QuizBank:
        """The items that are asked."""
        return self._bank

    def start(
        self, topic: str, *, language: str | None = None, module: str | None = None, seed: int | None = None
    ) -> Lesson:
        """Return the first step of a quiz on ``topic``; without a step where the notes say nothing on it.

        :param language: Default: the topic's own.
        :raises QuestionError: If the topic is no question, or too long.
        """
        language = language or detect_language(topic)
        if not topic.strip():
            return Lesson(None, said("which_topic", language))
        topic = clean_question(topic)
        places = places_of(self._assistant.index, topic, module)
        if not places:
            return Lesson(None, said("not_in_notes", language, topic=topic))
        pool = self._pool(language, places)
        if not pool:
            return Lesson(None, said("no_items", language, topic=topic))
        items = _without_echoes(draw(pool, _MOST, seed))
        chosen = {item.id for item in items}
        spare = draw([item for item in pool if item.id not in chosen], _SPARE, seed)
        step = begin(topic, items, spare)
        return Lesson(step, step.message)

    def places(self, topic: str) -> tuple[str, ...]:
        """Return the sections that answer ``topic``, best first; none where the notes don't say.

        :raises QuestionError: If the topic is empty or too long.
        """
        return places_of(self._assistant.index, topic)

    def practise(self, items: Sequence[Item], topic: str = "") -> Lesson:
        """Return the first step of a quiz on chosen ``items``, which ends without a full answer if there is no topic.

        :raises ValueError: If there is no item.
        """
        step = begin(topic, items)
        return Lesson(step, step.message)

    def packed(self, session: QuizSession) -> dict[str, Any]:
        """Return a session as small JSON that names its items instead of holding them; :meth:`unpacked` undoes it."""
        return StoredSession.of(session).model_dump(mode="json")

    def unpacked(self, row: Mapping[str, Any]) -> QuizSession | None:
        """Return the session, None where the notes no longer give one of its items.

        :raises ValueError: If a field is missing or a value is wrong.
        """
        return StoredSession.model_validate(row).session(self._item)

    def _pool(self, language: str, places: Sequence[str]) -> list[Item]:
        """Return the items of the best section, and of further ones while there are too few lines to ask about."""
        pool: list[Item] = []
        for place in places:
            if len({item.source for item in pool}) >= _ENOUGH_SOURCES:
                break
            pool += self._bank.select(language, places=[place])
        return [*pool, *(self._author.items(places[0], language) if self._author else ())]

    def _item(self, identifier: str) -> Item | None:
        return self._bank.item(identifier) or (self._author.item(identifier) if self._author else None)

    def reply(self, session: QuizSession, text: str) -> Lesson:
        """Return what follows from a student's reply; at the end with the full cited answer.

        :raises QuestionError: If the topic can no longer be searched for.
        """
        already = session.finished
        step = reply(session, text, self._bank.source.lexicon)
        if not step.session.finished or already or not session.topic:
            return Lesson(step, step.message)
        answer = self._assistant.ask(session.topic, language=session.language)
        if not answer.grounded:
            return Lesson(step, step.message)
        return Lesson(step, step.message, answer, said("full_answer", session.language))


def _author_of(assistant: Assistant, bank: QuizBank) -> Author | None:
    if assistant.engine == EXTRACTIVE:
        return None
    from assistant.quiz.making.author import open_author  # langchain takes a second to import

    return open_author(assistant.engine, bank.source, Grounding(assistant.index.words))


def _without_echoes(items: Sequence[Item]) -> list[Item]:
    """Return ``items`` without those whose lines an earlier explanation has just shown, two at the least."""
    kept: list[Item] = []
    told: set[tuple[str, int]] = set()
    for item in items:
        lines = {(item.citation.file, n) for n in range(item.citation.first_line, item.citation.last_line + 1)}
        if len(kept) >= _FEWEST and lines & told:
            continue
        kept.append(item)
        told |= lines
    return kept
