import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.faq.accounts.guessing import (
    Allowance,
    HashQueue,
    Throttle,
    TooManyWaitingError,
    of_address,
    of_browser,
    of_name,
)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


STRANGER = Allowance("stranger")


def test_who_guesses_waits_longer_every_time() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert [throttle.begin(STRANGER) for _ in range(5)] == [0.0] * 5
    waits: list[float] = []
    for _ in range(12):
        waits.append(throttle.begin(STRANGER))
        clock.now += waits[-1]
        assert throttle.begin(STRANGER) == 0.0
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == 300.0
    assert throttle.begin(Allowance("somebody else")) == 0.0
    clock.now += 3601
    assert [throttle.begin(STRANGER) for _ in range(6)] == [0.0] * 5 + [1.0]


def test_tries_at_once_are_counted_before_any_is_checked() -> None:
    throttle = Throttle(Clock())
    with ThreadPoolExecutor(20) as threads:
        waits = list(threads.map(lambda _: throttle.begin(STRANGER), range(60)))
    assert waits.count(0.0) == 5


def test_a_try_that_was_right_or_could_not_be_checked_is_taken_back() -> None:
    throttle = Throttle(Clock())
    for _ in range(20):
        assert throttle.begin(STRANGER) == 0.0
        throttle.take_back(STRANGER)
    assert len(throttle) == 0


def test_a_stranger_at_one_address_never_uses_up_the_allowance_of_a_name() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    stranger = of_address("203.0.113.7")
    for _ in range(4 * 3600):
        throttle.begin(stranger, of_name("instructor"))
        clock.now += 1.0
    assert throttle.begin(stranger, of_name("instructor")) > 0
    assert throttle.begin(of_address("198.51.100.1"), of_name("instructor")) == 0.0


def test_many_addresses_together_are_slowed_down_and_a_known_browser_is_not() -> None:
    throttle = Throttle(Clock())
    waits = [throttle.begin(of_address(f"203.0.113.{n}"), of_name("instructor")) for n in range(150)]
    assert waits.count(0.0) == 100
    assert throttle.begin(of_address("198.51.100.1"), of_name("instructor")) > 0
    assert throttle.begin(of_browser("mark")) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("testclient", "testclient", True),
        ("", "testclient", False),
    ],
)
def test_the_addresses_of_one_person_are_one(one: str, other: str, same: bool) -> None:
    assert (of_address(one) == of_address(other)) == same


def test_the_memory_of_guessers_is_bounded_and_forgets() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(12_000):
        throttle.begin(Allowance(str(number)))
    assert len(throttle) == 10_000
    clock.now = 3601.0
    throttle.begin(STRANGER)
    assert len(throttle) == 1


def test_one_password_is_hashed_at_a_time_and_the_queue_is_bounded_with_places_for_the_known() -> None:
    queue, go_on, alone = HashQueue(), threading.Event(), threading.Semaphore(1)
    were_alone: list[bool] = []

    def hash_one(known: bool) -> None:
        with queue.turn(known=known):
            were_alone.append(alone.acquire(blocking=False))
            go_on.wait(20)
            alone.release()

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 20
        while len(queue) < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    with ThreadPoolExecutor(12) as threads:
        for known in (False, True):
            waiting = [threads.submit(hash_one, known) for _ in range(6)]
            wait_for(12 if known else 6)
            with pytest.raises(TooManyWaitingError), queue.turn(known=known):
                pass
        go_on.set()
        for future in waiting:
            future.result(20)
    assert were_alone == [True] * 12
    assert len(queue) == 0
