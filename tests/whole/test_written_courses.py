"""The labelled questions of ``tests/data/courses`` name lines that exist and hold text, and each is asked once."""

import json
import re
from typing import Any

import pytest

from index.reading.notes import note_paths
from tests.places import DATA

COURSES = DATA / "courses"
NAMES = sorted(path.parent.name for path in COURSES.glob("*/questions.jsonl"))
TYPES = set(
    "fact number period name place reason howto order list compare yesno definition code negation exclusion keyword "
    "chatty paraphrase purpose condition two unanswerable".split()
)
KINDS = {"property", "near", "field", "admin", "off"}
_NO_ANSWER = re.compile(r"\s*(#|\|?\s*:?-{3,}|```|~~~|$)")


def rows_of(course: str) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in (COURSES / course / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def places_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    own = [row] if "lines" in row else []
    return [*own, *row.get("also", []), *row.get("more", []), *([row["nearest"]] if row.get("nearest") else [])]


@pytest.fixture(params=NAMES)
def course(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_lines_of_a_question_hold_text(course: str):
    notes = {
        path.relative_to(COURSES / course / "notes").as_posix(): path.read_text(encoding="utf-8").split("\n")
        for path in note_paths(COURSES / course / "notes")
    }
    wrong = [
        (row["id"], place["file"], line)
        for row in rows_of(course)
        for place in places_of(row)
        for line in place["lines"]
        if not 1 <= line <= len(notes[place["file"]]) or _NO_ANSWER.match(notes[place["file"]][line - 1])
    ]
    assert wrong == []


def test_a_question_is_asked_once_and_in_its_language(course: str):
    rows = rows_of(course)
    asked = [re.sub(r"\W", "", row["query"].lower()) for row in rows]
    assert len(set(asked)) == len(rows) == len({row["id"] for row in rows})
    assert [row["id"] for row in rows if (row["lang"] == "ko") != bool(re.search("[가-힣]", row["query"]))] == []


def test_every_row_is_answerable_or_says_why_not(course: str):
    for row in rows_of(course):
        assert row["type"] in TYPES, row
        if row["type"] == "unanswerable":
            assert row["kind"] in KINDS, row
            assert "lines" not in row, row
            assert row.get("nearest") or row["kind"] not in ("property", "near"), row
        else:
            assert row["lines"], row


def test_both_languages_and_both_kinds_of_question_are_there_in_number(course: str):
    rows = rows_of(course)
    answerable = [row for row in rows if row["type"] != "unanswerable"]
    assert len(answerable) >= 300
    assert len(rows) - len(answerable) >= 150
    for language in ("ko", "en"):
        assert len([row for row in rows if row["lang"] == language]) >= 0.35 * len(rows)


def test_there_are_courses():
    assert len(NAMES) >= 14
