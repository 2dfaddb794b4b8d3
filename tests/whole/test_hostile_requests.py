"""No request and no event makes the application answer with an error of its own, whatever it holds.

Requests are made up by hypothesis and schemathesis: from the OpenAPI description, from every route that the application
has (found in it, so that none is forgotten), from requests that are right with one thing changed, and from every event
of Gradio's pages. By default each property is tried on a fixed number of examples; ``FUZZ_MINUTES=60`` in the
environment shares an hour among them, with other examples every time:

    FUZZ_MINUTES=60 python -m pytest tests/whole/test_hostile_requests.py -p no:cacheprovider --timeout 0
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
import schemathesis
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Mount

from tests.helpers.small_builds import five_terms
from tests.helpers.small_site import SmallSite, small_site

#: What libraries warn of in the server's threads would fail requests that are answered well.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
PROPERTIES = 7
#: Of processor time, of client and server together: what a busy machine makes of it is no fault of ours.
LONGEST_SECONDS = 10.0
PATIENCE_SECONDS = 300.0
PIECES = (
    "", " ", "\ud800 x", "\udfff", "a\0b", "\x1b[31m", "가" * 2001, "x" * 30_000, "뭐야 그리고 " * 150, "더" + " " * 200 + "x",
    "1" * 20_000, "e" + "\u0301" * 500, "\u202eS3", "S3 버킷이 뭐야?", "더 자세히", "두 번째 설명해 줘", "퀴즈 내 줘", "quiz me on S3", "그만",
    "in English", "../../etc/passwd", "%00", "a\0.png", "a" * 300 + ".png", "그림.png", "{0.__class__}", "%s%n", "'; DROP TABLE x;--",
    "<script>alert(1)</script>", "[" * 1000, "<!--" * 1000, "&#xD800;", "ko", "en", "xx", "모듈 1", "Module 1", "-1", "²", "٣", "1e999",
    "NaN", "99999999999999999999999", "2020-13-45", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "null", "true", "//evil", "/\\x",
)  # fmt: skip
TEXTS = st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=()), max_size=40)
NUMBERS = st.sampled_from([0, 1, 2, -1, 2**31, 2**63, 10**30, 0.5, float("nan"), float("inf"), 1e308]) | st.integers()
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Accept", "Accept-Language", "Cookie", "Referer", "Origin", "Range", "If-None-Match", "If-Modified-Since", "X-Forwarded-Host",
         "X-Forwarded-Proto", "Sec-Fetch-Site", "Host", "Content-Encoding"]
    ),
    st.sampled_from(["text/html", "ko;q=nan,en;q=1e999", "notes_language=xx; instructor=%00; =;;", "http://[", "null", "bytes=9-1,-0", "[::",
                     '"', "Sat, 99 Foo", "a" * 4000, "gzip", "localhost", "https", "none"]),
    max_size=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    """One application for all, over a few short notes."""
    with five_terms(tmp_path_factory.mktemp("terms")), small_site(tmp_path_factory.mktemp("site")) as made:
        yield made


def explore(check: Callable[..., None], *strategies: st.SearchStrategy[Any], examples: int) -> None:
    """Try ``check`` on a fixed number of examples, or as long as a property may take of the time that is given."""
    until = time.monotonic() + 60 * MINUTES / PROPERTIES
    tried = settings(
        max_examples=examples if not MINUTES else 10 * examples,
        deadline=None,
        database=None,
        derandomize=not MINUTES,
        suppress_health_check=list(HealthCheck),
    )(given(*strategies)(check))
    tried()
    while time.monotonic() < until:
        tried()


def asked(client: httpx.Client, method: str, address: str, **request: Any) -> httpx.Response:
    """Return the response, of an endless stream its beginning; it cost little and is no error of the server's."""
    started = time.process_time()
    told = (method, address[:300], str(request)[:1000])
    request.setdefault("timeout", PATIENCE_SECONDS)
    with client.stream(method, address, **request) as response, contextlib.suppress(httpx.ReadTimeout):
        for _ in zip(response.iter_bytes(), range(50), strict=False):
            if "event-stream" in response.headers.get("content-type", ""):
                break
    took = time.process_time() - started
    assert response.status_code < 500, (told, response.status_code)
    assert took < LONGEST_SECONDS, (told, took)
    return response


