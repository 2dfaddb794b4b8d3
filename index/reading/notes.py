"""Reads a folder of Markdown files into notes with sections, modules, languages and paired editions."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import ContentError, EmptyContentError
from index.language.languages import LANGUAGES, detect_language
from index.reading.markdown import HEADING_CHARACTERS, Heading, Outline, parse_markdown
from index.reading.note_names import Double, NoteFile, find_notes, note_stem
from index.reading.portable import portable
from index.records import LeftOut, Note, Section

MAX_NOTE_BYTES = 4 * 1024 * 1024
_MODULE = re.compile(r"^(?:모듈|module)\s*\d+\b", re.IGNORECASE)
PARSER_FAILED = "the Markdown parser failed"
_PARSER_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
_QUOTES = ("'", '"')
_FRONT_MATTER_TITLE = re.compile(r"^title:(.*)$", re.MULTILINE)


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
    """The notes of a folder that can be used, and the files that cannot."""

    notes: tuple[Note, ...]
    left_out: tuple[LeftOut, ...]


def read_notes(folder: Path) -> tuple[Note, ...]:
    """Return the usable notes below ``folder``; see :func:`read_folder`."""
    return read_folder(folder).notes


def read_folder(folder: Path) -> FolderRead:
    """Return the notes below ``folder``, sections numbered throughout from 0. Empty notes are passed over.

    :raises EmptyContentError: If there is no note with any text.
    :raises ContentError: If no note can be used; it tells of the first.
    """
    found = find_notes(folder)
    notes: list[Note] = []
    left_out = [left_out_double(double) for double in found.doubles]
    first_error: ContentError | None = None
    number = 0
    for file in found.notes:
        try:
            text = read_note_text(file.path)
            note = _parsed(text, file, number) if text.strip() else None
        except ContentError as error:
            first_error = first_error or error
            left_out.append(LeftOut(file.name, error.reason, error.line))
            continue
        if note is not None:
            number += len(note.sections)
            notes.append(note)
    if not notes:
        raise first_error or EmptyContentError("all notes in this folder are empty", folder)
    return FolderRead(tuple(notes), tuple(left_out))


def left_out_double(double: Double) -> LeftOut:
    """Return why a file that :func:`index.reading.note_names.find_notes` passes over is not read."""
    if double.kept is None:
        return LeftOut(double.name, "its name is not UTF-8; rename it")
    return LeftOut(double.name, f"it is the same note as {double.kept}, which is read")


def _parsed(text: str, file: NoteFile, number: int) -> Note:
    """Return the note with ``text``; that none makes the parser fail is tested, and one that does costs itself only."""
    try:
        return parse_note(text, file.name, number)
    except _PARSER_FAILURES as error:
        raise ContentError(f"{PARSER_FAILED} ({type(error).__name__})", file.path) from error


def parse_note(text: str, file: str, first_number: int = 0) -> Note:
    """Return the note with the given ``text``; its sections are numbered from ``first_number``."""
    shown = portable(text).text
    outline = parse_markdown(shown)
    stem, language = _edition(file)
    language = language or detect_language(shown, 0.1)
    sections = tuple(_sections(outline, file, stem, language, first_number))
    return Note(file, language, text, sections, "" if shown == text else shown)


def _edition(file: str) -> tuple[str, str | None]:
    """Split ``a/b.ko.md`` into its stem ``a/b`` and language ``ko``; the language is None without such a suffix."""
    stem = note_stem(file)
    base, _, suffix = stem.rpartition(".")
    return (base, suffix) if base and suffix in LANGUAGES else (stem, None)


def _title(outline: Outline, file: str) -> str:
    """Return what stands for the top heading of a note: its first top heading, its front matter's title, its file."""
    named = [heading for heading in outline.headings if heading.level]
    if named:
        return min(named, key=lambda heading: heading.level).text
    match = _FRONT_MATTER_TITLE.search(outline.front_matter)
    title = _unquoted(match.group(1).strip())[:HEADING_CHARACTERS] if match else ""
    return title or Path(file).stem


def _unquoted(text: str) -> str:
    return text[text[:1] in _QUOTES : len(text) - (text[1:][-1:] in _QUOTES)] if text else text


def _sections(outline: Outline, file: str, stem: str, language: str, number: int) -> Iterable[Section]:
    title = _title(outline, file)
    path: list[Heading] = []
    for ordinal, heading in enumerate(outline.headings):
        while path and path[-1].level >= max(heading.level, 1):
            path.pop()
        path.append(heading)
        texts = tuple(step.text for step in path) if heading.level else (title,)
        yield Section(
            number=number + ordinal,
            file=file,
            heading=heading.source if heading.level else title,
            heading_path=texts,
            level=heading.level,
            module=next((text for text in reversed(texts) if _MODULE.match(text)), title),
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
        stem, language = _edition(note.file)
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
