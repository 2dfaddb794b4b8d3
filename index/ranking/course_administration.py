"""Loads what students of any course ask about how it is run (exams, deadlines, attendance): what few notes answer.

Students ask it most, in words that the encoder puts close together (when the exam is, what it covers). As groups of
known questions at no line of the notes they let a question be told apart from those that the notes answer, and two
questions that ask the same be found in either language.
"""

from functools import lru_cache
from pathlib import Path

from index.safe_yaml import parse_yaml

FILE = Path(__file__).parent.parent / "data" / "course_administration.yaml"


@lru_cache(maxsize=1)
def administration_questions() -> tuple[tuple[str, ...], ...]:
    """Return the questions, those together that ask the same."""
    return tuple(tuple(entry["questions"]) for entry in parse_yaml(FILE.read_text(encoding="utf-8")))
