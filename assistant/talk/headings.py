"""Turns headings of notes into questions that a student would ask; knows no index."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from index.language import particles
from index.language.languages import KOREAN

_MAX_CHARACTERS = 70
_NUMBERING = re.compile(r"^(?:(?:실습|lab)\s*:\s*|\d+(?:\.\d+)*[.)]?\s+)", re.IGNORECASE)
_OVERVIEW = re.compile(
    r"(?:(?<!\s)\s+)?(?:개요|소개)$|^(?:overview of|introduction to)\s+|(?<!\s)\s+(?:overview|introduction)$",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"(?<![\w-])([\w-]+) $")
_WORD_AFTER = re.compile(r" ([\w-]+)")
_KOREAN_ASPECTS = (
    "차이|차이점|기준|의미|정의|방식|방법|작업|대상|용도|이유|장점|단점|특징|조건|우선순위|기간|범위|비용|용량|역할| 일"
)
_KOREAN = (
    (re.compile(r"^(.+)하기$"), "{0}하려면 어떻게 하나요?"),
    (re.compile(r"^(.+(?:순서|절차|과정|단계))$"), "{0:은} 어떻게 되나요?"),
    (re.compile(r"^(.+?)(?: 목록)$"), "{0}에는 무엇이 있나요?"),
    (re.compile(r"^(.+(?:종류|유형|구성 요소|항목|사례))$"), "{0}에는 무엇이 있나요?"),
    (re.compile(r"^(.+(?:개수|횟수))$"), "{0:은} 몇 개인가요?"),
    (re.compile(r"^(.+)의 비교$"), "{0:을} 비교해 주세요."),
    (re.compile(r"^(.+) 비교$"), "{0:을} 비교해 주세요."),
    (re.compile(r"^(.+ 경우)$"), "{0:은} 언제인가요?"),
    (
        re.compile(rf"^(.+(?:{_KOREAN_ASPECTS}))$"),
        "{0:은} 무엇인가요?",
    ),
    (re.compile(r"^(.+)$"), "{0}에 대해 알려 주세요."),
)
_PLURALS = (
    "best practices|criteria|steps|kinds|types|methods|components|tasks|entries|elements|use cases|examples|advantages|"
    "features|differences|recommended ways|(?:two|three|four|five|six) .+"
)
_ENGLISH = (
    (re.compile(r"^how to (.+)$", re.I), "How do I {0}?"),
    (re.compile(r"^what not to do (.+)$", re.I), "What should I not do {0}?"),
    (re.compile(r"^what (.+) (is|are) for$", re.I), "What {1} {0} for?"),
    (re.compile(r"^what (.+) means?$", re.I), "What do the notes say about what {0} mean?"),
    (re.compile(r"^when (.+) (is|are) (\w+)$", re.I), "When {1} {0} {2}?"),
    (re.compile(r"^(\w+) of (.+) compared$", re.I), "How does the {0} of {1} compare?"),
    (re.compile(r"^(.+) compared$", re.I), "How do {0} compare?"),
    (re.compile(r"^list of (.+)$", re.I), "Which {0} do the notes list?"),
    (re.compile(rf"^(?:the )?((?:\w+ )?(?:{_PLURALS})\b.*)$", re.I), "What are the {0}?"),
    (re.compile(r"^(.+)$"), "What do the notes say about {0}?"),
)


class Casing:
    """Knows which words of English notes are names, from how their running text writes them.

    :param texts: Running text, headings left out: there every word is capitalised.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        self._pairs: set[str] = set()
        for text in texts:
            words = re.findall(r"[A-Za-z][\w-]*|[.:!?]", text)
            for position in range(1, len(words)):
                if words[position - 1] not in ".:!?":
                    self._counts[words[position]] += 1
                    self._pairs.add(f"{words[position - 1]} {words[position]}")

    def sentence_case(self, title: str) -> str:
        """Return ``title`` with common words in lower case; ``S3``, ``Region`` and ``Auto Scaling`` stay."""
        return re.sub(r"[A-Za-z][\w-]*", lambda match: self._word(match, title), title)

    def _word(self, match: re.Match[str], title: str) -> str:
        word = match.group()
        if not word[1:].replace("-", "").islower():
            parts = word.split("-")
            joined = all(part[1:].islower() for part in parts if part)
            return word.lower() if len(parts) > 1 and joined and not self._counts[word] else word
        before = _WORD_BEFORE.search(title[: match.start()])
        after = _WORD_AFTER.match(title, match.end())
        pairs = [f"{before[1]} {word}"] if before else []
        pairs += [f"{word} {after[1]}"] if after else []
        if any(pair in self._pairs and pair.split(" ")[1][0].isupper() and pair[0].isupper() for pair in pairs):
            return word
        return word if self._counts[word] > self._counts[word.lower()] else word.lower()


def questions_of(heading: str, language: str, casing: Casing) -> Iterator[str]:
    """Yield questions that the section under ``heading`` may answer, the likeliest first."""
    for topic in _topics(heading):
        if not 1 < len(topic) <= _MAX_CHARACTERS:
            continue
        if topic.endswith("?"):
            yield topic
        elif language == KOREAN:
            yield _filled(topic, _KOREAN)
        else:
            yield _filled(casing.sentence_case(topic), _ENGLISH)


def _topics(heading: str) -> Iterator[str]:
    """Yield what a heading is about: of ``A: B`` the part A, of ``Overview: B`` the part B first."""
    title = _NUMBERING.sub("", heading).strip()
    before, colon, after = (part.strip() for part in title.partition(": "))
    bare = _OVERVIEW.sub("", before).strip()
    if not colon:
        yield bare
    elif bare == before:
        yield from (before, after)
    else:
        yield from (after, bare)


def _filled(topic: str, patterns: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, template in patterns:
        match = pattern.match(topic)
        if match:
            return template.format(*(_Word(group) for group in match.groups()))
    return topic


class _Word(str):
    """A word that takes a particle in a format string: ``{0:은}``."""

    def __format__(self, particle: str) -> str:
        return particles.attach(str(self), particle) if particle else str(self)
