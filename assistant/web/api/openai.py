"""OpenAI's chat protocol over the assistant, so that existing chat clients can use it as a model."""

import json
import time
import uuid
from collections.abc import AsyncIterator, Generator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.records import Answer
from assistant.serving.service import AssistantService
from assistant.serving.waiting_room import WaitingRoom
from assistant.web.api.answer_streams import begun, growing, last_of
from assistant.web.api.bodies import ChatRequest, OpenAIErrorBody
from assistant.web.api.guard import OpenAIRoute
from index import QuestionError
from index.border import MAX_NAME_CHARACTERS

MODEL = "ask-the-notes"
_BREAK = "\n\n---\n\n"
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": OpenAIErrorBody, "description": description}
    for status, description in (
        (400, "The body is no JSON."),
        (413, "The body is too large."),
        (422, "There is no question, it is too long, or the body is not as described."),
        (429, "Many are asking: ask again after `Retry-After` seconds."),
        (503, "Still loading: try again after `Retry-After` seconds."),
    )
}
Name = Annotated[str, Path(max_length=MAX_NAME_CHARACTERS)]


def create_openai_router(service: AssistantService, room: WaitingRoom) -> APIRouter:
    """Return ``/v1/models`` and ``/v1/chat/completions`` over ``service``."""
    router = APIRouter(prefix="/v1", tags=["OpenAI protocol"], route_class=OpenAIRoute)

    @router.get("/models")
    def models() -> dict[str, Any]:
        """List the one model there is."""
        return {"object": "list", "data": [_model()]}

    @router.get("/models/{name}", responses={422: _ERRORS[422]})
    def model(name: Name) -> dict[str, Any]:
        """Describe a model; every name stands for the one there is."""
        return {**_model(), "id": name}

    @router.post("/chat/completions", response_model=None, responses=_ERRORS)
    async def complete(request: Request, asked: ChatRequest) -> JSONResponse | StreamingResponse:
        """Answer the last message of the user from the notes; earlier ones are its conversation.

        System messages, other roles and settings of sampling have no effect. The citations come in `citations` beside
        the message's content.
        """
        *earlier, question = _questions(asked)
        assistant = service.assistant

        def begin() -> Generator[Answer, None, None]:
            return assistant.stream(question, history=assistant.replay(earlier))

        answers = growing(request, room, begin)
        if asked.stream:
            chunks = _chunks(await begun(answers), asked.model)
            return StreamingResponse(chunks, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        return JSONResponse(_completion(await last_of(answers), asked.model))

    return router


def _questions(asked: ChatRequest) -> list[str]:
    questions = [message.text for message in asked.messages if message.role == "user"]
    if not questions:
        raise QuestionError("There is no message of the user. / 사용자의 메시지가 없습니다.")
    return questions


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "ask-the-notes"}


def _content(answer: Answer) -> str:
    return f"{answer.text}\n\n_{answer.notice}_" if answer.notice else answer.text


def _completion(answer: Answer, model: str) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": _content(answer),
        "refusal": None,
        "citations": [citation.to_json() for citation in answer.citations],
    }
    return {
        "id": _identifier(),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
    }


async def _chunks(answers: AsyncIterator[Answer], model: str) -> AsyncIterator[str]:
    """Yield the answer as chunks of text.

    What was sent cannot be taken back, so nothing provisional is sent: of an answer that a chat model words, only
    what stands in the end. Where a client would wait for long without a word, there is a chunk without text.
    Should an answer be another than it began as, the new one follows below a rule.
    """
    identifier, created = _identifier(), int(time.time())

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        body = {"id": identifier, "object": "chat.completion.chunk", "created": created, "model": model}
        return f"data: {json.dumps({**body, 'choices': [choice]}, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    sent, whole = "", ""
    async for answer in answers:
        if answer.provisional:
            yield chunk({"content": ""})
            continue
        said, whole = answer.body, _content(answer)
        rest = said.removeprefix(sent) if said.startswith(sent) else f"{_BREAK}{said}"
        if rest:
            yield chunk({"content": rest})
        sent = said
    if ending := whole.removeprefix(sent):  # sources and nearest sections, which grow no more
        yield chunk({"content": ending})
    yield chunk({}, finish="stop")
    yield "data: [DONE]\n\n"


def _identifier() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"
