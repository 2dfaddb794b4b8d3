"""A real OpenAI-compatible server, LangChain's client and our writer together: transport, not content, is tested."""

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from langchain_core.messages import HumanMessage

from assistant.generating.chat_model import ChatStream, Limits, open_chat_model
from assistant.generating.chat_model_writer import open_writer
from assistant.generating.model_errors import ChatModelError, Trouble, notice
from assistant.generating.rewriting import open_rewriter
from assistant.records import Turn
from assistant.serving.assistant import Assistant
from index import CourseIndex
from tests.helpers.llama_server import CONTEXT_TOKENS, KEY, llama_server

pytestmark = pytest.mark.llm
QUESTION = "How long are CloudTrail events kept?"
NAME = "openai:smollm2"
LIMITS = Limits(first_words_seconds=60, total_seconds=120, attempts=2, backoff_seconds=0.05, characters=400)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with llama_server() as address:
        yield address


@pytest.fixture
def connect(base_url, monkeypatch):
    """Return a function that points LangChain's client at an address, by the environment as a user would."""

    def point(address: str = base_url, key: str = KEY) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        monkeypatch.setenv("OPENAI_API_KEY", key)

    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    point()
    return point


@pytest.fixture
def stream(connect) -> Iterator[ChatStream]:
    stream = ChatStream(lambda: open_chat_model(NAME, LIMITS), LIMITS)
    yield stream
    stream.close()


def ask(course_index: CourseIndex, limits: Limits = LIMITS):
    writer = open_writer(NAME, course_index, limits)
    try:
        return Assistant(course_index, writer).ask(QUESTION)
    finally:
        writer.close()


def test_words_come_as_a_stream(stream: ChatStream):
    words, arrived = [], []
    growing = stream.stream([HumanMessage("Write a very long story about the sea.")])
    for word in growing:
        if word:
            words.append(word)
            arrived.append(time.monotonic())
        if len(words) > 5:
            break
    growing.close()
    assert len(words) > 5
    assert arrived[-1] > arrived[0]


def test_a_stopped_request_frees_the_server_for_the_next(stream: ChatStream):
    endless = stream.stream([HumanMessage("Write a very long story about the sea.")])
    next(word for word in endless if word)
    endless.close()
    begun = time.monotonic()
    again = stream.stream([HumanMessage("Say yes.")])
    next(word for word in again if word)
    again.close()
    assert time.monotonic() - begun < 20


def test_the_server_sees_that_the_client_left(stream: ChatStream, base_url):
    endless = stream.stream([HumanMessage("Write a very long story about the mountains.")])
    next(word for word in endless if word)
    endless.close()
    headers = {"Authorization": f"Bearer {KEY}"}
    deadline = time.monotonic() + 10
    busy = True
    while busy and time.monotonic() < deadline:
        slots = httpx.get(base_url.removesuffix("/v1") + "/slots", headers=headers, trust_env=False)
        busy = any(slot["is_processing"] for slot in slots.raise_for_status().json())
        time.sleep(0.1)
    assert not busy


def test_whatever_a_small_model_writes_the_student_gets_only_the_notes(course_index, connect):
    answer = ask(course_index)
    assert answer.grounded
    assert answer.citations
    if answer.engine == NAME:  # which of the notes' facts it words is the model's choice; it has to name their lines
        assert set(re.findall(r"\[(\d+)\]", answer.text)) == {str(citation.marker) for citation in answer.citations}
    else:
        assert answer.notice == notice(Trouble.UNSUPPORTED, "en")
        assert "90 days" in answer.text
    for citation in answer.citations:
        assert course_index.note(citation.file).quote(citation.first_line, citation.last_line) == citation.quote


