"""Prepares notes for asking: their facts, the lexicon, and what speaks elsewhere against a distractor."""

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from assistant.quiz.making.facts import Facts, Listing, Pair, Statement, alike, facts_of
from assistant.quiz.making.lexicon import Lexicon, Mention
from assistant.quiz.making.sentence_edits import squeezed, without_last_gloss
from index import Note, Section
from index.language.glossary import GlossaryEntry

_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}|[A-Za-z]\d|[a-z]-[a-z]")
_ALIKE = 82.0
_SHARED = 0.6
_NAME_LIKE = re.compile(r"^[^\s?!:(),/]+(?:\s[^\s?!:(),/]+){0,2}$")
_NO_NAME = re.compile(
    r"(?:의|와|과|을|를|은|는|에|에서|하는|되는|하고|위한|이란|대한|할|된|한|및|다른)\s|(?:하기|되기|이란|란|"
    r"방법|비교|차이|사용|종류|범위|이유|예시|"
    r"예제|개수|용도|방식|순서|설정|구성|소개|개요|비용|제한|관리|생성|삭제|확인|정리|내용|요소|기준|목록|의미|"
    r"정보|요구사항|사항|선택)$|"
    r"\b(?:of|and|for|the|with|to|in|on|what|how|a|an|from|by|vs|your)\b|^\w+ing\b|^\W|\d$",
    re.IGNORECASE,
)


