"""Conversations as the student's browser keeps them: records, their JSON, and what happens to them. Knows no page."""

import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, cast

from pydantic import ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import to_json as to_json_text

from assistant.records import Answer, Citation, Turn
from index.border import MAX_QUESTION_CHARACTERS, mended, well_formed
from index.json_values import json_values, record_of

State = Literal["pending", "done", "stopped", "failed"]
Feedback = Literal["", "up", "down"]
MAX_CONVERSATIONS = 20
MAX_EXCHANGES = 60
#: What the whole archive may take as JSON: less than a request may hold (``body_limit.py``), with an answer on top.
MAX_BYTES = 2 * 1024 * 1024
#: A question that is too long to be asked is kept, so that its student can shorten it; not a whole book.
MAX_KEPT_QUESTION = 20_000
_MAX_IDENTIFIER = 64
_MAX_TITLE = 40


@dataclass(frozen=True, slots=True)
class QuizStep:
    """What the quiz said to a request or a reply, and ``session``, from which it goes on (None where it cannot).

    ``message`` is Markdown whose ``[1]`` means ``citation``, the line behind the item that ended; ``options`` are what
    can be picked, ``read_again`` the lines of missed items, ``closing`` the words before the full answer at the end.
    """

    message: str
    language: str
    session: dict[str, Any] | None = None
    running: bool = False
    awaits_topic: bool = False
    options: tuple[str, ...] = ()
    citation: Citation | None = None
    read_again: tuple[Citation, ...] = ()
    closing: str = ""


