"""Signal: words that question and section share, weighted by how rare they are; also which words the notes lack.

A question's word may be matched as it is, through a glossary (자격 증명 = credentials), through its Hangul spelling
(클라우드트레일 = CloudTrail) or, if it is found in no other way, through a slip of the pen. Everything but the question
is prepared when the index is built.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.language.concepts import Concept, ConceptFinder, is_concept
from index.language.glossary import GlossaryEntry
from index.language.terms import VERB_ENDING, Term, TermExtractor, TermKind, is_stop_word, stem, words_of
from index.language.transliteration import MINIMUM_SKELETON, hangul_skeleton, latin_skeleton, sounds_alike
from index.records import Section

MINIMUM_IDF = 2.0
SHORTEST_MISSPELT = 6
PATH_WEIGHT = 0.5
_REMEMBERED_TEXTS = 1024


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
        known = (key for key in (*postings, *finder.atoms) if len(key) > 1 and not is_concept(key) and " " not in key)
        self._spellings = {key: _letters(key) for key in known}
        self._remembered = lru_cache(maxsize=_REMEMBERED_TEXTS)(self._match_anew)

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
            "concepts": self._finder.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "LexicalIndex":
        """Undo :meth:`to_json`."""
        postings = {key: dict(zip(*rows, strict=True)) for key, rows in data["postings"].items()}
        return cls(data["sections"], postings, ConceptFinder.from_json(data["concepts"]))

    @property
    def glossary(self) -> tuple[GlossaryEntry, ...]:
        """The glossary that bridges the languages."""
        return self._finder.glossary

    @property
    def section_count(self) -> int:
        """How many sections are indexed."""
        return self._section_count

    @property
    def least_weight(self) -> float:
        """ln((sections + 1) / sections): what a word of all sections weighs where it must not weigh nothing."""
        return math.log1p(1.0 / max(self._section_count, 1))

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
        """Return how the words of ``question`` match, and the sections' bonuses: sum of rarity / √(number of words).

        Only words with an idf of ``MINIMUM_IDF`` or more count: common ones say nothing.
        """
        matches = self.match(question)
        informative = [match for match in matches if match.idf >= MINIMUM_IDF and match.keys]
        bonuses = np.zeros(self._section_count, dtype=np.float32)
        for match in informative:
            best = np.zeros(self._section_count, dtype=np.float32)
            for key in match.keys:
                rows, weights = self._postings[key]
                best[rows] = np.maximum(best[rows], weights * self.idf(key) / self.idf(""))
            bonuses += best / math.sqrt(len(informative))
        return LexicalResult(matches, bonuses)

    def match(self, question: str) -> tuple[TermMatch, ...]:
        """Return how each word of ``question`` is found in the notes, and glossary forms of several words.

        The matches of the latest texts are remembered: one message is looked at from several sides.
        """
        return self._remembered(question)

    def _match_anew(self, question: str) -> tuple[TermMatch, ...]:
        return tuple(self._matches(question))

    def _matches(self, question: str) -> Iterator[TermMatch]:
        terms = [self._corrected(term) for term in self._finder.extractor.extract(question)]
        concepts = {concept.first: concept for concept in self._finder.longest([fixed for fixed, _ in terms])}
        covered: dict[int, Concept] = {}
        for concept in concepts.values():
            if concept.first == concept.last:
                covered[concept.first] = concept
            elif keys := [key for key in concept.keys if key in self._postings]:
                members = [fixed for fixed, _ in terms[concept.first : concept.last + 1]]
                yield self._found(_joined(members), MatchKind.GLOSSARY, keys)
        for position, (term, is_slip) in enumerate(terms):
            yield self._match(term, covered.get(position), is_slip=is_slip)

    def _corrected(self, term: Term) -> tuple[Term, bool]:
        """Return ``term``, a misspelt one in the spelling that notes or glossary know, and whether it was misspelt."""
        key = self._spelling(term)
        if key is None:
            return term, False
        return replace(term, key=key, parts=(), atoms=(key,)), True

    def keys_of(self, text: str) -> frozenset[str]:
        """Return the keys that ``text`` holds: those of its words and of the glossary entries that it names."""
        return self._finder.keys_of(text)

    def nearest_word(self, word: str, slips: int) -> str | None:
        """Return the word of notes or glossary that is at most ``slips`` letters or jamo from ``word``, if one is."""
        found = process.extractOne(_letters(word), self._spellings, scorer=OSA.distance, score_cutoff=slips)
        return found[2] if found else None

    def sections_with(self, match: TermMatch) -> set[int]:
        """Return the numbers of the sections that hold ``match``."""
        return {section for key in match.keys for section in self._postings[key][0].tolist()}

    def _match(self, term: Term, concept: Concept | None, *, is_slip: bool) -> TermMatch:
        exact = self._exact(term)
        bridged = [key for key in concept.keys if key in self._postings] if concept else []
        sounds = list(self._sounding_like(term))
        if is_slip:
            kind = MatchKind.TYPO
        elif term.key in self._postings or (exact and not bridged and not sounds):
            kind = MatchKind.EXACT
        elif bridged:
            kind = MatchKind.GLOSSARY
        else:
            kind = MatchKind.TRANSLITERATION
        found = [*exact, *bridged, *sounds]
        return self._found(term, kind if found else MatchKind.ABSENT, found)

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
        yield from self._hangul_of(term.surface)
        words = [word for word in words_of(term.surface) if word != term.surface and not is_stop_word(word)]
        parts = {word: list(self._hangul_of(word)) for word in words}
        if all(keys or stem(word) in self._postings for word, keys in parts.items()):
            yield from (key for keys in parts.values() for key in keys)  # of CloudFront, 클라우드 alone tells nothing

    def _hangul_of(self, word: str) -> Iterator[str]:
        """Yield the known Korean words that are spelt as the Latin ``word`` sounds."""
        alike = self._by_skeleton.get(latin_skeleton(word), ()) if not is_stop_word(word) else ()
        yield from (key for key in alike if not key.isascii() and sounds_alike(key, word))

    def _spelling(self, term: Term) -> str | None:
        """Return the known spelling that is nearest to an unknown word, letter by letter or jamo by jamo.

        One slip is allowed, two in long words. Verbs, numbers, identifiers with digits and words of the Korean
        dictionary (성적 is no slip of 정적) are taken as they are. Of an identifier of known and unknown parts
        (CloudTrial) the whole may have one slip.
        """
        if term.kind in (TermKind.NUMBER, TermKind.VERB) or any(map(str.isdigit, term.key)) or term.in_dictionary:
            return None
        known = [key in self._postings or self._finder.knows(key) for key in (term.key, *term.parts, *term.atoms)]
        is_partly_known = term.kind is TermKind.NAME and len(term.parts) > 1 and not known[0] and not all(known[1:])
        if any(known) and not is_partly_known:
            return None
        spelling = _letters(term.key)
        if len(spelling) < SHORTEST_MISSPELT:
            return None
        slips = 1 if len(spelling) < 9 or is_partly_known else 2
        found = process.extractOne(spelling, self._spellings, scorer=OSA.distance, score_cutoff=slips)
        return found[2] if found else None


def _joined(members: Sequence[Term]) -> Term:
    surface = " ".join(term.surface for term in members)
    atoms = tuple(atom for term in members for atom in term.atoms)
    return Term(" ".join(term.key for term in members), surface, members[0].kind, members[0].start, (), atoms)


def _skeleton_table(postings: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = defaultdict(list)
    for key in postings:
        if key.endswith(VERB_ENDING):  # loanwords are nouns
            continue
        skeleton = latin_skeleton(key) if key.isascii() else hangul_skeleton(key)
        if len(skeleton) >= MINIMUM_SKELETON:
            table[skeleton].append(key)
    return dict(table)


def _letters(key: str) -> str:
    """Return ``key`` with Hangul syllables taken apart, so that one wrong vowel is one slip."""
    return unicodedata.normalize("NFD", key)