class QuizSource:
    """The notes of a course as facts. ``glossary`` is the course's own; ``synonyms`` widen what is accepted."""

    def __init__(
        self, notes: Sequence[Note], glossary: Sequence[GlossaryEntry] = (), synonyms: Iterable[GlossaryEntry] = ()
    ) -> None:
        self.facts: list[Facts] = [facts for note in notes for facts in facts_of(note)]
        self.notes = {note.file: note for note in notes}
        self.curated = len(glossary)
        self.lexicon = Lexicon([*glossary, *_heading_terms(self.facts, glossary)], synonyms)
        self._mentions: dict[str, frozenset[int]] = {}
        self._contrasted: dict[int, frozenset[int]] = {}
        self._by_entry: dict[tuple[int, str], list[Statement]] = defaultdict(list)
        self._aspects: dict[tuple[str, tuple[str, ...], str], list[Pair]] = defaultdict(list)
        for facts in self.facts:
            for pair in facts.pairs:
                self._aspects[pair.section.file, pair.section.heading_path[:-1], squeezed(pair.term)].append(pair)
        self._statements = {facts.section.number: facts.statements for facts in self.facts}
        for facts in self.facts:
            for statement in facts.statements:
                for number in self._named(statement.text):
                    self._by_entry[number, statement.language].append(statement)

    def _named(self, text: str) -> frozenset[int]:
        """Return the entries that ``text`` mentions, whole or as a part of a longer name."""
        parts = [self.lexicon.parts(text[mention.start : mention.end]) for mention in self.lexicon.find(text)]
        return self.mentioned(text).union(*parts)

    def mentions(self, statement: Statement) -> list[Mention]:
        """Return the mentions of terms in a statement."""
        return self.lexicon.find(statement.text)

    def mentioned(self, text: str) -> frozenset[int]:
        """Return the numbers of the entries that ``text`` mentions."""
        if text not in self._mentions:
            self._mentions[text] = frozenset(mention.entry for mention in self.lexicon.find(text))
        return self._mentions[text]

    def listings(self, language: str, file: str | None = None) -> list[Listing]:
        """Return the lists of short names in a language, of one note where ``file`` is given."""
        return [
            listing
            for facts in self.facts
            if facts.section.language == language and file in (None, facts.section.file)
            for listing in facts.listings
            if listing.names
        ]

    def may_hold(self, statement: Statement, key: int, other: int) -> bool:
        """Return whether the notes leave open that ``statement`` holds for the term ``other`` as it does for ``key``.

        They do where another line has ``other`` together with most of the statement's remaining terms, or reads
        nearly the same but for the term. Lines of the same list or table are there to tell the terms apart, so
        there only a line that has all of the remaining terms counts.
        """
        rest = self.mentioned(statement.text) - {key}
        if other in rest:
            return True
        for line in self._by_entry[other, statement.language]:
            if line.key == statement.key:
                continue
            shared = len(rest & self.mentioned(line.text))
            same_group = line.section.number == statement.section.number and line.parallel == statement.parallel >= 0
            if rest and shared >= (len(rest) if same_group else max(1.0, _SHARED * len(rest))):
                if not same_group or self._reads_alike(statement, key, line, other):
                    return True
            elif not rest and self._reads_alike(statement, key, line, other):
                return True
        return False

    def _reads_alike(self, first: Statement, key: int, second: Statement, other: int) -> bool:
        return fuzz.token_set_ratio(self._without(first.text, key), self._without(second.text, other)) >= _ALIKE

    def _without(self, text: str, number: int) -> str:
        pieces: list[str] = []
        last = 0
        for mention in self.lexicon.find(text):
            if mention.entry == number:
                pieces.append(text[last : mention.start])
                last = mention.end
        return " ".join([*pieces, text[last:]])

    def subjects(self, statement: Statement) -> frozenset[int]:
        """Return the terms that the other lines of a statement's list or table begin with; none outside of one."""
        if statement.parallel < 0:
            return frozenset()
        lines = [s for s in self._statements[statement.section.number] if s.parallel == statement.parallel]
        firsts = [self.mentions(line)[:1] for line in lines if line.key != statement.key]
        return frozenset(mention.entry for first in firsts for mention in first)

    def contrasted(self, section: Section) -> frozenset[int]:
        """Return the entries that a section mentions in its heading and statements, and so sets against each other."""
        if section.number not in self._contrasted:
            own = [statement.text for statement in self._statements[section.number]]
            numbers = (number for text in [section.leaf, *own] for number in self.mentioned(text))
            self._contrasted[section.number] = frozenset(numbers)
        return self._contrasted[section.number]

    def same_form(self, first: str, second: str) -> bool:
        """Return whether two words look like options of one question: alike, and both or neither a proper name."""
        return alike(first, second) and self._is_name(first) == self._is_name(second)

    def _is_name(self, word: str) -> bool:
        number = self.lexicon.number_of(word)
        if number is not None and number < self.curated:
            entry = self.lexicon.entries[number]
            return bool(entry.korean and entry.english) and entry.korean[0] == entry.english[0]
        return bool(_INNER_CAPITAL.search(word))

    def aspects(self, section: Section, term: str) -> list[Pair]:
        """Return what sibling sections say under the same term: the scale of ECS and Lambda beside that of EC2."""
        key = (section.file, section.heading_path[:-1], squeezed(term))
        return [pair for pair in self._aspects.get(key, []) if pair.section.number != section.number]

    def quote(self, section: Section, first_line: int, last_line: int) -> str:
        """Return lines of the section's note, byte for byte."""
        return self.notes[section.file].quote(first_line, last_line)


def _heading_terms(facts: Sequence[Facts], glossary: Sequence[GlossaryEntry]) -> list[GlossaryEntry]:
    """Return entries for headings that are names, parallel where they stand under one heading or in one folder."""
    known = {squeezed(form) for entry in glossary for form in entry.forms}
    entries: dict[str, GlossaryEntry] = {}
    for fact in facts:
        leaf = without_last_gloss(fact.section.leaf).strip(" `")
        form = squeezed(leaf)
        if (
            not _NAME_LIKE.match(leaf)
            or _NO_NAME.search(leaf)
            or form in known
            or form in entries
            or not 2 <= len(leaf) <= 40
        ):
            continue
        alone = len(fact.section.heading_path) == 1
        group = (
            fact.section.file.rpartition("/")[0] if alone else f"{fact.section.file} {fact.section.heading_path[:-1]}"
        )
        korean, english = ((leaf,), ()) if fact.section.language == "ko" else ((), (leaf,))
        entries[form] = GlossaryEntry(korean, english, f"heading {fact.section.language} {group}")
    return list(entries.values())


def seeded(*parts: object) -> random.Random:
    """Return a random generator that depends on ``parts`` alone, the same on every machine."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))
