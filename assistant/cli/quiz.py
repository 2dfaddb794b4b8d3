"""``python -m assistant quiz``: items from the notes, printed, or exported for other programs."""

import argparse
import json
import sys
from typing import Any

from assistant.quiz.export import FORMATS, export
from assistant.quiz.leading.topics import places_of
from assistant.quiz.making.bank import QuizBank, draw
from assistant.quiz.records import Item, ItemKind
from assistant.settings import Settings
from index import CourseIndex, QuestionError, detect_language, open_or_build
from index.command_line import progress_bar
from index.language.languages import LANGUAGES

_MOST = 1000


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type
    """Add the command to ``commands``; ``places`` holds the options that all commands share."""
    command = commands.add_parser("quiz", parents=[places], help="quiz items from the notes")
    command.add_argument("--topic", metavar="TEXT", help="only the sections that answer this")
    command.add_argument("--module", metavar="N", help="only this module: its number or its name")
    command.add_argument("--count", type=int, default=5, metavar="N", help="how many items (default 5)")
    command.add_argument("--language", choices=LANGUAGES, help="default: the topic's, else ko")
    command.add_argument(
        "--kind", action="append", choices=[kind.value for kind in ItemKind], help="only this kind; repeatable"
    )
    command.add_argument("--seed", type=int, metavar="N", help="draw the same items again")
    command.add_argument("--format", choices=list(FORMATS), default="markdown", help="how to print (default markdown)")
    command.add_argument("--json", action="store_true", help="print one JSON list")
    command.set_defaults(run=run)


def run(settings: Settings, options: argparse.Namespace) -> None:
    """Draw items and print them.

    :raises QuestionError: If the count is out of range, or nothing fits.
    """
    if not 1 <= options.count <= _MOST:
        raise QuestionError(f"--count must be between 1 and {_MOST}, not {options.count}.")
    language = options.language or (detect_language(options.topic) if options.topic else "ko")
    items = _drawn(settings, options, language)
    if options.json:
        print(json.dumps([item.to_json() for item in items], ensure_ascii=False))
        return
    sys.stdout.write(export(items, options.format))


def _drawn(settings: Settings, options: argparse.Namespace, language: str) -> list[Item]:
    if options.topic is None:
        bank, places = QuizBank.read(settings.dir, settings.modules), ()
    else:
        index = CourseIndex.open(settings) if options.notes is None else open_or_build(settings, progress_bar())
        bank = QuizBank.from_notes(index.notes, settings.dir)
        places = places_of(index, options.topic)
        if not places:
            print("note: the notes say nothing on this topic.", file=sys.stderr)
            return []
    kinds = [ItemKind(name) for name in options.kind or ()]
    items = bank.select(language, places=places, module=options.module, kinds=kinds)
    if not items and options.module and not bank.select(language, module=options.module):
        names = "; ".join(bank.modules(language)) or "none in this language"
        raise QuestionError(f"There are no items in a module {options.module!r}; the modules are: {names}.")
    return draw(items, options.count, options.seed)