def posted(client: httpx.Client, address: str, body: Any) -> httpx.Response:
    """Return the response to a JSON body, which may hold what is no JSON: NaN, halves of pairs."""
    content = json.dumps(body)
    return asked(client, "POST", address, content=content, headers={"content-type": "application/json"})


@st.composite
def changed(draw: st.DrawFn, whole: Any) -> Any:
    """Return a copy of ``whole`` with one thing in it, at any depth, replaced, left out or added."""
    if isinstance(whole, dict) and whole and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(whole)))
        rest = {name: value for name, value in whole.items() if name != key}
        how = draw(st.integers(0, 5))
        if how == 0:
            return rest
        return {**rest, draw(TEXTS): draw(VALUES)} if how == 1 else {**rest, key: draw(changed(whole[key]))}
    if isinstance(whole, list) and whole and draw(st.integers(0, 3)):
        place = draw(st.integers(0, len(whole) - 1))
        how = draw(st.integers(0, 4))
        if how == 0:
            return whole[:place] + whole[place + 1 :]
        return whole * 30 if how == 1 else [*whole[:place], draw(changed(whole[place])), *whole[place + 1 :]]
    return draw(VALUES)


# Bodies -------------------------------------------------------------------------------------------------------------

CARD = {"card_id": 1, "state": 1, "step": 0, "stability": 2.5, "difficulty": 5.0, "due": "2026-01-01T00:00:00+00:00",
        "last_review": "2026-01-01T00:00:00+00:00"}  # fmt: skip
MEMORY = {"format": 1, "cards": {"0a": CARD, "0b": {**CARD, "state": 2, "step": None}}}
BODIES: dict[str, list[dict[str, Any]]] = {
    "/api/ask": [
        {"question": "S3 버킷은 무엇을 담나요?", "history": [], "language": "ko", "module": "모듈 1", "stream": False},
        {"question": "왜?", "history": [{"question": "로그는 며칠 보관돼요?"}], "stream": True},
    ],
    "/v1/chat/completions": [
        {"model": "ask-the-notes", "messages": [{"role": "user", "content": "What holds objects?"}], "stream": False},
        {"messages": [{"role": "user", "content": "S3?"}, {"role": "assistant", "content": "…"},
                      {"role": "user", "content": [{"type": "text", "text": "더 자세히"}]}], "stream": True},
    ],
    "/quiz/start": [
        {"language": "ko", "module": "", "topic": "S3 버킷", "kind": "", "count": 3},
        {"language": "en", "module": "Module 1: Storage", "topic": "", "kind": "choice", "count": 5, "memory": None},
        {"language": "ko", "memory": MEMORY},
    ],
    "/quiz/due": [{"memory": MEMORY}],
}  # fmt: skip


def test_no_body_with_one_thing_changed_is_an_error_of_ours(site):
    run = site.student.post("/quiz/start", json={"language": "ko", "topic": "S3 버킷", "count": 3}).json()
    bodies = dict(BODIES)
    assert run["session"], run
    bodies["/quiz/reply"] = [{"session": run["session"], "text": text, "memory": MEMORY} for text in ("1", "정답")]
    bodies["/quiz/export"] = [{"session": run["session"], "format": form} for form in ("csv", "moodle")]
    whole = [(address, body) for address, examples in bodies.items() for body in examples]
    for address, body in whole:
        assert posted(site.student, address, body).status_code == 200, (address, body)
    several = st.sampled_from(whole).flatmap(lambda pair: st.tuples(st.just(pair[0]), changed(pair[1])))
    explore(lambda pair: posted(site.student, *pair) and None, several, examples=150)


def test_no_content_at_all_is_an_error_of_ours(site):
    def check(address: str, content: bytes, kind: str, headers: dict[str, str]) -> None:
        asked(site.student, "POST", address, content=content, headers={**headers, "content-type": kind})

    contents = st.binary(max_size=60) | st.sampled_from(
        [
            b"[" * 30_000,
            b'{"question":' * 9000,
            b'{"question":"' + b"\xed\xa0\x80" + b'"}',
            b"\xff\xfe{",
            b'{"a":1}' * 9,
            b"9" * 60_000,
        ]
    )
    kinds = st.sampled_from(
        ["application/json", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data",
         "multipart/form-data; boundary=x; charset=idna", "application/vnd.x+json"]
    )  # fmt: skip
    addresses = st.sampled_from(
        [*BODIES, "/quiz/reply", "/quiz/export", "/instructor/sign-in", "/instructor/content/upload"]
    )
    explore(check, addresses, contents, kinds, HEADERS, examples=80)


