"""``python -m index import``: files of other formats become notes in a folder; what could not be read is told."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.command_line import progress_bar
from index.errors import ContentError, NotesError, StorageError
from index.importing.conversion import convert
from index.importing.formats import MAX_SOURCE_BYTES, check_format, too_large
from index.importing.imported_notes import imported_text, note_names_for, read_imported
from index.importing.remarks import unread_sentence
from index.reading.note_names import composed, is_note, wrong_with
from index.reading.notes import read_note_text
from index.settings import IndexSettings


class ImportRefusedError(NotesError):
    """A file that is not imported: it is no file, or the note that it would replace was edited."""


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type
    """Add the command to ``commands``; ``places`` holds the options that all commands share."""
    command = commands.add_parser(
        "import", parents=[places], help="make notes of PDF, slides, Word, HTML, notebooks, tables"
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file to make a note of")
    command.add_argument("--into", type=Path, required=True, metavar="DIR", help="the folder of notes")
    command.add_argument("--force", action="store_true", help="also replace notes that were edited since their import")
    command.set_defaults(run=_import)


def _import(settings: IndexSettings, options: argparse.Namespace) -> None:  # noqa: ARG001 - all commands alike
    began = time.monotonic()
    show = progress_bar(doing="importing", unit="files")
    counted: Counter[str] = Counter()
    errors: list[NotesError] = []
    warnings: list[str] = []
    for number, file in enumerate(options.files):
        show(number, len(options.files))
        try:
            outcome = import_file(file, options.into, force=options.force)
        except NotesError as error:
            errors.append(error)
            continue
        counted[outcome.kind] += 1
        counted["pages"] += outcome.pages
        warnings += [f"{file.name}: {sentence}" for sentence in outcome.sentences]
    show(len(options.files), len(options.files))
    for line in (*warnings, *(map(str, errors) if len(errors) > 1 else ())):
        print(f"warning: {line}", file=sys.stderr)
    if counted:
        print(
            f"{counted['new']} new, {counted['updated']} updated, {counted['unchanged']} unchanged, "
            f"{len(errors)} not imported, {counted['pages']} pages, {len(warnings)} remarks, "
            f"{time.monotonic() - began:.1f} seconds"
        )
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ImportRefusedError(f"{len(errors)} of {len(options.files)} files were not imported.")


class ImportOutcome:
    """What became of a file: ``kind`` is ``new``, ``updated`` or ``unchanged``."""

    __slots__ = ("kind", "note", "pages", "sentences")

    def __init__(self, kind: str, note: Path, pages: int, sentences: Sequence[str]) -> None:
        self.kind = kind
        self.note = note
        self.pages = pages
        self.sentences = tuple(sentences)


def import_file(file: Path, folder: Path, *, force: bool = False) -> ImportOutcome:
    """Make a note of ``file`` in ``folder``, or bring the one that was made of it up to date.

    :raises ImportRefusedError: If the note was edited since and ``force`` is not given, or there is no such file.
    :raises NoNoteError: If the file cannot become a note.
    :raises StorageError: If the note cannot be written.
    """
    data = _read(file)
    converted = convert(data, composed(file.name))
    note, before = _note_of(composed(file.name), folder)
    known = read_imported(before) if before else None
    if known is not None and known.is_edited and not force:
        raise ImportRefusedError(f"{file.name}: {note} was edited since its import; repeat with --force to replace it.")
    text = imported_text(converted, composed(file.name), data, before)
    kind = "new" if not before else "unchanged" if text == before else "updated"
    if kind != "unchanged":
        _write(note, text)
    return ImportOutcome(kind, note, converted.pages, [unread_sentence(one) for one in converted.unread])


def _read(file: Path) -> bytes:
    name = composed(file.name)
    if is_note(name):
        raise ImportRefusedError(f"{name}: it is a note already; copy it into the folder.")
    check_format(name)
    wrong = wrong_with(note_names_for(name)[1])
    if wrong:
        raise ImportRefusedError(f"{name!r}: rename the file; a note cannot have this name.")
    try:
        if file.stat().st_size > MAX_SOURCE_BYTES:
            raise too_large(name)
        return file.read_bytes()
    except OSError as error:
        raise ImportRefusedError(f"{file}: the file cannot be read: {error.strerror}.") from error


def _note_of(source: str, folder: Path) -> tuple[Path, str]:
    """Return where the note of ``source`` lies or is to lie, and its text, ``""`` where there is none yet."""
    for name in note_names_for(source):
        note = folder / name
        if not note.exists():
            return note, ""
        try:
            text = read_note_text(note)
        except ContentError:  # whatever it is, no note of ours
            continue
        known = read_imported(text)
        if known is not None and known.source == source:
            return note, text
    raise ImportRefusedError(f"{source}: {' and '.join(note_names_for(source))} are other notes; rename the file.")


def _write(note: Path, text: str) -> None:
    part = note.with_name(f".{note.name}.part")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, note)
    except OSError as error:
        raise StorageError(f"{note}: the note cannot be written: {error.strerror}.") from error
