"""Reads through slips of the pen in a question, several at once; whoever searches decides whether to believe it.

Words that the notes or the dictionary know are never touched, nor are names, capitals and code: these may be things
that the notes do not have, and are only asked about.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.talk.wordings import rows_of
from index import CourseIndex
from index.language.terms import TermKind, is_stop_word
from index.ranking.lexical import MatchKind, TermMatch

_TABLE = "slips"
_WORD = re.compile(r"(?<![\w@#$%&./:+-])[A-Za-z][A-Za-z'’/]*(?![A-Za-z0-9_@#$%&/:+-]|\.\w)")
_WORD_OF_NOTES = re.compile(r"[A-Za-z]{3,}")
_NAME = re.compile(r"[a-z][A-Z]|[A-Z]{2}|\d")
_SHORTEST = 4
_LONG = 8
#: Word counts of the dictionary's corpus. Of the 1,000 questions in content/questions they leave none read wrongly that
#: has no slip.
_COMMON, _VERY_COMMON = 300, 100_000
_SHORT = 5
_WHOLE_WORD = 20_000
_PREFIX = re.compile(r"^(?:pre|re|un|de|dis|mis|non|over|under|sub|multi|auto|micro|inter|anti|co)(?=\w{3})")
_SUFFIX = re.compile(r"(?<=\w{3})(?:ings?|ness|able|ers?|ed|ly|less|ful|ish|ized?|ise|s)$")
_MOST_CHANGES = 8
_CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class Respelling:
    """A question as it may be meant, and its words that differ: as written and as read."""

    question: str
    changes: tuple[tuple[str, str], ...] = ()


class Spelling:
    """Reads questions with the words of one index."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index

    def prepare(self) -> None:
        """Load the dictionary and the notes' words now rather than at the first question with an unknown word."""
        self._is_word("zzzz")

    def read(self, question: str) -> Respelling:
        """Return ``question`` with its slips read as what they most likely mean."""
        changes: list[tuple[str, str]] = []
        text = self._korean(question)

        def meant(found: re.Match[str]) -> str:
            word = found.group()
            start = not text[: found.start()].strip()
            better = self._meant(word, starts=start) if len(changes) < _MOST_CHANGES else None
            if better is None:
                return word
            changes.append((word, better))
            return better[0].upper() + better[1:] if word[0].isupper() else better

        read = _WORD.sub(meant, text)
        return Respelling(read, tuple(changes)) if read != question else Respelling(question)

    def guess(self, question: str) -> Respelling:
        """Return ``question`` with a name that the notes do not have read as the nearest one that they have."""
        lexical = self._index.words
        for match in lexical.match(question):
            surface = match.term.surface
            if match.kind is not MatchKind.ABSENT or not _may_be_a_slip(match):
                continue
            near = self._name_like(surface) if surface.isascii() else lexical.nearest_word(surface, 1)
            if near:
                return Respelling(question.replace(surface, near), ((surface, near),))
        return Respelling(question)

    def _korean(self, question: str) -> str:
        for pattern, better in _korean_slips():
            question = pattern.sub(better, question)
        return question

    def _meant(self, word: str, *, starts: bool) -> str | None:
        """Return what ``word`` is a slip of, None where it is none."""
        lowered = word.lower()
        hurried = rows_of(_TABLE, "latin").get(lowered)
        if hurried and not self._notes.get(lowered) and (len(word) > 1 or word.islower()):
            return hurried
        if len(word) < _SHORTEST or not word.isalpha() or _NAME.search(word) or self._is_word(lowered):
            return None
        near = self._nearest(lowered)
        if near is None or (word[0].isupper() and not starts and near not in self._notes):
            return None
        return near

    def _is_word(self, word: str) -> bool:
        if word in self._notes or word in _dictionary() or is_stop_word(word) or _is_made_of_words(word):
            return True
        known = (MatchKind.EXACT, MatchKind.GLOSSARY, MatchKind.TRANSLITERATION)
        return any(match.kind in known for match in self._index.words.match(word))

    def _nearest(self, word: str) -> str | None:
        slips = 2 if len(word) >= _LONG else 1
        dictionary = _dictionary()
        common = {near: dictionary[near] for near in self._likeliest(word, _common_words(), slips)}
        if len(word) <= _SHORT:  # short words are too near to each other
            common = {near: count for near, count in common.items() if count >= _VERY_COMMON}
        own = {near: self._notes[near] for near in self._likeliest(word, tuple(self._notes), slips)}
        found = {*common, *own}
        ranked = sorted(found, key=lambda near: (OSA.distance(word, near), near not in own, -common.get(near, 0), near))
        return ranked[0] if ranked else None

    def _likeliest(self, word: str, among: Sequence[str], slips: int) -> list[str]:
        near = process.extract(word, among, scorer=OSA.distance, score_cutoff=slips, limit=_CANDIDATES)
        return [other for other, _, _ in near if _could_be(word, other)]

    def _name_like(self, surface: str) -> str | None:
        """Return the word of the notes, as they write it, that is one slip from ``surface``."""
        if len(surface) <= _SHORTEST or not surface.isalpha():
            return None
        near = self._likeliest(surface.lower(), tuple(self._notes), 1)
        return self._spelt.get(near[0]) if near else None

    @cached_property
    def _spelt(self) -> Mapping[str, str]:
        """How the notes write a word, by the word in lower case; where they write it in several ways, a capital one."""
        words = (word for note in self._index.notes for word in _WORD_OF_NOTES.findall(note.shown))
        return {word.lower(): word for word in sorted(set(words), reverse=True)}

    @cached_property
    def _notes(self) -> Mapping[str, int]:
        """How often the notes have a word, in lower case; what they have once may be a slip of their own."""
        counts: dict[str, int] = {}
        for note in self._index.notes:
            for word in _WORD_OF_NOTES.findall(note.shown):
                counts[word.lower()] = counts.get(word.lower(), 0) + 1
        return counts


