"""Signal: words that question and section share, weighted by how rare they are; also which words the notes lack.

A question's word may be matched as it is, through a glossary (자격 증명 = credentials), through its Hangul spelling
(클라우드트레일 = CloudTrail) or, if it is found in no other way, through a slip of the pen. Everything but the question
is prepared when the index is built.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.concepts import Concept, ConceptFinder, hangul_forms, is_concept
from index.glossary import GlossaryEntry, as_rows, from_rows
from index.records import Section
from index.terms import Term, TermExtractor, TermKind, is_stop_word, words_of
from index.transliteration import MINIMUM_SKELETON, hangul_skeleton, latin_skeleton, sounds_alike

MINIMUM_IDF = 2.0
PATH_WEIGHT = 0.5


class MatchKind(str, Enum):
    """How a word of the question was found in the notes."""

    EXACT = "exact"
    GLOSSARY = "glossary"
    TRANSLITERATION = "transliteration"
    TYPO = "typo"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A word of the question and the vocabulary keys that stand for it; ``idf`` is the largest of theirs."""

    term: Term
    kind: MatchKind
    keys: tuple[str, ...]
    idf: float


@dataclass(frozen=True, slots=True)
class LexicalResult:
    """The matches of a question and the bonus of every section, ``(sections,)`` float32."""

    matches: tuple[TermMatch, ...]
    bonuses: npt.NDArray[np.float32]


