"""Watches that the file of an open SQLite database is still the one at its path; opens no database."""

import os
import threading
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class FileState(str, Enum):
    """What became of the file at the path of an open database."""

    SAME = "same"
    GONE = "gone"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class _Identity:
    device: int
    number: int


class DatabaseFile:
    """The file that a database was opened from. SQLite itself goes on writing into one that was moved or deleted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._opened = self._found()

    def state(self) -> FileState:
        """Return whether the file at the path is the one that was opened."""
        found = self._found()
        with self._lock:
            if found is not None and found == self._opened:
                return FileState.SAME
        # An empty one is on its way: somebody is copying a database there.
        return FileState.ANOTHER if found is not None and self._size() else FileState.GONE

    def take_up(self) -> None:
        """Note that the file that is there now is the one that was opened."""
        found = self._found()
        with self._lock:
            self._opened = found

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def _found(self) -> _Identity | None:
        try:
            status = os.stat(self.path)
        except OSError:  # gone, or a folder above it is
            return None
        return _Identity(status.st_dev, status.st_ino)
