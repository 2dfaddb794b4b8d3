"""What the chat tells whoever keeps the questions; the pages work the same where nobody does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.records import Answer

#: The cookie by which a browser says that its questions must not be kept; ``keeping.js`` sets it.
COOKIE = "notes_keep"
_REFUSED = "no"


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a question comes from: a mark that the questions of one visit share, and whether they may be kept."""

    mark: str = ""
    may_keep: bool = True


ANYONE = Visit()


def visit_of(mark: str | None, cookies: Mapping[str, str]) -> Visit:
    """Return the visit with this mark; the student's choice is in the cookies."""
    return Visit(mark or "", cookies.get(COOKIE) != _REFUSED)


class AnswerLog(Protocol):
    """Keeps questions for the instructor. No method may fail, and ``record`` may not delay, an answer.

    What a student is thanked for must be safely stored: the other methods tell whether it is, after a moment's wait.

    ``identifier`` names the question with this very answer, whoever asks the same; ``mark`` is equal for the questions
    of one visit, it does not tell who it is.
    """

    def record(self, answer: Answer, mark: str = "", *, identifier: str) -> None:
        """Keep an answered or declined question."""
        ...

    def feedback(self, answer: Answer, mark: str = "", *, identifier: str, helpful: bool, reason: str = "") -> bool:
        """Keep a student's verdict on ``answer``; ``reason`` is what they wrote or picked, possibly nothing."""
        ...

    def ask_instructor(self, answer: Answer, mark: str = "", *, identifier: str) -> bool:
        """Keep a question that a student sends to the instructor, which is kept even if others are not."""
        ...
