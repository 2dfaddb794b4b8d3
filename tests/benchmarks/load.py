"""A class that asks at the same minute: ``python -m tests.benchmarks.load [--clients 50 150 300]``.

Starts the real app on a port of this machine with data of its own, lets so many clients at once ask different
questions through ``/api/ask`` and through the chat, and beside them opens pages and ``/healthz``, then holds half-open
and slow connections. Prints a line of JSON a run: when each was told something and when it had its answer (median,
95th percentile, longest), what was answered with which status, answers that are not the one to the question asked
alone, and the memory of app and encoder before and after. Nothing but this machine is spoken to.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.benchmarks.load_clients import ASKERS, Asked, ask_until, new_client, probe
from tests.benchmarks.slow_connections import SlowConnections

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "tests" / "data" / "same_questions.jsonl"
PROBED = ("/healthz", "/", "/notes", "/help", "/faq", "/status")
_START_SECONDS = 180.0
_SETTLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Served:
    """The app under load: where it listens, and its process."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Where it listens on this machine."""
        return int(self.address.rpartition(":")[2])

    def megabytes(self) -> dict[str, float]:
        """Return the resident memory of the app and of its encoder."""
        app = psutil.Process(self.process.pid)
        children = sum(child.memory_info().rss for child in app.children(recursive=True))
        return {"app": round(app.memory_info().rss / 1e6, 1), "encoder": round(children / 1e6, 1)}


@contextlib.contextmanager
def served(folder: Path, notes: Path) -> Iterator[Served]:
    """Serve the app with ``folder`` as its data, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOTES_")}
    environment |= {"NOTES_DIR": str(notes), "NOTES_DATA_DIR": str(folder), "NOTES_PORT": str(port)}
    environment |= {"NOTES_INSTRUCTOR_PASSWORD": "correct horse battery"}
    with (folder / "app.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, process)
            yield Served(address, process)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The app ended with {process.returncode}.")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/healthz", timeout=5).status_code == 200:
                return
        time.sleep(0.3)
    raise RuntimeError("The app did not start.")


@contextlib.contextmanager
def own_data(data: Path) -> Iterator[Path]:
    """Yield a folder of its own with a copy of the index of ``data`` and its encoder, which is only read."""
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        shutil.copytree(data / "index", folder / "index")
        (folder / "encoder").symlink_to((data / "encoder").resolve())
        yield folder


def answers_alone(questions: Sequence[str], notes: Path, data: Path) -> dict[str, str]:
    """Return the answer to each question when nobody else asks."""
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        batch = Path(name) / "questions.jsonl"
        rows = [{"id": number, "query": question} for number, question in enumerate(questions)]
        batch.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        command = [sys.executable, "-m", "assistant", "ask", "--batch", str(batch)]
        command += ["--notes", str(notes), "--data", str(data)]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return {row["question"]: row["answer"] for row in map(json.loads, told.splitlines())}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the longest."""
    if len(seconds) < 2:
        return {"max": round(max(seconds, default=0.0), 3)}
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3), "max": round(max(seconds), 3)}


async def crowd(app: Served, door: str, questions: Sequence[str], alone: dict[str, str]) -> dict[str, Any]:
    """Let a client a question ask at the same moment through ``door``, and return what they saw."""
    before = app.megabytes()
    stop = asyncio.Event()
    async with new_client(app.address) as client, new_client(app.address) as other:
        probes = [asyncio.create_task(probe(other, path, stop)) for path in PROBED]
        await asyncio.sleep(1)
        started = time.perf_counter()
        asked = await asyncio.gather(
            *(ask_until(ASKERS[door], client, question, number) for number, question in enumerate(questions))
        )
        took = time.perf_counter() - started
        await asyncio.sleep(_SETTLE_SECONDS)
        stop.set()
        probed = await asyncio.gather(*probes)
    return {
        "door": door,
        "clients": len(questions),
        "told_seconds": spread([one.told_seconds for one in asked]),
        "answered_seconds": spread([one.answered_seconds for one in asked if one.answer]),
        "all_answered_seconds": round(took, 1),
        "first_status": dict(Counter(one.statuses[0] for one in asked)),
        "statuses": dict(Counter(status for one in asked for status in one.statuses)),
        "unanswered": sum(not one.answer for one in asked),
        "mixed": sum(_is_mixed(one, alone) for one in asked),
        "probes": {path: _probed(rows) for path, rows in zip(PROBED, probed, strict=True)},
        "megabytes": {"before": before, "after": app.megabytes()},
    }


def _is_mixed(asked: Asked, alone: dict[str, str]) -> bool:
    """Return whether the answer is another one than alone; the chat keeps it without the sources that end it."""
    return bool(asked.answer) and not alone[asked.question].startswith(asked.answer)


def _probed(rows: Sequence[tuple[str, float]]) -> dict[str, Any]:
    return {**spread([seconds for _, seconds in rows]), "statuses": dict(Counter(status for status, _ in rows))}


async def slow(app: Served, count: int, seconds: float) -> dict[str, Any]:
    """Hold ``count`` half-open, then slow connections, and return how the pages do meanwhile."""
    result: dict[str, Any] = {"door": "slow connections", "connections": count}
    for kind in ("silent", "slow headers", "slow body"):
        async with SlowConnections(app.port, kind, count) as held, new_client(app.address) as other:
            stop = asyncio.Event()
            probes = [asyncio.create_task(probe(other, path, stop)) for path in ("/healthz", "/")]
            await asyncio.sleep(seconds)
            stop.set()
            probed = await asyncio.gather(*probes)
            result[kind] = {
                "opened": held.opened,
                "closed_by_server": held.closed,
                "probes": {path: _probed(rows) for path, rows in zip(("/healthz", "/"), probed, strict=True)},
            }
    return result


def main() -> int:
    """Measure and print; return 1 where answers were mixed up or a probe was not answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[50, 150, 300])
    parser.add_argument("--doors", nargs="+", choices=list(ASKERS), default=list(ASKERS))
    parser.add_argument("--rounds", type=int, default=1, help="how often one app is asked by each crowd, for memory")
    parser.add_argument("--connections", type=int, default=1100, help="half-open ones; 0 leaves that out")
    parser.add_argument("--hold", type=float, default=20.0, help="seconds that they are held")
    parser.add_argument("--notes", type=Path, default=ROOT / "content", help="the notes that are asked")
    parser.add_argument("--data", type=Path, default=ROOT / ".notes-data", help="where index and encoder are")
    options = parser.parse_args()
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    most = min(max(options.clients) * options.rounds, len(rows))
    questions = random.Random(15).sample([row["query"] for row in rows], most)
    failed = False
    with own_data(options.data) as folder:
        alone = answers_alone(questions, options.notes, folder)
        for door in options.doors:
            for count in options.clients:
                with served(folder, options.notes) as app:
                    for turn in range(options.rounds):
                        asking = [questions[(turn * count + number) % len(questions)] for number in range(count)]
                        seen = asyncio.run(crowd(app, door, asking, alone))
                        failed |= bool(seen["mixed"] or seen["unanswered"])
                        print(json.dumps({**seen, "round": turn + 1}), flush=True)
        if options.connections:
            with served(folder, options.notes) as app:
                print(json.dumps(asyncio.run(slow(app, options.connections, options.hold))), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
