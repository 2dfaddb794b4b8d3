"""Sessions of the chat page's own queue without a browser, to time the server alone; knows the page's two events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from asking to the first words of the answer and to its end."""

    first_words: float
    whole: float


async def time_sessions(address: str, questions: list[str]) -> list[Timing]:
    """Let one session a question ask at the same moment.

    :raises RuntimeError: If an event of a session fails.
    """
    async with httpx.AsyncClient(base_url=f"{address}/ko/", timeout=TIMEOUT_SECONDS) as client:
        config = (await client.get("config")).json()
        return await asyncio.gather(
            *(_time(client, config, f"session-{number}", question) for number, question in enumerate(questions))
        )


async def _time(client: httpx.AsyncClient, config: dict[str, Any], session: str, question: str) -> Timing:
    box = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "question")
    events: list[dict[str, Any]] = config["dependencies"]
    begin = next(event for event in events if [list(target) for target in event["targets"]] == [[box, "submit"]])
    answer = next(
        event for event in events if event["trigger_after"] == begin["id"] and not event["trigger_only_on_failure"]
    )
    started = time.perf_counter()
    asked = [output async for output in _run(client, begin, [question, None, False, False], session)][-1]
    first_words = 0.0
    async for _ in _run(client, answer, ["", asked["data"][0]], session):
        first_words = first_words or time.perf_counter() - started
    return Timing(first_words, time.perf_counter() - started)


async def _run(
    client: httpx.AsyncClient, event: dict[str, Any], data: list[Any], session: str
) -> AsyncIterator[dict[str, Any]]:
    """Yield the outputs of one event, as the page gets them."""
    body = {"fn_index": event["id"], "data": data, "session_hash": session}
    (await client.post("gradio_api/queue/join", json=body)).raise_for_status()
    async with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            message: dict[str, Any] = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if message.get("msg") in ("process_generating", "process_completed"):
                if not message["success"]:
                    raise RuntimeError(str(message["output"]))
                yield message["output"]
            if message.get("msg") == "process_completed":
                return
