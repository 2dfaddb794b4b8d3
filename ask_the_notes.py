"""The command that installing makes, ``ask-the-notes``: passes each of its commands on to what does the work."""

import sys
from collections.abc import Sequence

from index.command_line import CommandParser, given_places, places_parser

_OF_INDEX = {
    "build": "read the notes and build or update the index",
    "search": "find the sections that answer a question",
    "info": "say what the index holds",
}
_OF_ASSISTANT = {
    "ask": "answer a question from the notes",
    "quiz": "make quiz items from the notes",
    "faq": "list, export and import the instructor's answers; add accounts",
    "evaluate": "measure answers on your own questions",
}
_SERVE = "serve the chat, the other pages and the HTTP API"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, or 2 with one line on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = CommandParser(prog="ask-the-notes", description="Answers questions from a folder of Markdown notes.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, purpose in {"serve": _SERVE, **_OF_INDEX, **_OF_ASSISTANT}.items():
        commands.add_parser(name, help=purpose, add_help=False)
    command = parser.parse_args(given[:1]).command
    # Each part is imported only where it is asked for: together they take seconds.
    if command in _OF_INDEX:
        from index.__main__ import main as run
    elif command in _OF_ASSISTANT:
        from assistant.__main__ import main as run
    else:
        return _serve(given[1:])
    return run(given, parser.prog)


def _serve(arguments: Sequence[str]) -> int:
    parser = CommandParser(prog="ask-the-notes serve", parents=[places_parser()], description=f"Serves{_SERVE[5:]}.")
    options = parser.parse_args(arguments)
    from app import main as serve

    return serve(given_places(options))


if __name__ == "__main__":
    sys.exit(main())
