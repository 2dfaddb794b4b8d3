"""What the chat tells whoever keeps the questions; the pages work the same where nobody does."""

from typing import Protocol

from assistant.records import Answer


class QuestionLog(Protocol):
    """Keeps questions for the instructor. No method may delay or fail an answer."""

    def record(self, answer: Answer) -> None:
        """Keep an answered or declined question."""
        ...

    def feedback(self, answer: Answer, *, helpful: bool, reason: str = "") -> None:
        """Keep a student's verdict on ``answer``; ``reason`` is what they wrote or picked, possibly nothing."""
        ...

    def ask_instructor(self, question: str) -> None:
        """Keep a question that a student sends to the instructor because the notes do not answer it."""
        ...
