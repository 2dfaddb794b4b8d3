"""Answers requests of the API: history from questions alone, and streams that stop when the client leaves."""

import itertools
from collections.abc import AsyncIterator, Generator, Sequence

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from assistant.assistant import Assistant
from assistant.records import Answer, Turn
from index import QuestionError

REPLAYED_QUESTIONS = 6


def replay(assistant: Assistant, questions: Sequence[str], module: str | None) -> list[Turn]:
    """Return the latest ``questions`` as turns, answered anew from the notes.

    A client's own account of earlier answers is not believed: what it cites might not be in the notes.
    """
    turns: list[Turn] = []
    for question in questions[-REPLAYED_QUESTIONS:]:
        try:
            answer = assistant.quote(question, module=module, history=turns)
        except QuestionError:
            continue
        turns.append(Turn(question, answer, answer.standalone))
    return turns


async def first_of(growing: Generator[Answer, None, None]) -> Answer:
    """Return the first state of an answer, so that an error comes before the response begins."""
    return await run_in_threadpool(next, growing)


async def rest_of(request: Request, first: Answer, growing: Generator[Answer, None, None]) -> AsyncIterator[Answer]:
    """Yield ``first`` and every later state of the answer that differs; stop the work when the client has left."""
    last: Answer | None = None
    try:
        for step in itertools.count():
            answer = first if not step else await run_in_threadpool(next, growing, None)
            if answer is None or await request.is_disconnected():
                return
            if last is None or (answer.text, answer.engine, answer.notice) != (last.text, last.engine, last.notice):
                yield answer
            last = answer
    finally:
        growing.close()
