"""Tells whether the lines that an entry cites still read as they did when it was saved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from assistant.faq.records import Entry
from assistant.records import Citation
from index import Note


class LineState(str, Enum):
    """What became of cited lines."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """A citation, what became of its lines, and where they stand and what they say now.

    ``now`` has the new line numbers of lines that moved; where lines changed it quotes what stands in their place, and
    it is None where the note or the place is gone.
    """

    citation: Citation
    state: LineState
    now: Citation | None

    @property
    def needs_review(self) -> bool:
        """Whether an instructor should look at the answer again."""
        return self.state in (LineState.CHANGED, LineState.GONE)


def check_citation(citation: Citation, notes: Sequence[Note]) -> CheckedCitation:
    """Compare the lines of ``citation`` with ``notes``: same place first, else the same words elsewhere in the note."""
    note = next((note for note in notes if note.file == citation.file), None)
    if note is None:
        return CheckedCitation(citation, LineState.GONE, None)
    last = len(note.text.split("\n"))
    if citation.last_line <= last and note.quote(citation.first_line, citation.last_line) == citation.quote:
        return CheckedCitation(citation, LineState.SAME, citation)
    height = citation.last_line - citation.first_line
    for first in sorted(range(1, last - height + 1), key=lambda line: abs(line - citation.first_line)):
        if note.quote(first, first + height) == citation.quote:
            moved = replace(citation, first_line=first, last_line=first + height)
            return CheckedCitation(citation, LineState.MOVED, moved)
    if citation.first_line > last:
        return CheckedCitation(citation, LineState.GONE, None)
    end = min(citation.last_line, last)
    changed = replace(citation, last_line=end, quote=note.quote(citation.first_line, end))
    return CheckedCitation(citation, LineState.CHANGED, changed)


def check_entry(entry: Entry, notes: Sequence[Note]) -> tuple[CheckedCitation, ...]:
    """Return what became of every citation of ``entry``."""
    return tuple(check_citation(citation, notes) for citation in entry.citations)


def is_flagged(entry: Entry, notes: Sequence[Note]) -> bool:
    """Return whether lines that ``entry`` cites changed or are gone; lines that only moved are no reason."""
    return any(checked.needs_review for checked in check_entry(entry, notes))


def refreshed(entry: Entry, notes: Sequence[Note]) -> Entry:
    """Return ``entry`` citing what its lines say now, without those that are gone: the instructor has looked at it."""
    return replace(entry, citations=tuple(c.now for c in check_entry(entry, notes) if c.now is not None))


NotesSource = Callable[[], Sequence[Note]]
