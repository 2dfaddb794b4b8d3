"""What the commands of index and assistant share: options for the places, errors in one line, exit codes, pipes."""

import argparse
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TextIO

from tqdm import tqdm

from index.border import clean_text
from index.errors import IndexUnavailableError, NotesError

_PLACES = {"notes": "dir", "data": "data_dir", "encoder": "encoder"}


class CommandParser(argparse.ArgumentParser):
    """A parser that reports bad usage in one line, with exit code 2; its subcommands do so too."""

    def error(self, message: str) -> NoReturn:
        """Print ``message`` and exit."""
        self.exit(2, f"error: {message} (see {self.prog} --help)\n")


def places_parser() -> CommandParser:
    """Return the parser of the options that say where notes and index are; a parent of every command's."""
    places = CommandParser(add_help=False)
    places.add_argument("--notes", type=Path, metavar="DIR", help="folder of Markdown notes (default: content)")
    places.add_argument("--data", type=Path, metavar="DIR", help="folder for the index (default: .notes-data)")
    return places


def given_places(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the options for the places say, by the names of the settings; what was not given is left out."""
    given = {setting: getattr(options, option, None) for option, setting in _PLACES.items()}
    return {setting: value for setting, value in given.items() if value is not None}


def exit_code(command: Callable[[], None], options: argparse.Namespace) -> int:
    """Run ``command`` and return the exit code: 0, 2 with one line on standard error, 130 after an interruption.

    :param options: Their texts pass the border first. Repeated in the command that repairs an unusable index, so that
        it repairs the one asked for.
    """
    try:
        _clean(options)
        command()
        if sys.stdout:  # None where it was closed before the start
            sys.stdout.flush()  # a little text breaks the pipe only here
    except BrokenPipeError:  # the reader of a pipe stopped listening; Python must not try to flush to it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (NotesError, OSError, UnicodeEncodeError) as error:
        print(f"error: {_told(error, options)}", file=sys.stderr)
        _give_up_output()
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _told(error: NotesError | OSError | UnicodeEncodeError, options: argparse.Namespace) -> str:
    """Return the sentence for ``error``; where nobody nearer has one, what failed (a file, a disk) and why."""
    if isinstance(error, IndexUnavailableError):  # its message ends with the command that repairs the default index
        return f"{error}{_repeated(options)}"
    if isinstance(error, UnicodeEncodeError):
        return f"the output takes only {error.encoding}; set PYTHONIOENCODING=utf-8."
    if isinstance(error, OSError):
        reason = error.strerror or str(error) or type(error).__name__
        return f"{error.filename}: {reason}." if error.filename else f"{reason}."
    return str(error)


def _give_up_output() -> None:
    """Let what could not be written go, so that Python does not try again at exit and fail."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _clean(options: argparse.Namespace) -> None:
    """Let the texts among ``options`` pass the border; the names of files are for the file system to judge.

    :raises NotTextError: If one of them is no text, as where a terminal speaks no UTF-8.
    """
    for option, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, option, clean_text(value))


def _repeated(options: argparse.Namespace) -> str:
    given = ((option, getattr(options, option, None)) for option in _PLACES)
    return "".join(f" --{option} {shlex.quote(str(value))}" for option, value in given if value is not None)


def progress_bar(
    stream: TextIO = sys.stderr, doing: str = "encoding", unit: str = "texts"
) -> Callable[[int, int], object]:
    """Return a callback that draws a progress bar on a terminal, and nothing elsewhere."""
    bar: tqdm[Any] | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:  # the first, and one more for the known questions
            bar = tqdm(total=total, unit=f" {unit}", file=stream, disable=not stream.isatty(), desc=doing)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()
            bar = None

    return show
