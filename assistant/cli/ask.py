"""``python -m assistant ask``: one question, or a batch."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, cast

from assistant.records import Answer
from assistant.serving.assistant import Assistant
from assistant.serving.factory import create_assistant
from assistant.settings import Settings
from index import ContentError, CourseIndex, QuestionError, open_or_build
from index.__main__ import read_batch
from index.command_line import progress_bar


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type
    """Add the command to ``commands``; ``places`` holds the options that all commands share."""
    command = commands.add_parser("ask", parents=[places], help="answer a question from the notes")
    command.add_argument("question", nargs="?", help="the question")
    command.add_argument(
        "--batch", type=Path, metavar="FILE", help='JSON Lines with {"id", "query"}, "history" and "module" if wanted'
    )
    command.add_argument("--module", metavar="NAME", help="only this module, such as 'Module 3'")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def open_assistant(settings: Settings, options: argparse.Namespace) -> Assistant:
    """Return the assistant over the index of ``settings``; with ``--notes`` the index is built first if need be."""
    if options.notes is None:
        return create_assistant(settings, CourseIndex.open(settings))
    return create_assistant(settings, open_or_build(settings, progress_bar()))


def run(settings: Settings, options: argparse.Namespace) -> None:
    """Answer and print."""
    if (options.question is None) == (options.batch is None):
        raise QuestionError("Give either a question or --batch FILE.")
    rows = [_checked(row, options.batch) for row in read_batch(options.batch)] if options.batch else None
    assistant = open_assistant(settings, options)
    if rows is None:
        answer = assistant.ask(options.question, module=options.module)
        if answer.notice:
            print(f"note: {answer.notice}", file=sys.stderr)
        print(json.dumps(answer.to_json(), ensure_ascii=False) if options.json else answer.text)
        return
    for row in rows:
        print(json.dumps(_answered(assistant, row, options.module), ensure_ascii=False), flush=True)


def _checked(row: dict[str, Any], batch: Path) -> dict[str, Any]:
    """Return ``row``.

    :raises ContentError: If its history is no list of questions, or its module no name.
    """
    history: object = row.get("history") or []
    module: object = row.get("module") or ""
    if not isinstance(history, list) or not all(
        isinstance(question, str) for question in cast("list[object]", history)
    ):
        raise ContentError(f'row {row["id"]}: "history" must be a list of questions', batch)
    if not isinstance(module, str):
        raise ContentError(f'row {row["id"]}: "module" must be a text', batch)
    return row


def _answered(assistant: Assistant, row: dict[str, Any], module: str | None) -> dict[str, Any]:
    """Return the answer to ``row``; its history is asked anew, and its module goes before that of the command."""
    module = row.get("module") or module
    try:
        answer = assistant.ask(row["query"], module=module, history=assistant.replay(row.get("history") or [], module))
    except QuestionError as error:
        print(f"warning: {row['id']}: {error}", file=sys.stderr)
        answer = Answer(row["query"], "en", False, str(error), (), (), (), 0.0, "extractive", 0.0)
    return answer.to_json(row["id"])
