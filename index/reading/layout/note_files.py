"""Finds the notes of a folder, every note once, and tells which files are not read and which are none."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import EmptyContentError
from index.reading.layout.natural_order import natural_key
from index.reading.layout.not_notes import IgnoreRules, PassedOver, file_kind, folder_kind, ignore_rules
from index.reading.layout.other_files import told_of_others
from index.reading.layout.sites import Site, site_folder
from index.reading.note_names import composed, is_note, note_stem

_MOST_LOOKED_AT = 20_000


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
    """The notes of a folder in the natural order of their names, every note once, and the files that are not read.

    ``passed_over`` are no notes, though they end as notes do. ``sites`` are those whose notes lie in a folder of
    theirs. ``wrong_patterns`` are the lines of ``.notesignore`` that are none.
    """

    notes: tuple[NoteFile, ...]
    doubles: tuple[Double, ...]
    passed_over: tuple[PassedOver, ...] = ()
    sites: tuple[Site, ...] = ()
    wrong_patterns: tuple[int, ...] = ()

    @property
    def told(self) -> list[str]:
        """What a first look at a folder should know: which files were taken for notes, where that is not all."""
        sites = [f"{site.config} makes a site: its notes are those in {site.notes}/." for site in self.sites]
        count = len(self.passed_over)
        places = "file or folder" if count == 1 else "files and folders"
        passed = [f"{count} {places} left out on purpose; `python -m index check` says which."] if count else []
        return sites + passed


def find_notes(folder: Path, *, whole: bool = False) -> NotesFound:
    """Return the notes below ``folder``, hidden files and folders left out.

    Of several files that are one note, the one with the composed name is read, else the one with the usual ending.

    :param whole: Every file that ends as a note does is one, whatever its place: for folders that the program filled.
    :raises EmptyContentError: If the folder does not exist or holds no note.
    """
    if not folder.is_dir():
        raise EmptyContentError("this folder of notes does not exist; name yours with NOTES_DIR or --notes", folder)
    walk = _Walk(folder, whole=whole)
    chosen: dict[str, tuple[tuple[bool, int, str], NoteFile]] = {}
    unread: list[Double] = []
    for path, written in sorted(walk.files()):
        if not _is_utf8(written):
            unread.append(Double(_telling(written), None, path))
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
    notes = sorted((note for _, note in chosen.values()), key=lambda note: natural_key(note.name))
    if not notes:
        raise EmptyContentError(
            f"this folder holds no Markdown note (*.md){told_of_others(folder, walk.passed)}", folder
        )
    return NotesFound(tuple(notes), tuple(unread), tuple(walk.passed), tuple(walk.sites), walk.rules.wrong_lines)


class _Walk:
    """One way through the folder of the notes; ``passed`` and ``sites`` are filled on it."""

    def __init__(self, folder: Path, *, whole: bool) -> None:
        self.rules = IgnoreRules() if whole else ignore_rules(folder)
        self.passed: list[PassedOver] = []
        self.sites: list[Site] = []
        self._folder = folder
        self._whole = whole
        #: Why the files of a folder are no notes, where single ones may be taken after all.
        self._kinds: dict[Path, str] = {}

    def files(self) -> Iterator[tuple[Path, str]]:
        """Yield every note's path, and its name as written."""
        for at, folders, files in os.walk(self._folder):
            here = Path(at)
            if not self._whole:
                self._look_for_site(here, files, folders)
            folders[:] = sorted(
                name for name in folders if not name.startswith(".") and self._enters(here / name, files)
            )
            for file in sorted(files):
                path = here / file
                if is_note(file) and not file.startswith(".") and path.is_file() and self._takes(path):
                    yield path, self._name(path)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _look_for_site(self, here: Path, files: list[str], folders: list[str]) -> None:
        found = site_folder(here, files, folders)
        if found and _holds_note(found[1]):
            config, notes = found
            at = "" if here == self._folder else f"{self._name(here)}/"
            self.sites.append(Site(f"{at}{config}", at.rstrip("/"), os.path.normpath(self._name(notes))))

    def _enters(self, path: Path, siblings: list[str]) -> bool:
        """Return whether notes may lie in the folder at ``path``; where they may not, that is told."""
        if self._whole:
            return True
        name = self._name(path)
        said = self.rules.says(composed(name), is_folder=True) if _is_utf8(name) else None
        kind = "ignored" if said else "" if said is False else self._kind_of_folder(path, name, siblings)
        if not kind:
            return True
        if self.rules.has_exceptions and kind != "packages":
            self._kinds[path] = kind
            return True
        if _holds_note(path):
            self.passed.append(PassedOver(f"{_telling(name)}/", kind))
        return False

    def _kind_of_folder(self, path: Path, name: str, siblings: list[str]) -> str:
        inherited = self._kinds.get(path.parent, "")
        return inherited or folder_kind(path, siblings) or ("outside" if self._is_outside(name, is_folder=True) else "")

    def _takes(self, path: Path) -> bool:
        """Return whether the file at ``path`` is a note; where it is none, that is told."""
        if self._whole:
            return True
        name = self._name(path)
        said = self.rules.says(composed(name)) if _is_utf8(name) else None
        kind = "ignored" if said else "" if said is False else self._kinds.get(path.parent, "") or file_kind(path)
        if said is None and not kind and self._is_outside(name):
            kind = "outside"
        if kind:
            self.passed.append(PassedOver(_telling(name), kind))
        return not kind

    def _is_outside(self, name: str, *, is_folder: bool = False) -> bool:
        """Return whether ``name`` belongs to a site and lies not in the folder of its notes, nor on the way there."""
        return any(
            _is_in(name, site.folder)
            and not _is_in(name, site.notes)
            and not (is_folder and (name == site.notes or _is_in(site.notes, name)))
            for site in self.sites
        )


def _is_in(name: str, folder: str) -> bool:
    return not folder or name.startswith(f"{folder}/")


def _holds_note(folder: Path) -> bool:
    """Return whether a file in ``folder`` ends as notes do, as far as a look at some thousands of files tells."""
    looked_at = 0
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if any(is_note(file) and not file.startswith(".") for file in files):
            return True
        looked_at += len(files) + 1
        if looked_at > _MOST_LOOKED_AT:
            break
    return False


def _telling(name: str) -> str:
    """Return ``name`` fit to be shown, whatever it holds."""
    return name if _is_utf8(name) else os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)
