"""Measures answers on the courses of ``tests/data/courses``, which nobody prepared for the assistant.

For each course, and for questions within and across languages, it prints what ``python -m assistant evaluate`` does:
the share of answerable questions that are answered, of which all (any) of the lines that answer are quoted, whose
quotation is short, and the share of the others that is declined.

usage: PYTHONPATH=. python tests/benchmarks/written_courses.py [--data DIR] [--course NAME …] [--sample N]
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluating.figures import ACROSS, ALL, SAME, Figures, figures_of
from assistant.evaluating.marking import Marker
from assistant.evaluating.question_files import read_question_rows
from assistant.evaluating.verdicts import AnswerVerdict, ask_all
from assistant.serving.assistant import Assistant
from assistant.settings import Settings
from index import open_or_build
from index.command_line import progress_bar
from index.evaluating.intervals import Estimate

ROOT = Path(__file__).parent.parent.parent
COURSES = ROOT / "tests" / "data" / "courses"


def verdicts_of(course: Path, data: Path, sample: int | None) -> list[AnswerVerdict]:
    """Ask the questions of ``course`` and return the verdicts on the answers."""
    file, index = course / "questions.jsonl", open_or_build(Settings(dir=course / "notes", data_dir=data))
    questions = Marker(index.notes, file).mark(read_question_rows(file))
    if sample is not None:
        questions = random.Random(1).sample(questions, min(sample, len(questions)))
    return ask_all(Assistant(index), questions, progress_bar(doing=course.name, unit="questions"))


def report(name: str, figures: Figures, group: str = ALL) -> None:
    """Print one row of the table."""
    own, others = figures.answerable.get(group), figures.others.get(group)
    shares = [own.answered, own.all_lines, own.any_line, own.short] if own else [None] * 4
    cells = " | ".join(share(value) for value in [*shares, others.declined if others else None])
    print(f"| {name} | {own.count if own else 0} + {others.count if others else 0} | {cells} |", flush=True)


def share(value: Estimate | None) -> str:
    """Return a cell of the table."""
    return f"{value.mean:.3f}" if value and value.mean == value.mean else "–"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".notes-data")
    parser.add_argument("--course", nargs="*", default=sorted(path.parent.name for path in COURSES.glob("*/notes")))
    parser.add_argument("--sample", type=int, help="so many questions a course, drawn at random, instead of all")
    options = parser.parse_args(arguments)
    print("| course | questions | answered | all lines | any line | short | declined |\n|---|---|---|---|---|---|---|")
    everything: list[AnswerVerdict] = []
    for name in options.course:
        verdicts = verdicts_of(COURSES / name, options.data, options.sample)
        report(name, figures_of(verdicts))
        everything += verdicts
    figures = figures_of(everything)
    for name, group in (("same language", SAME), ("across languages", ACROSS), ("all", ALL)):
        report(name, figures, group)


if __name__ == "__main__":
    main()
