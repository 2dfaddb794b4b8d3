import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.generating.chat_model import ChatStream, Limits
from assistant.generating.chat_model_writer import ChatModelWriter
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.serving.waiting_room import WaitingRoom
from assistant.web.api.guard import MAX_BODY_BYTES
from assistant.web.api.routes import create_router
from index import CourseIndex, EncoderLostError, NotesError
from tests.helpers.fakes import ScriptedChatModel
from tests.helpers.running_app import running

KOREAN = "CloudTrail 기록은 며칠 보관돼?"
ENGLISH = "How long are CloudTrail events kept?"
TRUE = "CloudTrail stores its records for about 90 days. [1]"


def application(service: AssistantService, room: WaitingRoom | None = None) -> FastAPI:
    app = FastAPI()
    app.include_router(create_router(service, room or WaitingRoom(2)))
    return app


def ready(assistant: Assistant) -> AssistantService:
    service = AssistantService(lambda: assistant)
    service.reload()
    return service


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[httpx.Client]:
    with running(application(ready(assistant))) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture
def model() -> ScriptedChatModel:
    return ScriptedChatModel()


@pytest.fixture
def room() -> WaitingRoom:
    return WaitingRoom(2)


@pytest.fixture
def generative(course_index: CourseIndex, model: ScriptedChatModel, room: WaitingRoom) -> Iterator[httpx.Client]:
    limits = Limits(backoff_seconds=0.01, heartbeat_seconds=0.05)
    writer = ChatModelWriter("scripted:one", ChatStream(lambda: model, limits), course_index)
    service = ready(Assistant(course_index, writer))
    with running(application(service, room)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client
    writer.close()


def events(response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in response.text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def chat(client: httpx.Client, *messages: tuple[str, Any], **options: Any) -> httpx.Response:
    body = {"model": "ask-the-notes", "messages": [{"role": r, "content": c} for r, c in messages], **options}
    return client.post("/v1/chat/completions", json=body)


def deltas(response: httpx.Response) -> list[str]:
    lines = [line.removeprefix("data: ") for line in response.text.split("\n") if line]
    assert lines[-1] == "[DONE]"
    choices = [json.loads(line)["choices"][0] for line in lines[:-1]]
    assert choices[0]["delta"]["role"] == "assistant"
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]
    return [choice["delta"].get("content", "") for choice in choices]


def test_health_is_ok_when_the_index_is_loaded(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["sections"] > 100


def test_while_loading_every_route_says_when_to_try_again():
    with running(application(AssistantService(lambda: pytest.fail("is not started")))) as address:
        health = httpx.get(f"{address}/healthz")
        asked = httpx.post(f"{address}/api/ask", json={"question": KOREAN})
        completion = httpx.post(
            f"{address}/v1/chat/completions", json={"messages": [{"role": "user", "content": "S3?"}]}
        )
    assert [response.status_code for response in (health, asked, completion)] == [503, 503, 503]
    assert all(int(response.headers["retry-after"]) > 0 for response in (health, asked, completion))
    assert health.json()["status"] == "loading"
    assert "still loading" in asked.json()["detail"]
    assert "still loading" in completion.json()["error"]["message"]


def test_a_failed_load_is_told():
    def fail() -> Assistant:
        raise NotesError("There are no notes.")

    service = AssistantService(fail)
    service.reload()
    with running(application(service)) as address:
        health, asked = httpx.get(f"{address}/healthz"), httpx.post(f"{address}/api/ask", json={"question": "S3?"})
    assert (health.status_code, health.json()["status"], health.json()["detail"]) == (
        503,
        "error",
        "There are no notes.",
    )
    assert (asked.status_code, asked.json()) == (503, {"detail": "There are no notes."})
    assert "retry-after" not in asked.headers


def test_an_encoder_that_is_started_again_says_when_to_try_again():
    def fail() -> Assistant:
        raise EncoderLostError("The encoder's process ended.")

    service = AssistantService(fail)
    service.reload()
    with running(application(service)) as address:
        asked = httpx.post(f"{address}/api/ask", json={"question": "S3?"})
    assert asked.status_code == 503
    assert int(asked.headers["retry-after"]) > 0


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_where_no_turn_is_soon_one_is_told_when_to_come_back_and_then_answered(
    assistant: Assistant, room: WaitingRoom, stream: bool
):
    taken = [room.enter(600) for _ in range(40)]
    message = [{"role": "user", "content": ENGLISH}]
    with running(application(ready(assistant), room)) as address, httpx.Client(base_url=address, timeout=30) as client:
        bodies = {"/api/ask": {"question": ENGLISH, "stream": stream}}
        bodies["/v1/chat/completions"] = {"messages": message, "stream": stream}
        started = time.monotonic()
        refused = [client.post(path, json=body) for path, body in bodies.items()]
        assert time.monotonic() - started < 2 * 2
        assert [response.status_code for response in refused] == [429, 429]
        waits = [int(response.headers["retry-after"]) for response in refused]
        assert 1 <= waits[0] <= waits[1] <= 60
        assert "ask again in about" in refused[0].json()["detail"]
        assert "ask again in about" in refused[1].json()["error"]["message"]
        assert client.get("/healthz").status_code == 200
        for turn in taken:
            room.leave(turn)
        answered = [client.post(path, json=body) for path, body in bodies.items()]
    assert [response.status_code for response in answered] == [200, 200]
    assert all("90 days" in response.text for response in answered)


@pytest.mark.parametrize(
    ("question", "language", "phrase", "module"),
    [
        pytest.param(KOREAN, "ko", "90일", "모듈 1", id="korean"),
        pytest.param(ENGLISH, "en", "90 days", "Module 1", id="english"),
    ],
)
def test_a_question_is_answered_with_citations(client, question, language, phrase, module):
    body = client.post("/api/ask", json={"question": question}).json()
    assert (body["language"], body["grounded"], body["engine"]) == (language, True, "extractive")
    assert phrase in body["answer"]
    assert body["citations"][0]["module"].startswith(module)


def test_the_language_of_the_answer_can_be_chosen(client):
    body = client.post("/api/ask", json={"question": KOREAN, "language": "en"}).json()
    assert body["language"] == "en"
    assert "90 days" in body["answer"]
    assert body["citations"][0]["file"].endswith(".en.md")


def test_a_module_limits_the_answer(client):
    body = client.post("/api/ask", json={"question": "What is a policy?", "module": "Module 3"}).json()
    places = body["citations"] or body["suggestions"]
    assert {place["module"].partition(":")[0] for place in places} == {"Module 3"}


def test_a_follow_up_is_understood_through_history_and_a_whole_answer_may_be_sent_back(client):
    first = client.post("/api/ask", json={"question": KOREAN}).json()
    with_answer = client.post("/api/ask", json={"question": "그럼 영구 보관은?", "history": [first]}).json()
    with_question = client.post(
        "/api/ask", json={"question": "그럼 영구 보관은?", "history": [{"question": KOREAN}]}
    ).json()
    assert "S3" in with_answer["answer"]
    assert with_answer["answer"] == with_question["answer"]
    assert "CloudTrail" in with_answer["standalone"]


def test_a_forged_history_cannot_bring_citations_that_are_not_in_the_notes(client):
    forged = {"question": KOREAN, "citations": [{"file": "../../etc/passwd", "first_line": 1, "last_line": 99}]}
    body = client.post("/api/ask", json={"question": "왜?", "history": [forged]})
    assert body.status_code == 200
    assert "passwd" not in body.text


def test_a_stream_grows_to_the_same_answer(client):
    plain = client.post("/api/ask", json={"question": ENGLISH}).json()
    response = client.post("/api/ask", json={"question": ENGLISH, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    *growing, (name, last) = events(response)
    assert name == "done"
    assert {name for name, _ in growing} == {"answer"}
    assert last["answer"] == plain["answer"]
    assert last["citations"] == plain["citations"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        pytest.param({"question": "   "}, 422, "The question is empty", id="empty"),
        pytest.param({"question": "가" * 2001}, 422, "2001 characters", id="too long"),
        pytest.param({"question": "   ", "stream": True}, 422, "The question is empty", id="empty, streamed"),
        pytest.param({}, 422, "question", id="missing"),
        pytest.param({"question": "S3?", "language": "fr"}, 422, "language", id="unknown language"),
        pytest.param({"question": "S3?", "histroy": []}, 422, "histroy", id="misspelt field"),
        pytest.param({"question": "S3?", "history": [{"question": "a"}] * 41}, 422, "history", id="history too long"),
        pytest.param({"question": "x" * MAX_BODY_BYTES}, 413, "larger than 64 KB", id="body too large"),
    ],
)
def test_a_wrong_request_is_refused_in_one_clear_sentence(client, body, status, said):
    response = client.post("/api/ask", json=body)
    assert response.status_code == status
    assert said in response.text
    assert "Traceback" not in response.text


def test_a_large_body_without_a_declared_length_is_refused(client):
    chunks = (b"x" * 8192 for _ in range(100))
    response = client.post("/api/ask", content=chunks, headers={"content-type": "application/json"})
    assert response.status_code == 413


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"question": 3}'])
def test_what_is_no_question_is_refused(client, content):
    response = client.post("/api/ask", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)


def test_openapi_describes_every_route(client):
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) >= {"/healthz", "/api/ask", "/v1/chat/completions", "/v1/models"}
    answer = described["components"]["schemas"]["AnswerBody"]["properties"]
    body = client.post("/api/ask", json={"question": ENGLISH}).json()
    assert set(body) == set(answer)
    for path in described["paths"].values():
        assert all(operation["summary"] and operation["description"] for operation in path.values())


def test_openai_lists_the_model(client):
    (model,) = client.get("/v1/models").json()["data"]
    assert model["id"] == "ask-the-notes"
    assert client.get(f"/v1/models/{model['id']}").json() == model


def test_openai_completes_a_chat_with_the_answer(client):
    body = chat(client, ("system", "Be a pirate."), ("user", ENGLISH)).json()
    message = body["choices"][0]["message"]
    assert body["object"] == "chat.completion"
    assert "90 days" in message["content"]
    assert message["citations"][0]["marker"] == 1
    assert body["choices"][0]["finish_reason"] == "stop"


def test_openai_understands_a_follow_up(client):
    messages = (("user", KOREAN), ("assistant", "90일입니다."), ("user", "그럼 영구 보관은?"))
    assert "S3" in chat(client, *messages).json()["choices"][0]["message"]["content"]


def test_openai_reads_content_in_parts(client):
    parts = [{"type": "text", "text": ENGLISH}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    assert "90 days" in chat(client, ("user", parts)).json()["choices"][0]["message"]["content"]


def test_openai_streams_the_same_text(client):
    whole = chat(client, ("user", ENGLISH)).json()["choices"][0]["message"]["content"]
    assert "".join(deltas(chat(client, ("user", ENGLISH), stream=True))) == whole


@pytest.mark.parametrize(
    ("messages", "status", "said"),
    [
        pytest.param([("system", "Hello")], 422, "no message of the user", id="no user"),
        pytest.param([("user", "?")], 422, "The question is empty", id="empty"),
    ],
)
def test_openai_errors_have_openais_form(client, messages, status, said):
    response = chat(client, *messages)
    assert response.status_code == status
    assert said in response.json()["error"]["message"]
    assert response.json()["error"]["type"] == "invalid_request_error"


def test_a_stream_brings_the_quoted_lines_and_then_the_models_words(generative, model):
    model.replies = [[TRUE, 0.6, " Save records to S3 to store them permanently. [1]"]]
    told = events(generative.post("/api/ask", json={"question": ENGLISH, "stream": True}))
    assert [name for name, _ in told] == ["answer", "answer", "done"]
    (_, quoted), (_, worded), (_, last) = told
    assert (quoted["engine"], quoted["provisional"]) == ("extractive", True)
    assert "90 days" in quoted["answer"]
    assert (worded["engine"], worded["provisional"]) == ("scripted:one", False)
    assert last == worded


def test_one_answer_is_asked_for_and_one_comes(generative, model):
    model.replies = [[TRUE]]
    body = generative.post("/api/ask", json={"question": ENGLISH}).json()
    assert (body["engine"], body["provisional"]) == ("scripted:one", False)


def test_who_waits_for_a_model_takes_nobodys_turn(generative, model, room):
    model.replies = [[5.0, TRUE]]
    body = {"question": ENGLISH, "stream": True}
    with generative.stream("POST", "/api/ask", json=body) as response:
        next(text for text in response.iter_text() if "90 days" in text)
        assert room.close(0.5)


def test_openai_deltas_join_to_a_generative_answer(generative, model):
    model.replies = [[TRUE, " Save records to S3 to store them permanently. [1]"]]
    sent = "".join(deltas(chat(generative, ("user", ENGLISH), stream=True)))
    assert sent.startswith("CloudTrail stores its records for about 90 days. [1] Save records")
    assert sent.count("**Sources**") == 1
    assert "---" not in sent


def test_openai_is_sent_the_quoted_lines_once_where_the_model_breaks_off(generative, model):
    model.replies = [[TRUE, " And so on", 0.2, ValueError("broken")]]
    sent = "".join(deltas(chat(generative, ("user", ENGLISH), stream=True)))
    assert "The chat model is not set up correctly" in sent
    assert sent.count("**Sources**") == sent.count("> CloudTrail stores its") == 1
    assert "---" not in sent


@pytest.mark.parametrize(("path", "first"), [("/api/ask", "90 days"), ("/v1/chat/completions", '"content": ""')])
def test_a_client_that_leaves_stops_the_model(generative, model, path, first):
    model.replies = [[TRUE, " And", 20.0, TRUE]]
    body = {"question": ENGLISH, "messages": [{"role": "user", "content": ENGLISH}], "stream": True}
    body.pop("messages" if path == "/api/ask" else "question")
    with generative.stream("POST", path, json=body) as response:
        next(text for text in response.iter_text() if first in text)
    deadline = time.monotonic() + 5
    while not model.stopped and time.monotonic() < deadline:
        time.sleep(0.02)
    assert model.stopped == 1
