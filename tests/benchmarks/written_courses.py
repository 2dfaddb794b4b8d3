"""Measures answers on the courses of ``tests/data/courses``, which nobody prepared for the assistant.

For each course, and for questions in the notes' language and across languages, it prints the share of answerable
questions that are answered, of which all (any) of the lines that answer are quoted, whose quotation is short (at most
twice the labelled lines plus two), and the share of the others that is declined.

usage: PYTHONPATH=. python tests/benchmarks/written_courses.py [--data DIR] [--course NAME …] [--sample N]
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.records import Answer
from assistant.settings import Settings
from index import open_or_build

ROOT = Path(__file__).parent.parent.parent
COURSES = ROOT / "tests" / "data" / "courses"
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer is worth; ``across`` says that the question's language is not that of the lines that answer."""

    row: dict[str, Any]
    across: bool
    answered: bool
    all_quoted: bool
    any_quoted: bool
    short: bool


def judge(row: dict[str, Any], answer: Answer, *, across: bool) -> Outcome:
    """Compare the lines that ``answer`` quotes with those of ``row``."""
    quoted = {
        (citation.file, line)
        for citation in answer.citations
        for line in range(citation.first_line, citation.last_line + 1)
    }
    quoted = quoted if answer.grounded else set()
    wanted = lines_of([row, *row.get("more", [])]) if "lines" in row else set()
    ways = [wanted, *(lines_of([place, *place.get("more", [])]) for place in row.get("also", []))]
    return Outcome(
        row=row,
        across=across,
        answered=answer.grounded,
        all_quoted=any(way <= quoted for way in ways),
        any_quoted=any(way & quoted for way in ways),
        short=len(quoted) <= 2 * len(wanted) + 2,
    )


def lines_of(places: Iterable[dict[str, Any]]) -> set[Place]:
    """Return the lines of ``places`` as pairs of file and number."""
    return {(place["file"], line) for place in places for line in place["lines"]}


def report(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print one row of the table."""
    answerable = [outcome for outcome in outcomes if outcome.row["type"] != "unanswerable"]
    others = [outcome for outcome in outcomes if outcome.row["type"] == "unanswerable"]
    answered = [outcome for outcome in answerable if outcome.answered]

    def share(hits: Iterable[bool]) -> str:
        found = list(hits)
        return f"{sum(found) / len(found):.3f}" if found else "–"

    cells = (
        share(o.answered for o in answerable),
        share(o.all_quoted for o in answerable),
        share(o.any_quoted for o in answerable),
        share(o.short for o in answered),
        share(not o.answered for o in others),
    )
    print(f"| {name} | {len(answerable)} + {len(others)} | {' | '.join(cells)} |")


def outcomes_of(course: Path, data: Path, sample: int | None) -> list[Outcome]:
    """Ask the questions of ``course`` and return what the answers are worth."""
    rows = [json.loads(line) for line in (course / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    if sample is not None:
        rows = random.Random(1).sample(rows, min(sample, len(rows)))
    index = open_or_build(Settings(dir=course / "notes", data_dir=data))
    assistant, language_of = Assistant(index), {note.file: note.language for note in index.notes}
    languages = set(language_of.values())

    def is_across(row: dict[str, Any]) -> bool:
        return row["lang"] not in languages

    def answer(row: dict[str, Any]) -> Answer:
        return assistant.ask(row["query"], history=assistant.replay(row.get("history", [])))

    return [judge(row, answer(row), across=is_across(row)) for row in rows]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".notes-data")
    parser.add_argument("--course", nargs="*", default=sorted(path.parent.name for path in COURSES.glob("*/notes")))
    parser.add_argument("--sample", type=int, help="so many questions a course, drawn at random, instead of all")
    options = parser.parse_args()
    print("| course | questions | answered | all lines | any line | short | declined |\n|---|---|---|---|---|---|---|")
    everything: list[Outcome] = []
    for name in options.course:
        outcomes = outcomes_of(COURSES / name, options.data, options.sample)
        report(name, outcomes)
        everything += outcomes
    report("same language", [outcome for outcome in everything if not outcome.across])
    report("across languages", [outcome for outcome in everything if outcome.across])
    report("all", everything)


if __name__ == "__main__":
    main()