def _could_be(word: str, meant: str) -> bool:
    """Return whether ``word`` may be a slip of ``meant``: begun alike, about as long, if short with letters swapped."""
    if len(word) <= _SHORTEST:
        return sorted(word) == sorted(meant)
    return meant[0] in word[:2] and abs(len(word) - len(meant)) <= 1


def _is_made_of_words(word: str) -> bool:
    """Return whether ``word`` is a derivation or a compound that a dictionary need not have: presigned, backend."""
    dictionary = _dictionary()
    if any(
        dictionary.get(part, 0) >= _COMMON for part in (_PREFIX.sub("", word), _SUFFIX.sub("", word)) if part != word
    ):
        return True
    halves = ((word[:at], word[at:]) for at in range(3, len(word) - 2))
    return any(min(dictionary.get(left, 0), dictionary.get(right, 0)) >= _WHOLE_WORD for left, right in halves)


def _may_be_a_slip(match: TermMatch) -> bool:
    return match.term.kind in (TermKind.NAME, TermKind.NOUN) and not match.term.in_dictionary


@cache
def _korean_slips() -> Sequence[tuple[re.Pattern[str], str]]:
    return tuple((re.compile(pattern), better) for pattern, better in rows_of(_TABLE, "korean").items())


@cache
def _dictionary() -> Mapping[str, int]:
    """Return how frequent English words are."""
    from spellchecker import SpellChecker  # a third of a second, which only a question with an unknown word needs

    return dict(SpellChecker(language="en", distance=1).word_frequency.dictionary)


@cache
def _common_words() -> Sequence[str]:
    return tuple(word for word, count in _dictionary().items() if count >= _COMMON and len(word) >= _SHORTEST - 1)


def told(changes: Sequence[tuple[str, str]]) -> str:
    """Return the words as they were read, for a sentence that says so."""
    return ", ".join(dict.fromkeys(better for _, better in islice(changes, 4)))
