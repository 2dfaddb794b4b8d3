"""Finds the glossary's terms in a text, whatever form they have, and their names in the other language."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

from index.language.glossary import GlossaryEntry
from index.language.languages import KOREAN
from index.language.terms import Term, TermExtractor

LONGEST_FORM = 5
_PREFIX = "="
_TRANSLATIONS = 12


@dataclass(frozen=True, slots=True)
class Concept:
    """A glossary form in a sequence of terms, at the positions ``first`` to ``last``; ``keys`` name its entries."""

    first: int
    last: int
    keys: tuple[str, ...]


class ConceptFinder:
    """Looks up sequences of atoms (smallest pieces of terms) in a glossary's forms. A key is ``=`` and a number."""

    def __init__(
        self,
        glossary: Sequence[GlossaryEntry],
        extractor: TermExtractor,
        keys: Mapping[tuple[str, ...], tuple[str, ...]],
    ) -> None:
        self.glossary = tuple(glossary)
        self.extractor = extractor
        self._keys = dict(keys)
        self._atoms = {atom for atoms in self._keys for atom in atoms}

    @classmethod
    def build(cls, glossary: Sequence[GlossaryEntry], extractor: TermExtractor) -> "ConceptFinder":
        """Analyse all forms of ``glossary``, about 0.3 ms each."""
        table: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for number, entry in enumerate(glossary):
            for form in entry.forms:
                atoms = _atoms(extractor.extract(form))
                if 0 < len(atoms) <= LONGEST_FORM and f"{_PREFIX}{number}" not in table[atoms]:
                    table[atoms].append(f"{_PREFIX}{number}")
        return cls(glossary, extractor, {atoms: tuple(keys) for atoms, keys in table.items() if keys})

    def to_json(self) -> dict[str, Any]:
        """Return the analysed glossary as plain JSON values."""
        return {"glossary": [*map(astuple, self.glossary)], "forms": [*self._keys.items()]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ConceptFinder":
        """Undo :meth:`to_json`."""
        glossary = [GlossaryEntry(tuple(korean), tuple(english), group) for korean, english, group in data["glossary"]]
        forms = {tuple(atoms): tuple(keys) for atoms, keys in data["forms"]}
        return cls(glossary, _extractor(hangul_forms(glossary)), forms)

    @property
    def atoms(self) -> Iterable[str]:
        """The atoms that forms are made of."""
        return self._atoms

    def knows(self, atom: str) -> bool:
        """Return whether a form holds ``atom``."""
        return atom in self._atoms

    def longest(self, terms: Sequence[Term]) -> Iterator[Concept]:
        """Yield the forms in ``terms`` from left to right, the longest at each place, without overlap."""
        position = 0
        while position < len(terms):
            for end in range(min(len(terms), position + LONGEST_FORM), position, -1):
                keys = self._keys.get(_atoms(terms[position:end]))
                if keys:
                    yield Concept(position, end - 1, keys)
                    position = end - 1
                    break
            position += 1

    def all_keys(self, terms: Iterable[Term]) -> set[str]:
        """Return the keys of all forms in ``terms``, overlapping ones and those inside compounds too."""
        atoms = _atoms(terms)
        return {
            key
            for first in range(len(atoms))
            for end in range(first + 1, min(len(atoms), first + LONGEST_FORM) + 1)
            for key in self._keys.get(atoms[first:end], ())
        }

    def keys_of(self, text: str) -> frozenset[str]:
        """Return the keys that ``text`` holds: those of its words and of the glossary entries that it names."""
        terms = self.extractor.extract(text)
        return frozenset(key for term in terms for key in term.keys) | self.all_keys(terms)

    def translations(self, text: str, language: str) -> list[str]:
        """Return how the terms of ``text`` are called in the other language, where ``text`` does not say so itself."""
        lowered = text.lower()
        found: dict[str, None] = {}
        for concept in self.longest(self.extractor.extract(text)):
            entry = self.glossary[int(concept.keys[0].removeprefix(_PREFIX))]
            forms = entry.english if language == KOREAN else entry.korean
            if forms and not entry.is_everyday and forms[0].lower() not in lowered:
                found[forms[0]] = None
        return list(found)[:_TRANSLATIONS]


@lru_cache(maxsize=2)
def finder_of(glossary: tuple[GlossaryEntry, ...]) -> ConceptFinder:
    """Return the finder of ``glossary``; analysing its forms takes seconds, so it is kept."""
    return ConceptFinder.build(glossary, _extractor(hangul_forms(glossary)))


@lru_cache(maxsize=2)
def _extractor(words: tuple[str, ...]) -> TermExtractor:
    """Return the extractor that knows ``words``; loading the Korean analyser takes seconds, so it is kept."""
    return TermExtractor(words)


def is_concept(key: str) -> bool:
    """Return whether ``key`` names a glossary entry rather than a word."""
    return key.startswith(_PREFIX)


def hangul_forms(glossary: Iterable[GlossaryEntry]) -> tuple[str, ...]:
    """Return the single Hangul words of a glossary, for the Korean analyser to know as nouns.

    Those of the general glossary are in its dictionary, or made of words that are; without them all courses share one
    analyser.
    """
    return tuple(form for entry in glossary if not entry.is_general for form in entry.korean if " " not in form)


def _atoms(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(atom for term in terms for atom in term.atoms)
