"""Where links and figures of the notes in force lead, for pages that show notes and for those that show answers."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.records import Citation
from assistant.serving.service import AssistantService
from assistant.web.places.figure_folder import FigureFolder, FigureMark, figure_marks
from assistant.web.places.links import NoteLinks
from index import Note

LinkFinder = Callable[[str], str | None]
MOST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of a cited section: its ``address``, None where the picture is missing, and its ``caption``."""

    address: str | None
    caption: str


class CoursePlaces:
    """Finds links and figures for the notes that ``service`` answers from; their pictures lie in ``folder``."""

    def __init__(self, service: AssistantService, folder: Path) -> None:
        self._service = service
        self._pictures = FigureFolder(folder)
        self._lock = threading.Lock()
        self._known: tuple[Sequence[Note], NoteLinks] | None = None

    def picture(self, name: str) -> Path | None:
        """Return the picture called ``name`` below the notes' folder."""
        return self._pictures.path(name)

    def figures_in(self, note: str) -> LinkFinder:
        """Return what finds the address of a figure that the note called ``note`` shows."""
        return lambda source: self._pictures.address(note, source)

    def links_in(self, note: str, notes: Sequence[Note], *, with_lines: bool = False) -> LinkFinder:
        """Return what finds where a link in the note called ``note`` leads; see :meth:`NoteLinks.address`."""
        return lambda href: self._links(notes).address(note, href, with_lines=with_lines)

    def links_among(self, citations: Sequence[Citation]) -> LinkFinder:
        """Return what finds where a link in an answer with ``citations`` leads, in the note that it is quoted from."""

        def find(href: str) -> str | None:
            quoting = sorted(citations, key=lambda citation: href not in citation.quote)
            files = dict.fromkeys(citation.file for citation in quoting)
            links = self._links(self._service.assistant.index.notes if self._service.ready else ())
            found = (links.address(file, href, with_lines=True) for file in files)
            return next(filter(None, found), None)

        return find

    def figures_of(self, citations: Sequence[Citation]) -> list[ShownFigure]:
        """Return the figures of the cited sections, in order; of many those nearest to what is cited."""
        if not self._service.ready or not citations:
            return []
        near = [(distance, file, mark) for distance, file, mark in self._marks(citations)]
        chosen = sorted(near, key=lambda row: row[0])[:MOST_FIGURES]
        found = {
            (file, mark.source): ShownFigure(self._pictures.address(file, mark.source), mark.caption)
            for _, file, mark in near
            if any(mark is kept for _, _, kept in chosen)
        }
        return list(found.values())

    def _marks(self, citations: Sequence[Citation]) -> Iterator[tuple[int, str, FigureMark]]:
        notes = {note.file: note for note in self._service.assistant.index.notes}
        seen: set[tuple[str, int]] = set()
        for citation in citations:
            note = notes.get(citation.file)
            sections = note.sections if note else ()
            section = next((s for s in sections if s.first_line <= citation.first_line <= s.last_line), None)
            if note is None or section is None or (note.file, section.number) in seen:
                continue
            seen.add((note.file, section.number))
            for mark in figure_marks(note.shown):
                if section.first_line <= mark.line <= section.last_line:
                    yield abs(mark.line - citation.last_line), note.file, mark

    def _links(self, notes: Sequence[Note]) -> NoteLinks:
        with self._lock:
            if self._known is None or self._known[0] is not notes:
                self._known = (notes, NoteLinks({note.file: note for note in notes}))
            return self._known[1]
