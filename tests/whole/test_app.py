"""The entry point as a process of its own: what it prints, when pages and answers are there, and how it ends."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from index import CourseIndex
from tests.places import ROOT

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(**settings: object) -> Iterator[subprocess.Popen[str]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NOTES_")}
    given = {f"NOTES_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env=inherited | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return 0


def wait_for(url: str, wanted: set[int], process: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = status_of(url)
        if found in wanted:
            return found
        time.sleep(0.05)
    pytest.fail(f"{url} never answered {wanted}")


def test_pages_are_there_before_the_model_and_answers_after_it(course_index: CourseIndex, settings: Settings):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running(port=port, dir=settings.dir, data_dir=settings.data_dir) as process:
        assert wait_for(f"{address}/healthz", {200, 503}, process) == 503
        assert wait_for(f"{address}/", {200}, process) == 200
        assert wait_for(f"{address}/notes", {200}, process) == 200
        assert wait_for(f"{address}/healthz", {200}, process) == 200
        with urllib.request.urlopen(f"{address}/status") as response:
            assert json.load(response)["ready"] is True
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=20)
        assert f"{address}/" in printed
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param({"dir": "no-such-folder"}, "no-such-folder", id="no-notes"),
        pytest.param({"colour": "red"}, "NOTES_COLOUR", id="unknown-setting"),
        pytest.param({"port": "none"}, "NOTES_PORT", id="port-is-no-number"),
        pytest.param({"host": "192.0.2.1"}, "192.0.2.1", id="address-of-another-machine"),
    ],
)
def test_a_wrong_setting_ends_with_one_line(settings: dict[str, str], told: str, tmp_path: Path):
    with running(**({"port": free_port(), "data_dir": tmp_path} | settings)) as process:
        _, complaint = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert told in complaint
    assert len(complaint.strip().splitlines()) == 1


def test_a_port_in_use_is_named(settings: Settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running(port=port, data_dir=settings.data_dir) as process:
            _, complaint = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert str(port) in complaint
