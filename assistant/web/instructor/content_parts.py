"""What the instructor's content page shows, part by part: a part that fails is a sentence, and the others are there."""

import logging
from collections.abc import Callable
from typing import Any

from assistant.publishing.archives import MAX_FILES, MAX_UNPACKED_BYTES
from assistant.publishing.documents_as_notes import UPLOAD_CONVERSION_SECONDS
from assistant.publishing.notices import Problem
from assistant.publishing.pictures import MAX_PICTURE_BYTES, MAX_PICTURES
from assistant.publishing.publisher import Publishing
from assistant.publishing.staging import kind_of
from assistant.web.instructor.desk import InstructorDesk
from assistant.web.instructor.note_checks import NoteChecks
from index import ContentError, EmptyContentError, NotesError, needs_build
from index.checking.note_report import passed_over_in
from index.importing.formats import FORMATS, MAX_SOURCE_BYTES
from index.importing.remarks import unread_values
from index.reading.course import yaml_left_out
from index.reading.layout.note_files import NoteFile, find_notes
from index.reading.note_names import NAME_BYTES, PART_BYTES, SUFFIXES
from index.reading.notes import MAX_NOTE_BYTES, PARSER_FAILED, read_note_text, unpaired_editions

_LOGGER = logging.getLogger(__name__)
#: The numbers that sentences about files name.
LIMITS: dict[str, object] = {
    "note_megabytes": MAX_NOTE_BYTES // 2**20,
    "unpacked_megabytes": MAX_UNPACKED_BYTES // 2**20,
    "files": MAX_FILES,
    "picture_megabytes": MAX_PICTURE_BYTES // 2**20,
    "pictures": MAX_PICTURES,
    "part_bytes": PART_BYTES,
    "name_bytes": NAME_BYTES,
    "source_megabytes": MAX_SOURCE_BYTES // 2**20,
    "seconds": int(UPLOAD_CONVERSION_SECONDS),
}


class ContentParts:
    """The parts of the page; ``values`` are what its template shows, ``troubles`` why a part has none, by its name."""

    def __init__(self, desk: InstructorDesk, publishing: Publishing, checks: NoteChecks) -> None:
        self.troubles: dict[str, str] = {}
        self._desk = desk
        service = desk.context.service
        self.values: dict[str, Any] = {
            "index": self._part("index", lambda: _index(desk), {"passages": 0, "encoder": ""}),
            "notes": self._part("notes", desk.notes, ()),
            "checked": self._part("notes", lambda: checks.reports(desk.notes()), []),
            "passed_over": self._part("in_trouble", lambda: passed_over_in(desk.context.settings.dir), ()),
            "outdated": self._part("index", self._outdated, True),
            "error": str(service.error or ""),
            "in_trouble": self._part("in_trouble", lambda: _problems(desk), []),
            "unpaired": self._part("in_trouble", lambda: unpaired_editions(desk.notes()), []),
            "pictures": self._part("waiting", publishing.staged.pictures.names, ()),
            "waiting": self._part("waiting", publishing.staged.waiting, []),
            "versions": self._part("versions", publishing.earlier.names, []),
            "outcome": publishing.notices.outcome,
            "report": publishing.notices.report,
            "limits": LIMITS,
            "accepted": ",".join((*SUFFIXES, ".zip", *FORMATS, "image/*")),
            "unread_values": unread_values,
            "troubles": self.troubles,
        }

    def _part(self, name: str, find: Callable[[], Any], nothing: Any) -> Any:  # noqa: ANN401 - whatever a part shows
        try:
            return find()
        except NotesError as error:
            self.troubles[name] = str(error)
        except Exception as error:
            _LOGGER.exception("The part %s of the content page failed.", name)
            self.troubles[name] = f"{type(error).__name__}: {error}"
        return nothing

    def _outdated(self) -> bool:
        return self._desk.context.service.ready and needs_build(self._desk.context.settings)


def _index(desk: InstructorDesk) -> dict[str, Any]:
    service = desk.context.service
    if not service.ready:
        return {"passages": 0, "encoder": ""}
    manifest = service.assistant.index.manifest
    return {"passages": manifest.counts["passages"], "encoder": manifest.encoder}


def _problems(desk: InstructorDesk) -> list[Problem]:
    """Return which files in the folder of the notes are not read, where and why."""
    try:
        found = find_notes(desk.context.settings.dir)
    except EmptyContentError:
        return []
    problems = [Problem(double.name, "same_note" if double.kept else "name_encoding") for double in found.doubles]
    problems += [problem for note in found.notes if (problem := _problem(note))]
    service = desk.context.service
    remembered = service.assistant.index.left_out if service.ready else ()
    missed = [item for item in remembered if item.reason.startswith(PARSER_FAILED)]
    yaml = yaml_left_out(desk.context.settings.dir)
    return [
        *problems,
        *(Problem(item.file, "unreadable", item.line, item.reason) for item in missed),
        *(Problem(item.file, "yaml", item.line, item.reason) for item in yaml),
    ]


def _problem(note: NoteFile) -> Problem | None:
    try:
        read_note_text(note.path)
    except ContentError as error:
        return Problem(note.name, kind_of(error.reason), error.line)
    return None
