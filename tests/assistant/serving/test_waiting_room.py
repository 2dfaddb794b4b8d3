import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable

import pytest

from assistant.serving.waiting_room import BusyError, ClosingError, WaitingRoom, whole_seconds


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def room(workers: int = 2, places: int = 600) -> tuple[WaitingRoom, Clock]:
    clock = Clock()
    return WaitingRoom(workers, places, clock), clock


def test_no_more_than_the_workers_work_at_once_and_the_others_in_their_order():
    waiting_room, _ = room()
    turns = [waiting_room.enter(60) for _ in range(5)]
    assert [turn.called.done() for turn in turns] == [True, True, False, False, False]
    waiting_room.leave(turns[1])
    assert [turn.called.done() for turn in turns] == [True, True, True, False, False]
    waiting_room.leave(turns[0])
    assert [turn.called.done() for turn in turns] == [True, True, True, True, False]


def test_who_gives_up_the_place_lets_the_next_ones_move_up():
    waiting_room, _ = room(workers=1)
    first, second, third = (waiting_room.enter(60) for _ in range(3))
    assert (place := waiting_room.place(third)) is not None
    assert place.ahead == 1
    waiting_room.leave(second)
    assert (place := waiting_room.place(third)) is not None
    assert place.ahead == 0
    waiting_room.leave(first)
    assert third.called.done()
    assert waiting_room.place(third) is None


def test_the_time_to_wait_is_estimated_from_the_answers_that_were_measured():
    waiting_room, clock = room(workers=2)
    for _ in range(100):
        turn = waiting_room.enter(60)
        clock.now += 2.0
        waiting_room.leave(turn)
    turns = [waiting_room.enter(60) for _ in range(12)]
    assert (place := waiting_room.place(turns[-1])) is not None
    assert place.ahead == 9
    assert place.seconds == pytest.approx(11.0, rel=0.05)  # ten more of two seconds, two at a time, and the last half


def test_who_would_wait_too_long_is_told_when_to_come_back_one_after_the_other():
    waiting_room, clock = room(workers=1)
    for _ in range(11):
        waiting_room.enter(3.0)
    told: list[float] = []
    for _ in range(10):
        with pytest.raises(BusyError) as refused:
            waiting_room.enter(3.0)
        told.append(refused.value.seconds)
    steps = [later - sooner for sooner, later in itertools.pairwise(told)]
    assert told[0] > 3.0
    assert steps == pytest.approx([0.3] * 9)
    clock.now += 60
    with pytest.raises(BusyError) as refused:
        waiting_room.enter(3.0)
    assert refused.value.seconds == pytest.approx(told[0])  # what was promised to others is over


def test_places_are_limited_however_short_the_wait():
    waiting_room, _ = room(workers=1, places=3)
    for _ in range(4):
        waiting_room.enter(1e9)
    with pytest.raises(BusyError):
        waiting_room.enter(1e9)


def test_a_promise_is_never_longer_than_five_minutes():
    waiting_room, _ = room(workers=1, places=0)
    waiting_room.enter(60)
    for _ in range(5000):
        with pytest.raises(BusyError) as refused:
            waiting_room.enter(60)
    assert refused.value.seconds <= 300


def test_closing_sends_away_who_waits_and_lets_those_at_work_finish():
    waiting_room, _ = room(workers=1)
    working, waits = waiting_room.enter(60), waiting_room.enter(60)
    ended: list[bool] = []
    closing = threading.Thread(target=lambda: ended.append(waiting_room.close(10)))
    closing.start()
    with pytest.raises(ClosingError):
        waits.called.result(5)
    with pytest.raises(ClosingError):
        waiting_room.enter(60)
    assert not ended
    waiting_room.leave(working)
    closing.join(5)
    assert ended == [True]


def test_closing_sends_away_all_though_one_of_them_has_just_given_up():
    waiting_room, _ = room(workers=1)
    working, gone, waits = (waiting_room.enter(60) for _ in range(3))
    gone.called.cancel()  # it leaves the room a moment later
    assert not waiting_room.close(0.0)
    with pytest.raises(ClosingError):
        waits.called.result(0)
    waiting_room.leave(gone)
    waiting_room.leave(working)
    assert waiting_room.close(0.0)


def test_closing_waits_no_longer_than_it_may():
    waiting_room, _ = room(workers=1)
    waiting_room.enter(60)
    assert not waiting_room.close(0.01)


def in_loop(work: Callable[[], Awaitable[object]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(work(), 20)  # type: ignore[arg-type]

    asyncio.run(bounded())


def test_work_that_is_cancelled_ends_before_its_place_is_free():
    waiting_room, _ = room(workers=1)
    may_end, ended = threading.Event(), threading.Event()

    def work() -> None:
        may_end.wait(10)
        ended.set()

    async def ask() -> None:
        async with waiting_room.turn(60) as turn:
            await turn.run(work)

    async def check() -> None:
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.05)
        asking.cancel()
        waits = waiting_room.enter(60)
        await asyncio.sleep(0.05)
        assert not waits.called.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert ended.is_set()
        assert waits.called.done()

    in_loop(check)


def test_who_is_cancelled_while_waiting_gives_up_the_place():
    waiting_room, _ = room(workers=1)
    first = waiting_room.enter(60)

    async def ask() -> None:
        async with waiting_room.turn(60):
            pass

    async def check() -> None:
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        last = waiting_room.enter(60)
        waiting_room.leave(first)
        assert last.called.done()

    in_loop(check)


def test_the_place_is_told_until_it_is_ones_turn():
    waiting_room, _ = room(workers=1)
    first, second, third = (waiting_room.enter(60) for _ in range(3))

    async def check() -> None:
        told: list[int] = []
        async for place in third.places():
            told.append(place.ahead)
            waiting_room.leave(first if len(told) == 1 else second)
        assert told == [1, 0]

    in_loop(check)


def test_a_time_is_told_in_whole_seconds_of_which_there_are_always_several():
    assert [whole_seconds(seconds) for seconds in (0.0, 0.4, 1.4, 2.6, 41.5)] == [2, 2, 2, 3, 42]
    assert "about 2 seconds" in str(BusyError(0.7))
