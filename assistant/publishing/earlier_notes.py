"""Keeps the notes as they were before each change, whole versions only."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.publishing.notes_folder import NotesFolderError, translated
from assistant.publishing.pictures import pictures_below
from index import EmptyContentError
from index.reading.layout.note_files import find_notes

VERSIONS_KEPT = 10
FOLDER = "earlier-notes"
_PART = ".part"


class EarlierNotes:
    """The earlier versions of the notes in ``folder``; they lie in ``data``."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self._versions = data / FOLDER

    def names(self) -> list[str]:
        """Return the names of the versions, the latest first.

        :raises NotesFolderError: If they cannot be looked for.
        """
        with translated(self._versions):
            if not self._versions.is_dir():
                return []
            found = (path.name for path in self._versions.iterdir() if path.is_dir())
            return sorted((name for name in found if not name.startswith(".")), reverse=True)

    def keep(self, pictures: Sequence[str] = ()) -> str:
        """Keep the notes, and those ``pictures`` that are about to be replaced, as they are; return the version's name.

        :raises NotesFolderError: If they cannot be copied; then there is no such version.
        """
        name = _name(time.time(), self.names())
        with translated(self._versions):
            part = self._versions / _PART
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            try:
                kept = {path: self._folder / path for path in pictures if (self._folder / path).is_file()}
                for path, source in {**kept, **files_of(self._folder)}.items():
                    target = part / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, target)
                part.rename(self._versions / name)
            except OSError:
                shutil.rmtree(part, ignore_errors=True)
                raise
        return name

    def files(self, version: str) -> dict[str, Path]:
        """Return the files of a version by their place; pictures as they were then, where they were replaced since.

        :raises NotesFolderError: If there is no such version.
        """
        if version not in self.names():
            raise NotesFolderError(f"There is no earlier version {version}.")
        files = files_of(self._versions / version, whole=True)
        for later in sorted(name for name in self.names() if name >= version):
            for path, source in pictures_below(self._versions / later).items():
                files.setdefault(path, source)
        return files

    def forget(self, version: str) -> None:
        """Remove a version, as far as that can be done."""
        shutil.rmtree(self._versions / version, ignore_errors=True)

    def forget_oldest(self) -> None:
        """Keep no more versions than ``VERSIONS_KEPT``."""
        for old in self.names()[VERSIONS_KEPT:]:
            self.forget(old)


def files_of(folder: Path, *, whole: bool = False) -> dict[str, Path]:
    """Return every file below ``folder`` that is a note, also those that are not read, by its place as written.

    :param whole: What ends as a note does is one: the folder holds nothing else.
    """
    try:
        found = find_notes(folder, whole=whole)
    except EmptyContentError:
        return {}
    paths = [*(note.path for note in found.notes), *(double.path for double in found.doubles)]
    return {path.relative_to(folder).as_posix(): path for path in paths}


def _name(now: float, taken: list[str]) -> str:
    name = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(now))
    return name if name not in taken else _name(now + 1, taken)
