"""Reads what a folder holds for an index: notes, glossary, known questions. What is unusable is left out by name.

Whatever is wrong with one file costs that file only. Builds no index.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from index.errors import ContentError, EmptyContentError
from index.language.glossary import FILE_NAME, GlossaryEntry, load_glossary
from index.reading.facts import Fact, known_questions_file, load_facts
from index.reading.layout.note_files import NoteFile, find_notes
from index.reading.notes import left_out_double, read_folder, read_note_text
from index.records import LeftOut, ModuleRule, Note

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Course:
    """What a folder holds.

    ``has_own_facts``: whether the known questions lie beside the notes, rather than with the project.
    """

    notes: tuple[Note, ...]
    glossary: tuple[GlossaryEntry, ...]
    facts: tuple[Fact, ...]
    has_own_facts: bool
    left_out: tuple[LeftOut, ...]


def read_course(folder: Path, rule: ModuleRule = ModuleRule.AUTO) -> Course:
    """Return what ``folder`` holds, in time linear in its size.

    :param rule: What is cited as a module.
    :raises ContentError: If no note can be used.
    """
    read = read_folder(folder, rule)
    left_out = list(read.left_out)
    glossary = _usable(load_glossary, folder / FILE_NAME, left_out)
    known = known_questions_file(folder)
    facts = _usable(load_facts, known, left_out) if known else ()
    has_own_facts = known is not None and known.parent == folder
    return Course(read.notes, glossary, facts, has_own_facts, tuple(left_out))


def left_out(folder: Path) -> tuple[LeftOut, ...]:
    """Return what of ``folder`` as it is now cannot be used, whatever the index holds; empty if there is no note."""
    try:
        found = find_notes(folder)
    except EmptyContentError:
        return ()
    checked = (_unreadable(note) for note in found.notes)
    unusable = [*map(left_out_double, found.doubles), *(problem for problem in checked if problem)]
    return (*unusable, *yaml_left_out(folder))


def yaml_left_out(folder: Path) -> tuple[LeftOut, ...]:
    """Return which of the glossary and the known questions of ``folder`` as they are now cannot be used."""
    unusable: list[LeftOut] = []
    _usable(load_glossary, folder / FILE_NAME, unusable)
    known = known_questions_file(folder)
    if known:
        _usable(load_facts, known, unusable)
    return tuple(unusable)


def _unreadable(note: NoteFile) -> LeftOut | None:
    try:
        read_note_text(note.path)
    except ContentError as error:
        return LeftOut(note.name, error.reason, error.line)
    return None


def own_glossary(folder: Path) -> tuple[GlossaryEntry, ...]:
    """Return the glossary beside the notes in ``folder``, empty where there is none or it cannot be used."""
    return _usable(load_glossary, folder / FILE_NAME, [])


def _usable(load: Callable[[Path], tuple[_Read, ...]], path: Path, unusable: list[LeftOut]) -> tuple[_Read, ...]:
    """Return what ``load`` reads from ``path``; nothing, and a row in ``unusable``, where it cannot."""
    try:
        return load(path)
    except ContentError as error:
        unusable.append(LeftOut(path.name, error.reason, error.line))
        return ()