# Schema -------------------------------------------------------------------------------------------------------------


def test_what_the_schema_describes_and_what_it_does_not_is_no_error_of_ours(site):
    schema = schemathesis.openapi.from_dict(site.student.get("/openapi.json").json())
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    cases = [found.ok().as_strategy(generation_mode=mode) for found in schema.get_all_operations() for mode in modes]

    def check(case: schemathesis.Case) -> None:
        request = case.as_transport_kwargs(base_url=site.address)
        response = case.call(base_url=site.address, timeout=PATIENCE_SECONDS)
        assert response.status_code < 500, (request, response.text)
        if response.status_code == 422:
            assert "detail" in response.json() or "error" in response.json()

    explore(check, st.one_of(cases), examples=80)


# Routes -------------------------------------------------------------------------------------------------------------


def names_of(field: Any) -> list[str]:
    """Return the names of a form's field, of all those of a form that is described by a model."""
    return list(getattr(field.field_info.annotation, "model_fields", None) or [field.alias])


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield method, path, query names and form names of every route, those of mounted applications, too."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount):
            if hasattr(route.original_route.app, "routes"):
                yield from routes_of(route.original_route.app, prefix + route.path)
            continue
        dependant = getattr(route, "dependant", None)
        query = [field.alias for field in dependant.query_params] if dependant else []
        form = [name for field in dependant.body_params for name in names_of(field)] if dependant else []
        for method in sorted(route.methods or {"GET"}):
            yield method, prefix + route.path, query, form


@st.composite
def addresses(draw: st.DrawFn, path: str, query: list[str]) -> str:
    parts = path.split("{")
    filled = parts[0]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        value = draw(
            TEXTS | st.sampled_from(["1", "2", "s3.ko.md", "s3.en.md", "ko", "asked", "site.css", ".json", ".csv"])
        )
        filled += quote(value[:2000].encode("utf-8", "surrogatepass"), safe="/" if ":path" in name else "") + rest
    values = {name: draw(TEXTS | st.sampled_from(["1", "2"])) for name in query if draw(st.integers(0, 4))}
    pairs = {name: value[:2000].encode("utf-8", "surrogatepass") for name, value in values.items()}
    return f"{filled}?{urlencode(pairs)}" if pairs else filled


def own(route: tuple[str, str, list[str], list[str]]) -> bool:
    """Return whether a route is ours, not Gradio's."""
    return not route[1].startswith(("/ko", "/en", "/tools")) and not route[1].endswith(("/sign-in", "/sign-out"))


def test_no_address_is_an_error_of_ours_signed_in_or_not(site):
    routes = [route for route in routes_of(site.app) if own(route) and route[0] in ("GET", "HEAD")]
    assert len(routes) > 25
    several = st.sampled_from(routes).flatmap(lambda r: st.tuples(st.just(r[0]), addresses(r[1], r[2])))

    def check(route: tuple[str, str], headers: dict[str, str], signed_in: bool) -> None:
        asked(site.instructor if signed_in else site.student, *route, headers=headers)

    explore(check, several, HEADERS, st.booleans(), examples=150)
    assert site.instructor.get("/instructor").status_code == 200, "was signed in all the time"


@st.composite
def forms(draw: st.DrawFn, names: list[str]) -> tuple[bytes, str]:
    """Return a form, in either encoding, and its type."""
    fields = [
        (name, draw(TEXTS | st.sampled_from(["1", "2", "true", "false", "asked"])).encode("utf-8", "surrogatepass"))
        for name in names
        if draw(st.integers(0, 5))
    ]
    if draw(st.booleans()):
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    charset = draw(st.sampled_from(["utf-8", "utf-7", "idna", "unicode_escape", "rot13", "punycode", "utf-16"]))
    body = b"".join(
        b'--XX\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields
    )
    return body + b"--XX--\r\n", f"multipart/form-data; boundary=XX; charset={charset}"


