"""Reads pictures of pages through the program tesseract, where it is installed, in Korean and English."""

import shutil
import subprocess
from functools import cache

from index.errors import NotesError

_PROGRAM = "tesseract"
_LANGUAGES = ("kor", "eng")
_SECONDS = 60
#: A page as one column of lines of any size: left to find the layout itself, the program took lines of Korean apart.
_LAYOUT = "4"


class OcrError(NotesError):
    """The program failed or was too slow; the page is told as one that was not read."""


@cache
def _languages() -> str:
    """Return which of the languages are installed, joined as the program wants them; ``""`` without the program."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return ""
    try:
        listed = subprocess.run(  # no shell, a program of the system  # nosec B603
            [program, "--list-langs"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "+".join(name for name in _LANGUAGES if name in listed.stdout.split())


def has_ocr() -> bool:
    """Return whether pictures can be read here."""
    return bool(_languages())


def ocr_paragraphs(picture: bytes) -> tuple[str, ...]:
    """Return the paragraphs on a picture, each on one line.

    :raises OcrError: If the program fails.
    """
    program = shutil.which(_PROGRAM) or _PROGRAM
    try:
        ran = subprocess.run(  # no shell, a program of the system  # nosec B603
            [program, "stdin", "stdout", "-l", _languages(), "--psm", _LAYOUT],
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise OcrError(str(error)) from error
    text = ran.stdout.decode("utf-8", "replace")
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())