def _of_any_version(value: Any, read: ValidatorFunctionWrapHandler) -> Answer | None:  # noqa: ANN401 - what JSON holds
    """Return the answer in ``value``, also one that an earlier version kept: its text held the closing, too."""
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if "text" not in fields or "body" in fields:
        return read(value)
    answer: Answer = read({**{name: kept for name, kept in fields.items() if name != "text"}, "body": fields["text"]})
    ending = answer.text.removeprefix(answer.body)
    return replace(answer, body=answer.body.removesuffix(ending))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer so far. ``trouble`` says why there is none, in the interface's language.

    ``as_quiz``: it was asked to be explained like a quiz. ``quiz`` is what the quiz said; at its end there is an
    ``answer`` too. ``receipt`` tells that the answer is the server's (``receipts.py``).
    """

    question: str
    answer: Annotated[Answer | None, WrapValidator(_of_any_version)] = None
    state: State = "pending"
    trouble: str = ""
    feedback: Feedback = ""
    as_quiz: bool = False
    quiz: QuizStep | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, oldest exchange first."""

    identifier: str
    exchanges: tuple[Exchange, ...] = ()

    @property
    def title(self) -> str:
        """The first question, shortened."""
        first = " ".join(self.exchanges[0].question.split()) if self.exchanges else ""
        return first if len(first) <= _MAX_TITLE else f"{first[: _MAX_TITLE - 1]}…"

    @property
    def last(self) -> Exchange | None:
        """The latest exchange."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def pending(self) -> Exchange | None:
        """The latest exchange while its answer is under way, else None."""
        return self.last if self.last and self.last.state == "pending" else None

    @property
    def quiz(self) -> QuizStep | None:
        """The quiz that waits for a reply, None where there is none."""
        step = self.last.quiz if self.last and self.last.state == "done" else None
        return step if step and step.running else None

    def history(self) -> list[Turn]:
        """Return the finished turns before the latest question, oldest first; a quiz is one, on its topic."""
        return [
            Turn(
                _as_asked(past.answer.question if past.quiz else past.question),
                past.answer,
                _as_asked(past.answer.standalone),
            )
            for past in self.exchanges[:-1]
            if past.answer and past.state == "done"
        ]


@dataclass(frozen=True, slots=True)
class Archive:
    """All conversations of a browser, newest first; ``current`` names the one that is open, which may be new."""

    current: str = ""
    conversations: tuple[Conversation, ...] = ()

    @property
    def conversation(self) -> Conversation:
        """The current conversation, empty where none has begun."""
        found = [conversation for conversation in self.conversations if conversation.identifier == self.current]
        return found[0] if found else Conversation(self.current)

    def asked(self, question: str, keep: int | None = None, *, as_quiz: bool = False) -> "Archive":
        """Return the archive with ``question`` pending, after the first ``keep`` exchanges (default: all)."""
        kept = self.conversation.exchanges[:keep][-MAX_EXCHANGES + 1 :]
        identifier = self.current or uuid.uuid4().hex
        begun = Conversation(identifier, (*kept, Exchange(mended(question), as_quiz=as_quiz)))
        others = [conversation for conversation in self.conversations if conversation.identifier != identifier]
        return _fitting(Archive(identifier, (begun, *others)[:MAX_CONVERSATIONS]))

    def changed(self, number: int, change: Callable[[Exchange], Exchange]) -> "Archive":
        """Return the archive with exchange ``number`` of the current conversation changed; unchanged without it."""
        conversation = self.conversation
        if not 0 <= number < len(conversation.exchanges):
            return self
        exchanges = [*conversation.exchanges]
        exchanges[number] = change(exchanges[number])
        updated = replace(conversation, exchanges=tuple(exchanges))
        return replace(self, conversations=tuple(updated if old is conversation else old for old in self.conversations))

    def with_last(self, **changes: Any) -> "Archive":  # noqa: ANN401 - the fields of Exchange
        """Return the archive with these fields of the latest exchange replaced."""
        return self.changed(len(self.conversation.exchanges) - 1, lambda exchange: replace(exchange, **changes))

    def begun(self) -> "Archive":
        """Return the archive with a new, empty conversation as the current one."""
        return replace(self, current="")

    def opened(self, identifier: str) -> "Archive":
        """Return the archive with another conversation as the current one."""
        return replace(self, current=identifier)

    def deleted(self, identifier: str) -> "Archive":
        """Return the archive without a conversation; without the current one, a new one begins."""
        kept = tuple(conversation for conversation in self.conversations if conversation.identifier != identifier)
        return Archive("" if self.current == identifier else self.current, kept)


def _as_asked(question: str) -> str:
    return mended(question[:MAX_QUESTION_CHARACTERS])


def to_json(archive: Archive) -> dict[str, Any]:
    """Return the archive as JSON values."""
    return json_values(archive)


def from_json(value: object) -> Archive:
    """Return the archive that the browser holds; an empty one where it is of another format or was tampered with.

    It has no more conversations, questions and characters than the chat itself would keep. Whether an answer in it is
    the server's is not known from this.
    """
    try:
        # The text form tells at once whether it is JSON at all: no half characters, no endless nesting, no NaN.
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        whole = well_formed(text)
        if whole is not text:
            value = json.loads(whole)
        return _limited(record_of(Archive, value)) if value else Archive()
    except (ValueError, TypeError, RecursionError):  # a ValidationError is a ValueError
        return Archive()


def _limited(archive: Archive) -> Archive:
    kept = tuple(_shortened(conversation) for conversation in archive.conversations[:MAX_CONVERSATIONS])
    return Archive(archive.current[:_MAX_IDENTIFIER], kept)


def _shortened(conversation: Conversation) -> Conversation:
    exchanges = tuple(
        exchange
        if len(exchange.question) <= MAX_KEPT_QUESTION
        else replace(exchange, question=exchange.question[:MAX_KEPT_QUESTION])
        for exchange in conversation.exchanges[-MAX_EXCHANGES:]
    )
    return Conversation(conversation.identifier[:_MAX_IDENTIFIER], exchanges)


def _fitting(archive: Archive) -> Archive:
    """Return ``archive`` without the oldest that would make it too large to be sent; the latest question stays."""
    sizes = [len(to_json_text(conversation)) for conversation in archive.conversations]
    total = list(itertools.accumulate(sizes))
    first, *others = archive.conversations
    kept = [other for other, size in zip(others, total[1:], strict=True) if size <= MAX_BYTES]
    while sizes[0] > MAX_BYTES and len(first.exchanges) > 1:
        first = replace(first, exchanges=first.exchanges[1:])
        sizes[0] = len(to_json_text(first))
    return replace(archive, conversations=(first, *kept))
