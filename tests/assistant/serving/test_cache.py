import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.records import Answer, Citation, Turn
from assistant.selection import Selection
from assistant.serving.assistant import Assistant
from assistant.serving.cache import AnswerCache, cache_key


def answer(text: str, notice: str = "", line: int = 1) -> Answer:
    citation = Citation(1, "Module 1", ("Module 1",), "n.md", line, line, "quoted")
    return Answer("q", "en", True, text, (citation,), (), (), 0.9, "extractive", 0.1, notice)


KEY = cache_key("What is S3?", None, (), "")
TURN = Turn("What is S3?", answer("a"))


@pytest.mark.parametrize(
    ("question", "module", "history", "engine", "same"),
    [
        pytest.param("  What  is S3? ", None, (), "", True, id="spacing"),
        pytest.param("What is S4?", None, (), "", False, id="question"),
        pytest.param("what is s3?", None, (), "", False, id="case of the question"),
        pytest.param("What is S3?", "Module 3", (), "", False, id="module"),
        pytest.param("What is S3?", None, (TURN,), "", False, id="history"),
        pytest.param("What is S3?", None, (), "openai:x#1", False, id="engine"),
    ],
)
def test_a_key_is_all_that_an_answer_depends_on(question, module, history, engine, same):
    assert (cache_key(question, module, history, engine) == KEY) is same


def test_unicode_forms_of_a_korean_question_are_one():
    assert cache_key("버킷은?", "모듈 5", (), "") == cache_key("버킷은?", " 모듈 5", (), "")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(Turn("What is S3?", answer("worded otherwise")), True, id="wording of the answer"),
        pytest.param(Turn("What is S3?", answer("a", line=2)), False, id="lines cited"),
        pytest.param(Turn("What is S3?", answer("a"), "What is Amazon S3?"), False, id="understood otherwise"),
    ],
)
def test_an_earlier_turn_counts_with_what_was_understood_and_cited(other, same):
    assert (cache_key("Why?", None, (TURN,), "") == cache_key("Why?", None, (other,), "")) is same


def test_an_answer_is_remembered_until_the_index_changes():
    cache = AnswerCache()
    cache.put(KEY, "first", answer("a"))
    assert cache.get(KEY, "first") == answer("a")
    assert cache.get(KEY, "second") is None
    assert cache.get(KEY, "first") is None


def test_the_answer_not_asked_for_longest_is_forgotten_first():
    cache = AnswerCache(capacity=2)
    first, second, third = (cache_key(name, None, (), "") for name in ("first?", "second?", "third?"))
    cache.put(first, "g", answer("1"))
    cache.put(second, "g", answer("2"))
    cache.get(first, "g")
    cache.put(third, "g", answer("3"))
    assert [key for key in (first, second, third) if cache.get(key, "g")] == [first, third]
    assert len(cache) == 2


def test_an_answer_with_a_notice_is_tried_again_next_time():
    cache = AnswerCache()
    cache.put(KEY, "g", answer("a", notice="The chat model is down."))
    assert cache.get(KEY, "g") is None


def test_a_capacity_below_one_is_refused():
    with pytest.raises(ValueError, match="capacity"):
        AnswerCache(0)


def test_threads_never_see_an_answer_of_another_question():
    cache = AnswerCache(capacity=5)
    wrong: list[str] = []

    def work(number: int) -> None:
        for step in range(300):
            name = f"{(number + step) % 9}?"
            key = cache_key(name, None, (), "")
            cache.put(key, f"g{step // 100}", answer(name))
            found = cache.get(key, f"g{step // 100}")
            if found and found.body != name:
                wrong.append(found.body)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(cache) <= 5


def test_the_assistant_works_out_a_question_once(course_index, monkeypatch):
    assistant = Assistant(course_index, cache=AnswerCache())
    first = assistant.ask("CloudTrail 기록은 며칠 보관돼?")
    monkeypatch.setattr(assistant, "select", None)  # a second time it would not be asked
    again = assistant.ask(" CloudTrail  기록은 며칠 보관돼?")
    assert replace(again, question=first.question, seconds=first.seconds) == first


