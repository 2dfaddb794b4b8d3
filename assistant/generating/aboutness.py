"""Tells whether a clause says of something what a line says of something else, or denies what it affirms.

What is taken for a fault is only what both lack: the clause is about something that the line does not hold, and the
line is about something that the clause does not hold. Most rewordings are therefore left alone.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.generating.clause_reading import (
    Clause,
    Match,
    end_of,
    holds,
    is_korean,
    is_name,
    is_thing,
    keys_of_words,
    whole_keys,
)
from assistant.generating.opposites import are_opposed, denies
from index.ranking.lexical import TermMatch

_OBJECT = re.compile(r"(?:을|를|보다|의|에게|한테)(?=[\s,.!?]|$)")
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?)\s+(?:\w+ly\s+)?\w+(?:ed|en|pt|wn|lt|ept|ade|ent|ung|ut)\b"
    r"|[되된될됩돼]|에 의해",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:and|or|both)\b|,|[와과]\s|및|또는|이나\s", re.IGNORECASE)


def likeness(clause: Clause, line: Clause) -> tuple[float, float]:
    """Return how much of what ``clause`` says ``line`` says, then how much of all its words it holds.

    What it is about comes second: that is what may be wrong. A word as it is counts more than one that means the same.
    """
    own = keys_of_words(line.words)
    exact = frozenset(word.term.key for word in line.words)
    across = is_korean(clause.text) != is_korean(line.text)

    def held(words: Iterable[TermMatch]) -> float:
        return sum(1.0 if across or word.term.key in exact else 0.9 for word in words if holds(own, word))

    return held(clause.predicate) + len(clause.quantities & line.quantities), held(clause.words)


def says_otherwise(clause: Clause, line: Clause, context: frozenset[str]) -> bool:
    """Return whether ``clause`` says of something what ``line`` says of something else, or denies what it affirms.

    :param context: The keys of what stands around the line: its headings, what introduces it.
    """
    return (
        is_about_another(clause, line, context)
        or _names_another(clause, line, context)
        or _is_turned_round(clause, line)
        or contradicts(clause, line)
    )


def contradicts(clause: Clause, line: Clause) -> bool:
    """Return whether one denies what the other affirms, or says the opposite; both together agree again."""
    return (denies(clause.text) != denies(line.text)) != are_opposed(clause.text, line.text)


def leans_on(before: str, clause: Clause, line: Clause, match: Match) -> bool:
    """Return whether ``clause`` names nothing, what went ``before`` names something, and ``line`` is about another."""
    if not clause.leans:
        return False
    spoken = [word for word in match(before) if is_name(word, before)]
    about = [word for word in line.subject or line.heir if is_name(word, line.text)]
    if not spoken or not about or any(clause.holds(word) for word in about):
        return False
    keys = frozenset(key for word in spoken for key in (word.term.key, *whole_keys(word)))
    return not any(line.holds(word) for word in spoken) and not any(holds(keys, word) for word in about)


def is_about_another(clause: Clause, line: Clause, context: frozenset[str]) -> bool:
    """Return whether ``clause`` is about something else than ``line``; see :func:`says_otherwise`."""
    if clause.leans:
        return False
    about = line.subject or line.heir
    return bool(about) and _differ(clause, about, line, context)


def _differ(clause: Clause, about: Sequence[TermMatch], line: Clause, context: frozenset[str]) -> bool:
    across = is_korean(clause.text) != is_korean(line.text)
    own = [word for word in clause.subject if not across or is_name(word, clause.text)]
    other = [word for word in about if not across or is_name(word, line.text)]
    lost = [word for word in other if not clause.holds(word)]
    missing = [word for word in own if not line.holds(word)]
    if not across and not is_korean(clause.text):
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
    korean = is_korean(clause.text)
    mine, theirs = (clause.subject[-1], line.subject[-1]) if korean else (clause.subject[0], line.subject[0])
    if korean != is_korean(line.text) or not is_thing(mine, clause.text) or not is_thing(theirs, line.text):
        return False
    if holds(keys_of_words(line.subject if korean else [theirs]), mine) or not line.holds(mine):
        return False
    done_to = [word for word in clause.words if word not in clause.subject and holds(keys_of_words([theirs]), word)]
    if korean:
        return any(_OBJECT.match(clause.text, end_of(word)) for word in done_to)
    return bool(done_to)
