"""Reads questions about the course itself: what it is about, a summary of all or a part of it. Knows no notes.

A message is one only if all of it is: ``모듈 5에서 버킷 이름은 어떻게 정해?`` is a question that the notes answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.talk.wordings import alternatives

_TABLE = "course_questions"
_LONGEST = 120
_HERE = "§"
_BEGIN = (
    r"^(?:(?:그럼|그러면|그리고|자|혹시|아|근데|그런데|and|so|then|ok|okay|now|but|well),? |(?:what|how) about ){0,4}"
    r"(?:(?:can|could|would|will) you |please |pls ){0,3}"
)
_END = r"(?:,? ?(?:please|pls|for me|briefly|in short|quickly|overall|then)){0,3}[\s.!?？~…ㅎㅋㅠ]{0,40}$"
_ORDINALS = {"첫": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10}
_NUMBERS = {word: at + 1 for at, word in enumerate("one two three four five six seven eight nine ten".split())}
_NTH: Sequence[str] = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


@dataclass(frozen=True, slots=True)
class CourseQuestion:
    """A wish to see a part of the course: the module of ``number``, or what is called ``name``, or else all of it.

    ``unit`` is how a numbered module was called, such as ``week 3``; the last one has the number -1. ``is_here`` asks
    for the module that was chosen or spoken of.
    """

    number: int | None = None
    unit: str = ""
    name: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What refers to a part of the course, and the wordings that ask for it where that is marked."""

    numbered: re.Pattern[str]
    course: re.Pattern[str]
    pointed: re.Pattern[str]
    asked: re.Pattern[str]
    bare: re.Pattern[str]
    named: Sequence[re.Pattern[str]]


@cache
def _patterns() -> _Patterns:
    def whole(pattern: str) -> re.Pattern[str]:
        return re.compile(f"{_BEGIN}(?:{pattern}){_END}", re.IGNORECASE)

    parts, asked = alternatives(_TABLE, "parts"), alternatives(_TABLE, "asked")
    return _Patterns(
        numbered=re.compile(parts["numbered"], re.IGNORECASE),
        course=re.compile(parts["course"], re.IGNORECASE),
        pointed=whole(asked["pointed"]),
        asked=whole(f"{asked['korean']}|{asked['english']}"),
        bare=whole(alternatives(_TABLE, "bare")["whole"]),
        named=tuple(whole(pattern) for pattern in alternatives(_TABLE, "named").values()),
    )


def read_course_question(message: str) -> CourseQuestion | None:
    """Return the wish to see a part of the course that all of ``message`` is, None if it is none."""
    text, patterns = " ".join(message.split()), _patterns()
    if len(text) > _LONGEST:
        return None
    references = list(patterns.numbered.finditer(text))
    module = _of_module(text, references) if references else None
    if module is not None:
        return module
    course = patterns.course.search(text)
    if (course and patterns.asked.match(_marked(text, course))) or patterns.bare.match(text):
        return CourseQuestion()
    named = next((match for pattern in patterns.named if (match := pattern.match(text))), None)
    return CourseQuestion(name=named["name"]) if named else None


def _of_module(text: str, references: Sequence[re.Match[str]]) -> CourseQuestion | None:
    """Return the wish to see the one module that ``text`` refers to; of two modules nothing is wished."""
    first, patterns = references[0], _patterns()
    marked = _marked(text, first)
    if len(references) > 1 or not (patterns.pointed.match(marked) or patterns.asked.match(marked)):
        return None
    return CourseQuestion(is_here=True) if first["here"] else CourseQuestion(_number(first), first.group().strip())


def _marked(text: str, part: re.Match[str]) -> str:
    return f"{text[: part.start()]}{_HERE}{text[part.end() :]}"


def _number(found: re.Match[str]) -> int:
    if found["last"]:
        return -1
    digits = found["no_ko"] or found["no_before"]
    if digits:
        return int(digits)
    if found["nth_ko"]:
        return _ORDINALS[found["nth_ko"]]
    nth = found["nth_en"]
    if nth:
        return int(nth[:-2]) if nth[0].isdigit() else _NTH.index(nth.lower()) + 1
    number = found["no_en"]
    return int(number) if number.isdigit() else _NUMBERS[number.lower()]