def test_the_assistant_answers_anew_after_a_change_of_the_notes(course_index, monkeypatch):
    assistant = Assistant(course_index, cache=AnswerCache())
    assistant.ask("What is S3?")
    monkeypatch.setattr(type(course_index), "generation", "changed")
    asked: list[str] = []
    select = assistant.select
    monkeypatch.setattr(assistant, "select", lambda understood: asked.append(understood.question) or select(understood))
    assistant.ask("What is S3?")
    assert asked == ["What is S3?"]


class Work:
    """Two-step work that waits between its steps, and counts how often it was begun."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = 0
        self.go_on = threading.Event()
        self.error = error

    def __call__(self) -> Iterator[Answer]:
        self.begun += 1
        yield answer("first words")
        self.go_on.wait(20)
        if self.error is not None and self.begun == 1:
            raise self.error
        yield answer("whole")


def ask_together(cache: AnswerCache, work: Work, count: int) -> tuple[list[threading.Thread], list[list[str]]]:
    seen: list[list[str]] = [[] for _ in range(count)]

    def ask(texts: list[str]) -> None:
        try:
            texts.extend(shown.body for shown in cache.shared(KEY, "g", work))
        except ValueError as error:
            texts.append(str(error))

    threads = [threading.Thread(target=ask, args=(texts,)) for texts in seen]
    for thread in threads:
        thread.start()
    while not work.begun:
        time.sleep(0.01)
    return threads, seen


def test_a_question_asked_by_many_at_a_time_is_worked_out_once():
    cache, work = AnswerCache(), Work()
    threads, seen = ask_together(cache, work, 8)
    work.go_on.set()
    for thread in threads:
        thread.join(20)
    assert work.begun == 1
    assert all(texts[-1] == "whole" for texts in seen)
    assert [shown.body for shown in cache.shared(KEY, "g", work)] == ["whole"]
    assert work.begun == 1


def test_where_the_first_one_fails_the_next_one_works():
    cache, work = AnswerCache(), Work(ValueError("no such question"))
    threads, seen = ask_together(cache, work, 3)
    work.go_on.set()
    for thread in threads:
        thread.join(20)
    assert work.begun == 2
    assert sorted(texts[-1] for texts in seen) == ["no such question", "whole", "whole"]


def test_a_student_who_leaves_hands_the_work_to_those_who_wait():
    cache, work = AnswerCache(), Work()
    leader = cache.shared(KEY, "g", work)
    assert next(leader).body == "first words"
    follower = cache.shared(KEY, "g", work)
    assert next(follower).body == "first words"
    leader.close()
    work.go_on.set()
    assert [shown.body for shown in follower][-1] == "whole"
    assert work.begun == 2


def test_a_reader_that_stalls_holds_nobody_up(monkeypatch):
    monkeypatch.setattr("assistant.serving.answer_in_flight._HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr("assistant.serving.answer_in_flight.STALL_SECONDS", 0.05)
    cache, work = AnswerCache(), Work()
    stalled = cache.shared(KEY, "g", work)
    next(stalled)
    work.go_on.set()
    assert [shown.body for shown in cache.shared(KEY, "g", work)][-1] == "whole"
    assert work.begun == 2
    assert [shown.body for shown in stalled] == ["whole"]


def test_students_who_ask_the_same_at_a_time_wait_for_one_search(course_index, monkeypatch):
    assistant = Assistant(course_index, cache=AnswerCache())
    asked: list[str] = []
    select = assistant.select
    together = threading.Barrier(4)

    def slowly(understood: Selection) -> Selection:
        asked.append(understood.question)
        time.sleep(0.2)
        return select(understood)

    monkeypatch.setattr(assistant, "select", slowly)
    answers: list[Answer] = []

    def ask() -> None:
        together.wait(20)
        answers.append(assistant.ask("What is S3 used for?"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(asked) == 1
    assert len({answer.body for answer in answers}) == 1
    assert len(answers) == 4
