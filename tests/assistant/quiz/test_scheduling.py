import json
from datetime import datetime, timedelta, timezone

import pytest
from fsrs import Rating

from assistant.quiz.leading.grading import GradeVerdict
from assistant.quiz.leading.scheduling import Memory, MemoryFormatError, due, forget, rating, remember

NOW = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("verdict", "tries", "expected"),
    [
        (GradeVerdict.RIGHT, 1, Rating.Good),
        (GradeVerdict.RIGHT, 2, Rating.Hard),
        (GradeVerdict.NEAR, 2, Rating.Hard),
        (GradeVerdict.WRONG, 2, Rating.Again),
        (GradeVerdict.WRONG, 0, Rating.Again),
    ],
)
def test_answers_are_rated(verdict, tries, expected):
    assert rating(verdict, tries) is expected


def test_what_is_known_at_once_does_not_come_back():
    assert remember(Memory(), "0a", GradeVerdict.RIGHT, 1, NOW) == Memory()


def test_missed_items_come_back_and_the_longer_the_better_they_are_known():
    memory = remember(Memory(), "0a", GradeVerdict.WRONG, 2, NOW)
    assert due(memory, NOW) == []
    waits = []
    for _ in range(4):
        when = memory.cards["0a"].due
        assert due(memory, when) == ["0a"]
        memory = remember(memory, "0a", GradeVerdict.RIGHT, 1, when)
        waits.append(memory.cards["0a"].due - when)
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(days=3)


def test_the_longest_overdue_comes_first():
    memory = remember(Memory(), "0b", GradeVerdict.WRONG, 1, NOW + timedelta(hours=1))
    memory = remember(memory, "0a", GradeVerdict.WRONG, 1, NOW)
    assert due(memory, NOW + timedelta(days=1)) == ["0a", "0b"]


def test_the_memory_survives_json():
    memory = remember(remember(Memory(), "0a", GradeVerdict.NEAR, 2, NOW), "ff", GradeVerdict.WRONG, 1, NOW)
    again = Memory.from_json(json.loads(json.dumps(memory.to_json())))
    assert again.to_json() == memory.to_json()
    assert due(again, NOW + timedelta(days=1)) == due(memory, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "row", [{}, {"format": 2, "cards": {}}, {"format": 1, "cards": []}, {"format": 1, "cards": {"a": {"due": "x"}}}]
)
def test_a_foreign_memory_is_refused(row):
    with pytest.raises(MemoryFormatError):
        Memory.from_json(row)


def test_items_that_the_notes_lost_are_forgotten():
    memory = remember(remember(Memory(), "0a", GradeVerdict.WRONG, 1, NOW), "0b", GradeVerdict.WRONG, 1, NOW)
    assert set(forget(memory, frozenset(["0b"])).cards) == {"0b"}


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        remember(Memory(), "0a", GradeVerdict.WRONG, 1, datetime(2026, 3, 2))
