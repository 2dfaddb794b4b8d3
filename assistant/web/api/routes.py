"""The HTTP API: health, questions and FAQ. Knows nothing of pages."""

import json
from collections.abc import AsyncIterator, Generator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.records import Answer
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService, StillLoadingError
from assistant.serving.waiting_room import WaitingRoom
from assistant.web.api.answer_streams import begun, growing, last_of
from assistant.web.api.bodies import AnswerBody, AskRequest, ErrorBody, Health
from assistant.web.api.guard import RETRY_AFTER_SECONDS, GuardedRoute
from assistant.web.api.openai import create_openai_router

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The body is no JSON."},
    413: {"model": ErrorBody, "description": "The body is too large."},
    422: {"model": ErrorBody, "description": "The question is empty or too long, or the body is not as described."},
    429: {"model": ErrorBody, "description": "Many are asking: ask again after `Retry-After` seconds."},
    503: {"model": ErrorBody, "description": "Still loading: try again after `Retry-After` seconds."},
}


def create_router(service: AssistantService, room: WaitingRoom) -> APIRouter:
    """Return the routes of the API over ``service``: ours and those that speak OpenAI's protocol.

    :param room: Where questions wait for their turn.
    """
    router = APIRouter(route_class=GuardedRoute)

    @router.get("/healthz", tags=["health"], response_model=Health, responses={503: {"model": Health}})
    def healthz() -> JSONResponse:
        """Tell whether questions can be answered: 200 if so; 503 before the index is loaded or without an encoder."""
        health = health_of(service)
        if health.status == "ok":
            return JSONResponse(health.model_dump())
        return JSONResponse(health.model_dump(), 503, {"Retry-After": str(RETRY_AFTER_SECONDS)})

    @router.post("/api/ask", tags=["questions"], response_model=AnswerBody, responses=_ERRORS)
    async def ask(request: Request, asked: AskRequest) -> JSONResponse | StreamingResponse:
        """Answer a question from the notes.

        With `stream`, server-sent events come: `answer`, with the whole answer as far as it has grown, again and
        again; then one `done` with the finished answer.
        """
        assistant = service.assistant
        answers = growing(request, room, lambda: _begin(assistant, asked))
        if asked.stream:
            return StreamingResponse(
                _events(await begun(answers)), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        return JSONResponse((await last_of(answers)).to_json())

    router.include_router(create_openai_router(service, room))
    return router


def health_of(service: AssistantService) -> Health:
    """Return what ``/healthz`` tells about ``service``."""
    trouble = service.trouble
    if trouble is None:
        assistant = service.assistant
        return Health(status="ok", sections=len(assistant.index.sections), engine=assistant.engine)
    if isinstance(trouble, StillLoadingError):
        return Health(status="loading")
    return Health(status="error", detail=str(trouble))


def _begin(assistant: Assistant, asked: AskRequest) -> Generator[Answer, None, None]:
    history = assistant.replay([turn.question for turn in asked.history], asked.module)
    return assistant.stream(asked.question, module=asked.module, history=history, language=asked.language)


async def _events(answers: AsyncIterator[Answer]) -> AsyncIterator[str]:
    last: Answer | None = None
    async for last in answers:
        yield _event("answer", last)
    if last is not None:
        yield _event("done", last)


def _event(name: str, answer: Answer) -> str:
    return f"event: {name}\ndata: {json.dumps(answer.to_json(), ensure_ascii=False)}\n\n"
