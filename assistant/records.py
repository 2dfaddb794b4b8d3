"""The records that the assistant hands to pages, APIs and command lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from assistant.closing import closing
from index.json_values import json_values


class AnswerKind(str, Enum):
    """What an answer is.

    ``ANSWER``: lines of the notes, or that they don't say. ``SUMMARY``: a selection of lines from a part of the course.
    ``SMALL_TALK``: a reply to what asks nothing of the notes. ``COURSE``: what the course has in place of what is not
    there, such as a module. ``ELSEWHERE``: not in the chosen module, but in another.
    """

    ANSWER = "answer"
    SUMMARY = "summary"
    SMALL_TALK = "small_talk"
    COURSE = "course"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where quoted lines stand. ``quote`` equals the file's lines ``first_line``…``last_line``, byte for byte."""

    marker: int
    module: str
    heading_path: tuple[str, ...]
    file: str
    first_line: int
    last_line: int
    quote: str

    def to_json(self) -> dict[str, Any]:
        """Return the citation as JSON values."""
        return json_values(self)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A section near to a question that the notes do not answer."""

    module: str
    heading_path: tuple[str, ...]
    file: str
    first_line: int
    last_line: int

    def to_json(self) -> dict[str, Any]:
        """Return the suggestion as JSON values."""
        return json_values(self)


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer.

    ``body`` is what it says, Markdown that holds markers such as ``[1]``; :attr:`text` ends with the sources and the
    nearest sections, too. ``grounded`` is False where the notes don't say; then
    ``suggestions`` names the nearest sections and ``absent`` the words that the notes never mention. ``engine`` is
    ``extractive`` or the chat model's name; ``notice`` is a sentence to the student about a trouble on the way;
    ``standalone`` is the question as it was understood in its dialogue; ``offer`` is a question that the answer offers
    to go on with, which a plain yes asks. ``provisional`` is True while a chat model is wording the answer: until that
    is whole and holds, the notes' own lines stand, and nothing else.
    """

    question: str
    language: str
    grounded: bool
    body: str
    citations: tuple[Citation, ...]
    suggestions: tuple[Suggestion, ...]
    absent: tuple[str, ...]
    probability: float
    engine: str
    seconds: float
    notice: str = ""
    standalone: str = ""
    kind: AnswerKind = AnswerKind.ANSWER
    offer: str = ""
    provisional: bool = False

    @property
    def text(self) -> str:
        """The whole answer as Markdown, for whoever shows nothing but that."""
        return "\n\n".join([self.body, *closing(self.suggestions, self.citations, self.language)])

    @property
    def asks_of_notes(self) -> bool:
        """Whether what was asked is something that the notes could say, and its answer tells whether they do."""
        return self.kind not in (AnswerKind.SMALL_TALK, AnswerKind.COURSE)

    @property
    def is_gap(self) -> bool:
        """Whether the notes should have answered and don't."""
        return not self.grounded and self.kind is AnswerKind.ANSWER

    def differs(self, other: "Answer | None") -> bool:
        """Return whether a reader would see another answer than ``other``: one that only took longer is the same."""
        if other is None:
            return True
        mine, theirs = ((answer.body, answer.engine, answer.notice, answer.provisional) for answer in (self, other))
        return mine != theirs

    def to_json(self, identifier: Any = None) -> dict[str, Any]:  # noqa: ANN401 - ids are passed through
        """Return the answer in the form that the command line and the HTTP API print."""
        row: dict[str, Any] = {"id": identifier, **json_values(self)}
        return {("answer" if name == "body" else name): self.text if name == "body" else row[name] for name in row}


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and what it was answered with; ``standalone`` is the question as it was understood."""

    question: str
    answer: Answer
    standalone: str = ""


Json = Mapping[str, Any]
