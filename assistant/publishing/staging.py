"""Puts uploaded notes aside and checks them, and tells what would change; changes nothing that is in force.

What waits lies in a generation: a hidden folder that is written whole and put in force by one renaming, so that an
upload is there whole or not at all. Nothing that is uploaded is believed: see :mod:`assistant.publishing.archives`.
"""

import contextlib
import difflib
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeGuard

from assistant.publishing.archives import MAX_FILES, MAX_UNPACKED_BYTES, Rejected, Upload, unpacked
from assistant.publishing.documents_as_notes import Received, as_note, convert_documents
from assistant.publishing.notes_folder import translated
from assistant.publishing.notices import Problem, Taken, UploadReport
from assistant.publishing.pictures import StagedPictures, moved_with_notes
from index import ContentError, EmptyContentError
from index.reading.figure_names import figure_type
from index.reading.layout.note_files import NoteFile, find_notes
from index.reading.note_names import note_stem
from index.reading.notes import note_text, parse_note

FOLDER = "staged-notes"
_GENERATION, _PART = ".generation-", ".part-"
_LONGEST_DIFF_LINES = 400
#: Comparing is quadratic in the lines between the first and the last that differ: 2,000 take half a second.
_COMPARED_LINES = 2000
_PARSED_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class StagedNote:
    """A note that waits.

    ``state`` is ``new``, ``changed``, ``same`` or ``unreadable``; ``diff`` is in the unified form. ``sections`` is None
    where counting them would take long, and so are ``added`` and ``removed``, and ``diff`` is empty then.
    """

    file: str
    state: str
    sections: int | None = None
    added: int | None = None
    removed: int | None = None
    diff: str = ""


