"""The one rule of names: which files are notes, what a note is called, and which names are one note.

A name is in Unicode's composed form (NFC), whatever the system wrote that a file comes from: macOS takes Hangul apart
(NFD), and a name that looks the same would be another. Limits count bytes, as file systems do.
"""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.errors import EmptyContentError

SUFFIXES = (".md", ".markdown")
#: File systems allow 255 bytes a part; what is put in place atomically needs a longer name for a moment.
PART_BYTES = 240
NAME_BYTES = 800


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A note's ``name``, composed and relative to the folder of the notes, and the ``path`` that it lies at."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Double:
    """A file that is not read, as ``kept`` is, which is the same note; ``kept`` is None where a name is no UTF-8.

    ``name`` is fit to be shown, ``path`` is where the file lies.
    """

    name: str
    kept: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class NotesFound:
    """The notes of a folder in a stable order, every note once, and the files that are not read."""

    notes: tuple[NoteFile, ...]
    doubles: tuple[Double, ...]


def is_note(name: str) -> bool:
    """Return whether a file called ``name`` is a note by its ending, in capitals or not."""
    return name.lower().endswith(SUFFIXES)


def composed(name: str) -> str:
    """Return ``name`` with composed letters."""
    return unicodedata.normalize("NFC", name)


def note_stem(name: str) -> str:
    """Return the composed ``name`` without its ending: equal for names that are one note."""
    name = composed(name)
    return next((name[: -len(suffix)] for suffix in SUFFIXES if name.lower().endswith(suffix)), name)


def wrong_with(name: str) -> str:
    """Return what is wrong with the composed ``name`` of a note to be: ``""``, or the kind of problem.

    ``unsafe_name``: it leads out of its folder, hides, or holds what no name should; ``long_name``: a file system
    would refuse it; ``not_markdown``: another kind of file.
    """
    parts = name.split("/")
    is_safe = (
        name.isprintable()
        and ":" not in name
        and not PurePosixPath(name).is_absolute()
        and all(part and not part.startswith(".") and part == part.strip() for part in parts)
    )
    if not is_safe:
        return "unsafe_name"
    if len(name.encode()) > NAME_BYTES or any(len(part.encode()) > PART_BYTES for part in parts):
        return "long_name"
    return "" if is_note(name) else "not_markdown"


def find_notes(folder: Path) -> NotesFound:
    """Return the notes below ``folder``, hidden files and folders left out.

    Of several files that are one note, the one with the composed name is read, else the one with the usual ending.

    :raises EmptyContentError: If the folder does not exist or holds no note.
    """
    if not folder.is_dir():
        raise EmptyContentError("this folder of notes does not exist; name yours with NOTES_DIR or --notes", folder)
    chosen: dict[str, tuple[tuple[bool, int, str], NoteFile]] = {}
    unread: list[Double] = []
    for path, written in sorted(_files_below(folder)):
        if not _is_utf8(written):
            unread.append(Double(os.fsencode(written).decode("utf-8", "backslashreplace"), None, path))
            continue
        name = composed(written)
        rank = (name != written, len(name), written)
        stem = note_stem(name)
        if stem in chosen:
            better, worse = sorted([chosen[stem], (rank, NoteFile(name, path))], key=lambda pair: pair[0])
            chosen[stem] = better
            unread.append(Double(worse[0][2], better[1].name, worse[1].path))
        else:
            chosen[stem] = (rank, NoteFile(name, path))
    notes = sorted((note for _, note in chosen.values()), key=lambda note: PurePosixPath(note.name))
    if not notes:
        raise EmptyContentError("this folder holds no Markdown note (*.md)", folder)
    return NotesFound(tuple(notes), tuple(unread))


def _files_below(folder: Path) -> Iterator[tuple[Path, str]]:
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            path = Path(at, file)
            if is_note(file) and not file.startswith(".") and path.is_file():
                yield path, path.relative_to(folder).as_posix()


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def file_below(folder: Path, name: str) -> Path | None:
    """Return the file called ``name`` below ``folder``, however its letters are composed there, or None.

    Nothing outside of the folder is found, and whatever cannot be a name is not there.
    """
    try:
        root = found = folder.resolve()
        for part in composed(name).split("/"):
            if part == "..":
                return None
            apart = found / unicodedata.normalize("NFD", part)
            found = found / part
            if not found.exists() and apart.exists():
                found = apart
        found = found.resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError):  # too long for the file system, or with a character that it has no room for
        return None
