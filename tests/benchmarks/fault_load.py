"""The load of ``tests/benchmarks/faults.py``: students, an instructor and a watcher, who note what they were told is kept.

Knows the pages' addresses and the chat's events, and nothing of the program behind them.
"""

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PASSWORD = "only-for-the-soak"
PATIENCE_SECONDS = 150.0
#: What a request may be told while something is broken; anything else of 500 and above is a fault of the program.
TOLD = {503, 507}
QUESTIONS = (
    "CloudTrail 기록은 며칠 보관돼?", "How long are CloudTrail events kept?", "S3 버킷 이름 규칙은?", "What is an IAM role?",
    "리전이 뭐예요?", "Lambda 함수의 제한 시간은?", "시험은 언제 봐요?", "What is a region?", "DynamoDB와 RDS의 차이는?",
)  # fmt: skip


@dataclass(eq=False)
class Ledger:
    """What was acknowledged, what went wrong, and how often what happened. Safe for threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    questions: set[str] = field(default_factory=set)
    entries: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    staged: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def problem(self, text: str) -> None:
        with self.lock:
            self.problems.append(f"{time.strftime('%H:%M:%S')} {text}")
        print(f"PROBLEM {time.strftime('%H:%M:%S')} {text}", flush=True)

    def took(self, what: str, seconds: float) -> None:
        with self.lock:
            self.slowest[what] = max(self.slowest.get(what, 0.0), round(seconds, 1))


def code_word() -> str:
    """Return a word that nothing else has, made of letters: digits might be masked as personal data."""
    return "".join(random.choice("bdfgklmnprstz") + random.choice("aeiou") for _ in range(6))


class Person:
    """Does something again and again until told to stop. Errors of the network are what the soak is about."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        self.address = address
        self.ledger = ledger
        self.client = httpx.Client(base_url=address, timeout=PATIENCE_SECONDS)

    def ask_for(self, what: str, send: Callable[[], httpx.Response]) -> httpx.Response | None:
        """Return the response, None if the app is away; note statuses that must not be, and waits without end."""
        started = time.monotonic()
        try:
            response = send()
        except httpx.ReadTimeout:
            self.ledger.problem(f"{what}: no answer within {PATIENCE_SECONDS:.0f} seconds")
            return None
        except httpx.HTTPError as error:
            self.ledger.count(f"{what}: {type(error).__name__}")
            return None
        self.ledger.took(what, time.monotonic() - started)
        self.ledger.count(f"{what}: {response.status_code}")
        if response.status_code >= 500 and response.status_code not in TOLD:
            self.ledger.problem(f"{what}: status {response.status_code}: {response.text[:300]}")
        return response

    def act(self) -> None:
        raise NotImplementedError

    def live(self, stop: threading.Event, pause_seconds: float) -> None:
        while not stop.wait(random.uniform(0.2, 1.8) * pause_seconds):
            try:
                self.act()
            except httpx.HTTPError as error:  # noqa: PERF203 - one act after the other
                self.ledger.count(f"{type(self).__name__}: {type(error).__name__}")
            except Exception as error:
                self.ledger.problem(f"{type(self).__name__}: {error!r}")


class ApiStudent(Person):
    """Asks through the HTTP API; the answer must be to the question."""

    def act(self) -> None:
        question = f"{random.choice(QUESTIONS)} ({code_word()})"
        response = self.ask_for("POST /api/ask", lambda: self.client.post("/api/ask", json={"question": question}))
        if response is not None and response.status_code == 200 and response.json()["question"] != question:
            self.ledger.problem(f"an answer to another question: {response.json()['question']!r} for {question!r}")
        self.ask_for("GET /faq", lambda: self.client.get("/faq"))


class ChatStudent(Person):
    """Asks in the chat and sends the question to the instructor; acknowledged is what the page says was sent."""

    def act(self) -> None:
        config = self.ask_for("GET /ko/config", lambda: self.client.get("/ko/config"))
        if config is None or config.status_code != 200:
            return
        events = {event["api_name"]: event for event in config.json()["dependencies"]}
        session, code = code_word(), code_word()
        question = f"{random.choice(QUESTIONS)} {code}"
        asked = self._last(events["ask"], [question, None, False, False], session)
        answered = self._last(events["_answer"], ["", asked["data"][0]], session) if asked else None
        sent = self._last(events["_sent"], [answered["data"][0]], session) if answered else None
        if sent and sent["data"][0].get("visible") is False:
            with self.ledger.lock:
                self.ledger.questions.add(code)
            self.ledger.count("chat: acknowledged")
        else:
            self.ledger.count("chat: not acknowledged")

    def _last(self, event: dict[str, Any], data: list[Any], session: str) -> dict[str, Any] | None:
        started = time.monotonic()
        try:
            *_, last = self._outputs(event, data, session)
        except (ValueError, httpx.HTTPError) as error:
            if time.monotonic() - started > PATIENCE_SECONDS:
                self.ledger.problem(f"chat {event['api_name']}: no end within {PATIENCE_SECONDS:.0f} seconds")
            self.ledger.count(f"chat {event['api_name']}: {type(error).__name__}")
            return None
        self.ledger.took(f"chat {event['api_name']}", time.monotonic() - started)
        return last

    def _outputs(self, event: dict[str, Any], data: list[Any], session: str) -> Iterator[dict[str, Any]]:
        body = {"fn_index": event["id"], "data": data, "session_hash": session}
        self.client.post("/ko/gradio_api/queue/join", json=body).raise_for_status()
        deadline = time.monotonic() + PATIENCE_SECONDS
        params = {"session_hash": session}
        with self.client.stream("GET", "/ko/gradio_api/queue/data", params=params) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("msg") in ("process_generating", "process_completed"):
                    if not message["success"]:
                        raise ValueError(str(message["output"])[:200])
                    yield message["output"]
                if message.get("msg") == "process_completed":
                    return
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("no end")


