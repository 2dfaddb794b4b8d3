"""Courses as the tools of documentation sites and vaults keep them: read, asked and shown without a raw mark.

Each folder of ``tests/data/dialect_courses`` holds ``notes/``, with the site's own files, and ``questions.jsonl``: a
question, the file and the lines that an answer has to quote, and the module it has to cite where that is no matter of
course.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.serving.assistant import Assistant
from assistant.web.safe_html import render_answer, render_note
from index import BlockKind, Encoder, IndexSettings, open_or_build
from index.language.languages import detect_language
from tests.helpers.raw_marks import raw_marks, raw_marks_of_text
from tests.helpers.small_builds import few_other_subjects
from tests.places import DATA

COURSES = DATA / "dialect_courses"
NAMES = sorted(path.parent.name for path in COURSES.glob("*/questions.jsonl"))


@dataclass(frozen=True)
class Course:
    """A course with its questions, and the assistant over it."""

    folder: Path
    rows: list[dict[str, Any]]
    assistant: Assistant


@pytest.fixture(scope="module", params=NAMES)
def course(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[Course]:
    folder = COURSES / request.param
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    data = tmp_path_factory.mktemp(request.param)
    with few_other_subjects(data):
        settings = IndexSettings(dir=folder / "notes", data_dir=data)
        yield Course(folder, rows, Assistant(open_or_build(settings, None, encoder)))


def test_every_note_is_read(course: Course) -> None:
    assert [str(problem) for problem in course.assistant.index.left_out] == []
    assert {row["file"] for row in course.rows} <= {note.file for note in course.assistant.index.notes}


def test_questions_are_asked_in_both_languages_about_lines_that_exist(course: Course) -> None:
    assert 6 <= len(course.rows) == len({row["query"] for row in course.rows})
    assert {detect_language(row["query"]) for row in course.rows} == {"ko", "en"}
    for row in course.rows:
        lines = (course.folder / "notes" / row["file"]).read_text(encoding="utf-8").split("\n")
        assert row["quoted"], row
        assert [line for line in row["quoted"] if line not in lines] == []


def test_pages_show_no_raw_mark(course: Course) -> None:
    left = {
        note.file: marks
        for note in course.assistant.index.notes
        if (marks := raw_marks(render_note(note.shown, missing_figure="missing", image_url=lambda url: f"/f/{url}")))
    }
    assert left == {}


def test_what_is_searched_holds_no_raw_mark(course: Course) -> None:
    left = [
        (section.file, block.first_line, marks)
        for section in course.assistant.index.sections
        for block in section.blocks
        if block.kind is not BlockKind.CODE and (marks := raw_marks_of_text(block.text))
    ]
    assert left == []
    names = {name for section in course.assistant.index.sections for name in (section.module, *section.heading_path)}
    assert [name for name in names if raw_marks_of_text(name)] == []


def test_answers_quote_the_lines_and_show_no_raw_mark(course: Course) -> None:
    wrong: list[tuple[str, object]] = []
    for row in course.rows:
        answer = course.assistant.ask(row["query"])
        quoted = [
            line for citation in answer.citations if citation.file == row["file"] for line in citation.quote.split("\n")
        ]
        if missing := [line for line in row["quoted"] if line not in quoted]:
            wrong.append((row["query"], {"missing": missing, "answer": answer.text}))
        if "module" in row and row["module"] not in {citation.module for citation in answer.citations}:
            wrong.append((row["query"], {"module": [citation.module for citation in answer.citations]}))
        if marks := raw_marks(render_answer(answer.text, lambda number: f"({number})")):
            wrong.append((row["query"], {"marks": marks}))
    assert wrong == []
