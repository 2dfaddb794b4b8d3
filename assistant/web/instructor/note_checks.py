"""What the content page says of each note in force: how it was read, and what of it wants looking at."""

import threading
from collections.abc import Sequence
from pathlib import Path

from index import Note
from index.checking.note_report import NoteReport, report_on_note
from index.checking.targets import known_names


class NoteChecks:
    """The reports on the notes in force, made anew when these change, or the files beside them in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._made: tuple[Sequence[Note], frozenset[str], list[NoteReport]] | None = None

    def reports(self, notes: Sequence[Note]) -> list[NoteReport]:
        """Return the report on each of ``notes``, in order."""
        names = known_names(self._folder)
        with self._lock:
            if self._made is None or self._made[0] is not notes or self._made[1] != names:
                self._made = notes, names, [report_on_note(note, names) for note in notes]
            return self._made[2]
