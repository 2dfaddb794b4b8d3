"""Reads what a message wishes of the last answer: another form, fewer lines, the same again. Knows no answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from assistant.talk.wordings import alternatives
from assistant.understanding.follow_up import Leaning, read_follow_up

_TABLE = "wishes"
_LONGEST = 80
_KOREAN_NUMBERS = {"한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6}
_ENGLISH_NUMBERS = {word: at + 1 for at, word in enumerate("one two three four five six seven eight".split())}
_END = r"[\s.!?？~…ㅎㅋㅠ]*$"
_SHORTEST_QUESTION = 4


class Wish(str, Enum):
    """What is wished of the last answer."""

    TABLE = "table"
    LIST = "list"
    COUNT = "count"
    EXPLAIN = "explain"
    SHORTER = "shorter"
    AGAIN = "again"
    LONGER = "more"
    EXAMPLE = "example"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish, with the number of lines or the language where it names one."""

    wish: Wish
    count: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Limited:
    """A question without the number of things that it wants at most; 0 where it names none."""

    question: str
    count: int = 0


_LANGUAGES = {"language_ko": "ko", "language_en": "en"}
_LEANINGS = {Leaning.SIMPLER: Wish.SHORTER, Leaning.MORE: Wish.LONGER, Leaning.EXAMPLE: Wish.EXAMPLE}


def read_wish(message: str) -> Wished | None:
    """Return the wish about the last answer that all of ``message`` is, None if it is none."""
    text = " ".join(message.split())
    if len(text) > _LONGEST or not any(map(str.isalnum, text)):
        return None
    for name, pattern in _wishes():
        found = pattern.match(text)
        if found and name in _LANGUAGES:
            return Wished(Wish.LANGUAGE, language=_LANGUAGES[name])
        if found:
            wish = Wish(name)
            return Wished(wish, _count(found) if wish is Wish.COUNT else 0)
    follow_up = read_follow_up(text)
    if follow_up.leaning is Leaning.REPEAT:
        return Wished(Wish.LANGUAGE, language=follow_up.language)
    leaning = _LEANINGS.get(follow_up.leaning)
    return Wished(leaning) if leaning else None


def read_limit(question: str) -> Limited:
    """Return how many things ``question`` wants (3개만, just three) and the question without that."""
    for pattern in _limits():
        found = pattern.search(question)
        if found:
            verb = found.groupdict().get("verb") or ""
            rest = " ".join(f"{question[: found.start()]} {verb} {question[found.end() :]}".split())
            return Limited(rest, _count(found)) if len(rest) >= _SHORTEST_QUESTION else Limited(question)
    return Limited(question)


@cache
def _wishes() -> Sequence[tuple[str, re.Pattern[str]]]:
    table = alternatives(_TABLE, "wishes")
    return tuple((name, re.compile(rf"^(?:{text}){_END}", re.IGNORECASE)) for name, text in table.items())


@cache
def _limits() -> Sequence[re.Pattern[str]]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in alternatives(_TABLE, "limits").values())


def _count(found: re.Match[str]) -> int:
    groups = found.groupdict()
    korean, english = groups.get("ko"), groups.get("en")
    if korean:
        return int(korean) if korean.isdigit() else _KOREAN_NUMBERS[korean]
    return (int(english) if english.isdigit() else _ENGLISH_NUMBERS[english.lower()]) if english else 0