def test_a_wrong_key_is_told_and_stays_secret(course_index, assistant, connect, caplog):
    connect(key="sk-wrong-secret")
    with caplog.at_level(logging.DEBUG):
        answer = ask(course_index)
    assert answer.notice == notice(Trouble.KEY, "en")
    assert answer.text == assistant.ask(QUESTION).text
    assert "sk-wrong-secret" not in str(answer.to_json())
    assert "sk-wrong-secret" not in "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("assistant"))


def test_a_dead_server_is_told(course_index, connect):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        connect(f"http://127.0.0.1:{closed.getsockname()[1]}/v1")
        begun = time.monotonic()
        answer = ask(course_index)
    assert answer.notice == notice(Trouble.DOWN, "en")
    assert answer.engine == "extractive"
    assert time.monotonic() - begun < 20


def test_an_overlong_prompt_is_told(stream: ChatStream):
    with pytest.raises(ChatModelError) as caught:
        list(stream.stream([HumanMessage("word " * 2 * CONTEXT_TOKENS)]))
    assert caught.value.trouble is Trouble.TOO_LONG


def test_an_unknown_path_is_a_wrong_setting(course_index, connect, base_url):
    connect(f"{base_url}/nowhere")
    assert ask(course_index).notice == notice(Trouble.SETTINGS, "en")


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        pytest.param(None, Trouble.SLOW, id="a server that never answers"),
        pytest.param(b"", Trouble.DOWN, id="a connection that breaks"),
        pytest.param(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", Trouble.DOWN, id="an error of the server"),
        pytest.param(b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", Trouble.QUOTA, id="out of quota"),
    ],
)
def test_a_server_in_trouble_is_told(course_index, connect, reply, trouble):
    with scripted_server(reply) as address:
        connect(address)
        answer = ask(course_index, replace(LIMITS, first_words_seconds=1.0, total_seconds=3.0))
    assert answer.notice == notice(trouble, "en")
    assert "90 days" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"data: {not json}\n\n", id="broken JSON"),
        pytest.param(b"\x00\xff\xfe garbage", id="bytes"),
        pytest.param(b"data: " + json.dumps({"choices": []}).encode() + b"\n\ndata: [DONE]\n\n", id="no choices"),
        pytest.param(b"<html>Please log in</html>", id="a page"),
    ],
)
def test_garbage_is_never_shown(course_index, assistant, connect, body):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with scripted_server(head + body) as address:
        connect(address)
        answer = ask(course_index)
    assert answer.notice
    assert answer.text == assistant.ask(QUESTION).text


class scripted_server:  # noqa: N801 - used as a context manager
    """A socket that accepts connections and sends ``reply`` to each; with None it says nothing at all."""

    def __init__(self, reply: bytes | None) -> None:
        self._reply = reply
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []

    def __enter__(self) -> str:
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            if self._reply is None:
                continue
            connection.recv(1 << 20)
            connection.sendall(self._reply)
            connection.shutdown(socket.SHUT_WR)


def test_a_follow_up_is_rewritten_through_the_real_protocol_or_left_to_the_rules(connect, course_index, assistant):
    answer = assistant.ask(QUESTION)
    rewriter = open_rewriter(NAME, course_index, LIMITS)
    heard: list[str] = []
    stream = rewriter._stream.stream
    rewriter._stream.stream = lambda messages: _overheard(stream(messages), heard)
    try:
        follow_up = Assistant(course_index, rewriter=rewriter).ask("And forever?", history=[Turn(QUESTION, answer)])
    finally:
        rewriter.close()
    assert "".join(heard).strip()
    assert follow_up.text
    assert not follow_up.notice


def _overheard(words, heard):
    for word in words:
        heard.append(word)
        yield word


def test_a_server_that_refuses_a_rewriting_does_no_harm(connect, course_index, assistant):
    connect(key="wrong")
    answer = assistant.ask(QUESTION)
    rewriter = open_rewriter(NAME, course_index, LIMITS)
    try:
        assert rewriter.rewrite("And forever?", "en", [Turn(QUESTION, answer)]) == ""
    finally:
        rewriter.close()
