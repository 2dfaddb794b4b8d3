from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Answer, Citation, Suggestion
from assistant.web.chat.archive import (
    MAX_CONVERSATIONS,
    MAX_EXCHANGES,
    Archive,
    Conversation,
    Exchange,
    from_json,
    to_json,
)

TEXT = st.text(max_size=30)
LINES = st.integers(1, 999)
PATHS = st.lists(TEXT, max_size=3).map(tuple)
CITATIONS = st.builds(Citation, LINES, TEXT, PATHS, TEXT, LINES, LINES, TEXT)
SUGGESTIONS = st.builds(Suggestion, TEXT, PATHS, TEXT, LINES, LINES)
ANSWERS = st.builds(
    Answer,
    question=TEXT,
    language=st.sampled_from(["ko", "en"]),
    grounded=st.booleans(),
    body=TEXT,
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    suggestions=st.lists(SUGGESTIONS, max_size=3).map(tuple),
    absent=PATHS,
    probability=st.floats(0, 1),
    engine=TEXT,
    seconds=st.floats(0, 9),
    notice=TEXT,
)
EXCHANGES = st.builds(
    Exchange, TEXT, st.none() | ANSWERS, st.sampled_from(["pending", "done", "stopped", "failed"]), TEXT
)
ARCHIVES = st.builds(
    Archive,
    TEXT,
    st.lists(st.builds(Conversation, TEXT, st.lists(EXCHANGES, max_size=3).map(tuple)), max_size=3).map(tuple),
)


@given(ARCHIVES)
def test_what_the_browser_keeps_comes_back_as_it_was(archive: Archive):
    assert from_json(to_json(archive)) == archive


@given(ARCHIVES)
def test_what_an_earlier_version_kept_is_read_too(archive: Archive):
    kept = to_json(archive)
    for exchange, old in zip(exchanges_of(archive), json_exchanges(kept), strict=True):
        if exchange.answer:
            del old["answer"]["body"]
            old["answer"]["text"] = exchange.answer.text
    assert from_json(kept) == archive


def exchanges_of(archive: Archive) -> list[Exchange]:
    return [exchange for conversation in archive.conversations for exchange in conversation.exchanges]


def json_exchanges(kept: dict[str, Any]) -> list[dict[str, Any]]:
    return [exchange for conversation in kept["conversations"] for exchange in conversation["exchanges"]]


@pytest.mark.parametrize(
    "value",
    [None, "x", 3, [], {"conversations": 3}, {"conversations": [{"identifier": 1}]}, {"current": None}],
    ids=repr,
)
def test_what_is_no_archive_is_an_empty_one(value: object):
    assert from_json(value) == Archive()


def test_conversations_begin_grow_and_are_found_again():
    first = Archive().asked("하나").with_last(state="done").asked("둘")
    assert [exchange.question for exchange in first.conversation.exchanges] == ["하나", "둘"]
    second = first.begun().asked("셋")
    assert [conversation.title for conversation in second.conversations] == ["셋", "하나"]
    reopened = second.opened(first.current)
    assert reopened.conversation == first.conversation
    assert reopened.deleted(first.current).conversation.exchanges == ()
    assert len(reopened.deleted(first.current).conversations) == 1


def test_asking_anew_replaces_what_came_after():
    archive = Archive().asked("a").asked("b").asked("c")
    assert [exchange.question for exchange in archive.asked("B", 1).conversation.exchanges] == ["a", "B"]


def test_the_archive_is_bounded():
    archive = Archive()
    for number in range(MAX_CONVERSATIONS + 5):
        archive = archive.begun().asked(str(number))
    assert len(archive.conversations) == MAX_CONVERSATIONS
    for number in range(MAX_EXCHANGES + 5):
        archive = archive.asked(str(number))
    assert len(archive.conversation.exchanges) == MAX_EXCHANGES
    assert archive.conversation.last == Exchange(str(MAX_EXCHANGES + 4))


@given(ANSWERS)
def test_the_history_holds_only_finished_turns(answer: Answer):
    archive = Archive().asked("a").with_last(answer=answer, state="done")
    archive = archive.asked("b").with_last(answer=answer, state="stopped").asked("c")
    assert [turn.question for turn in archive.conversation.history()] == ["a"]
    assert archive.conversation.history()[0].standalone == answer.standalone


def test_a_change_beyond_the_end_changes_nothing():
    archive = Archive().asked("a")
    assert archive.changed(7, lambda exchange: replace(exchange, feedback="up")) is archive
