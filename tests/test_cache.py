import threading
from dataclasses import replace

import pytest

from assistant.assistant import Assistant
from assistant.cache import AnswerCache, cache_key
from assistant.records import Answer, Citation, Turn


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
            if found and found.text != name:
                wrong.append(found.text)

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
    monkeypatch.setattr(assistant, "understand", None)  # a second time it would not be asked
    again = assistant.ask(" CloudTrail  기록은 며칠 보관돼?")
    assert replace(again, question=first.question, seconds=first.seconds) == first
    assert again.seconds < first.seconds


def test_the_assistant_answers_anew_after_a_change_of_the_notes(course_index, monkeypatch):
    assistant = Assistant(course_index, cache=AnswerCache())
    assistant.ask("What is S3?")
    monkeypatch.setattr(type(course_index), "generation", "changed")
    asked: list[str] = []
    understand = assistant.understand
    monkeypatch.setattr(
        assistant, "understand", lambda question, **rest: asked.append(question) or understand(question, **rest)
    )
    assistant.ask("What is S3?")
    assert asked == ["What is S3?"]
