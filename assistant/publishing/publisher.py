"""Publishes what waits and brings earlier notes back: whole, proven by reading them, or taken back and told."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.publishing.earlier_notes import EarlierNotes, files_of
from assistant.publishing.notes_folder import NotesFolder, NotesFolderError
from assistant.publishing.notices import Notices, PublishingOutcome
from assistant.publishing.staging import StagedNotes, digest_of
from index import EmptyContentError
from index.reading.figure_names import figure_type
from index.reading.layout.note_files import find_notes
from index.reading.note_names import note_stem

_COPIES = ".publishing-notes"
#: Reads the notes that are in place, and returns why that failed, "" where it did not.
Read = Callable[[], str]


class Publishing:
    """Changes of the notes in ``folder``, one at a time; what they need lies in ``data``."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self._place = NotesFolder(folder, data)
        self._copies = data / _COPIES
        self.staged = StagedNotes(folder, data)
        self.earlier = EarlierNotes(folder, data)
        self.notices = Notices(data)

    def recover(self) -> None:
        """Put back what a change that was killed half-way left behind, and remember to tell of it. For the start.

        :raises NotesFolderError: If that cannot be done, or another program is changing the notes.
        """
        with self._place.alone():
            if self._place.recover():
                self.notices.tell(PublishingOutcome("interrupted"))

    def publish(self, read: Read) -> None:
        """Put what waits in force if ``read`` can read it; else everything is as before, and waits on.

        :raises NotesBusyError: If another change is under way. How this one ended is among the notices.
        :raises NotesFolderError: If what waits cannot be read.
        """
        with self._place.alone():
            waiting = self.staged.copy(self._copies)
            try:
                known = _paths_by_stem(self._folder)
                puts = {known.get(note_stem(name), name): path for name, path in waiting.items()}
                if waiting and self._change("published", puts, (), read):
                    try:
                        self.staged.published({name: digest_of(path) for name, path in waiting.items()})
                    except NotesFolderError as error:  # they are in force, and wait on beside that
                        self.notices.tell(PublishingOutcome("published", str(error)))
            finally:
                shutil.rmtree(self._copies, ignore_errors=True)

    def restore(self, version: str, read: Read) -> None:
        """Put an earlier version in force if ``read`` can read it; notes that it does not hold go.

        :raises NotesBusyError: If another change is under way.
        :raises NotesFolderError: If there is no such version. How the change ended is among the notices.
        """
        with self._place.alone():
            puts = self.earlier.files(version)
            removes = [path for path in files_of(self._folder) if path not in puts]
            self._change("restored", puts, removes, read)

    def _change(self, kind: str, puts: Mapping[str, Path], removes: Sequence[str], read: Read) -> bool:
        """Make a change; return whether it is final."""
        done, kept, reason = False, "", ""
        try:
            self._place.recover()
            kept = self.earlier.keep([path for path in puts if figure_type(path)])
            self._place.begin(puts, removes)
            reason = read()
            if not reason:
                self._place.finish()
                done = True
                self.earlier.forget_oldest()
        except NotesFolderError as error:
            reason = str(error)
        finally:  # whatever went wrong while reading, the notes do not stay as they are
            if done:
                self.notices.tell(PublishingOutcome(kind, reason))
            else:
                self._take_back(kept, reason, read)
        return done

    def _take_back(self, kept: str, reason: str, read: Read) -> None:
        try:
            self._place.undo()
        except NotesFolderError as error:
            self.notices.tell(PublishingOutcome("stuck", f"{reason} {error}".strip()))
            return
        if kept:
            self.earlier.forget(kept)
        self.notices.tell(PublishingOutcome("failed", reason))
        read()


def _paths_by_stem(folder: Path) -> dict[str, str]:
    """Return where each note lies, as written there, by the stem of its name."""
    try:
        return {
            note_stem(note.name): note.path.relative_to(folder).as_posix()
            for note in find_notes(folder, whole=True).notes
        }
    except EmptyContentError:
        return {}