class LexicalIndex:
    """An inverted index from keys to sections: term keys, and glossary concepts under ``=number``."""

    def __init__(
        self,
        section_count: int,
        postings: dict[str, dict[int, float]],
        finder: ConceptFinder,
    ) -> None:
        self._section_count = section_count
        self._postings = {
            key: (np.fromiter(rows, np.int64, len(rows)), np.fromiter(rows.values(), np.float32, len(rows)))
            for key, rows in postings.items()
        }
        self._idf = {key: self._rarity(len(rows)) for key, rows in postings.items()}
        self._finder = finder
        self._by_skeleton = _skeleton_table(postings)
        self._spellings = {key: _letters(key) for key in postings if len(key) > 2 and not is_concept(key)}

    @classmethod
    def build(cls, sections: Sequence[Section], finder: ConceptFinder) -> "LexicalIndex":
        """Index the heading paths (with half the weight) and the texts of ``sections``."""
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for section in sections:
            body = finder.extractor.extract("\n".join(block.text for block in section.blocks))
            path = finder.extractor.extract("\n".join(section.heading_path))
            for weight, terms in ((PATH_WEIGHT, path), (1.0, body)):
                for key in {key for term in terms for key in term.keys} | finder.all_keys(terms):
                    postings[key][section.number] = weight
        return cls(len(sections), dict(postings), finder)

    def to_json(self) -> dict[str, Any]:
        """Return the index as plain JSON values."""
        return {
            "sections": self._section_count,
            "postings": {key: [rows.tolist(), weights.tolist()] for key, (rows, weights) in self._postings.items()},
            "glossary": as_rows(self._finder.glossary),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "LexicalIndex":
        """Undo :meth:`to_json`."""
        glossary = from_rows(data["glossary"])
        postings = {key: dict(zip(*rows, strict=True)) for key, rows in data["postings"].items()}
        return cls(data["sections"], postings, ConceptFinder(glossary, TermExtractor(hangul_forms(glossary))))

    @property
    def glossary(self) -> tuple[GlossaryEntry, ...]:
        """The glossary that bridges the languages."""
        return self._finder.glossary

    @property
    def extractor(self) -> TermExtractor:
        """The extractor that questions and notes are read with."""
        return self._finder.extractor

    def idf(self, key: str) -> float:
        """Return ln(sections / sections with ``key``); the most there can be for an unknown key."""
        return self._idf.get(key, self._rarity(1))

    def _rarity(self, sections_with: int) -> float:
        return math.log(max(self._section_count, 2) / max(sections_with, 1))

    def search(self, question: str) -> LexicalResult:
        """Return how the words of ``question`` match, and the sections' bonuses: sum of idf / √(number of words).

        Only words with an idf of ``MINIMUM_IDF`` or more count: common ones say nothing.
        """
        matches = tuple(self.match(question))
        informative = [match for match in matches if match.idf >= MINIMUM_IDF and match.keys]
        bonuses = np.zeros(self._section_count, dtype=np.float32)
        for match in informative:
            best = np.zeros(self._section_count, dtype=np.float32)
            for key in match.keys:
                rows, weights = self._postings[key]
                best[rows] = np.maximum(best[rows], weights * self.idf(key))
            bonuses += best / math.sqrt(len(informative))
        return LexicalResult(matches, bonuses)

    def match(self, question: str) -> Iterator[TermMatch]:
        """Yield how each word of ``question`` is found in the notes; a glossary form of several words is one."""
        terms = self._finder.extractor.extract(question)
        concepts = {concept.first: concept for concept in self._finder.longest(terms)}
        position = 0
        while position < len(terms):
            concept = concepts.get(position)
            end = concept.last + 1 if concept else position + 1
            yield self._match(terms[position:end], concept)
            position = end

    def keys_of(self, text: str) -> frozenset[str]:
        """Return the keys that ``text`` holds: those of its words and of the glossary entries that it names."""
        terms = self._finder.extractor.extract(text)
        return frozenset(key for term in terms for key in term.keys) | self._finder.all_keys(terms)

    def sections_with(self, match: TermMatch) -> set[int]:
        """Return the numbers of the sections that hold ``match``."""
        return {section for key in match.keys for section in self._postings[key][0].tolist()}

    def _match(self, members: Sequence[Term], concept: Concept | None) -> TermMatch:
        term = members[0] if len(members) == 1 else _joined(members)
        exact = self._exact(term) if len(members) == 1 else []  # one word of a form of several is no match
        bridged = [key for key in concept.keys if key in self._postings] if concept else []
        whole = term.key in self._postings
        sounds = list(self._sounding_like(term))
        if whole or (exact and not bridged and not sounds):
            return self._found(term, MatchKind.EXACT, [*exact, *bridged, *sounds])
        if bridged:
            return self._found(term, MatchKind.GLOSSARY, [*bridged, *exact])
        if sounds:
            return self._found(term, MatchKind.TRANSLITERATION, [*sounds, *exact])
        typos = list(self._misspelt(term))
        return self._found(term, MatchKind.TYPO if typos else MatchKind.ABSENT, typos)

    def _exact(self, term: Term) -> list[str]:
        """Return the known keys of ``term``; of a name with an unknown part (DynamoDB: dynamo, db) none."""
        known = [key for key in term.keys if key in self._postings]
        if term.kind is TermKind.NAME and term.key not in self._postings and len(known) < len(term.parts):
            return []
        return known

    def _found(self, term: Term, kind: MatchKind, found: Iterable[str]) -> TermMatch:
        keys = tuple(dict.fromkeys(found))
        return TermMatch(term, kind, keys, max((self.idf(key) for key in keys), default=self.idf("")))

    def _sounding_like(self, term: Term) -> Iterator[str]:
        if term.kind is TermKind.NOUN:
            alike = self._by_skeleton.get(hangul_skeleton(term.key), ())
            yield from (key for key in alike if key.isascii() and sounds_alike(term.key, key))
            return
        for word in dict.fromkeys([term.surface, *words_of(term.surface)]):
            if not is_stop_word(word):
                alike = self._by_skeleton.get(latin_skeleton(word), ())
                yield from (key for key in alike if not key.isascii() and sounds_alike(key, word))

    def _misspelt(self, term: Term) -> Iterator[str]:
        """Yield the vocabulary keys within one slip (two for long words), compared letter by letter or jamo by jamo."""
        spelling = _letters(term.key)
        if len(spelling) < 5 or term.kind is TermKind.NUMBER or any(map(str.isdigit, spelling)):
            return
        slips = 1 if len(spelling) < 9 else 2
        matches = process.extract(spelling, self._spellings, scorer=OSA.distance, score_cutoff=slips, limit=3)
        best = min((distance for _, distance, _ in matches), default=0)
        yield from (key for _, distance, key in matches if distance == best)


def _joined(members: Sequence[Term]) -> Term:
    surface = " ".join(term.surface for term in members)
    atoms = tuple(atom for term in members for atom in term.atoms)
    return Term(" ".join(term.key for term in members), surface, members[0].kind, members[0].start, (), atoms)


def _skeleton_table(postings: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = defaultdict(list)
    for key in postings:
        skeleton = latin_skeleton(key) if key.isascii() else hangul_skeleton(key)
        if len(skeleton) >= MINIMUM_SKELETON:
            table[skeleton].append(key)
    return dict(table)


def _letters(key: str) -> str:
    """Return ``key`` with Hangul syllables taken apart, so that one wrong vowel is one slip."""
    return unicodedata.normalize("NFD", key)
