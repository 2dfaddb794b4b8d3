"""Every door: what is no text, no number or no name is refused at once with one sentence, and honest input is served."""

import asyncio
import json
import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistant.__main__ import main as assistant_main
from assistant.web.api.answer_streams import last_of
from assistant.web.places.figure_folder import FigureFolder
from assistant.web.server.http_border import is_address, with_safe_query, without_charset
from index.__main__ import main as index_main
from tests.helpers.small_builds import five_terms
from tests.helpers.small_site import SmallSite, small_site
from tests.places import ROOT

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]  # what libraries warn of in the server's threads
MAINS = {"assistant": assistant_main, "index": index_main}
HALF = "\ud800 x"
ASKED = {"question": "S3 버킷은 무엇을 담나요?"}
CARD = {"card_id": 1, "state": 1, "step": 0, "stability": None, "difficulty": None, "due": "2026-01-01T00:00:00+00:00",
        "last_review": None}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    with five_terms(tmp_path_factory.mktemp("terms")), small_site(tmp_path_factory.mktemp("site")) as made:
        yield made


def post(client: httpx.Client, address: str, body: Any) -> httpx.Response:
    return client.post(address, content=json.dumps(body), headers={"content-type": "application/json"})


def memory(**card: Any) -> dict[str, Any]:
    return {"format": 1, "cards": {"0a": {**CARD, **card}}}


def session(site: SmallSite) -> dict[str, Any]:
    run = site.student.post("/quiz/start", json={"language": "ko", "topic": "S3 버킷", "count": 3}).json()
    return dict(run["session"])


def sentence_of(response: httpx.Response) -> str:
    body = response.json()
    sentence = body["error"]["message"] if isinstance(body.get("error"), dict) else body["detail"]
    assert isinstance(sentence, str)
    return sentence


@pytest.mark.parametrize(
    ("address", "body"),
    [
        pytest.param("/api/ask", {"question": HALF}, id="question"),
        pytest.param("/api/ask", {**ASKED, "history": [{"question": HALF}]}, id="history"),
        pytest.param("/api/ask", {**ASKED, "module": HALF}, id="module"),
        pytest.param("/api/ask", {**ASKED, HALF: 1}, id="key"),
        pytest.param("/api/ask", {"question": float("nan")}, id="NaN"),
        pytest.param("/api/ask", {**ASKED, "module": "x" * 301}, id="long module"),
        pytest.param("/v1/chat/completions", {"messages": [{"role": "user", "content": HALF}]}, id="message"),
        pytest.param("/v1/chat/completions", {"model": HALF, "messages": [{"role": "user", "content": "S3?"}]}, id="model"),
        pytest.param("/v1/chat/completions", {"messages": [{"role": "user", "content": [{"text": HALF}]}]}, id="part"),
        pytest.param("/v1/chat/completions", {"messages": []}, id="no message"),
        pytest.param("/quiz/start", {"topic": HALF}, id="topic"),
        pytest.param("/quiz/start", {"topic": "?!", "kind": "choice"}, id="topic of signs"),
        pytest.param("/quiz/start", {"memory": memory(due="2020-13-45")}, id="start with a damaged memory"),
        pytest.param("/quiz/due", {"memory": memory(due="2026-01-01T00:00:00")}, id="date without zone"),
        pytest.param("/quiz/due", {"memory": memory(due="0001-01-01T00:00:00+14:00")}, id="date before all"),
        pytest.param("/quiz/due", {"memory": memory(stability=float("inf"))}, id="infinite stability"),
        pytest.param("/quiz/due", {"memory": memory(state=2)}, id="card in no state"),
        pytest.param("/quiz/due", {"memory": {"format": 1, "cards": {HALF: CARD}}}, id="card's name"),
        pytest.param("/quiz/export", {"session": {}, "format": HALF}, id="format"),
    ],
)  # fmt: skip
def test_a_body_that_is_wrong_is_refused_at_once_in_one_sentence(site, address, body):
    started = time.monotonic()
    response = post(site.student, address, body)
    assert 400 <= response.status_code < 500, response.text
    assert len(sentence_of(response)) > 10
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "change",
    [{"language": "xx"}, {"topic": 3}, {"tries": float("inf")}, {"tries": 10**30}, {"items": [HALF]}, {"outcomes": [["right", -1]]},
     {"outcomes": [["right"]]}, {"items": []}, {"hinted": "yes"}],
    ids=["language", "numeric topic", "infinite tries", "huge tries", "item", "outcome", "half an outcome", "no items", "hint"],
)  # fmt: skip
def test_a_session_that_the_quiz_never_gave_is_refused(site, change):
    response = post(site.student, "/quiz/reply", {"session": {**session(site), **change}, "text": "1"})
    assert response.status_code == 422, response.text
    assert sentence_of(response)


