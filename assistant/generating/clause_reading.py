"""Reads the clauses of a sentence: where they begin, who or what each is about, and which of its words are names.

Korean marks what a clause is about with particles. English has it first: the first word that means anything, with the
names around it. Judges nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.language.languages import hangul_share, is_hangul
from index.language.quantities import Quantity, quantities
from index.language.terms import TermKind
from index.language.transliteration import sounds_alike
from index.ranking.lexical import TermMatch

Match = Callable[[str], Iterable[TermMatch]]
_CUT = re.compile(
    r"[,;]? (?:while|whereas|but(?! also)|although|though|however)\b,?|; | [—–] |, and\b(?! \S{1,40}(?: \S{1,40})?,)"
    r"| and(?= [A-Z]\w{1,40} [a-z]{1,40}s\b)|(?<=[^까]지만)[, ]|(?<=[고며나데]),|,(?= [^,]{1,24}?[은는] )"
    r"| 반면(?:에)?(?=[ ,])",
)
_CONTRAST = re.compile(
    r"^(?:unlike|in contrast to|compared (?:to|with)|other than|instead of)\b[^,]*,|[^\s와과]{1,20}[와과](?:는)? ?달리",
    re.IGNORECASE,
)
_BEFORE_THE_SUBJECT = re.compile(
    r"^\s*(?:in|on|for|with|by|at|from|to|under|after|before|when|if|once|as|during|through|using|within)\b[^,]*,",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^\W*(?:it|they|this|these|that|those|such)\b|^\W*(?:이는|이것은|그것은|이들은|또한|그리고|또)(?=\s)",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(r"^[a-z]+s (?:the|an?|its|their|them|it|all|each|every|no|any|[a-z]+ly)\b")
_TOPIC = re.compile(r"(?:에서)?(?:은|는)(?=[\s,.!?]|$)|(?:에는|에서는|에선|의 경우)(?=[\s,.!?]|$)")
_SUBJECT = re.compile(r"(?:이|가|께서)(?=[\s,.!?]|$)")
_JOINED = re.compile(r"[\s(\"'`“‘]{0,2}(?:의|와|과|및|이나|나|,|·|/)?[\s)\"'`”’]{0,2}")
#: Shorter Korean words that sound like an English one are loanwords (서버), longer ones names (클라우드트레일).
_SYLLABLES_OF_A_NAME = 6


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its words in order; ``subject`` is who or what it is about, empty where it names nothing.

    ``heir`` is the subject of the clause before it, which it is about where it has none of its own.
    """

    text: str
    words: tuple[TermMatch, ...]
    subject: tuple[TermMatch, ...] = ()
    heir: tuple[TermMatch, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all words, and of what it is about."""
        return frozenset(key for word in (*self.words, *self.heir) for key in (word.term.key, *word.keys))

    @property
    def predicate(self) -> tuple[TermMatch, ...]:
        """The words that are not what it is about."""
        about = self.subject if is_korean(self.text) else self.subject[:1]
        first, last = (about[0].term.start, end_of(about[-1])) if about else (0, 0)
        return tuple(word for word in self.words if not first <= word.term.start < last)

    @property
    def names(self) -> tuple[TermMatch, ...]:
        """The words that are names."""
        return tuple(word for word in self.words if is_name(word, self.text))

    @property
    def quantities(self) -> frozenset[Quantity]:
        """The numbers with their units."""
        return quantities(self.text)

    @property
    def leans(self) -> bool:
        """Whether it is about what went before: it begins with *it*, or names nothing."""
        return not self.subject or _PRONOUN.match(self.text) is not None

    def holds(self, word: TermMatch) -> bool:
        """Return whether the clause holds ``word`` itself: of a name, a part is not enough."""
        return holds(self.keys, word)


def clauses(text: str, match: Match) -> list[Clause]:
    """Return the clauses of ``text``, each with what it is about."""
    found: list[Clause] = []
    for part in _parts(text, match):
        words = tuple(word for word in match(part) if word.term.kind is not TermKind.NUMBER)
        clause = Clause(part, words, subject=_subject(part, words))
        if found and (clause.leans or _VERB_FIRST.match(part)):
            clause = replace(clause, subject=(), heir=found[-1].subject or found[-1].heir)
        found.append(clause)
    return found


def holds(keys: frozenset[str], word: TermMatch) -> bool:
    """Return whether ``keys`` hold ``word`` whole, as it is or in the other language."""
    parts = word.term.parts
    return word.term.key in keys or not keys.isdisjoint(whole_keys(word)) or bool(parts and keys.issuperset(parts))


def is_name(word: TermMatch, text: str) -> bool:
    """Return whether ``word`` is a name: an identifier, a capital inside a sentence, a Latin word in a Korean one."""
    term = word.term
    if term.kind is TermKind.NAME:
        return True
    if not term.surface.isascii():
        return len(term.surface) >= _SYLLABLES_OF_A_NAME and any(key.isascii() and key[0] != "=" for key in word.keys)
    begins = term.start <= len(text) - len(text.lstrip(" \"'(“‘-"))
    return term.surface[:1].isupper() and (not begins or any(map(is_hangul, text)))


def is_thing(word: TermMatch, text: str) -> bool:
    """Return whether ``word`` is surely no verb: a Korean noun, a name, a term of the glossary."""
    if word.term.kind is TermKind.NOUN or is_name(word, text):
        return True
    return any(key.startswith("=") for key in word.keys)


def is_korean(text: str) -> bool:
    """Return whether ``text`` is read as Korean."""
    return hangul_share(text) >= 0.15


def whole_keys(word: TermMatch) -> frozenset[str]:
    """Return the keys that stand for all of ``word``: of CloudTrail not 클라우드, which CloudWatch has too."""
    parts, surface = set(word.term.parts), word.term.surface
    if not parts:
        return frozenset(word.keys)
    return frozenset(key for key in word.keys if key not in parts and (key.isascii() or sounds_alike(key, surface)))


def keys_of_words(words: Iterable[TermMatch]) -> frozenset[str]:
    """Return the keys that stand for ``words``, each whole."""
    return frozenset(key for word in words for key in (word.term.key, *whole_keys(word)))


def end_of(word: TermMatch) -> int:
    """Return where ``word`` ends in its text."""
    return word.term.start + len(word.term.surface)


def _parts(text: str, match: Match) -> Iterator[str]:
    """Yield the clauses of ``text``; one with a single word, or none, stays with the one before it."""
    kept = ""
    begin = 0
    for cut in [*(found.span() for found in _CUT.finditer(text)), (len(text), len(text))]:
        part = f"{kept} {text[begin : cut[0]]}".strip() if kept else text[begin : cut[0]].strip()
        begin = cut[1]
        left = [word for word in match(part) if word.term.kind is not TermKind.NUMBER]
        if len(left) + len(quantities(part)) < 2 and cut[0] < len(text):
            kept = part
            continue
        kept = ""
        if part:
            yield _CONTRAST.sub(" ", part).strip()


def _subject(text: str, words: Sequence[TermMatch]) -> tuple[TermMatch, ...]:
    if is_korean(text):
        return _korean_subject(text, words)
    opening = _BEFORE_THE_SUBJECT.match(text)
    start = opening.end() if opening else 0
    rest = [word for word in words if word.term.start >= start and " " not in word.term.surface] or list(words)
    found: list[TermMatch] = []
    for word in rest[:3]:
        if found and text[end_of(found[-1]) : word.term.start] not in (" ", "-"):
            break
        found.append(word)
    return tuple(found[:2] if not all(is_name(word, text) for word in found[:2]) else found)


def _korean_subject(text: str, words: Sequence[TermMatch]) -> tuple[TermMatch, ...]:
    single = [word for word in words if " " not in word.term.surface and word.term.kind is not TermKind.VERB]
    for particle in (_TOPIC, _SUBJECT):
        for number, word in enumerate(single):
            if not particle.match(text, end_of(word)):
                continue
            first = number
            while first and _JOINED.fullmatch(text[end_of(single[first - 1]) : single[first].term.start]):
                first -= 1
            return tuple(single[first : number + 1])
    return ()
