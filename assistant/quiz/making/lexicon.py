"""Knows the terms that items ask for: where a text mentions them, which are parallel, and which words mean the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.language.glossary import GlossaryEntry
from index.language.languages import KOREAN, is_hangul

_LONGEST_FORM = 40
_AFTER_NOUN = tuple("은는이가을를과와의에로으도만나며하할한합해되된될됩처까부라란인입보마")


@dataclass(frozen=True, slots=True)
class Mention:
    """A form of entry number ``entry`` at ``text[start:end]``."""

    entry: int
    start: int
    end: int


class Lexicon:
    """Entries of the course's glossary first, then other synonyms, which widen what is accepted but are never asked."""

    def __init__(self, entries: Sequence[GlossaryEntry], synonyms: Iterable[GlossaryEntry] = ()) -> None:
        self.entries = tuple(entries)
        self._numbers: dict[str, int] = {}
        self._groups: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            if entry.group:
                self._groups[entry.group].append(number)
            for form in entry.forms:
                self._numbers.setdefault(form.casefold(), number)
        self._exact = {form for entry in self.entries for form in entry.forms if is_abbreviation(form)}
        self._synonyms: dict[str, GlossaryEntry] = {}
        for entry in synonyms:
            for form in entry.forms:
                self._synonyms.setdefault(form.casefold(), entry)

    def find(self, text: str) -> list[Mention]:
        """Return the mentions in ``text``, from left to right, the longest form where several begin."""
        found: list[Mention] = []
        position = 0
        while position < len(text):
            if not text[position].isalnum() or (position and _same_word(text[position - 1], text[position])):
                position += 1
                continue
            mention = self._at(text, position)
            if mention:
                found.append(mention)
            position = mention.end if mention else position + 1
        return found

    def _at(self, text: str, start: int) -> Mention | None:
        for end in range(min(len(text), start + _LONGEST_FORM), start, -1):
            piece = text[start:end]
            number = self._numbers.get(piece.casefold())
            if number is None or not _ends_word(text, end):
                continue
            if is_abbreviation(piece.upper()) and piece.upper() in self._exact and piece not in self._exact:
                continue
            return Mention(number, start, end)
        return None

    def number_of(self, form: str) -> int | None:
        """Return the number of the entry that has ``form``, None where no entry has it."""
        return self._numbers.get(form.strip().casefold())

    def siblings(self, number: int) -> list[int]:
        """Return the other entries of the same class, in the glossary's order."""
        group = self.entries[number].group
        return [other for other in self._groups.get(group, []) if other != number]

    def display(self, number: int, language: str, like: str = "") -> str:
        """Return the preferred form of an entry, empty where it has none; an English plural where ``like`` is one."""
        entry = self.entries[number]
        forms = entry.korean if language == KOREAN else entry.english
        if not forms:
            return ""
        if language == KOREAN:
            return forms[0]
        return next((form for form in forms if form.endswith("s") == like.endswith("s")), forms[0])

    def parts(self, text: str) -> frozenset[int]:
        """Return the entries that a mention names beside its own: IAM in ``IAM role``."""
        numbers = (self._numbers.get(word.casefold()) for word in text.split())
        return frozenset(number for number in numbers if number is not None)

    def synonyms(self, form: str) -> tuple[str, ...]:
        """Return all words, in both languages, that mean the same as ``form``, itself included."""
        number = self.number_of(form)
        if number is not None and len(self.entries[number].forms) > 1:  # the course says itself what it means
            return tuple(dict.fromkeys((form, *self.entries[number].forms)))
        general = self._synonyms.get(form.strip().casefold())
        return tuple(dict.fromkeys((form, *(general.forms if general else ()))))


def is_abbreviation(form: str) -> bool:
    """Return whether a form counts only in capitals: AS, ST, OU."""
    return len(form) <= 4 and form.isascii() and form.isalpha() and form.isupper()


def _same_word(before: str, here: str) -> bool:
    """Return whether two neighbours belong to one word, so that no form can begin between them."""
    if is_hangul(here):
        return is_hangul(before)
    return before.isascii() and (before.isalnum() or before in "-_./")


def _ends_word(text: str, end: int) -> bool:
    if end >= len(text):
        return True
    last, following = text[end - 1], text[end]
    if is_hangul(last):
        return not is_hangul(following) or text[end : end + 2].startswith(_AFTER_NOUN)
    return not (following.isascii() and (following.isalnum() or following in "-_"))