def test_cards_that_would_break_the_formulas_are_refused_when_they_are_reviewed(site):
    for card in ({"step": None}, {"state": 3}, {"stability": -1.0, "difficulty": 5.0}, {"step": 99}):
        body = {"session": session(site), "text": "정답 알려 줘", "memory": memory(**card)}
        assert post(site.student, "/quiz/reply", body).status_code == 422


def test_a_quiz_goes_on_with_the_session_and_the_memory_that_it_gave(site):
    told = post(
        site.student, "/quiz/reply", {"session": session(site), "text": "정답 알려 줘", "memory": memory()}
    ).json()
    again = post(site.student, "/quiz/reply", {"session": told["session"], "text": "힌트", "memory": told["memory"]})
    assert again.status_code == 200
    assert post(site.student, "/quiz/due", {"memory": told["memory"]}).json()["due"] == 1


@pytest.mark.parametrize(
    "path",
    ["/figures/a%00.png", "/figures/" + "a" * 300 + ".png", "/figures/" + "%EA%B0%80" * 100 + ".png", "/notes/a%00.md", "/notes/" + "x" * 5000,
     "/site/a%00.css", "/site/" + "a" * 300, "/instructor/a%00", "/ko/gradio_api/a%00", "/ko/static/%00", "/nowhere", "/panel/x.md?first=1&last=1"],
)  # fmt: skip
def test_an_address_that_nothing_can_be_at_is_not_found(site, path):
    assert site.student.get(path).status_code in (401, 404)


def test_a_figure_whose_name_no_file_can_have_is_missing_on_the_notes_page(site):
    for name in ("a\0.png", "a" * 300 + ".png", "가" * 200 + ".png", "../" * 50 + "x.png"):
        assert FigureFolder(ROOT / "content").path(name) is None


@pytest.mark.parametrize(
    ("path", "status"),
    [("/instructor/groups/99999999999999999999", 422), ("/instructor/groups/4294967296", 422), ("/instructor/entries/-1", 422),
     ("/instructor/groups/999999999", 404), ("/panel/s3.ko.md?first=1&last=99999999999999999999", 422), ("/search-notes?q=" + "x" * 201, 422)],
)  # fmt: skip
def test_a_number_that_no_row_has_is_refused(site, path, status):
    assert site.instructor.get(path).status_code == status


@pytest.mark.parametrize("target", ["²", "٣", "9" * 30, "1\x00", ""])
def test_questions_are_moved_to_a_new_group_where_the_form_names_none(site, target):
    response = site.instructor.post("/instructor/groups/1/move", data={"phrasing": ["999999"], "target": target})
    assert response.status_code in (303, 404)


def test_a_form_in_a_charset_that_makes_text_of_anything_is_read_as_utf_8(site):
    for charset, value in (
        ("utf-7", b"+2AA-"),
        ("unicode_escape", b"\\ud800"),
        ("idna", b"." * 300),
        ("punycode", b"\xff-9"),
    ):
        fields = ((b"version", b"1"), (b"question_ko", value))
        part = b'--X\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        content = b"".join(part % field for field in fields) + b"--X--\r\n"
        kind = f"multipart/form-data; boundary=X; charset={charset}"
        response = site.instructor.post("/instructor/entries/1", content=content, headers={"content-type": kind})
        assert response.status_code in (303, 409), (charset, response.text)
        assert site.instructor.get("/instructor/entries/1").status_code == 200


