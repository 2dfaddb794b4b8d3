"""The entry point: ``python app.py`` serves; installed, ``ask-the-notes`` passes commands on to what does the work."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.command_line import CommandParser, given_places, places_parser

_OF_INDEX = {
    "build": "read the notes and build or update the index",
    "search": "find the sections that answer a question",
    "check": "say how each note was read, and what to look at",
    "import": "make notes of PDF, slides, Word, HTML, notebooks, tables",
    "info": "say what the index holds",
}
_OF_ASSISTANT = {
    "ask": "answer a question from the notes",
    "quiz": "make quiz items from the notes",
    "faq": "list, export and import the instructor's answers; add accounts",
    "evaluate": "measure answers on your own questions",
}
_SERVE = "serve the chat, the other pages and the HTTP API"


def command(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, or 2 with one line on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = CommandParser(prog="ask-the-notes", description="Answers questions from a folder of Markdown notes.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, purpose in {"serve": _SERVE, **_OF_INDEX, **_OF_ASSISTANT}.items():
        commands.add_parser(name, help=purpose, add_help=False)
    name = parser.parse_args(given[:1]).command
    # Each part is imported only where it is asked for: together they take seconds.
    if name in _OF_INDEX:
        from index.__main__ import main as run
    elif name in _OF_ASSISTANT:
        from assistant.__main__ import main as run
    else:
        return _serve(given[1:])
    return run(given, parser.prog)


def main(places: Mapping[str, Path] | None = None) -> int:
    """Serve until interrupted; return the exit code: 0, or 2 after one line on standard error.

    :param places: Folders that go before those of the settings, by the settings' names.
    """
    from assistant.web.running import run

    return run(places)


def _serve(arguments: Sequence[str]) -> int:
    parser = CommandParser(prog="ask-the-notes serve", parents=[places_parser()], description=f"Serves{_SERVE[5:]}.")
    options = parser.parse_args(arguments)
    return main(given_places(options))


if __name__ == "__main__":
    sys.exit(main())
