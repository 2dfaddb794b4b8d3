"""The command line of the assistant: ask, quiz, faq, evaluate. Each command lives in a module of ``assistant.cli``."""

import sys
from collections.abc import Sequence

from assistant.cli import ask, evaluate, faq, quiz
from assistant.settings import load_settings
from index.command_line import CommandParser, exit_code, given_places, places_parser


def main(arguments: Sequence[str] | None = None, program: str = "python -m assistant") -> int:
    """Run one command and return the exit code: 0, or 2 with one line on standard error.

    :param program: What was typed, for the help.
    """
    places = places_parser()
    parser = CommandParser(prog=program, description="Ask the notes.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (ask, quiz, faq, evaluate):
        module.register(commands, places)
    options = parser.parse_args(arguments)

    def command() -> None:
        options.run(load_settings().model_copy(update=given_places(options)), options)

    return exit_code(command, options)


if __name__ == "__main__":
    sys.exit(main())