def test_what_was_sent_is_not_repeated_in_the_refusal(site):
    response = site.instructor.post("/instructor/groups/1/merge", data={"other": "<b>x</b>"})
    assert response.status_code == 422
    assert "<b>" not in response.text


def test_headers_that_cannot_be_read_are_no_error_of_ours(site):
    for headers in ({"origin": "http://["}, {"host": "["}, {"referer": "http://["}, {"accept-language": "ko;q=nan"}):
        assert site.student.get("/language/ko", headers=headers).status_code < 500
        assert (
            site.student.post(
                "/instructor/sign-in", data={"name": "x", "password": "y" * 9}, headers=headers
            ).status_code
            < 500
        )


@pytest.mark.parametrize("host", ["[::", ":", "a b", "x:99999999", "[::1]:x", "한글", "notes.example:8080"])
def test_a_name_that_a_proxy_forwards_is_a_name_or_is_not_believed(site, host):
    for name in ("x-forwarded-host", "x-gradio-server"):
        headers = {name: host.encode()}
        assert site.student.get("/ko/config", headers=headers).status_code < 500
        assert site.student.get("/ko/gradio_api/info", headers=headers).status_code < 500


def test_a_client_that_leaves_before_the_first_word_is_no_error(site):
    for body, address in (
        (ASKED, "/api/ask"),
        ({"messages": [{"role": "user", "content": "S3?"}]}, "/v1/chat/completions"),
    ):
        scope = {"type": "http", "method": "POST", "path": address, "raw_path": address.encode(), "query_string": b"", "root_path": "",
                 "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http", "server": ("localhost", 80),
                 "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"}}  # fmt: skip
        sent: list[dict[str, Any]] = []
        assert asyncio.run(_left(site.app, scope, json.dumps(body).encode(), sent)) in (200, 499)


async def _left(app: Any, scope: dict[str, Any], body: bytes, sent: list[dict[str, Any]]) -> int:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])


def test_an_answer_of_no_states_is_told_and_not_sought():
    from assistant.web.api.guard import ClientLeftError

    async def nothing() -> Any:
        for answer in ():
            yield answer

    with pytest.raises(ClientLeftError):
        asyncio.run(last_of(nothing()))


# Gradio's pages -----------------------------------------------------------------------------------------------------


def event(site: SmallSite, page: str, name: str) -> dict[str, Any]:
    found = site.student.get(f"{page}/config").json()["dependencies"]
    return next(one for one in found if one["api_name"] == name)


def send(site: SmallSite, page: str, body: dict[str, Any], path: str = "run/predict") -> httpx.Response:
    return post(site.student, f"{page}/gradio_api/{path}", {"session_hash": "doors", **body})


def test_half_of_a_character_in_the_chat_is_refused_in_one_sentence(site):
    body = {"fn_index": 0, "data": [HALF, None, False, False]}
    for path in ("run/predict", "queue/join"):
        response = send(site, "/ko", body, path)
        assert response.status_code == 422
        assert "half of a character" in sentence_of(response)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"fn_index": 9999, "data": []}, 404, id="unknown"),
        pytest.param({"fn_index": 0, "data": []}, 422, id="missing values"),
        pytest.param({"fn_index": 0, "data": [None] * 50}, 422, id="more values"),
        pytest.param({"fn_index": 0, "data": "text"}, 422, id="no list"),
        pytest.param({"fn_index": "0", "data": []}, 422, id="number as a text"),
        pytest.param({"data": []}, 404, id="no name"),
        pytest.param({"fn_index": 0, "data": [{"n": 10**20}]}, 422, id="a number of more than 64 bits"),
        pytest.param([], 422, id="no object"),
    ],
)
def test_what_no_page_sends_is_refused(site, body, status):
    for path in ("run/predict", "queue/join", "call/nothing"):
        response = post(site.student, f"/ko/gradio_api/{path}", body)
        assert response.status_code in (status, 404), response.text
        assert sentence_of(response)


