"""The records that the assistant hands to pages, APIs and command lines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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
        return {**asdict(self), "heading_path": list(self.heading_path)}


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
        return {**asdict(self), "heading_path": list(self.heading_path)}


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer.

    ``text`` is Markdown that holds markers such as ``[1]``. ``grounded`` is False where the notes don't say; then
    ``suggestions`` names the nearest sections and ``absent`` the words that the notes never mention. ``engine`` is
    ``extractive`` or the chat model's name; ``notice`` is a sentence to the student about a trouble on the way;
    ``standalone`` is the question as it was understood in its dialogue.
    """

    question: str
    language: str
    grounded: bool
    text: str
    citations: tuple[Citation, ...]
    suggestions: tuple[Suggestion, ...]
    absent: tuple[str, ...]
    probability: float
    engine: str
    seconds: float
    notice: str = ""
    standalone: str = ""

    def to_json(self, identifier: Any = None) -> dict[str, Any]:  # noqa: ANN401 - ids are passed through
        """Return the answer in the form that the command line and the HTTP API print."""
        return {
            "id": identifier,
            "question": self.question,
            "language": self.language,
            "grounded": self.grounded,
            "answer": self.text,
            "citations": [citation.to_json() for citation in self.citations],
            "suggestions": [suggestion.to_json() for suggestion in self.suggestions],
            "absent": list(self.absent),
            "probability": self.probability,
            "engine": self.engine,
            "seconds": self.seconds,
            "notice": self.notice,
            "standalone": self.standalone,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and what it was answered with; ``standalone`` is the question as it was understood."""

    question: str
    answer: Answer
    standalone: str = ""


Json = Mapping[str, Any]