def test_no_form_is_an_error_of_ours_signed_in_or_not(site):
    routes = [route for route in routes_of(site.app) if own(route) and route[0] not in ("GET", "HEAD")]
    routes += [("POST", "/instructor/sign-in", [], ["name", "password"])]
    assert len(routes) > 20
    several = st.sampled_from(routes).flatmap(
        lambda r: st.tuples(st.just(r[0]), addresses(r[1], r[2]), forms([*r[3], *r[3], "files"]))
    )

    def check(route: tuple[str, str, tuple[bytes, str]], signed_in: bool) -> None:
        method, address, (content, kind) = route
        client = site.instructor if signed_in and "sign-in" not in address else site.student
        asked(client, method, address, content=content, headers={"content-type": kind})

    explore(check, several, st.booleans(), examples=150)
    assert site.instructor.get("/instructor").status_code == 200, "was signed in all the time"


# Gradio's pages -----------------------------------------------------------------------------------------------------


def events_of(site: SmallSite, page: str) -> list[dict[str, Any]]:
    return site.student.get(f"{page}/config").json()["dependencies"]


def answered(site: SmallSite, page: str, body: dict[str, Any], name: str) -> None:
    """Send an event directly and through the queue, by its number and by its name."""
    direct = posted(site.student, f"{page}/gradio_api/run/predict", body)
    assert direct.status_code < 500
    posted(site.student, f"{page}/gradio_api/run/{quote(name, safe='')}", {**body, "fn_index": None})
    for address in (f"{page}/gradio_api/queue/join", f"{page}/gradio_api/call/{quote(name, safe='')}"):
        posted(site.student, address, body)


def test_no_event_of_the_pages_is_an_error_of_ours(site):
    events = [(page, event) for page in ("/ko", "/en", "/tools") for event in events_of(site, page)]
    assert len(events) > 40
    archive = {"current": "a", "conversations": [{"identifier": "a", "exchanges": [
        {"question": "S3?", "state": "done", "answer": None}, {"question": "S3 버킷은?", "state": "pending"}]}]}  # fmt: skip
    data = st.one_of(VALUES, TEXTS, st.just(archive), changed(archive))

    def body_of(pair: tuple[str, dict[str, Any]]) -> st.SearchStrategy[Any]:
        count = len(pair[1]["inputs"])
        right = {"session_hash": "fuzz", "fn_index": pair[1]["id"], "trigger_id": None, "event_data": None}
        counted = st.lists(data, min_size=count, max_size=count) | st.lists(data, max_size=count + 2)
        told = st.none() | VALUES | st.builds(
            lambda index, value, liked: {"index": index, "value": value, "liked": liked, "selected": True},
            VALUES | st.just([1, 0]), VALUES | st.just({"text": "S3?"}), VALUES,
        )  # fmt: skip
        bodies = st.builds(lambda values, event: {**right, "data": values, "event_data": event}, counted, told)
        return st.tuples(st.just(pair), bodies | bodies.flatmap(changed))

    def check(case: tuple[tuple[str, dict[str, Any]], Any]) -> None:
        (page, event), body = case
        if isinstance(body, dict):
            answered(site, page, body, str(event["api_name"]))
        else:
            posted(site.student, f"{page}/gradio_api/run/predict", body)

    explore(check, st.sampled_from(events).flatmap(body_of), examples=80)


def test_no_address_of_gradio_is_an_error_of_ours(site):
    routes = [route for route in routes_of(site.app) if not own(route) and "instructor" not in route[1]]
    assert len(routes) > 50
    several = st.sampled_from(routes).flatmap(
        lambda r: st.tuples(st.just(r[0]), addresses(r[1], r[2]), st.just({}) | VALUES)
    )

    def check(route: tuple[str, str, Any], headers: dict[str, str]) -> None:
        method, address, body = route
        content = json.dumps(body) if method in ("POST", "PUT") else None
        told = {"content-type": "application/json", "connection": "close", **headers}
        if method == "GET":
            with contextlib.suppress(httpx.ReadTimeout):  # of a stream that says nothing the head is enough
                timeout = httpx.Timeout(PATIENCE_SECONDS, read=3)
                asked(site.student, method, address, content=content, headers=told, timeout=timeout)
                return
        asked(site.student, method, address, content=content, headers=told)

    explore(check, several, HEADERS, examples=120)
