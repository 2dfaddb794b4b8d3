"""The notes as a book: which notes there are, their editions and sections, and finding words in them. Knows no page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.serving.service import AssistantService
from index import Note, Section
from index.reading.notes import read_notes
from index.settings import IndexSettings

_MAX_FOUND = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of a section that holds what was searched for."""

    section: Section
    line: int
    text: str


class NotesBook:
    """The notes of one state of the folder, in order.

    :param notes: The notes of all languages.
    """

    def __init__(self, notes: Sequence[Note]) -> None:
        self.all = notes
        self._notes = {note.file: note for note in notes}

    def note(self, file: str) -> Note | None:
        """Return the note called ``file``, None where there is none."""
        return self._notes.get(file)

    def editions(self, note: Note) -> dict[str, Note]:
        """Return the editions of ``note`` by language, itself included."""
        stem = _stem(note)
        return {other.language: other for other in self._notes.values() if _stem(other) == stem}

    def notes(self, language: str) -> list[Note]:
        """Return every note once: in ``language`` where there is such an edition, else as it is."""
        chosen: dict[str, Note] = {}
        for note in self._notes.values():
            stem = _stem(note)
            if stem not in chosen or note.language == language:
                chosen[stem] = note
        return list(chosen.values())

    def find(self, words: str, language: str) -> list[Finding]:
        """Return lines that hold all ``words``, whatever their case: headings first, in the order of the notes.

        Every section is named once, with its first such line; a section that holds the words on different lines
        comes after those that hold them on one.
        """
        wanted = words.casefold().split()
        if not wanted:
            return []
        ranked = [(rank, number, finding) for number, (rank, finding) in enumerate(self._matches(wanted, language))]
        return [finding for _, _, finding in sorted(ranked, key=lambda row: row[:2])[:_MAX_FOUND]]

    def _matches(self, wanted: Sequence[str], language: str) -> Iterator[tuple[int, Finding]]:
        for note in self.notes(language):
            lines = note.shown.split("\n")
            for section in note.sections:
                own = lines[section.first_line - 1 : section.last_line]
                best = [
                    (position, line)
                    for position, line in enumerate(own)
                    if all(word in line.casefold() for word in wanted)
                ]
                if best:
                    position, line = best[0]
                    yield (0 if position == 0 else 1), Finding(section, section.first_line + position, line.strip())
                elif all(word in "\n".join(own).casefold() for word in wanted):
                    yield 2, Finding(section, section.first_line, section.leaf)


def current_book(service: AssistantService, settings: IndexSettings) -> NotesBook:
    """Return the notes of the loaded index, or, before it is loaded, those in the folder of ``settings``.

    :raises ContentError: If they have to be read and cannot be.
    """
    if service.ready:
        return NotesBook(service.assistant.index.notes)
    return NotesBook(read_notes(settings.dir, settings.modules))


def _stem(note: Note) -> str:
    return note.sections[0].edition_key.rpartition("#")[0] if note.sections else note.file
