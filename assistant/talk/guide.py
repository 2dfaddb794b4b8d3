"""What the notes can be asked: course name, modules, first questions, next questions. Built anew with every index."""

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from assistant.records import Answer
from assistant.talk.headings import Casing, questions_of
from index import BlockKind, CourseIndex, Note, Section
from index.language.languages import ENGLISH

STARTERS = 6
NEXT_QUESTIONS = 3
_TRUSTED_RANK = 2
_MINIMUM_BLOCKS = 2
_TRIED_STARTERS = 40
_REMEMBERED = 4096
_OVERVIEW = re.compile(
    r"(?:[:,]\s*|(?<!\s)\s+)?(?:과정\s*)?(?:개요|소개|course overview|overview|introduction)\s*$", re.IGNORECASE
)


class CourseGuide:
    """What pages tell about the notes of one index. Thread-safe: it only reads the index and caches what it found."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index
        english = [section for section in index.sections if section.language == ENGLISH]
        self._casing = Casing(block.text for section in english for block in section.blocks)
        self._parents = {(section.file, section.heading_path[:-1]) for section in index.sections}
        self.question = lru_cache(maxsize=_REMEMBERED)(self._question)
        self.starters = lru_cache(maxsize=8)(self._starters)

    def course(self, language: str) -> str:
        """Return the name of the course: the title of the first note, without words such as “overview”."""
        title = next(iter(self._notes(language))).title
        return _OVERVIEW.sub("", title) or title

    def modules(self, language: str) -> tuple[str, ...]:
        """Return the modules of the notes in ``language``, in order; of all notes where there is no such edition."""
        return tuple(dict.fromkeys(section.module for note in self._notes(language) for section in note.sections))

    def _notes(self, language: str) -> Sequence[Note]:
        notes = self._index.notes
        return [note for note in notes if note.language == language] or list(notes)

    def _starters(self, language: str) -> tuple[str, ...]:
        """Return up to six first questions, spread over the modules, each of which the notes answer."""
        by_module: dict[str, list[Section]] = {}
        for note in self._notes(language):
            for section in note.sections:
                if len(section.blocks) >= _MINIMUM_BLOCKS:
                    by_module.setdefault(section.module, []).append(section)
        found: list[str] = []
        for section in _in_turns([_best_first(sections) for sections in by_module.values()])[:_TRIED_STARTERS]:
            question = self.question(section)
            if question and question not in found:
                found.append(question)
            if len(found) == STARTERS:
                break
        return tuple(found)

    def next_questions(self, answer: Answer, asked: Iterable[str]) -> tuple[str, ...]:
        """Return questions to go on with: about the sections around the cited ones, each answered by the notes.

        :param asked: Questions of this conversation, which are not offered again.
        """
        if not answer.citations:
            return ()
        place = answer.citations[0]
        known = {" ".join(question.split()) for question in asked}
        cited = {(citation.file, citation.heading_path) for citation in answer.citations}
        note = next((note for note in self._index.notes if note.file == place.file), None)
        if note is None:  # The notes changed since the answer was given.
            return ()
        sections = [section for section in note.sections if (section.file, section.heading_path) not in cited]
        sections.sort(key=lambda section: (_distance(section, place.first_line), section.first_line))
        found: list[str] = []
        for section in sections[: 3 * NEXT_QUESTIONS]:
            question = self.question(section)
            if question and question not in known and question not in found:
                found.append(question)
            if len(found) == NEXT_QUESTIONS:
                break
        return tuple(found)

    def _question(self, section: Section) -> str | None:
        """Return a question that ``section`` answers and the index finds it for, or None."""
        if section.leaf == section.module or _only_introduces(section, self._parents):
            return None
        for question in questions_of(section.leaf, section.language, self._casing):
            result = self._index.search(question, _TRUSTED_RANK)
            if result.decision.grounded and section.edition_key in {hit.section.edition_key for hit in result.hits}:
                return question
        return None


def _only_introduces(section: Section, parents: Container[tuple[str, tuple[str, ...]]]) -> bool:
    """Return whether a section has nothing of its own to say: bare, or one line before its subsections."""
    return not section.blocks or (len(section.blocks) == 1 and (section.file, section.heading_path) in parents)


def _best_first(sections: list[Section]) -> list[Section]:
    """Order sections by how good a first question they make: lists and tables of moderate size before single lines."""

    def rank(section: Section) -> tuple[bool, int]:
        listed = sum(block.kind is not BlockKind.PARAGRAPH for block in section.blocks)
        return (":" in section.leaf, abs(listed - 4))

    return sorted(sections, key=rank)


def _in_turns(lists: Sequence[Sequence[Section]]) -> list[Section]:
    """Return the items of ``lists``: all first ones, then all second ones, and so on."""
    longest = max((len(items) for items in lists), default=0)
    return [items[position] for position in range(longest) for items in lists if position < len(items)]


def _distance(section: Section, line: int) -> float:
    """Return how far a section is from a cited line; what comes after is nearer than what came before."""
    return section.first_line - line if section.first_line > line else 1.5 * (line - section.first_line)
