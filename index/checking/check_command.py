"""The command ``check``: how the notes were read, note by note."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from index.checking.note_report import CourseReport, NoteReport, report_on
from index.json_values import json_values
from index.reading.layout.not_notes import REASONS
from index.settings import IndexSettings

_NAMES = {"ko": "Korean", "en": "English"}


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type for it
    """Add the command to ``commands``."""
    command = commands.add_parser("check", parents=[places], help="say how each note was read, and what to look at")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(settings: IndexSettings, options: argparse.Namespace) -> None:
    """Print the report on the notes of ``settings``."""
    report = report_on(settings.dir, settings.modules)
    if options.json:
        print(json.dumps({**_as_json(report), "is_well": report.is_well}, ensure_ascii=False))
    else:
        print("\n".join(report_lines(report)))


def _as_json(report: CourseReport) -> dict[str, Any]:
    values: dict[str, Any] = json_values(report)
    values["passed_over"] = [{**row, "reason": REASONS[row["kind"]]} for row in values["passed_over"]]
    return values


def report_lines(report: CourseReport) -> Iterator[str]:
    """Yield the report as lines of text."""
    for site in report.sites:
        yield f"{site.config} makes a site: its notes are those in {site.notes}/."
    for note in report.notes:
        yield from _note_lines(note)
    blocks = {
        "Left out, as they cannot be used:": [str(item) for item in report.left_out],
        "Editions that do not pair:": list(report.unpaired),
        "Left out on purpose:": [str(item) for item in report.passed_over],
    }
    for title, sentences in blocks.items():
        if sentences:
            yield ""
            yield title
            yield from (f"  {sentence}" for sentence in sentences)
    yield ""
    remarks = sum(len(note.remarks) for note in report.notes)
    sections = sum(note.sections for note in report.notes)
    found = "all is well" if report.is_well else f"{remarks + len(report.left_out) + len(report.unpaired)} to look at"
    yield f"{len(report.notes)} notes, {sections} sections: {found}."


def _note_lines(note: NoteReport) -> Iterator[str]:
    dialects = f", {', '.join(note.dialects)}" if note.dialects else ""
    count = f"{note.sections} section{'' if note.sections == 1 else 's'}"
    yield f"{note.file}: {count}, {_NAMES.get(note.language, note.language)}{dialects}"
    yield from (f"  module: {module}" for module in note.modules)
    yield from (f"  {remark}" for remark in note.remarks)
