"""Work beside the requests: it survives its errors, tells of them, and ends when it is told to."""

import itertools
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from index.background import Background, Pauses
from index.errors import StorageError

QUICK = Pauses(0.01, 0.04)


@pytest.fixture
def background() -> Iterator[Background]:
    with Background() as background:
        yield background


def wait_until(condition, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


@pytest.mark.parametrize(
    "error",
    [StorageError("The disk is full."), KeyError("x"), SystemExit(2), MemoryError()],
    ids=lambda e: type(e).__name__,
)
def test_a_repeated_work_survives_any_error_and_tells_of_it_until_it_succeeds(
    background: Background, error: BaseException
) -> None:
    attempts: list[float] = []
    may_succeed = threading.Event()

    def step() -> None:
        attempts.append(time.monotonic())
        if not may_succeed.is_set():
            raise error

    work = background.repeat("counting", step, every_seconds=60, pauses=QUICK)
    wait_until(lambda: len(attempts) >= 4)
    (failure,) = background.failures
    assert failure.work == "counting"
    assert failure.again_at is not None
    assert failure.again_at >= failure.at
    may_succeed.set()
    wait_until(lambda: not background.failures)
    assert work.is_alive


def test_the_pauses_grow_up_to_the_longest(background: Background) -> None:
    attempts: list[float] = []

    def step() -> None:
        attempts.append(time.monotonic())
        raise KeyError

    background.repeat("counting", step, every_seconds=60, pauses=Pauses(0.05, 0.2))
    wait_until(lambda: len(attempts) >= 5)
    pauses = [after - before for before, after in itertools.pairwise(attempts)]
    # On a busy machine a pause takes longer, and none is shorter.
    assert all(pause > 0.9 * least for pause, least in zip(pauses, (0.05, 0.1, 0.2, 0.2), strict=False))
    assert [Pauses(0.5, 4.0).after(failures) for failures in (1, 2, 3, 4, 5, 5000)] == [0.5, 1, 2, 4, 4, 4]


def test_waking_does_not_wait_for_the_next_time(background: Background) -> None:
    done = threading.Semaphore(0)
    work = background.repeat("counting", done.release, every_seconds=60)
    assert done.acquire(timeout=10)
    work.wake()
    assert done.acquire(timeout=10)


def test_a_single_work_that_fails_is_told_and_not_repeated_unless_asked_for(background: Background) -> None:
    attempts: list[int] = []

    def task() -> None:
        attempts.append(1)
        raise StorageError("The disk is full.")

    background.once("publishing", task).join(10)
    assert len(attempts) == 1
    (failure,) = background.failures
    assert (failure.work, failure.reason, failure.again_at) == ("publishing", "The disk is full.", None)
    background.once("publishing", lambda: None).join(10)
    assert background.failures == []


def test_a_single_work_is_repeated_as_long_as_its_error_calls_for_it(background: Background) -> None:
    outcomes: list[Exception | None] = [KeyError("x"), KeyError("y"), None]

    def task() -> None:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome

    background.once("loading", task, again=lambda error: isinstance(error, KeyError), pauses=QUICK).join(10)
    assert outcomes == []
    assert background.failures == []


def test_closing_ends_works_that_rest_and_those_in_a_pause() -> None:
    background = Background()

    def fail() -> None:
        raise KeyError

    works = [
        background.repeat("resting", lambda: None, every_seconds=600),
        background.repeat("failing", fail, every_seconds=600, pauses=Pauses(600, 600)),
    ]
    wait_until(lambda: bool(background.failures))
    started = time.monotonic()
    assert background.close(10)
    assert time.monotonic() - started < 5
    assert not any(work.is_alive for work in works)


def test_closing_waits_no_longer_than_it_may() -> None:
    background, held = Background(), threading.Event()
    background.once("held", lambda: held.wait(30))
    started = time.monotonic()
    assert not background.close(0.2)
    assert time.monotonic() - started < 5
    held.set()


def test_an_unforeseen_error_is_logged_with_its_traceback_once(
    background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[int] = []

    def step() -> None:
        attempts.append(1)
        raise KeyError("which")

    background.repeat("counting", step, every_seconds=60, pauses=QUICK)
    wait_until(lambda: len(attempts) >= 3)
    records = [record for record in caplog.records if record.exc_info]
    assert len(records) == 1
    assert "counting failed: KeyError" in caplog.text
    assert sys.exc_info() == (None, None, None)
