"""Reads the questions that people wrote down beside the notes, with the lines that answer them; attaches nothing."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from index.border import MAX_QUESTION_CHARACTERS
from index.errors import ContentError
from index.safe_yaml import Rows, parse_yaml, yaml_text

FILE_NAME = "known_questions.yaml"
#: The file of the course that ships with the project, for notes without one of their own: they may be another version
#: of that course, and to other notes nothing is attached.
COURSE_FILE = Path(__file__).resolve().parent.parent.parent / "content" / FILE_NAME


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the notes as it reads in each language, the heading above it, and questions that it answers.

    ``asked``: the questions, those together that ask the same.
    """

    headings: dict[str, str]
    lines: dict[str, str]
    asked: tuple[tuple[str, ...], ...]


def known_questions_file(notes: Path) -> Path | None:
    """Return the file beside ``notes``, else that of the course that ships with the project, else None."""
    return next((path for path in (notes / FILE_NAME, COURSE_FILE) if path.is_file()), None)


def load_facts(path: Path) -> tuple[Fact, ...]:
    """Return the facts of a YAML list of ``{under: {ko, en}, says: {ko, en}, asked: […]}``.

    ``asked`` holds lists of questions that ask the same; questions outside such a list are taken to ask the same.

    :raises ContentError: If the file is not such a list.
    """
    return _parsed(yaml_text(path), path)


@lru_cache(maxsize=4)
def _parsed(text: str, path: Path) -> tuple[Fact, ...]:
    rows: Any = parse_yaml(text, path)
    if not isinstance(rows, Rows):
        raise ContentError("the known questions must be a list of {under, says, asked}", path, 1)
    return tuple(_fact(row, path, line) for row, line in zip(rows, rows.lines, strict=True))


def _fact(row: Any, path: Path, line: int) -> Fact:  # noqa: ANN401 - anything can stand in a YAML file
    fields = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
    under: Any = fields.get("under") or {}
    says, asked = fields.get("says"), fields.get("asked")
    if not (_names_texts(under) and _names_texts(says) and says and isinstance(asked, list)):
        raise ContentError(f"a known question must be {{under, says, asked}}, not {row!r:.200}", path, line)
    groups = _groups(cast("list[Any]", asked))
    for question in (question for group in groups for question in group):
        if not isinstance(cast("object", question), str) or len(question) > MAX_QUESTION_CHARACTERS:
            told = f"a known question must be a text of at most {MAX_QUESTION_CHARACTERS} characters"
            raise ContentError(f"{told}, not {question!r:.200}", path, line)
    return Fact(dict(under), dict(says), groups)


def _names_texts(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, dict) and all(isinstance(text, str) for text in cast("dict[str, Any]", value).values())


def _groups(asked: list[Any]) -> tuple[tuple[str, ...], ...]:
    alone = [question for question in asked if not isinstance(question, list)]
    lists = [alone, *(cast("list[Any]", group) for group in asked if isinstance(group, list))]
    return tuple(tuple(group) for group in lists if group)