class StagedNotes:
    """The uploads that wait in ``data`` for the notes in ``folder``."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self._staged = data / FOLDER
        self._lock = threading.Lock()
        self.pictures = StagedPictures(data)
        self._compared: dict[tuple[str, str, str], StagedNote] = {}

    def stage(self, uploads: Sequence[Upload], progress: Callable[[int, int], object] | None = None) -> UploadReport:
        """Check ``uploads`` (notes, their pictures, documents, zip) and put what is fit aside, beside what waits.

        :param progress: Told how many documents of other formats have become notes, of how many.
        :returns: What became of each file.
        :raises NotesFolderError: If it cannot be stored; what waited before waits on.
        """
        received = list(convert_documents(unpacked(uploads), progress))
        pictures = [item for item in received if _is_picture(item)]
        received = [item for item in received if not _is_picture(item)]
        with self._lock, translated(self._staged):
            live, waiting = _by_stem(self._folder), _by_stem(self._current(), whole=True)
            contents: dict[str, bytes] = {}
            seen: set[str] = set()
            taken: list[Taken] = []
            problems: list[Problem] = []
            waiting_paths = [*(note.path for note in waiting.values()), *self.pictures.files().values()]
            room = MAX_UNPACKED_BYTES - sum(path.stat().st_size for path in waiting_paths)
            for one in received:
                note = as_note(one, partial(_place, live=live, waiting=waiting), live, waiting)
                if isinstance(note, Rejected):
                    problems.append(Problem(note.name, note.kind))
                    continue
                item = note.upload
                place = _place(item.name, live, waiting)
                stem = note_stem(place)
                freed = waiting[stem].path.stat().st_size if stem in waiting else 0
                others = len((waiting.keys() | seen) - {stem})
                problem = _problem(item, stem in seen, others, room + freed)
                if problem:
                    problems.append(problem)
                    continue
                seen.add(stem)
                room += freed - len(item.data)
                kind = "replaces_edited" if note.is_edited else _kind(place, live, waiting)
                taken.append(Taken(note.source, kind, place, note.unread))
                contents[place] = item.data
            if contents:
                self._write([note for stem, note in waiting.items() if stem not in seen], contents)
            places = {item.file: item.place for item in taken}
            for picture in pictures:
                room -= len(picture.data)
                if room < 0:
                    problems.append(Problem(picture.name, "no_room"))
                else:
                    taken.append(self._with_picture(picture, moved_with_notes(picture.name, places)))
            return UploadReport(tuple(taken), tuple(problems))

    def _with_picture(self, picture: Upload, place: str) -> Taken:
        kind = "replaces_picture" if (self._folder / place).is_file() else "picture"
        self.pictures.put(place, picture.data)
        return Taken(picture.name, kind, place)

    def _write(self, kept: Sequence[NoteFile], contents: Mapping[str, bytes]) -> None:
        """Put a new generation in force: the notes that are ``kept``, and new ``contents``."""
        self._staged.mkdir(parents=True, exist_ok=True)
        number = max((_number(path) for path in self._staged.glob(f"{_GENERATION}*")), default=0) + 1
        part = self._staged / f"{_PART}{number}"
        shutil.rmtree(part, ignore_errors=True)
        try:
            part.mkdir()
            for note in kept:
                _copy_whole(note.path, part / note.name)
            for name, data in contents.items():
                _write_whole(part / name, data)
            part.rename(self._staged / f"{_GENERATION}{number}")
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
            raise
        self._remove_all_but(f"{_GENERATION}{number}")

    def _remove_all_but(self, name: str) -> None:
        for path in list(self._staged.iterdir()):
            if path.name != name:
                _remove(path)

    def _current(self) -> Path:
        """Return the folder of what waits."""
        generations = sorted(self._staged.glob(f"{_GENERATION}*"), key=_number)
        return generations[-1] if generations else self._staged

    def files(self) -> list[NoteFile]:
        """Return the files that wait to go live, by name."""
        return list(_by_stem(self._current(), whole=True).values())

    def waiting(self) -> list[StagedNote]:
        """Return what waits, compared with what is in force, by name."""
        with self._lock:
            live = _by_stem(self._folder)
            shown = [self._compare(note, live.get(note_stem(note.name))) for note in self.files()]
            self._compared = {key: note for key, note in self._compared.items() if note in shown}
            return shown

    def _compare(self, note: NoteFile, live: NoteFile | None) -> StagedNote:
        before = _bytes_of(live.path) if live else b""
        after = _bytes_of(note.path)
        key = (note.name, hashlib.sha256(before).hexdigest(), hashlib.sha256(after).hexdigest())
        if key not in self._compared:
            self._compared[key] = _compared(note.name, None if live is None else before, after)
        return self._compared[key]

    def copy(self, target: Path) -> dict[str, Path]:
        """Copy what waits into ``target``, where no later upload touches it, and return the files there by name.

        :raises NotesFolderError: If it cannot be copied.
        """
        with self._lock, translated(target):
            _remove(target)
            copied = {note.name: target / note.name for note in self.files()}
            for note in self.files():
                _copy_whole(note.path, copied[note.name])
            for place, path in self.pictures.files().items():
                copied[place] = target / place
                _copy_whole(path, copied[place])
            return copied

    def take_out(self, name: str) -> None:
        """Let the note or picture called ``name`` wait no longer.

        :raises NotesFolderError: If what is left cannot be stored; then it waits on.
        """
        with self._lock, translated(self._staged):
            self._drop({note.name for note in self.files() if note.name == name})
            self.pictures.drop([name])

    def published(self, digests: Mapping[str, str]) -> None:
        """Let notes wait no longer that are as they were when they were put in force: by name, their SHA-256.

        :raises NotesFolderError: As :meth:`take_out`.
        """
        with self._lock, translated(self._staged):
            self._drop({note.name for note in self.files() if digest_of(note.path) == digests.get(note.name)})
            pictures = self.pictures.files().items()
            self.pictures.drop([place for place, path in pictures if digest_of(path) == digests.get(place)])

    def _drop(self, names: set[str]) -> None:
        left = [note for note in self.files() if note.name not in names]
        if not names:
            return
        if left:
            self._write(left, {})
        else:
            _remove(self._staged)

    def discard(self) -> None:
        """Forget what waits, whatever lies in its place.

        :raises NotesFolderError: If it cannot be removed.
        """
        with self._lock, translated(self._staged):
            _remove(self._staged)
            self.pictures.discard()
            if self._staged.exists():
                raise OSError(0, "what waits cannot be removed")


def _is_picture(item: Received) -> TypeGuard[Upload]:
    return isinstance(item, Upload) and figure_type(item.name) is not None


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _by_stem(folder: Path, *, whole: bool = False) -> dict[str, NoteFile]:
    """Return the notes in ``folder`` by the stem of their names; ``whole``: it holds nothing else."""
    try:
        return {note_stem(note.name): note for note in find_notes(folder, whole=whole).notes}
    except EmptyContentError:
        return {}


def _place(name: str, live: Mapping[str, NoteFile], waiting: Mapping[str, NoteFile]) -> str:
    """Return where ``name`` belongs: in place of the only note of that name, else beside the other notes."""
    stem = note_stem(name)
    for known in (live, waiting):
        if stem in known:
            return known[stem].name
    last = PurePosixPath(stem).name
    same = [note.name for known, note in live.items() if PurePosixPath(known).name == last]
    if len(same) == 1:
        return same[0]
    folders = {PurePosixPath(known).parent for known in live}
    if len(PurePosixPath(name).parts) == 1 and len(folders) == 1:
        return (folders.pop() / name).as_posix()
    return name


def _kind(place: str, live: Mapping[str, NoteFile], waiting: Mapping[str, NoteFile]) -> str:
    stem = note_stem(place)
    return "replaces_waiting" if stem in waiting else "replaces_live" if stem in live else "new"


def _problem(upload: Upload, twice: bool, waiting: int, room: int) -> Problem | None:
    """Return why an upload of a safe name cannot wait, None where it can."""
    if twice:
        return Problem(upload.name, "twice")
    if waiting >= MAX_FILES:
        return Problem(upload.name, "too_many")
    if len(upload.data) > room:
        return Problem(upload.name, "no_room")
    try:
        note_text(upload.data, upload.name)
    except ContentError as error:
        return Problem(upload.name, kind_of(error.reason), error.line)
    return None


def kind_of(reason: str) -> str:
    """Return the kind of problem, for which the pages have a sentence in both languages."""
    kinds = {
        "not UTF-8": "encoding",
        "not a text": "binary",
        "the note is": "too_large",
    }
    return next((kind for start, kind in kinds.items() if reason.startswith(start)), "unreadable")


def _compared(name: str, before: bytes | None, after: bytes) -> StagedNote:
    """Return the note of the content ``after`` beside the one in force, in bounded time."""
    try:
        text, old = note_text(after, name), before.decode("utf-8-sig", "replace") if before is not None else ""
    except ContentError:
        return StagedNote(name, "unreadable")
    state = "new" if before is None else "same" if text == old else "changed"
    sections = len(parse_note(text, name).sections) if len(after) <= _PARSED_BYTES else None
    first, second = old.splitlines(), text.splitlines()
    head, tail = _shared(first, second)
    first, second = (lines[max(head - 2, 0) : len(lines) - max(tail - 2, 0)] for lines in (first, second))
    if len(first) + len(second) > _COMPARED_LINES:
        return StagedNote(name, state, sections)
    lines = list(difflib.unified_diff(first, second, "", "", lineterm="", n=2))[2:]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    shown = (_moved(line, max(head - 2, 0)) for line in lines[:_LONGEST_DIFF_LINES])
    return StagedNote(name, state, sections, added, removed, "\n".join(shown))


def _shared(first: Sequence[str], second: Sequence[str]) -> tuple[int, int]:
    """Return with how many equal lines both begin and end."""
    shorter = min(len(first), len(second))
    head = next((n for n in range(shorter) if first[n] != second[n]), shorter)
    tail = next((n for n in range(shorter - head) if first[-1 - n] != second[-1 - n]), shorter - head)
    return head, tail


def _moved(line: str, by: int) -> str:
    """Return a line of a comparison; one that names places, ``by`` lines further down."""
    return re.sub(r"(?<=[-+])\d+", lambda place: str(int(place.group()) + by), line) if line.startswith("@@") else line


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _number(path: Path) -> int:
    digits = path.name.removeprefix(_GENERATION)
    return int(digits) if digits.isdecimal() and digits.isascii() else -1


def _remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all in it, also where its permissions were taken away."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        for at, folders, _ in os.walk(path):
            for folder in (Path(at), *(Path(at, name) for name in folders)):
                if not folder.is_symlink():
                    with contextlib.suppress(OSError):
                        folder.chmod(0o700)
        shutil.rmtree(path)


def _copy_whole(source: Path, target: Path) -> None:
    _write_whole(target, source.read_bytes())


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
