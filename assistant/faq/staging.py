"""Puts uploaded notes aside, checks them, and swaps them in; keeps the notes as they were before. Builds no index.

Nothing that is uploaded is believed: names may not lead out of the folder, archives may not unpack to more than they
are allowed, and a file that is no readable note is told with its line instead of being taken.
"""

import contextlib
import difflib
import os
import shutil
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.faq.archives import MAX_FILES, Rejected, Upload, unpacked
from assistant.faq.errors import FaqError
from index import ContentError, EmptyContentError
from index.notes import note_paths, parse_note, read_note_text

VERSIONS_KEPT = 10
_STAGED, _VERSIONS = "staged-notes", "earlier-notes"
_LONGEST_DIFF_LINES = 400


class NotesFolderError(FaqError):
    """The folder of the notes, or the one of earlier versions, cannot be written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a note cannot be read: ``kind`` names the reason, ``line`` the place where it is known."""

    file: str
    kind: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class StagedNote:
    """A note that waits: ``state`` is ``new``, ``changed`` or ``same``; ``diff`` is in the unified form."""

    file: str
    state: str
    sections: int
    added: int
    removed: int
    diff: str


class StagedNotes:
    """The notes in ``folder``, uploads that wait in ``data``, and the earlier versions there."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self._staged = data / _STAGED
        self._versions = data / _VERSIONS

    def stage(self, uploads: Sequence[Upload]) -> list[Problem]:
        """Check ``uploads`` (Markdown and zip) and put what is fit aside, in place of what waited before.

        :returns: What was not taken, and why.
        :raises NotesFolderError: If it cannot be stored.
        """
        with _told(self._staged):
            self.discard()
            problems: list[Problem] = []
            for count, item in enumerate(unpacked(uploads)):
                if isinstance(item, Rejected):
                    problems.append(Problem(item.name, item.kind))
                elif count >= MAX_FILES:
                    return [*problems, Problem(item.name, "too_many")]
                else:
                    problems += self._take(item)
            return problems

    def _take(self, upload: Upload) -> Iterator[Problem]:
        file = self._place(upload.name)
        path = self._staged / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(upload.data)
        problem = _problem(path, upload.name)
        if problem:
            path.unlink()
            yield problem

    def _place(self, name: str) -> str:
        """Return where ``name`` belongs: in place of the only note of that name, else beside the other notes."""
        known = [path.relative_to(self._folder) for path in _notes_in(self._folder)]
        wanted = PurePosixPath(name)
        if any(path.as_posix() == name for path in known):
            return name
        same = [path for path in known if path.name == wanted.name]
        if len(same) == 1:
            return same[0].as_posix()
        folders = {path.parent for path in known}
        if len(wanted.parts) == 1 and len(folders) == 1:
            return (folders.pop() / name).as_posix()
        return name

    def waiting(self) -> list[StagedNote]:
        """Return what waits to go live, by file."""
        return [self._compared(path) for path in _notes_in(self._staged)]

    def _compared(self, path: Path) -> StagedNote:
        file = path.relative_to(self._staged).as_posix()
        text, live = read_note_text(path), self._folder / file
        before = _text_of(live)
        lines = list(difflib.unified_diff(before.splitlines(), text.splitlines(), "", "", lineterm="", n=2))[2:]
        state = "new" if not live.is_file() else "changed" if lines else "same"
        return StagedNote(
            file,
            state,
            len(parse_note(text, file).sections),
            sum(line.startswith("+") for line in lines),
            sum(line.startswith("-") for line in lines),
            "\n".join(lines[:_LONGEST_DIFF_LINES]),
        )

    def discard(self) -> None:
        """Forget what waits."""
        shutil.rmtree(self._staged, ignore_errors=True)

    def publish(self) -> str:
        """Put what waits in place and return the name of the version that was kept.

        :raises NotesFolderError: If a folder cannot be written; what is in place then is whole files.
        """
        with _told(self._folder):
            version = self._keep()
            for path in _notes_in(self._staged):
                _put(path, self._folder / path.relative_to(self._staged))
            self.discard()
            return version

    def versions(self) -> list[str]:
        """Return the names of the earlier versions, the latest first."""
        if not self._versions.is_dir():
            return []
        return sorted((path.name for path in self._versions.iterdir() if path.is_dir()), reverse=True)

    def restore(self, version: str) -> None:
        """Put an earlier version in place; notes that it does not hold are removed, and are in the version kept now.

        :raises NotesFolderError: If there is no such version, or a folder cannot be written.
        """
        if version not in self.versions():
            raise NotesFolderError(f"There is no earlier version {version}.")
        with _told(self._folder):
            self._keep(besides=version)
            source = self._versions / version
            wanted = {path.relative_to(source) for path in _notes_in(source)}
            for path in _notes_in(self._folder):
                if path.relative_to(self._folder) not in wanted:
                    path.unlink()
            for path in wanted:
                _put(source / path, self._folder / path)

    def _keep(self, besides: str = "") -> str:
        name = _name(time.time(), self.versions())
        for path in _notes_in(self._folder):
            _put(path, self._versions / name / path.relative_to(self._folder))
        for old in [version for version in self.versions() if version not in (name, besides)][VERSIONS_KEPT - 1 :]:
            shutil.rmtree(self._versions / old, ignore_errors=True)
        return name

    def problems(self) -> list[Problem]:
        """Return which notes in place cannot be read, where and why."""
        checked = (_problem(path, path.relative_to(self._folder).as_posix()) for path in _notes_in(self._folder))
        return [problem for problem in checked if problem]


def kind_of(error: ContentError) -> str:
    """Return the kind of problem, for which the pages have a sentence in both languages."""
    kinds = {"not UTF-8": "encoding", "not a text": "binary", "the note is": "too_large"}
    return next((kind for start, kind in kinds.items() if error.reason.startswith(start)), "unreadable")


def _problem(path: Path, name: str) -> Problem | None:
    try:
        read_note_text(path)
    except ContentError as error:
        return Problem(name, kind_of(error), error.line)
    return None


def _notes_in(folder: Path) -> list[Path]:
    try:
        return note_paths(folder)
    except EmptyContentError:
        return []


def _text_of(path: Path) -> str:
    try:
        return read_note_text(path) if path.is_file() else ""
    except ContentError:
        return ""


def _name(now: float, taken: Sequence[str]) -> str:
    name = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(now))
    return name if name not in taken else _name(now + 1, taken)


def _put(source: Path, target: Path) -> None:
    """Copy a file so that whoever reads ``target`` meanwhile finds the old or the new one, never half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    os.replace(part, target)


@contextlib.contextmanager
def _told(folder: Path) -> Generator[None]:
    """Turn errors of the file system into a sentence that names the folder."""
    try:
        yield
    except OSError as error:
        raise NotesFolderError(f"The folder {folder} cannot be written: {error.strerror}.") from error