class Instructor(Person):
    """Writes and publishes answers, uploads and publishes notes. What is answered with a redirect is acknowledged."""

    def __init__(self, address: str, ledger: Ledger, notes: Path, data: Path) -> None:
        super().__init__(address, ledger)
        self._notes, self._data = notes, data

    def act(self) -> None:
        if not self._signed_in():
            return
        random.choice((self._write, self._write, self._upload))()

    def _signed_in(self) -> bool:
        page = self.ask_for("GET /instructor", lambda: self.client.get("/instructor"))
        if page is not None and page.status_code == 401:
            form = {"name": "instructor", "password": PASSWORD}
            self.ask_for("sign in", lambda: self.client.post("/instructor/sign-in", data=form))
            page = self.ask_for("GET /instructor", lambda: self.client.get("/instructor"))
        return page is not None and page.status_code == 200

    def _post(self, path: str, **options: Any) -> httpx.Response | None:
        name = "POST " + re.sub(r"\d+", "N", path)
        return self.ask_for(name, lambda: self.client.post(f"/instructor{path}", **options))

    def _write(self) -> None:
        page = self.ask_for("GET /instructor", lambda: self.client.get("/instructor"))
        groups = re.findall(r"/instructor/groups/(\d+)", page.text) if page is not None else []
        if not groups:
            return
        drafted = self._post(f"/groups/{random.choice(groups)}/draft")
        if drafted is None or drafted.status_code != 303:
            return
        number = drafted.headers["location"].rpartition("/")[2]
        code = code_word()
        fields = {
            f"{part}_{language}": f"{part} {code}" for part in ("question", "answer") for language in ("ko", "en")
        }
        saved = self._post(f"/entries/{number}", data={**fields, "module": "", "version": "0"})
        if saved is None or saved.status_code != 303:
            return
        with self.ledger.lock:
            self.ledger.entries[code] = "saved"
        if random.random() < 0.3:
            data = {**fields, "module": "", "version": "1", "action": "publish_ko"}
            published = self._post(f"/entries/{number}", data=data)
            if published is not None and published.status_code == 303:
                self.ledger.count("entry published")

    def _upload(self) -> None:
        name, code = f"soak-{random.randrange(4)}.md", code_word()
        text = f"# Module 90: Soak {name}\n\n## Word\n\n- The word of the hour is {code}.\n"
        uploaded = self._post("/content/upload", files={"files": (name, text.encode())})
        if uploaded is None or uploaded.status_code != 303:
            return
        with self.ledger.lock:
            self.ledger.staged[name] = code
        if not self._holds(self._data / "staged-notes", name, code):
            self.ledger.problem(f"the upload {name} was acknowledged and is not there")
        if random.random() < 0.5:
            self._publish(name, code)

    def _publish(self, name: str, code: str) -> None:
        published = self._post("/content/publish")
        if published is None or published.status_code != 303:
            return
        if not self._settled():
            self.ledger.problem("publishing did not end within 600 seconds")
            return
        with self.ledger.lock:
            if self._holds(self._notes, name, code):
                self.ledger.notes |= self.ledger.staged  # uploads add up: all that waited went live
                self.ledger.staged.clear()
                self.ledger.counts["note published"] += 1
                return
        self.ledger.count("note put back")
        if not any(self._holds(self._data / folder, name, code) for folder in ("earlier-notes", "staged-notes")):
            self.ledger.problem(f"the upload {name} was published, put back, and is nowhere")

    def _settled(self) -> bool:
        """Wait until the notes are not being read, also if the app was killed and started again meanwhile."""
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            state = self.ask_for("GET /content/state", lambda: self.client.get("/instructor/content/state"))
            if state is not None and state.status_code == 200 and not state.json()["busy"]:
                return True
            if state is not None and state.status_code == 401:
                self._signed_in()
            time.sleep(1)
        return False

    @staticmethod
    def _holds(folder: Path, name: str, code: str) -> bool:
        return any(code in path.read_text(encoding="utf-8") for path in folder.rglob(name))


class Watcher(Person):
    """Asks for the app's health every second; keeps since when it is well or not."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        super().__init__(address, ledger)
        self.client = httpx.Client(base_url=address, timeout=30.0)
        self.well_since: float | None = None

    def act(self) -> None:
        response = self.ask_for("GET /healthz", lambda: self.client.get("/healthz"))
        well = response is not None and response.status_code == 200
        self.well_since = (self.well_since or time.monotonic()) if well else None
