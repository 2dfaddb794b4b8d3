"""Reports on every note of a course what it was read as, and what of it wants looking at. Changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from index.checking.targets import Target, is_figure, is_found, known_names, targets_of
from index.errors import ContentError, EmptyContentError
from index.reading.course import yaml_left_out
from index.reading.layout.front_matter import front_matter_of
from index.reading.layout.not_notes import IGNORE_FILE, PassedOver
from index.reading.layout.note_files import NoteFile, find_notes
from index.reading.layout.sites import Site
from index.reading.notes import is_draft, read_folder, read_note_text, unpaired_editions
from index.reading.portable import portable
from index.records import LeftOut, ModuleRule, Note


@dataclass(frozen=True, slots=True)
class NoteRemark:
    """What wants looking at on ``line`` of a note.

    ``kind`` is ``not_understood``, ``front_matter``, ``figure`` (the picture is missing) or ``link`` (it leads to no
    note); ``detail`` says what, in English where it is a sentence.
    """

    line: int
    kind: str
    detail: str

    def __str__(self) -> str:
        """Return one sentence without a full stop."""
        said = {
            "figure": f"the figure {self.detail} is missing",
            "link": f"the link {self.detail} leads to no note",
            "front_matter": f"the front matter {self.detail}",
        }
        return f"line {self.line}: {said.get(self.kind, self.detail)}"


@dataclass(frozen=True, slots=True)
class NoteReport:
    """What a note was read as: in which ``dialects``, with which ``modules``, and what wants looking at."""

    file: str
    title: str
    language: str
    sections: int
    modules: tuple[str, ...]
    dialects: tuple[str, ...]
    remarks: tuple[NoteRemark, ...]


@dataclass(frozen=True, slots=True)
class CourseReport:
    """The notes in the order of the course, and what is not among them.

    ``left_out`` cannot be used; ``passed_over`` is left out on purpose. ``unpaired`` are sentences on editions.
    """

    notes: tuple[NoteReport, ...]
    left_out: tuple[LeftOut, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    unpaired: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing wants looking at; what was left out on purpose does not."""
        return not (self.left_out or self.unpaired or any(note.remarks for note in self.notes))


def report_on(folder: Path, rule: ModuleRule = ModuleRule.AUTO) -> CourseReport:
    """Return the report on the notes in ``folder`` as they are now.

    :param rule: What is cited as a module.
    :raises ContentError: If no note can be used.
    """
    read = read_folder(folder, rule)
    found = find_notes(folder)
    wrong = [LeftOut(IGNORE_FILE, "this line is no pattern", line) for line in found.wrong_patterns]
    names = known_names(folder)
    return CourseReport(
        tuple(report_on_note(note, names) for note in read.notes),
        (*read.left_out, *yaml_left_out(folder), *wrong),
        read.passed_over,
        tuple(unpaired_editions(read.notes)),
        found.sites,
    )


def passed_over_in(folder: Path) -> tuple[PassedOver, ...]:
    """Return what of ``folder`` as it is now is left out on purpose; empty if there is no note."""
    try:
        found = find_notes(folder)
    except EmptyContentError:
        return ()
    return (*found.passed_over, *(PassedOver(note.name, "draft") for note in found.notes if _is_draft(note)))


def _is_draft(note: NoteFile) -> bool:
    try:
        return is_draft(front_matter_of(read_note_text(note.path)))
    except ContentError:
        return False


def report_on_note(note: Note, names: Collection[str]) -> NoteReport:
    """Return the report on one note; ``names`` are those of the files beside the notes (see :func:`known_names`)."""
    read = portable(note.text)
    front = front_matter_of(note.text)
    remarks = [NoteRemark(front.line, "front_matter", front.problem)] if front.problem else []
    remarks += [NoteRemark(one.line, "not_understood", one.text) for one in read.not_understood]
    remarks += _missing(targets_of(read.text), names)
    modules = tuple(dict.fromkeys(section.module for section in note.sections))
    ordered = sorted(dict.fromkeys(remarks), key=lambda remark: remark.line)
    return NoteReport(note.file, note.title, note.language, len(note.sections), modules, read.dialects, tuple(ordered))


def _missing(targets: Sequence[Target], names: Collection[str]) -> list[NoteRemark]:
    return [
        NoteRemark(target.line, "figure" if is_figure(target) else "link", unquote(target.address))
        for target in targets
        if not is_found(target, names)
    ]
