"""Finds the lines of the notes that rows of questions name as the answers; asks nothing."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path

from assistant.evaluating.question_files import UNANSWERABLE, PlaceRow, QuestionRow, wrong_row
from index import Note, detect_language
from index.reading.note_names import composed
from index.search import in_module

Places = frozenset[tuple[str, int]]
"""Lines of notes, each by its file and its number from 1."""
_MOST_WAYS = 100
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question with every way to answer it whole: the lines to quote. The notes do not answer one without a way.

    ``across`` says that the lines, or all notes where there are none, are not in the question's language.
    """

    row: int
    identifier: str
    query: str
    kind: str
    history: tuple[str, ...]
    module: str | None
    ways: tuple[Places, ...]
    across: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of a note as quotes are looked for in them: composed, without the white space around them."""

    language: str
    lines: tuple[str, ...]


class Marker:
    """Marks the rows of one file in the notes.

    :param path: The file of the questions, to name in errors.
    """

    def __init__(self, notes: Sequence[Note], path: Path) -> None:
        self._path = path
        self._texts = {
            note.file: _Text(note.language, tuple(composed(line).strip() for line in note.text.split("\n")))
            for note in notes
        }
        self._languages = {note.language for note in notes}
        self._sections = [section for note in notes for section in note.sections]

    def mark(self, rows: Mapping[int, QuestionRow]) -> list[MarkedQuestion]:
        """Return the questions of ``rows``.

        :raises ContentError: If there is no such note, line, text or module; the message names the row.
        """
        return [self._marked(number, row) for number, row in rows.items()]

    def _marked(self, number: int, row: QuestionRow) -> MarkedQuestion:
        ways = tuple(
            way for place in (row, *row.also) if place.is_given for way in self._ways((place, *place.more), number)
        )
        if row.module is not None and not any(in_module(section, row.module) for section in self._sections):
            names = ", ".join(dict.fromkeys(section.module for section in self._sections))
            raise wrong_row(self._path, number, f"there is no module {row.module!r}; there are: {names}")
        language = row.lang or detect_language(row.query)
        known = {file: text.language for file, text in self._texts.items()}
        same = any(all(known[file] == language for file, _ in way) for way in ways)
        return MarkedQuestion(
            row=number,
            identifier=str(number if row.id is None else row.id),
            query=row.query,
            kind=row.kind if row.type == UNANSWERABLE else row.type,
            history=tuple(row.history),
            module=row.module,
            ways=ways,
            across=not same if ways else language not in self._languages,
        )

    def _ways(self, places: Sequence[PlaceRow], number: int) -> Iterator[Places]:
        """Yield the lines of all ``places`` together; where texts stand in several lines, every choice of them."""
        choices = [list(self._found(place, number)) for place in places]
        if prod(map(len, choices)) > _MOST_WAYS:
            raise wrong_row(self._path, number, "its quotes stand in too many places; give lines instead")
        yield from (frozenset[tuple[str, int]]().union(*choice) for choice in product(*choices))

    def _found(self, place: PlaceRow, number: int) -> Iterator[Places]:
        if bool(place.lines) == bool(place.quote.strip()):
            raise wrong_row(self._path, number, "give either lines or a quote")
        if place.lines:
            yield self._at_lines(place, number)
        else:
            yield from self._with_text(place, number)

    def _at_lines(self, place: PlaceRow, number: int) -> Places:
        if not place.file and len(self._texts) > 1:
            raise wrong_row(self._path, number, "say in which file the lines are")
        file = self._file(place.file, number) if place.file else next(iter(self._texts))
        lines = self._texts[file].lines
        outside = next((line for line in place.lines if not 1 <= line <= len(lines)), None)
        if outside is not None:
            raise wrong_row(self._path, number, f"{file} has no line {outside}; it has {len(lines)}")
        held = frozenset((file, line) for line in place.lines if lines[line - 1])
        if not held:
            raise wrong_row(self._path, number, f"line {place.lines[0]} of {file} is empty")
        return held

    def _with_text(self, place: PlaceRow, number: int) -> Iterator[Places]:
        wanted = "\n".join(composed(line).strip() for line in place.quote.strip().split("\n"))
        found = False
        for file in [self._file(place.file, number)] if place.file else self._texts:
            lines = self._texts[file].lines
            text = "\n".join(lines)
            start = text.find(wanted)
            while start >= 0:
                found = True
                first = text.count("\n", 0, start) + 1
                span = range(first, first + wanted.count("\n") + 1)
                yield frozenset((file, line) for line in span if lines[line - 1])
                start = text.find(wanted, start + len(wanted))
        if not found:
            shown = wanted if len(wanted) <= _SHOWN else f"{wanted[:_SHOWN]}…"
            where = f"in {place.file}" if place.file else "in any note"
            reason = f"there is no text {shown!r} {where}; copy it from the Markdown, marks and all"
            raise wrong_row(self._path, number, reason)

    def _file(self, name: str, number: int) -> str:
        file = composed(name).replace("\\", "/").removeprefix("./")
        if file in self._texts:
            return file
        near = difflib.get_close_matches(file, self._texts, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there is {next(iter(self._texts))!r}, for example"
        raise wrong_row(self._path, number, f"there is no note {name!r}{hint}")
