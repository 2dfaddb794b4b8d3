"""The errors that index and assistant raise; every message may be read by a student.

NotesError
├── ContentError              a note cannot be read (carries file and line)
│   └── EmptyContentError     the folder holds no note
├── IndexUnavailableError     there is no usable index
│   ├── IndexMissingError     none was built
│   ├── IndexDamagedError     a file is truncated, changed or foreign
│   └── IndexMismatchError    built by another encoder or format version
├── StorageError              the data folder cannot be written (full disk, permissions)
├── EncoderUnavailableError   the encoder cannot be loaded
│   └── EncoderLostError      its process ended or hangs; it is started again
├── QuestionError             the question is empty or too long
├── SettingsError             a NOTES_* setting is unknown or wrong
├── GenerationError           the chat model did not answer
└── PackageMissingError       a package that only an extra brings along is not installed
"""

from pathlib import Path


class NotesError(Exception):
    """Root of all errors whose message is fit to be shown."""


class ContentError(NotesError):
    """A note that cannot be read, with its file and, where known, its line."""

    def __init__(self, reason: str, file: Path | str, line: int | None = None) -> None:
        self.reason = reason
        self.file = str(file)
        self.line = line
        place = self.file if line is None else f"{self.file}:{line}"
        super().__init__(f"{place}: {reason}")


class EmptyContentError(ContentError):
    """A folder without any note."""


class IndexUnavailableError(NotesError):
    """No usable index; the message names the command that repairs it."""

    def __init__(self, reason: str, folder: Path) -> None:
        self.reason = reason
        self.folder = folder
        super().__init__(f"{reason} ({folder}). Repair it with: python -m index build")


class IndexMissingError(IndexUnavailableError):
    """No index was built yet."""


class IndexDamagedError(IndexUnavailableError):
    """A file of the index is missing, truncated, changed or not ours."""


class IndexMismatchError(IndexUnavailableError):
    """The index was built with another encoder or by another version."""


class StorageError(NotesError):
    """The data folder cannot be written."""


class EncoderUnavailableError(NotesError):
    """The encoder cannot be loaded."""


class EncoderLostError(EncoderUnavailableError):
    """The encoder's process ended, hangs or is being started again: trying again may help."""


class QuestionError(NotesError):
    """A question that cannot be searched for: empty, or longer than the limit."""


class SettingsError(NotesError):
    """A setting that is unknown or holds a wrong value; the message names the variable."""


class GenerationError(NotesError):
    """The chat model failed, was too slow, or is not installed."""


class PackageMissingError(NotesError):
    """A package that only an extra brings along is not installed; the message names the command that installs it."""