def test_a_tool_is_told_in_one_sentence_what_is_wrong_with_its_question(site):
    tool = event(site, "/tools", "ask")
    for question in ("", None, "x" * 3000, {"current": "a"}, ["S3"], 3):
        response = send(site, "/tools", {"fn_index": tool["id"], "data": [question, "", ""]})
        assert response.status_code == 422, response.text
        assert "question" in response.json()["error"]
    search = event(site, "/tools", "search")
    for count in (None, -1, 10**9, 2.5):
        body = {"fn_index": search["id"], "data": ["S3", count, ""]}
        assert send(site, "/tools", body).status_code == 200
    for data in (["S3", {"conversations": []}, ""], ["S3", "three", ""], ["S3", 3, {}]):
        response = send(site, "/tools", {"fn_index": search["id"], "data": data})
        assert response.status_code == 422, response.text
        assert response.json()["error"]


def test_an_answer_comes_through_the_doors_of_gradio_as_ever(site):
    submit = next(one for one in site.student.get("/ko/config").json()["dependencies"] if len(one["inputs"]) == 4)
    whole = send(site, "/ko", {"fn_index": submit["id"], "data": ["S3 버킷은?", None, False, False]}).json()
    assert whole["data"][0]["conversations"][0]["exchanges"][0]["question"] == "S3 버킷은?"


# The border at the door of HTTP --------------------------------------------------------------------------------------


def test_an_honest_query_stays_as_it_is_byte_for_byte():
    for query in (b"", b"q=%EB%B2%84%ED%82%B7+x&language=ko", b"a=1&b=&c", b"session_hash=ab%20c"):
        scope = {"type": "http", "query_string": query}
        assert with_safe_query(scope) is scope
    taken_apart = unicodedata.normalize("NFD", "버킷")
    query = with_safe_query({"query_string": httpx.QueryParams({"q": taken_apart + "\0"}).__str__().encode()})[
        "query_string"
    ]
    assert httpx.QueryParams(query.decode())["q"] == "버킷"


def test_a_form_is_never_said_to_be_in_another_charset():
    headers = [(b"content-type", b'multipart/form-data; charset="utf-7"; boundary=X'), (b"accept", b"a; charset=b")]
    assert without_charset({"headers": headers})["headers"] == [
        (b"content-type", b"multipart/form-data; boundary=X"),
        headers[1],
    ]


def test_addresses_of_notes_are_addresses():
    assert is_address("/notes/01 모듈/가나다.ko.md")
    assert not is_address("/notes/" + "가" * 100)
    assert not is_address("/a\x7f")


# Command lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-m", "index", "search", b"\xed\xa0\x80 x"], id="search"),
        pytest.param(["-m", "index", "search", "S3", "--module", b"\xff"], id="module"),
        pytest.param(["-m", "assistant", "ask", b"\xff\xfe"], id="ask"),
        pytest.param(["-m", "assistant", "quiz", "--topic", b"\xff"], id="quiz"),
        pytest.param(["-m", "assistant", "faq", "account", b"\xff"], id="account"),
    ],
)
def test_what_is_no_text_on_the_command_line_is_told_in_one_line(arguments, tmp_path, capsys):
    _, program, *rest = arguments
    assert MAINS[program]([os.fsdecode(argument) for argument in rest]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: A text holds half of a character"), told
    assert told.count("\n") == 1


def test_what_is_no_text_on_the_command_line_of_a_real_process_is_told_in_one_line():
    done = subprocess.run(
        [sys.executable, "-m", "index", "search", b"\xed\xa0\x80 x"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("error: A text holds half of a character"), done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "row", ['{"id": 1, "query": "\\ud800 x"}', '{"id": NaN, "query": "S3"}', "[" * 5000, '{"id": 1e999, "query": "x"}']
)
@pytest.mark.parametrize("command", [["index", "search"], ["assistant", "ask"]], ids=["search", "ask"])
def test_a_row_that_is_no_text_is_told_with_its_line(command, row, tmp_path, capsys):
    batch = tmp_path / "batch.jsonl"
    batch.write_text(f'{{"id": 0, "query": "S3"}}\n{row}\n')
    program, *rest = command
    assert MAINS[program]([*rest, "--batch", str(batch)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"error: {batch}:2: ")
    assert told.err.count("\n") == 1
