"""Asks marked questions and judges what is quoted against the marked lines; adds nothing up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluating.marking import MarkedQuestion, Places
from assistant.records import Answer
from assistant.serving.assistant import Assistant

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class AnswerVerdict:
    """What one answer is worth. ``quoted`` holds the lines that it quotes, none where the question was declined."""

    question: MarkedQuestion
    answer: Answer
    quoted: Places
    seconds: float

    @property
    def is_answerable(self) -> bool:
        """Whether the notes answer the question."""
        return bool(self.question.ways)

    @property
    def answered(self) -> bool:
        """Whether the question was answered."""
        return self.answer.grounded

    @property
    def all_quoted(self) -> bool:
        """Whether all lines of one way to answer are quoted."""
        return any(way <= self.quoted for way in self.question.ways)

    @property
    def any_quoted(self) -> bool:
        """Whether any line that answers is quoted."""
        return any(way & self.quoted for way in self.question.ways)

    @property
    def short(self) -> bool:
        """Whether at most twice the lines are quoted that the first way to answer has, and two."""
        return len(self.quoted) <= 2 * len(next(iter(self.question.ways), ())) + 2

    @property
    def is_miss(self) -> bool:
        """Whether it went wrong: not all lines that answer are quoted, or the notes were said to answer and don't."""
        return not self.all_quoted if self.is_answerable else self.answered


def judge(question: MarkedQuestion, answer: Answer, seconds: float = 0.0) -> AnswerVerdict:
    """Return the verdict on ``answer``."""
    quoted = (
        (citation.file, line)
        for citation in answer.citations
        for line in range(citation.first_line, citation.last_line + 1)
    )
    return AnswerVerdict(question, answer, frozenset(quoted if answer.grounded else ()), seconds)


def ask_all(
    assistant: Assistant, questions: Sequence[MarkedQuestion], progress: Progress | None = None
) -> list[AnswerVerdict]:
    """Return the verdicts on the answers to ``questions``, in their order.

    :raises QuestionError: If the name of a module is too long.
    """
    verdicts: list[AnswerVerdict] = []
    for question in questions:
        history = assistant.replay(question.history, question.module)
        started = time.perf_counter()
        answer = assistant.ask(question.query, module=question.module, history=history)
        verdicts.append(judge(question, answer, time.perf_counter() - started))
        if progress:
            progress(len(verdicts), len(questions))
    return verdicts
