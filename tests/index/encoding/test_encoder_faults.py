"""What happens to a question when the encoder's process is killed, stopped or refuses a text, and to those beside it."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.background import Background
from index.course_index import ENCODER_CACHE
from index.encoding.encoder import Encoder
from index.encoding.encoder_process import EncoderProcess
from index.encoding.request_queue import Patience
from index.errors import EncoderLostError, EncoderUnavailableError
from tests.helpers.fakes import HashingEncoder
from tests.places import ROOT

pytestmark = pytest.mark.slow

QUESTION = ["CloudTrail 기록은 며칠 보관돼?"]
PATIENCE_SECONDS = 60
#: A sign of life comes every second.
HASTY = Patience(
    silence_seconds=2.5, loading_silence_seconds=8.0, suspicious_seconds=1.8, batch_seconds=4.0, question_seconds=20.0
)
Starting = Callable[..., EncoderProcess]


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Starting]:
    """Start the process of ``tests/helpers/encoder_child.py`` in ``tmp_path``."""
    started: list[EncoderProcess] = []

    def start(how: str = "well", patience: Patience = HASTY, background: Background | None = None) -> EncoderProcess:
        started.append(
            EncoderProcess(how, tmp_path, background, patience, program=("-m", "tests.helpers.encoder_child"))
        )
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture
def apart(data_dir: Path, encoder: Encoder) -> Iterator[EncoderProcess]:
    """The real encoder."""
    process = EncoderProcess("bundled", data_dir / ENCODER_CACHE, patience=Patience(silence_seconds=4.0))
    yield process
    process.close()


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


def child_of(process: EncoderProcess, besides: int = 0) -> int:
    wait_until(lambda: process._child is not None and process._child.pid != besides)
    assert process._child is not None
    return process._child.pid


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def asked(process: EncoderProcess, texts: list[str]) -> "Future[np.ndarray]":
    """Ask in a thread of its own, so that a question that waits without end fails the test."""
    future: Future[np.ndarray] = Future()

    def ask() -> None:
        try:
            future.set_result(process.encode_questions(texts))
        except EncoderUnavailableError as error:
            future.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return future


def within_patience(process: EncoderProcess, texts: list[str]) -> np.ndarray:
    """Return the vectors, or raise what the question was told; fail if neither comes."""
    return asked(process, texts).result(PATIENCE_SECONDS)


def batches(folder: Path) -> list[tuple[str, int]]:
    rows = (folder / "batches").read_text().splitlines()
    return [(role, int(size)) for role, size in (row.split() for row in rows)]


# The real encoder -----------------------------------------------------------------------------------------------------


def test_killed_while_it_loads_it_is_started_again(apart: EncoderProcess, encoder: Encoder) -> None:
    os.kill(child_of(apart), signal.SIGKILL)
    np.testing.assert_allclose(within_patience(apart, QUESTION), encoder.encode_questions(QUESTION), atol=2e-3)


def test_killed_and_killed_again_while_it_loads_it_is_started_again(apart: EncoderProcess) -> None:
    before = within_patience(apart, QUESTION)
    first = child_of(apart)
    os.kill(first, signal.SIGKILL)
    other = asked(apart, ["What is a role?"])
    os.kill(child_of(apart, besides=first), signal.SIGKILL)
    assert other.result(PATIENCE_SECONDS).shape == before.shape
    np.testing.assert_allclose(within_patience(apart, QUESTION), before, atol=1e-5)


def test_stopped_it_is_killed_and_the_question_told(apart: EncoderProcess) -> None:
    before = within_patience(apart, QUESTION)
    stopped = child_of(apart)
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(EncoderLostError, match="did not answer"):
        within_patience(apart, ["What is a role?"])
    np.testing.assert_allclose(within_patience(apart, QUESTION), before, atol=1e-5)
    assert not is_running(stopped)


def test_a_text_that_it_cannot_read_fails_its_own_question_only(apart: EncoderProcess) -> None:
    before, child = within_patience(apart, QUESTION), child_of(apart)
    with pytest.raises(EncoderUnavailableError):
        within_patience(apart, ["\ud800 x"])
    np.testing.assert_allclose(within_patience(apart, QUESTION), before, atol=1e-5)
    assert child_of(apart) == child


def test_encoded_together_questions_have_the_vectors_that_they_have_alone(
    apart: EncoderProcess, encoder: Encoder
) -> None:
    texts = [f"{'S3 버킷의 이름 규칙은 무엇인가요? ' * (1 + number % 3)}{number}" for number in range(24)]
    alone = np.vstack([encoder.encode_questions([text]) for text in texts])
    together = np.vstack([future.result(PATIENCE_SECONDS) for future in [asked(apart, [text]) for text in texts]])
    np.testing.assert_allclose(together, alone, atol=1e-4)


# Every fault at every moment, with a process that does what it is told --------------------------------------------------


@pytest.mark.parametrize("error", ["KeyError", "MemoryError", "AssertionError"])
def test_any_error_belongs_to_its_own_question(starting: Starting, error: str) -> None:
    process = starting()
    child = child_of(process)
    held = asked(process, ["wait 0.5"])
    beside = [asked(process, [text]) for text in ("버킷?", f"raise {error}", "role?")]
    assert held.result(PATIENCE_SECONDS).shape == (1, 64)
    assert beside[0].result(PATIENCE_SECONDS).shape == beside[2].result(PATIENCE_SECONDS).shape == (1, 64)
    with pytest.raises(EncoderUnavailableError, match=error):
        beside[1].result(PATIENCE_SECONDS)
    assert child_of(process) == child


def test_a_question_that_ends_the_process_twice_is_told_and_those_beside_it_are_answered(starting: Starting) -> None:
    process = starting()
    held = asked(process, ["wait 0.5"])
    beside = [asked(process, [text]) for text in ("버킷?", "end", "role?")]
    assert held.result(PATIENCE_SECONDS).shape == (1, 64)
    assert beside[0].result(PATIENCE_SECONDS).shape == beside[2].result(PATIENCE_SECONDS).shape == (1, 64)
    with pytest.raises(EncoderLostError, match="ended with code 7"):
        beside[1].result(PATIENCE_SECONDS)


def test_a_question_during_which_the_process_was_killed_is_answered_by_the_next(starting: Starting) -> None:
    process = starting()
    expected = HashingEncoder().encode_questions(["end once"])
    np.testing.assert_allclose(within_patience(process, ["end once"]), expected)


def test_killed_while_idle_it_is_started_again_before_anybody_asks(starting: Starting) -> None:
    process = starting()
    wait_until(lambda: process.trouble is None)
    killed = child_of(process)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: process.trouble is not None)
    assert child_of(process, besides=killed) != killed
    wait_until(lambda: process.trouble is None)


def test_stopped_while_idle_it_says_so_and_is_started_again(starting: Starting) -> None:
    process = starting()
    wait_until(lambda: process.trouble is None)
    stopped = child_of(process)
    os.kill(stopped, signal.SIGSTOP)
    wait_until(lambda: process.trouble is not None, 10)
    assert "no life" in str(process.trouble)
    wait_until(lambda: process.trouble is None)
    assert child_of(process) != stopped
    assert not is_running(stopped)


def test_stopped_while_it_loads_it_is_started_again(starting: Starting) -> None:
    assert starting("in silence").width == 64


def test_hanging_on_one_question_it_is_started_again_and_the_others_are_answered(starting: Starting) -> None:
    process = starting()
    held = asked(process, ["hang"])
    wait_until(lambda: process._queue._at_work)  # else the other one could be encoded beside it, and told the same
    other = asked(process, ["role?"])
    with pytest.raises(EncoderLostError, match="did not answer"):
        held.result(PATIENCE_SECONDS)
    assert other.result(PATIENCE_SECONDS).shape == (1, 64)


def test_at_work_for_too_long_it_is_started_again_though_it_shows_life(starting: Starting) -> None:
    with pytest.raises(EncoderLostError, match="did not answer"):
        within_patience(starting(), ["wait 60"])


def test_a_question_that_waits_for_too_long_is_told(starting: Starting) -> None:
    process = starting(patience=Patience(question_seconds=0.5))
    held = asked(process, ["wait 2"])
    wait_until(lambda: process.waiting == 1)
    started = time.monotonic()
    with pytest.raises(EncoderLostError, match="busy"):
        within_patience(process, ["role?"])
    assert time.monotonic() - started < 2
    with pytest.raises(EncoderLostError):
        held.result(PATIENCE_SECONDS)
    wait_until(lambda: process.waiting == 0)


def test_ending_whenever_it_loads_it_is_told_and_tried_again_with_growing_pauses(
    starting: Starting, tmp_path: Path
) -> None:
    with Background() as background:
        process = starting("never", background=background)
        with pytest.raises(EncoderLostError, match="ended with code 9"):
            _ = process.width
        assert "code 9" in str(process.trouble)
        (failure,) = background.failures
        assert failure.again_at is not None
        with pytest.raises(EncoderLostError, match="code 9"):  # at once, not after the pause
            within_patience(process, QUESTION)
        for _ in range(50):
            with pytest.raises(EncoderLostError):
                process._queue.ask("question", QUESTION, lambda: None)
        refusal = process._queue.refusal
        assert refusal is None or len(traceback.extract_tb(refusal.__traceback__)) < 10  # it would hold every frame
        tries = len((tmp_path / "loads").read_text().split())
        wait_until(lambda: len((tmp_path / "loads").read_text().split()) > tries)


def test_a_process_that_cannot_be_started_is_told_and_tried_again(
    starting: Starting, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, failing = subprocess.Popen, threading.Event()
    failing.set()

    def started(*arguments: object, **named: object) -> object:
        if failing.is_set():
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return start(*arguments, **named)

    monkeypatch.setattr("index.encoding.encoder_process.subprocess.Popen", started)
    process = starting()
    waiting = asked(process, QUESTION)
    with pytest.raises(EncoderLostError, match="cannot be started: Too many open files"):
        waiting.result(PATIENCE_SECONDS)
    failing.clear()
    wait_until(lambda: process.trouble is None)
    assert within_patience(process, QUESTION).shape == (1, 64)


def test_an_encoder_that_cannot_be_loaded_is_told_and_not_tried_again(starting: Starting, tmp_path: Path) -> None:
    with Background() as background:
        process = starting("wrong", background=background)
        with pytest.raises(EncoderUnavailableError, match="there is none"):
            _ = process.width
        time.sleep(1.5)
        assert len((tmp_path / "loads").read_text().split()) == 1
        assert background.failures == []  # whoever waits tells of it


def test_what_cannot_be_loaded_again_is_told_at_once_and_tried_again(starting: Starting, tmp_path: Path) -> None:
    process = starting("once")
    assert process.width == 64
    os.kill(child_of(process), signal.SIGKILL)
    wait_until(lambda: process.trouble is not None and "there is none" in str(process.trouble))
    with pytest.raises(EncoderUnavailableError, match="there is none"):
        within_patience(process, QUESTION)
    tries = len((tmp_path / "loads").read_text().split())
    wait_until(lambda: len((tmp_path / "loads").read_text().split()) > tries)


# Together -------------------------------------------------------------------------------------------------------------


def test_questions_that_wait_at_the_same_time_are_encoded_at_once(starting: Starting, tmp_path: Path) -> None:
    process = starting()
    held = asked(process, ["wait 1"])
    wait_until((tmp_path / "batches").exists)
    texts = [f"질문 {number}: {'버킷' if number % 2 else 'role'}?" for number in range(12)]
    futures = [asked(process, [text]) for text in texts]
    found = np.vstack([future.result(PATIENCE_SECONDS) for future in futures])
    np.testing.assert_allclose(found, HashingEncoder().encode_questions(texts))
    assert held.result().shape == (1, 64)
    assert batches(tmp_path) == [("question", 1), ("question", 12)]


def test_a_long_question_is_not_padded_onto_short_ones(starting: Starting, tmp_path: Path) -> None:
    process = starting()
    held = asked(process, ["wait 1"])
    wait_until((tmp_path / "batches").exists)
    futures = []
    for text in ("role?", "버킷?", "긴 질문 " * 400, "why?"):
        futures.append(asked(process, [text]))
        wait_until(lambda: process.waiting == len(futures) + 1)
    assert [future.result(PATIENCE_SECONDS).shape for future in [held, *futures]] == [(1, 64)] * 5
    assert batches(tmp_path) == [("question", size) for size in (1, 2, 1, 1)]


def test_a_question_does_not_wait_for_a_build(starting: Starting, tmp_path: Path) -> None:
    process = starting()
    passages = [f"{number} wait 0.2 {'문장 ' * 60}" for number in range(30)]
    slow = [f"wait 0.05 {'x' * 800} {number}" for number in range(30)]
    with ThreadPoolExecutor(1) as pool:
        build = pool.submit(process.encode_passages, slow)
        wait_until((tmp_path / "batches").exists)
        assert within_patience(process, ["role?"]).shape == (1, 64)
        assert not build.done()
        np.testing.assert_allclose(build.result(PATIENCE_SECONDS), HashingEncoder().encode_questions(slow))
    np.testing.assert_allclose(process.encode_passages(passages), HashingEncoder().encode_questions(passages))


def test_a_build_survives_that_the_process_is_killed(starting: Starting) -> None:
    process = starting()
    passages = ["x" * 900, *(f"문장 {number}" for number in range(40)), "end once"]
    np.testing.assert_allclose(process.encode_passages(passages), HashingEncoder().encode_questions(passages))


def test_a_build_is_told_of_a_text_that_ends_the_process(starting: Starting) -> None:
    process = starting()
    with pytest.raises(EncoderLostError, match="code 7"):
        process.encode_passages(["role?", "end", "버킷?"])
    assert within_patience(process, ["role?"]).shape == (1, 64)


# The end --------------------------------------------------------------------------------------------------------------


def test_closing_while_questions_wait_tells_them(starting: Starting) -> None:
    process = starting()
    held, other = asked(process, ["wait 3"]), asked(process, ["role?"])
    wait_until(lambda: process.waiting >= 1)
    process.close()
    for future in (held, other):
        with pytest.raises(EncoderUnavailableError):
            future.result(PATIENCE_SECONDS)
    assert not is_running(child_of(process))


_STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from index.encoding.encoder_process import EncoderProcess
process = EncoderProcess(sys.argv[1], Path(sys.argv[2]), program=("-m", "tests.helpers.encoder_child"))
print(process.width, process._child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel ends a stopped child with its parent")
@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_it_outlives_nobody(tmp_path: Path, stopped: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTS_AND_WAITS, "well", str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline().split()[1])
        if stopped:
            os.kill(child, signal.SIGSTOP)
        parent.kill()
    wait_until(lambda: not is_running(child), 10)
