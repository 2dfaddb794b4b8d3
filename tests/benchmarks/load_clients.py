"""Clients of the load test: each asks one question at one door until it is answered, and notes what it was told."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

TIMEOUT_SECONDS = 180.0
_PROBE_EVERY_SECONDS = 0.25
_MOST_TRIES = 60


@dataclass(slots=True)
class Asked:
    """What one client saw: when it was first told anything, when it had its answer, and the statuses on the way."""

    question: str
    told_seconds: float = 0.0
    answered_seconds: float = 0.0
    answer: str = ""
    statuses: list[str] = field(default_factory=list)
    retry_after_seconds: float = 0.0


Asker = Callable[[httpx.AsyncClient, Asked, str, float], Awaitable[None]]


def new_client(address: str) -> httpx.AsyncClient:
    """Return a client without a limit of connections."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=address, timeout=TIMEOUT_SECONDS, limits=limits)


async def ask_until(asker: Asker, client: httpx.AsyncClient, question: str, number: int) -> Asked:
    """Ask, and again after the time that the server names, until there is an answer."""
    asked = Asked(question)
    started = time.perf_counter()
    for _ in range(_MOST_TRIES):
        asked.retry_after_seconds = 0.0
        try:
            await asker(client, asked, f"session-{number}", started)
        except httpx.HTTPError as error:
            asked.statuses.append(type(error).__name__)
        asked.told_seconds = asked.told_seconds or time.perf_counter() - started
        if asked.answer or not asked.retry_after_seconds:
            break
        await asyncio.sleep(asked.retry_after_seconds)
    asked.answered_seconds = time.perf_counter() - started
    return asked


async def ask_api(client: httpx.AsyncClient, asked: Asked, session: str, started: float) -> None:
    """Ask through the HTTP API."""
    response = await client.post("/api/ask", json={"question": asked.question})
    asked.told_seconds = asked.told_seconds or time.perf_counter() - started
    asked.statuses.append(str(response.status_code))
    asked.retry_after_seconds = float(response.headers.get("retry-after", 0))
    if response.status_code == 200:
        asked.answer = response.json()["answer"]


_chat_configs: dict[str, dict[str, Any]] = {}


async def ask_chat(client: httpx.AsyncClient, asked: Asked, session: str, started: float) -> None:
    """Ask as the chat page does: one event that shows the question at once, and one that answers it."""
    config = _chat_configs.get(str(client.base_url))
    if config is None:
        config = _chat_configs[str(client.base_url)] = (await client.get("/ko/config")).json()
    box = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "question")
    events: list[dict[str, Any]] = config["dependencies"]
    begin = next(event for event in events if [list(target) for target in event["targets"]] == [[box, "submit"]])
    answer = next(
        event for event in events if event["trigger_after"] == begin["id"] and not event["trigger_only_on_failure"]
    )
    body = {"fn_index": begin["id"], "data": [asked.question, None, False, False], "session_hash": session}
    pending = await client.post("/ko/gradio_api/run/predict", json=body)
    if pending.status_code != 200:
        asked.statuses.append(f"begin {pending.status_code}")
        return
    last: Any = None
    async for status, output in _answering(client, answer, ["", pending.json()["data"][0]], session):
        asked.told_seconds = asked.told_seconds or time.perf_counter() - started
        if status == "200":
            last = output["data"]
        else:
            asked.statuses.append(f"{status} {str(output)[:80]}")
            return
    exchange = last[0]["conversations"][0]["exchanges"][-1] if last and last[0] else {}
    if exchange.get("state") == "done":
        asked.answer = exchange["answer"]["body"]
    asked.statuses.append(exchange.get("state", "none"))


async def _answering(
    client: httpx.AsyncClient, event: dict[str, Any], data: list[Any], session: str
) -> AsyncIterator[tuple[str, Any]]:
    """Yield the outputs of the answering event; Gradio sends differences, of which the last whole one counts."""
    body = {"fn_index": event["id"], "data": data, "session_hash": session}
    joined = await client.post("/ko/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        yield str(joined.status_code), joined.text
        return
    async with client.stream("GET", "/ko/gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            message: dict[str, Any] = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if message.get("msg") in ("process_generating", "process_completed"):
                yield ("200" if message["success"] else "failed"), message["output"]
            if message.get("msg") == "process_completed":
                return


ASKERS: dict[str, Asker] = {"api": ask_api, "chat": ask_chat}


async def probe(client: httpx.AsyncClient, path: str, stop: asyncio.Event) -> list[tuple[str, float]]:
    """Open ``path`` again and again until ``stop``; return each time's status and seconds."""
    rows: list[tuple[str, float]] = []
    for number in itertools.count():
        if stop.is_set():
            break
        started = time.perf_counter()
        try:
            status = str(
                (await client.get(path, headers={"Accept-Language": "ko" if number % 2 else "en"})).status_code
            )
        except httpx.HTTPError as error:
            status = type(error).__name__
        rows.append((status, time.perf_counter() - started))
        await asyncio.sleep(_PROBE_EVERY_SECONDS)
    return rows
