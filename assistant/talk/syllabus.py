"""What a course holds: its name, its modules with their numbers, and the sections of each. Searches nothing."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from index import CourseIndex, Section

_UNIT = "모듈|단원|챕터|유닛|module|unit|weeks?|lecture|chapter|ch|lesson|session|part|lab|day"
_NUMBER = re.compile(
    rf"(?<![A-Za-z가-힣])(?:{_UNIT})[ .#]?(?P<before>\d{{1,3}})(?: ?[-–~] ?(?P<to>\d{{1,3}}))?(?!\d)"
    r"|(?<![\d.])(?P<first>\d{1,3})(?: ?[-–~] ?(?P<last>\d{1,3}))? ?(?:장|강|주차|단원|과|회차|차시|부)(?![가-힣])"
    r"|^\W*(?P<plain>\d{1,3})(?=[.)\s_-]|$)",
    re.IGNORECASE,
)
_FILE_NUMBER = re.compile(r"^(?:[A-Za-z]{1,7}[ _-]?)?(\d{1,3})(?=\D|$)|(\d{1,3})(?:장|강|주차)")
_PREFIX = re.compile(rf"^(?:(?:{_UNIT})[ .#]?\d{{1,3}}|\d{{1,3}}(?:장|강|주차|단원)?)[\s.:)–—-]+", re.IGNORECASE)
_OVERVIEW = re.compile(
    r"(?:[:,]\s*|(?<!\s)\s+)?(?:과정\s*)?(?:개요|소개|course overview|overview|introduction)\s*$", re.IGNORECASE
)
_LONGEST_RANGE = 20
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the course that can be summarised: all of it, a module, or a section with those below it."""

    name: str
    sections: tuple[Section, ...]
    numbers: tuple[int, ...] = ()
    is_course: bool = False


class Syllabus:
    """The modules of one index, each note in one edition."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index

    def course(self, language: str) -> str:
        """Return the name of the course, where the first note gives it by being an overview; else an empty text."""
        sections = self._sections(language)
        title = sections[0].heading_path[0] if sections else ""
        short = _OVERVIEW.sub("", title)
        return short if short != title else ""

    def whole(self, language: str) -> Scope:
        """Return the whole course."""
        return Scope(self.course(language), self._sections(language), is_course=True)

    def modules(self, language: str) -> tuple[Scope, ...]:
        """Return the modules in order, each in the edition of ``language`` where it has one."""
        by_name: dict[str, list[Section]] = {}
        for section in self._sections(language):
            by_name.setdefault(section.module, []).append(section)
        numbers = {name: _numbers(name) for name in by_name}
        of_files = {name: _file_number(sections[0].file) for name, sections in by_name.items()}
        if all(numbers[name] == of_files[name] for name in numbers if numbers[name]):  # they count alike
            numbers = {name: numbers[name] or of_files[name] for name in numbers}
        return tuple(Scope(name, tuple(sections), numbers[name]) for name, sections in by_name.items())

    def numbered(self, number: int, language: str) -> Scope | None:
        """Return the module with this number, None if there is none; -1 is the last one."""
        if number < 0:
            return self.modules(language)[number]
        return next((module for module in self.modules(language) if number in module.numbers), None)

    def named(self, name: str, language: str) -> Scope | None:
        """Return the module, else the section with those below it, whose heading reads ``name``; None if none does."""
        wanted = _letters(name)
        if not wanted:
            return None
        for module in self.modules(language):
            if wanted in (_letters(module.name), _letters(_PREFIX.sub("", module.name))):
                return module
        sections = self._sections(language)
        other = [section for section in self._index.sections if section not in sections]
        for section in (*sections, *other):
            if wanted == _letters(section.leaf):
                found = tuple(_with_those_below(section, self._twin(section, sections)))
                return Scope(found[0].leaf, found)
        return None

    def _twin(self, section: Section, sections: Sequence[Section]) -> Sequence[Section]:
        """Return the sections of the note of ``section`` in the edition that was chosen."""
        key = section.edition_key
        chosen = next((one for one in sections if one.edition_key == key), section)
        return [one for one in self._index.sections if one.file == chosen.file]

    def _sections(self, language: str) -> tuple[Section, ...]:
        """Return the sections of all notes, each note in one edition, in ``language`` where there is one."""
        editions: dict[str, dict[str, tuple[Section, ...]]] = {}
        for note in self._index.notes:
            if note.sections:
                stem = note.sections[0].edition_key.rpartition("#")[0]
                editions.setdefault(stem, {})[note.language] = note.sections
        chosen = (by_language.get(language) or next(iter(by_language.values())) for by_language in editions.values())
        return tuple(section for sections in chosen for section in sections)


def _with_those_below(section: Section, note: Sequence[Section]) -> Iterable[Section]:
    """Yield the section of ``note`` that is an edition of ``section``, and those under it."""
    start = next(at for at, one in enumerate(note) if one.edition_key == section.edition_key)
    yield note[start]
    for one in note[start + 1 :]:
        if one.level <= note[start].level:
            return
        yield one


def _numbers(name: str) -> tuple[int, ...]:
    """Return the numbers in the name of a module: ``Week 7``, ``4–6주차``, ``①``; empty without any."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", name))
    if found:
        first = int(found["before"] or found["first"] or found["plain"])
        last = int(found["to"] or found["last"] or first)
        return tuple(range(first, min(last, first + _LONGEST_RANGE) + 1)) if last >= first else (first,)
    circled = next((int(unicodedata.digit(letter)) for letter in name if "①" <= letter <= "⑨"), None)
    return () if circled is None else (circled,)


def _file_number(file: str) -> tuple[int, ...]:
    found = _FILE_NUMBER.search(unicodedata.normalize("NFC", PurePosixPath(file).name))
    number = int(found[1] or found[2]) if found else 0  # 00-overview is no module that is asked for by number
    return (number,) if number else ()


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()
