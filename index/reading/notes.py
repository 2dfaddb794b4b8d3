"""Reads a folder of Markdown files into notes with sections, modules, languages and paired editions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import ContentError, EmptyContentError
from index.language.languages import detect_language
from index.reading.layout.course_layout import CourseLayout, NotePlace
from index.reading.layout.front_matter import FrontMatter, front_matter_of
from index.reading.layout.not_notes import PassedOver
from index.reading.layout.note_files import Double, NoteFile, find_notes
from index.reading.markdown import Heading, Outline, parse_markdown
from index.reading.modules import NoteTitle, module_of, title_of
from index.reading.note_names import edition_of
from index.reading.portable import portable
from index.records import LeftOut, ModuleRule, Note, Section

MAX_NOTE_BYTES = 4 * 1024 * 1024
PARSER_FAILED = "the Markdown parser failed"
_PARSER_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def note_paths(folder: Path) -> list[Path]:
    """Return the Markdown files below ``folder``, hidden files and folders left out, in a stable order.

    :raises EmptyContentError: If the folder does not exist or holds no Markdown file.
    """
    return [note.path for note in find_notes(folder).notes]


def read_note_text(path: Path) -> str:
    """Return the text of a UTF-8 file, a byte order mark removed.

    :raises ContentError: If the file is unreadable, too large or not UTF-8; the message says which encoding it seems
        to be in and names the first offending line.
    """
    try:
        size = path.stat().st_size
        if size > MAX_NOTE_BYTES:
            raise ContentError(
                f"the note is {size / 1e6:.1f} MB, the limit is {MAX_NOTE_BYTES / 1e6:.1f} MB; split it by module", path
            )
        data = path.read_bytes()
    except OSError as error:
        raise ContentError(f"the note cannot be read: {error.strerror}", path) from error
    return note_text(data, path)


def note_text(data: bytes, path: Path | str) -> str:
    """Return the text of a note's bytes, a byte order mark removed.

    :raises ContentError: If they are not UTF-8; see :func:`read_note_text`.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError(f"not UTF-8 text{_likely_encoding(data)}; save it as UTF-8", path, line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ContentError(f"not a text file{_likely_encoding(data)}; save it as UTF-8", path, line)
    return text


def _likely_encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[1:200:2].count(0) > 20 or data[0:200:2].count(0) > 20:
        return " (it looks like UTF-16)"
    try:
        decoded = data.decode("cp949")
    except UnicodeDecodeError:
        return ""
    return " (it looks like CP949)" if detect_language(decoded) == "ko" else ""


@dataclass(frozen=True, slots=True)
class FolderRead:
    """The notes of a folder that can be used, the files that cannot, and those that are no notes on purpose."""

    notes: tuple[Note, ...]
    left_out: tuple[LeftOut, ...]
    passed_over: tuple[PassedOver, ...] = ()


def read_notes(folder: Path, rule: ModuleRule = ModuleRule.AUTO) -> tuple[Note, ...]:
    """Return the usable notes below ``folder``; see :func:`read_folder`."""
    return read_folder(folder, rule).notes


def read_folder(folder: Path, rule: ModuleRule = ModuleRule.AUTO) -> FolderRead:
    """Return the notes below ``folder`` in the order of the course, sections numbered throughout from 0.

    Empty notes are passed over, and so are drafts.

    :param rule: What is cited as a module.
    :raises EmptyContentError: If there is no note with any text.
    :raises ContentError: If no note can be used; it tells of the first.
    """
    found = find_notes(folder)
    left_out = [left_out_double(double) for double in found.doubles]
    errors: list[ContentError] = []
    texts = _texts(found.notes, errors)
    fronts = {name: front_matter_of(text) for name, text in texts.items()}
    drafts = {name for name, front in fronts.items() if is_draft(front)}
    fronts = {name: front for name, front in fronts.items() if name not in drafts}
    layout = CourseLayout(folder, found, {name: texts[name] for name in fronts}, fronts)
    files = {file.name: file for file in found.notes}
    notes: list[Note] = []
    number = 0
    for name in layout.sorted():
        try:
            note = _parsed(texts[name], files[name], number, layout.place(name), rule)
        except ContentError as error:
            errors.append(error)
            continue
        number += len(note.sections)
        notes.append(note)
    if not notes:
        nothing = "all notes in this folder are drafts" if drafts else "all notes in this folder are empty"
        raise errors[0] if errors else EmptyContentError(nothing, folder)
    names = {str(file.path): file.name for file in found.notes}
    left_out += sorted((LeftOut(names[e.file], e.reason, e.line) for e in errors), key=lambda item: item.file)
    passed_over = (*found.passed_over, *(PassedOver(name, "draft") for name in sorted(drafts)))
    return FolderRead(tuple(notes), tuple(left_out), passed_over)


def _texts(files: Iterable[NoteFile], errors: list[ContentError]) -> dict[str, str]:
    """Return the text of every note that has one, by name; why one cannot be read goes to ``errors``."""
    texts: dict[str, str] = {}
    for file in files:
        try:
            text = read_note_text(file.path)
        except ContentError as error:
            errors.append(error)
            continue
        if text.strip():
            texts[file.name] = text
    return texts


def is_draft(front: FrontMatter) -> bool:
    """Return whether a note's front matter says that it is not to be read yet."""
    return front.flag("draft") is True or front.flag("published") is False


def left_out_double(double: Double) -> LeftOut:
    """Return why a file that :func:`index.reading.note_names.find_notes` passes over is not read."""
    if double.kept is None:
        return LeftOut(double.name, "its name is not UTF-8; rename it")
    return LeftOut(double.name, f"it is the same note as {double.kept}, which is read")


def _parsed(text: str, file: NoteFile, number: int, place: NotePlace, rule: ModuleRule) -> Note:
    """Return the note with ``text``; that none makes the parser fail is tested, and one that does costs itself only."""
    try:
        return parse_note(text, file.name, number, place, rule)
    except _PARSER_FAILURES as error:
        raise ContentError(f"{PARSER_FAILED} ({type(error).__name__})", file.path) from error


def parse_note(
    text: str,
    file: str,
    first_number: int = 0,
    place: NotePlace = NotePlace(),  # noqa: B008 - a frozen record
    rule: ModuleRule = ModuleRule.AUTO,
) -> Note:
    """Return the note with the given ``text``; its sections are numbered from ``first_number``.

    :param place: What stands around it in its course; ``rule``: what is cited as a module.
    """
    shown = portable(text).text
    outline = parse_markdown(shown)
    stem, language = edition_of(file)
    language = language or detect_language(shown, 0.1)
    title = title_of(outline.headings, front_matter_of(text), place, file, shown)
    naming = _Naming(title, place, rule)
    sections = tuple(_sections(outline, file, stem, language, first_number, naming))
    return Note(file, language, text, sections, "" if shown == text else shown, title.text)


@dataclass(frozen=True, slots=True)
class _Naming:
    """What sections are called by."""

    title: NoteTitle
    place: NotePlace
    rule: ModuleRule


def _sections(outline: Outline, file: str, stem: str, language: str, number: int, naming: _Naming) -> Iterable[Section]:
    title = naming.title.text
    above = (title,) if naming.title.is_apart else ()
    path: list[Heading] = []
    for ordinal, heading in enumerate(outline.headings):
        while path and path[-1].level >= heading.level:
            path.pop()
        if heading.level:
            path.append(heading)
        texts = (*above, *(step.text for step in path)) if heading.level else (title,)
        yield Section(
            number=number + ordinal,
            file=file,
            heading=heading.source if heading.level else title,
            heading_path=texts,
            level=heading.level,
            module=module_of(texts, title, naming.place, file, naming.rule),
            language=language,
            first_line=heading.first_line,
            last_line=heading.last_line,
            edition_key=f"{stem}#{ordinal}",
            blocks=tuple(heading.blocks),
        )


def unpaired_editions(notes: Iterable[Note]) -> list[str]:
    """Return one sentence for each pair of editions whose headings do not match in number and level."""
    by_stem: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        stem, language = edition_of(note.file)
        if language:
            by_stem[stem].append(note)
    problems: list[str] = []
    for editions in by_stem.values():
        first = editions[0]
        for other in editions[1:]:
            levels = [[section.level for section in note.sections] for note in (first, other)]
            if levels[0] != levels[1]:
                problems.append(
                    f"{first.file} and {other.file} are editions of one note, but their headings do not pair"
                    f" ({len(levels[0])} and {len(levels[1])} sections)."
                )
    return problems
