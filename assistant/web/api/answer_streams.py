"""Answers requests of the API as streams that stop when the client leaves."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import aclosing

from fastapi import Request

from assistant.records import Answer
from assistant.serving.waiting_room import WaitingRoom
from assistant.web.api.guard import ClientLeftError

#: A program is told to come back rather than left without a word for longer; people see their place in the chat.
SECONDS_TO_WAIT = 1.5


async def growing(
    request: Request, room: WaitingRoom, begin: Callable[[], Generator[Answer, None, None]]
) -> AsyncGenerator[Answer, None]:
    """Yield every state of an answer that differs from the one before; stop the work when the client has left.

    The first one comes when it is the question's turn and the search is done, so that errors come before a response
    begins.

    :param begin: Starts the answer; runs in the turn's thread, as all of the answer does.
    :raises BusyError: If there would be no answer within ``SECONDS_TO_WAIT``.
    """
    async with room.turn(SECONDS_TO_WAIT) as turn:
        answers = await turn.run(begin)
        try:
            last: Answer | None = None
            while (answer := await turn.run(next, answers, None)) is not None:
                if last is not None and await request.is_disconnected():
                    return
                if answer.provisional:
                    room.leave(turn)  # the lines are there; who waits for a chat model keeps nobody from theirs
                if answer.differs(last):
                    yield answer
                last = answer
        finally:
            answers.close()


async def last_of(answers: AsyncGenerator[Answer, None]) -> Answer:
    """Return the finished answer.

    :raises ClientLeftError: If there is none: the client left before it began.
    """
    last: Answer | None = None
    async for answer in answers:
        last = answer
    if last is None:
        raise ClientLeftError
    return last


async def begun(answers: AsyncGenerator[Answer, None]) -> AsyncIterator[Answer]:
    """Return ``answers`` once the first of them is there.

    :raises ClientLeftError: If there is none: the client left before it began.
    """
    first = await anext(answers, None)
    if first is None:
        raise ClientLeftError

    async def from_the_first() -> AsyncIterator[Answer]:
        async with aclosing(answers):
            yield first
            async for answer in answers:
                yield answer

    return from_the_first()
