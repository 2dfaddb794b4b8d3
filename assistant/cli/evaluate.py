"""``python -m assistant evaluate``: how well an instructor's own questions are answered from the notes."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluating.figures import Figures, figures_of
from assistant.evaluating.marking import Marker, Places
from assistant.evaluating.question_files import read_question_rows
from assistant.evaluating.verdicts import AnswerVerdict, ask_all
from assistant.serving.factory import create_assistant
from assistant.settings import Settings
from index import CourseIndex, open_or_build
from index.command_line import progress_bar
from index.evaluating.intervals import Estimate
from index.reading.notes import read_notes

_SHARES = ("answered", "all_lines", "any_line", "short")
_SHOWN_CHARACTERS = 100


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type
    """Add the command to ``commands``; ``places`` holds the options that all commands share."""
    command = commands.add_parser(
        "evaluate", parents=[places], help="measure the answers to questions whose answers you have marked in the notes"
    )
    command.add_argument(
        "--questions", type=Path, required=True, metavar="FILE", help="a .csv or .jsonl file; see docs/evaluation.md"
    )
    command.add_argument("--misses", action="store_true", help="list what was wanted and quoted where they differ")
    command.add_argument("--json", action="store_true", help="print JSON, the misses included")
    command.set_defaults(run=run)


def run(settings: Settings, options: argparse.Namespace) -> None:
    """Ask, judge and print.

    :raises ContentError: If a row of the questions is wrong, or the notes are missing.
    """
    rows = read_question_rows(options.questions)
    questions = Marker(read_notes(settings.dir, settings.modules), options.questions).mark(
        rows
    )  # before an index takes its minutes
    course_index = open_or_build(settings, progress_bar())
    assistant = create_assistant(settings, course_index)
    assistant.warm_up()
    verdicts = ask_all(assistant, questions, progress_bar(doing="asking", unit="questions"))
    figures = figures_of(verdicts)
    if options.json:
        print(json.dumps(_as_json(assistant.engine, figures, verdicts, course_index), ensure_ascii=False))
        return
    print("\n".join(_report(figures, verdicts)))
    misses = [verdict for verdict in verdicts if verdict.is_miss]
    if options.misses:
        print("\n".join(line for miss in misses for line in _miss_lines(miss, course_index)))
    elif misses:
        print(f"{len(misses)} misses; --misses lists them.")


def _report(figures: Figures, verdicts: Sequence[AnswerVerdict]) -> Iterator[str]:
    """Yield the lines of the report: the time, and a table for each sort of question."""
    times = _times(verdicts)
    yield f"{len(verdicts)} questions; an answer takes {times['median']:.2f} s (median), {times['p95']:.2f} s (95%)"
    yield ""
    groups = [*figures.answerable, *figures.others]
    width = max(map(len, [*groups, "in the notes", "not in the notes"])) + 2
    if figures.answerable:
        heads = "".join(f"{name.replace('_', ' '):>20}" for name in (*_SHARES, "lines"))
        yield f"{'in the notes':{width}}{'n':>5}{heads}"
        for group, row in figures.answerable.items():
            shares = "".join(f"{_cell(getattr(row, name), 3):>20}" for name in _SHARES)
            yield f"{group:{width}}{row.count:>5}{shares}{_cell(row.lines, 1):>20}"
        yield ""
    if figures.others:
        yield f"{'not in the notes':{width}}{'n':>5}{'declined':>20}"
        for group, others in figures.others.items():
            yield f"{group:{width}}{others.count:>5}{_cell(others.declined, 3):>20}"
        yield ""


def _cell(value: Estimate, digits: int) -> str:
    if value.mean != value.mean:  # of nothing
        return "–"
    return f"{value.mean:.{digits}f} [{value.low:.2f}, {value.high:.2f}]"


def _miss_lines(miss: AnswerVerdict, course_index: CourseIndex) -> Iterator[str]:
    question = miss.question
    yield f"row {question.row}: {' → '.join((*question.history, question.query))}"
    wanted = question.ways[0] if question.ways else frozenset[tuple[str, int]]()
    yield from _side("wanted", wanted, "nothing, the notes don't say", course_index)
    yield from _side("quoted", miss.quoted, "nothing" if miss.answered else "declined", course_index)
    yield ""


def _side(name: str, places: Places, otherwise: str, course_index: CourseIndex) -> Iterator[str]:
    """Yield what stands at ``places``, a line each, or what to say instead."""
    if not places:
        yield f"  {name}  {otherwise}"
    for number, (file, line) in enumerate(sorted(places)):
        text = course_index.note(file).quote(line, line).strip()
        shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
        yield f"  {'' if number else name:6}  {file}:{line}  {shown}"


def _as_json(
    engine: str, figures: Figures, verdicts: Sequence[AnswerVerdict], course_index: CourseIndex
) -> dict[str, Any]:
    misses = [
        {
            "id": verdict.question.identifier,
            "row": verdict.question.row,
            "question": verdict.question.query,
            "kind": verdict.question.kind,
            "answered": verdict.answered,
            "wanted": [_places_json(way, course_index) for way in verdict.question.ways],
            "quoted": _places_json(verdict.quoted, course_index),
        }
        for verdict in verdicts
        if verdict.is_miss
    ]
    return {
        "questions": len(verdicts),
        "engine": engine,
        "seconds": _times(verdicts),
        **figures.to_json(),
        "misses": misses,
    }


def _places_json(places: Places, course_index: CourseIndex) -> list[dict[str, Any]]:
    return [
        {"file": file, "line": line, "text": course_index.note(file).quote(line, line)} for file, line in sorted(places)
    ]


def _times(verdicts: Sequence[AnswerVerdict]) -> dict[str, float]:
    seconds = [verdict.seconds for verdict in verdicts]
    return {"median": float(np.median(seconds)), "p95": float(np.percentile(seconds, 95))}
