"""Tells who or what a clause is about, and whether one says of something what a line says of something else.

Korean marks it with particles. English has it first: the first word that means anything, with the names around it.
What is taken for a fault is only what both lack: the sentence is about something that the line does not hold, and the
line is about something that the sentence does not hold. Most rewordings are therefore left alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.opposites import are_opposed
from assistant.quantities import Quantity, quantities
from index.languages import hangul_share, is_hangul
from index.lexical import TermMatch
from index.terms import TermKind
from index.transliteration import sounds_alike

Match = Callable[[str], Iterable[TermMatch]]
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|cannot|without|nor|unable|impossible|avoid|prevents?|forbidden|denie[sd]|deny)\b|n['’]t\b"
    r"|않|못[하해한할합]|못 |없|아니|아닙|(?<![가-힣])안 [가-힣]|불가|금지|마세요|말아야|말고|지 말|거부|차단",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[,;]?\s+(?:while|whereas|but|although|though|however)\b,?|;\s|\s[—–]\s|,\s+and\b"
    r"|\sand(?=\s[A-Z]\w+\s[a-z]+s\b)|(?<=지만)(?:,|\s)|(?<=[고며나데])\s*,|,(?=\s[^,]{1,24}?[은는]\s)|\s반면(?:에)?(?=[\s,])",
)
_CONTRAST = re.compile(
    r"^\s*(?:unlike|in contrast to|compared (?:to|with)|other than|instead of)\b[^,]*,|\S+\s?[와과](?:는)?\s?달리", re.IGNORECASE
)
_BEFORE_THE_SUBJECT = re.compile(
    r"^\s*(?:in|on|for|with|by|at|from|to|under|after|before|when|if|once|as|during|through|using|within)\b[^,]*,",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^\W*(?:it|they|this|these|that|those|such)\b|^\W*(?:이는|이것은|그것은|이들은|또한|그리고|또)(?=\s)", re.IGNORECASE)
_VERB_FIRST = re.compile(r"^[a-z]+s (?:the|an?|its|their|them|it|all|each|every|no|any|[a-z]+ly)\b")
_TOPIC = re.compile(r"(?:에서)?(?:은|는)(?=[\s,.!?]|$)|(?:에는|에서는|에선|의 경우)(?=[\s,.!?]|$)")
_SUBJECT = re.compile(r"(?:이|가|께서)(?=[\s,.!?]|$)")
_OBJECT = re.compile(r"(?:을|를|보다|의|에게|한테)(?=[\s,.!?]|$)")
_JOINED = re.compile(r"[\s(\"'`“‘]*(?:의|와|과|및|이나|나|,|·|/)?[\s)\"'`”’]*")
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?)\s+(?:\w+ly\s+)?\w+(?:ed|en|pt|wn|lt|ept|ade|ent|ung|ut)\b"
    r"|[되된될됩돼]|에 의해",
    re.IGNORECASE,
)
#: Shorter Korean words that sound like an English one are loanwords (서버), longer ones names (클라우드트레일).
_SYLLABLES_OF_A_NAME = 6
_SEVERAL = re.compile(r"\b(?:and|or|both)\b|,|[와과]\s|및|또는|이나\s", re.IGNORECASE)


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
        about = self.subject if _is_korean(self.text) else self.subject[:1]
        first, last = (about[0].term.start, _end(about[-1])) if about else (0, 0)
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
    def denies(self) -> bool:
        """Whether it says that something is not so."""
        return _NEGATION.search(self.text) is not None

    def holds(self, word: TermMatch) -> bool:
        """Return whether the clause holds ``word`` itself: of a name, a part is not enough."""
        return holds(self.keys, word)


def likeness(clause: Clause, line: Clause) -> tuple[float, float]:
    """Return how much of what ``clause`` says ``line`` says, then how much of all its words it holds.

    What it is about comes second: that is what may be wrong. A word as it is counts more than one that means the same.
    """
    own = _keys(line.words)
    exact = frozenset(word.term.key for word in line.words)

    def held(words: Iterable[TermMatch]) -> float:
        return sum(1.0 if word.term.key in exact else 0.9 for word in words if holds(own, word))

    return held(clause.predicate) + len(clause.quantities & line.quantities), held(clause.words)


def clauses(text: str, match: Match) -> list[Clause]:
    """Return the clauses of ``text``, each with what it is about."""
    found: list[Clause] = []
    for part in _parts(text, match):
        words = tuple(word for word in match(part) if word.term.kind is not TermKind.NUMBER)
        clause = Clause(part, words, subject=_subject(part, words))
        if found and (not clause.subject or _PRONOUN.match(part) or _VERB_FIRST.match(part)):
            clause = replace(clause, subject=(), heir=found[-1].subject or found[-1].heir)
        found.append(clause)
    return found


def says_otherwise(clause: Clause, line: Clause, context: frozenset[str]) -> bool:
    """Return whether ``clause`` says of something what ``line`` says of something else, or denies what it affirms.

    :param context: The keys of what stands around the line: its headings, what introduces it.
    """
    return (
        _is_about_another(clause, line, context)
        or _names_another(clause, line, context)
        or _is_turned_round(clause, line)
        or contradicts(clause, line)
    )


def is_about_another(clause: Clause, line: Clause, context: frozenset[str]) -> bool:
    """Return whether ``clause`` is about something else than ``line``; see :func:`says_otherwise`."""
    return _is_about_another(clause, line, context)


def contradicts(clause: Clause, line: Clause) -> bool:
    """Return whether one denies what the other affirms, or says the opposite; both together agree again."""
    return (clause.denies != line.denies) != are_opposed(clause.text, line.text)


def leans_on(before: str, clause: Clause, line: Clause, match: Match) -> bool:
    """Return whether ``clause`` names nothing, what went ``before`` names something, and ``line`` is about another."""
    if clause.subject and not _PRONOUN.match(clause.text):
        return False
    spoken = [word for word in match(before) if is_name(word, before)]
    about = [word for word in line.subject or line.heir if is_name(word, line.text)]
    if not spoken or not about or any(clause.holds(word) for word in about):
        return False
    keys = frozenset(key for word in spoken for key in (word.term.key, *_whole(word)))
    return not any(line.holds(word) for word in spoken) and not any(holds(keys, word) for word in about)


def is_name(word: TermMatch, text: str) -> bool:
    """Return whether ``word`` is a name: an identifier, a capital inside a sentence, a Latin word in a Korean one."""
    term = word.term
    if term.kind is TermKind.NAME:
        return True
    if not term.surface.isascii():
        return len(term.surface) >= _SYLLABLES_OF_A_NAME and any(key.isascii() and key[0] != "=" for key in word.keys)
    capital = term.surface[:1].isupper() and term.start > len(text) - len(text.lstrip(" \"'(“‘-"))
    return capital or any(map(is_hangul, text))


def holds(keys: frozenset[str], word: TermMatch) -> bool:
    """Return whether ``keys`` hold ``word`` whole, as it is or in the other language."""
    parts = word.term.parts
    return word.term.key in keys or not keys.isdisjoint(_whole(word)) or bool(parts and keys.issuperset(parts))


def _whole(word: TermMatch) -> frozenset[str]:
    """Return the keys that stand for all of ``word``: of CloudTrail not 클라우드, which CloudWatch has too."""
    parts, surface = set(word.term.parts), word.term.surface
    if not parts:
        return frozenset(word.keys)
    return frozenset(
        key for key in word.keys if key not in parts and (key.isascii() or sounds_alike(key, surface))
    )


def _is_about_another(clause: Clause, line: Clause, context: frozenset[str]) -> bool:
    if not clause.subject or _PRONOUN.match(clause.text):
        return False
    return all(_differ(clause, subject, line, context) for subject in (line.subject, line.heir) if subject)


def _differ(clause: Clause, about: Sequence[TermMatch], line: Clause, context: frozenset[str]) -> bool:
    across = _is_korean(clause.text) != _is_korean(line.text)
    own = [word for word in clause.subject if not across or is_name(word, clause.text)]
    other = [word for word in about if not across or is_name(word, line.text)]
    lost = [word for word in other if not clause.holds(word)]
    missing = [word for word in own if not line.holds(word)]
    if not across and not _is_korean(clause.text):
        # Of English words that follow the first one it is not known whether they are what it is about: they count
        # where both have the first one and go on with another.
        same = bool(own and other) and line.holds(own[0]) and clause.holds(other[0])
        names = [word for word in missing if is_name(word, clause.text) or word is own[0]]
        missing = missing[:1] if same and lost else names
        lost = lost if same else [word for word in lost if word is other[0] or is_name(word, line.text)]
    if not missing or not lost:
        return False
    beyond = [word for word in missing if not holds(context, word)]
    return bool(beyond) or any(is_name(word, line.text) for word in lost)


def _names_another(clause: Clause, line: Clause, context: frozenset[str]) -> bool:
    """Return whether each holds a name that the other lacks, which a list of several may."""
    if _SEVERAL.search(clause.text) and len(clause.names) > 1:
        return False
    added = [word for word in clause.names if not line.holds(word) and not holds(context, word)]
    return bool(added) and any(not clause.holds(word) for word in line.names)


def _is_turned_round(clause: Clause, line: Clause) -> bool:
    """Return whether who does it and to whom it is done have changed places, in the same voice."""
    if not clause.subject or not line.subject or bool(_PASSIVE.search(clause.text)) != bool(_PASSIVE.search(line.text)):
        return False
    korean = _is_korean(clause.text)
    mine, theirs = (clause.subject[-1], line.subject[-1]) if korean else (clause.subject[0], line.subject[0])
    if korean != _is_korean(line.text) or not _is_thing(mine, clause.text) or not _is_thing(theirs, line.text):
        return False
    if holds(_keys(line.subject if korean else [theirs]), mine) or not line.holds(mine):
        return False
    done_to = [word for word in clause.words if word not in clause.subject and holds(_keys([theirs]), word)]
    if korean:
        return any(_OBJECT.match(clause.text, _end(word)) for word in done_to)
    return bool(done_to)


def _is_thing(word: TermMatch, text: str) -> bool:
    """Return whether ``word`` is surely no verb: a Korean noun, a name, a term of the glossary."""
    if word.term.kind is TermKind.NOUN or is_name(word, text):
        return True
    return any(key.startswith("=") for key in word.keys)


def _keys(words: Iterable[TermMatch]) -> frozenset[str]:
    return frozenset(key for word in words for key in (word.term.key, *_whole(word)))


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
    if _is_korean(text):
        return _korean_subject(text, words)
    opening = _BEFORE_THE_SUBJECT.match(text)
    start = opening.end() if opening else 0
    rest = [word for word in words if word.term.start >= start and " " not in word.term.surface] or list(words)
    found: list[TermMatch] = []
    for word in rest[:3]:
        if found and text[_end(found[-1]) : word.term.start] not in (" ", "-"):
            break
        found.append(word)
    return tuple(found[:2] if not all(is_name(word, text) for word in found[:2]) else found)


def _korean_subject(text: str, words: Sequence[TermMatch]) -> tuple[TermMatch, ...]:
    single = [word for word in words if " " not in word.term.surface and word.term.kind is not TermKind.VERB]
    for particle in (_TOPIC, _SUBJECT):
        for number, word in enumerate(single):
            if not particle.match(text, _end(word)):
                continue
            first = number
            while first and _JOINED.fullmatch(text[_end(single[first - 1]) : single[first].term.start]):
                first -= 1
            return tuple(single[first : number + 1])
    return ()


def _end(word: TermMatch) -> int:
    return word.term.start + len(word.term.surface)


def _is_korean(text: str) -> bool:
    return hangul_share(text) >= 0.15
