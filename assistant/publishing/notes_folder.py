"""Changes the notes in force, whole or not at all: also if the disk is full or the program is killed half-way.

A change is written beside the notes first, under hidden names; then a journal says what is about to be put in place;
then every file is switched by renaming, the earlier one kept under a hidden name. While the journal is there the change
is not final: :meth:`NotesFolder.undo` renames back, which needs no room on the disk, and so does the next start
(:meth:`NotesFolder.recover`). :meth:`NotesFolder.finish` removes the journal, and with it the way back.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.faq.errors import FaqError
from index.json_values import json_values, record_of

JOURNAL = "notes-journal.json"
_LOCK = "notes.lock"
_HIDDEN = re.compile(r"^\.notes-[0-9a-f]{20}\.(?:new|old|half)$")


class NotesFolderError(FaqError):
    """The folder of the notes, or the one of earlier versions, cannot be read or written."""


class NotesBusyError(NotesFolderError):
    """Another change of the notes is under way."""

    def __init__(self) -> None:
        super().__init__("The notes are being changed or read. Please try again in a moment.")


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """What happens to one file of the notes: it ``comes``, or goes; ``was_there`` says whether it stood before."""

    path: str
    comes: bool
    was_there: bool


class NotesFolder:
    """The folder of the notes as something that is changed; journal and lock lie in ``data``."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self._journal = data / JOURNAL
        self._lock = data / _LOCK

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """Hold off every other change, of this program and of others.

        :raises NotesBusyError: If one is under way.
        :raises NotesFolderError: If the data folder cannot be written.
        """
        with translated(self._lock.parent):
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._lock)
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise NotesBusyError from error
        try:
            yield
        finally:
            lock.release()

    def begin(self, puts: Mapping[str, Path], removes: Sequence[str] = ()) -> None:
        """Put files in place, by their paths below the folder, and take others away; not final before :meth:`finish`.

        :raises NotesFolderError: If that cannot be done; everything is as it was then.
        """
        steps = [ChangeStep(path, comes=True, was_there=(self.folder / path).exists()) for path in puts]
        steps += [ChangeStep(path, comes=False, was_there=True) for path in removes]
        with translated(self.folder):
            try:
                for path, source in puts.items():
                    _copy(source, self._beside(path, "new"))
                _write(self._journal, json.dumps(json_values(steps)))
            except OSError:
                self._clear(steps)
                raise
            try:
                for step in steps:
                    self._switch(step)
            except OSError:
                self.undo()
                raise

    def _switch(self, step: ChangeStep) -> None:
        target, old = self.folder / step.path, self._beside(step.path, "old")
        if step.was_there:
            old.unlink(missing_ok=True)
            try:
                os.link(target, old, follow_symlinks=False)
            except OSError:  # a file system without links
                half = self._beside(step.path, "half")
                _copy(target, half)
                os.replace(half, old)
        if step.comes:
            os.replace(self._beside(step.path, "new"), target)
        else:
            target.unlink()
        _flush(target.parent)

    def finish(self) -> None:
        """Make the change final.

        :raises NotesFolderError: If the journal cannot be removed; then the change is not final.
        """
        with translated(self._journal.parent):
            steps = self._steps()
            self._journal.unlink(missing_ok=True)
            _flush(self._journal.parent)
        self._clear(steps)

    def undo(self) -> None:
        """Put everything back as it was before :meth:`begin`; may be done again where it could not be finished.

        :raises NotesFolderError: If a file cannot be put back; the journal stays.
        """
        with translated(self.folder):
            steps = self._steps()
            for step in steps:
                target, old = self.folder / step.path, self._beside(step.path, "old")
                if old.exists():
                    os.replace(old, target)
                elif step.comes and not step.was_there:
                    target.unlink(missing_ok=True)
            self._journal.unlink(missing_ok=True)
            _flush(self._journal.parent)
        self._clear(steps)

    def recover(self) -> bool:
        """Put back what a change that was killed half-way left behind; return whether there was one.

        :raises NotesFolderError: If that cannot be done.
        """
        found = self._journal.exists()
        if found:
            self.undo()
        with contextlib.suppress(OSError):  # files that nobody reads
            for at, _, files in os.walk(self.folder):
                for file in filter(_HIDDEN.match, files):
                    Path(at, file).unlink(missing_ok=True)
        return found

    def _steps(self) -> list[ChangeStep]:
        """Return what the journal says; nothing where it is damaged: it is written before the first switch."""
        try:
            return record_of(list[ChangeStep], json.loads(self._journal.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return []
        except ValueError as error:
            raise NotesFolderError(
                f"The journal {self._journal} is damaged; look at the notes, then delete it."
            ) from error

    def _clear(self, steps: Sequence[ChangeStep]) -> None:
        for step in steps:
            for kind in ("new", "old", "half"):
                with contextlib.suppress(OSError):  # hidden, and looked for again at the next start
                    self._beside(step.path, kind).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # not empty
                for parent in Path(step.path).parents[:-1]:
                    (self.folder / parent).rmdir()

    def _beside(self, path: str, kind: str) -> Path:
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:20]
        return (self.folder / path).with_name(f".notes-{digest}.{kind}")


@contextlib.contextmanager
def translated(folder: Path) -> Generator[None]:
    """Turn errors of the file system into a sentence that names the folder."""
    try:
        yield
    except OSError as error:
        raise NotesFolderError(f"The folder {folder} cannot be written: {error.strerror}.") from error


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, path)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    """Let the names in ``folder`` reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
