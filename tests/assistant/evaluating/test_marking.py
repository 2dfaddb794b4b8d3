"""Which lines of the notes answer a question, from numbers of lines or from texts that stand in them."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluating.marking import MarkedQuestion, Marker
from assistant.evaluating.question_files import QuestionRow, read_question_rows
from index.errors import ContentError
from index.reading.notes import parse_note, read_notes
from tests.whole.test_written_courses import COURSES, NAMES

NOTES = [
    parse_note("# Logs\n\n- **Events** are kept for 90 days.\n- Trails are kept for good.\n\nSee also: events\n", "logs.md"),
    parse_note("# 기록\r\n\r\n- 이벤트는 90일 보관함.\r\n- 추적은 계속 보관함.\r\n", "week 1/기록.md"),
]  # fmt: skip


def marked(notes=NOTES, **fields: Any) -> MarkedQuestion:
    [question] = Marker(notes, Path("q.csv")).mark({7: QuestionRow.model_validate({"query": "How long?", **fields})})
    return question


def places(file: str, *lines: int) -> frozenset[tuple[str, int]]:
    return frozenset((file, line) for line in lines)


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        ({"file": "logs.md", "lines": [3]}, [places("logs.md", 3)]),
        ({"file": "logs.md", "lines": [3, 4, 5]}, [places("logs.md", 3, 4)]),
        ({"quote": "are kept for 90 days"}, [places("logs.md", 3)]),
        ({"file": "logs.md", "quote": "are kept"}, [places("logs.md", 3), places("logs.md", 4)]),
        ({"quote": "90일 보관함.\n- 추적은"}, [places("week 1/기록.md", 3, 4)]),
        ({"quote": unicodedata.normalize("NFD", "추적은 계속")}, [places("week 1/기록.md", 4)]),
        ({"file": unicodedata.normalize("NFD", ".\\week 1\\기록.md").replace(".\\", "./"), "lines": [3]},
         [places("week 1/기록.md", 3)]),
        ({"file": "logs.md", "lines": [3], "more": [{"file": "week 1/기록.md", "lines": [4]}]},
         [places("logs.md", 3) | places("week 1/기록.md", 4)]),
        ({"file": "logs.md", "lines": [3], "also": [{"quote": "90일", "more": [{"quote": "계속"}]}]},
         [places("logs.md", 3), places("week 1/기록.md", 3, 4)]),
        ({"quote": "are kept", "more": [{"quote": "See also"}]}, [places("logs.md", 3, 6), places("logs.md", 4, 6)]),
        ({"type": "unanswerable"}, []),
    ],
    ids=["line", "empty lines are none", "quote", "twice", "over lines", "letters apart", "name from elsewhere", "more",
         "also", "more of what stands twice", "nothing"],
)  # fmt: skip
def test_the_lines_that_answer(fields: dict[str, Any], ways: list[frozenset[tuple[str, int]]]):
    assert list(marked(**fields).ways) == ways


def test_a_module_is_named_as_when_asking():
    assert marked(file="logs.md", lines=[3], module="logs").module == "logs"


def test_with_one_note_its_name_is_not_needed():
    assert marked(NOTES[:1], lines=[3]).ways == (places("logs.md", 3),)


@pytest.mark.parametrize(
    ("fields", "across"),
    [
        ({"file": "logs.md", "lines": [3]}, False),
        ({"query": "얼마나 보관돼?", "file": "logs.md", "lines": [3]}, True),
        ({"query": "얼마나 보관돼?", "file": "logs.md", "lines": [3], "also": [{"quote": "90일"}]}, False),
        ({"query": "90?", "lang": "ko", "file": "logs.md", "lines": [3]}, True),
        ({"query": "얼마야?", "type": "unanswerable"}, False),
    ],
    ids=["same", "across", "an edition in the same", "told", "notes in both"],
)
def test_a_question_is_across_where_no_lines_in_its_language_answer(fields: dict[str, Any], across: bool):
    assert marked(**fields).across is across


def test_what_the_notes_do_not_say_is_across_where_no_note_is_in_its_language():
    assert marked(NOTES[:1], query="얼마야?", type="unanswerable").across


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"file": "log.md", "lines": [3]}, "there is no note 'log.md'; did you mean 'logs.md'?"),
        ({"file": "xyz", "quote": "kept"}, "there is no note 'xyz'; there is 'logs.md', for example"),
        ({"file": "logs.md", "lines": [3, 8]}, "logs.md has no line 8; it has 7"),
        ({"file": "logs.md", "lines": [0]}, "logs.md has no line 0"),
        ({"file": "logs.md", "lines": [2]}, "line 2 of logs.md is empty"),
        ({"lines": [3]}, "say in which file the lines are"),
        ({"file": "logs.md", "lines": [3], "quote": "kept"}, "give either lines or a quote"),
        ({"file": "logs.md", "lines": [3], "more": [{"file": "logs.md"}]}, "give either lines or a quote"),
        ({"quote": "Events are kept"}, "there is no text 'Events are kept' in any note; copy it from the Markdown"),
        ({"file": "logs.md", "quote": "90일"}, "there is no text '90일' in logs.md"),
        (
            {"file": "logs.md", "lines": [3], "module": "Module 3"},
            "there is no module 'Module 3'; there are: Logs, 기록",
        ),
        ({"quote": "e", "more": [{"quote": "e"}, {"quote": "s"}]}, "its quotes stand in too many places"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(fields: dict[str, Any], told: str):
    with pytest.raises(ContentError) as caught:
        marked(**fields)
    assert str(caught.value).startswith("q.csv: row 7: ")
    assert told in str(caught.value)


@pytest.mark.parametrize("course", NAMES)
def test_the_written_courses_are_marked_whole(course: str):
    path = COURSES / course / "questions.jsonl"
    questions = Marker(read_notes(COURSES / course / "notes"), path).mark(read_question_rows(path))
    assert len({question.identifier for question in questions}) == len(questions) > 500
    assert {question.across for question in questions if question.ways} == (
        {False} if course.endswith("-bi") else {True, False}
    )
