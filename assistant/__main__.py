"""The command line of the assistant: ask, quiz, faq. Each command lives in a module of ``assistant.cli``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.cli import ask, faq, quiz
from assistant.settings import load_settings
from index import NotesError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, or 2 with one line on standard error."""
    places = argparse.ArgumentParser(add_help=False)
    places.add_argument("--notes", type=Path, metavar="DIR", help="folder of Markdown notes (default: content)")
    places.add_argument("--data", type=Path, metavar="DIR", help="folder for the index (default: .notes-data)")
    parser = argparse.ArgumentParser(prog="python -m assistant", description="Ask the notes.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (ask, quiz, faq):
        module.register(commands, places)
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
        given = {"dir": options.notes, "data_dir": options.data}
        settings = settings.model_copy(update={name: value for name, value in given.items() if value is not None})
        options.run(settings, options)
    except NotesError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
