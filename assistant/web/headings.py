"""Turns headings of notes into questions that a student would ask; knows no index."""

import re

from assistant import particles
from index.languages import KOREAN

_NUMBERING = re.compile(r"^(?:실습|Lab|\d+(?:\.\d+)*\.?)\s*:?\s+", re.IGNORECASE)
_KOREAN_ORDER = re.compile(r"(?:순서|절차|과정|단계)$")
_KOREAN_WHAT = re.compile(
    r"(?:차이|차이점|기준|종류|유형|의미|정의|방식|방법|작업|대상|용도|이유|장점|단점|특징|목록|구성 요소|항목|조건|모범 사례|우선순위|기간|범위|비용|용량|개수|역할)$"
)
_ENGLISH_PLURAL = re.compile(
    r"^(?:best practices|criteria|steps|kinds|types|methods|components|tasks|entries|elements|use cases|examples|"
    r"advantages|features|differences|recommended ways|\w+ing methods|list)\b(?= (?:of|for|to|in|on)\b)",
    re.IGNORECASE,
)
_MAX_CHARACTERS = 70


def question_of(heading: str, body: str, language: str) -> str | None:
    """Return a question that the section under ``heading`` answers, or None for a heading that makes no good one.

    :param body: Text of the section; it tells proper names from words that are capitalised only in headings.
    """
    topic = _NUMBERING.sub("", heading).strip()
    topic = _main_part(topic)
    if not topic or len(topic) > _MAX_CHARACTERS:
        return None
    return _korean(topic) if language == KOREAN else _english(topic, body)


def _main_part(heading: str) -> str:
    """Return what a heading such as ``Overview: Criteria for a Region`` is about; lists after a colon are left out."""
    before, colon, after = (part.strip() for part in heading.partition(": "))
    if not colon:
        return heading
    return before if ", " in after or "、" in after or len(after) < len("EC2 IDE") else after


def _korean(topic: str) -> str:
    if topic.endswith("?"):
        return topic
    if topic.endswith("하기"):
        return f"{topic[:-2]}하려면 어떻게 하나요?"
    bare = re.sub(r"\s*\([^()]*\)$", "", topic)
    if _KOREAN_ORDER.search(bare):
        return f"{particles.topic(topic)} 어떻게 되나요?"
    if _KOREAN_WHAT.search(bare):
        return f"{particles.topic(topic)} 무엇인가요?"
    return f"{topic}에 대해 알려 주세요."


def _english(topic: str, body: str) -> str:
    topic = _sentence_case(topic, body)
    if topic.endswith("?"):
        return topic
    lowered = topic[:1].lower() + topic[1:]
    if re.match(r"how to\b", topic, re.IGNORECASE):
        return f"How do I{topic[6:]}?"
    if re.match(r"what (?:not to|to)\b", topic, re.IGNORECASE):
        return f"What should I{topic[4:].replace(' not to', ' not', 1).replace(' to', '', 1)}?"
    if topic.endswith(" compared"):
        return f"How do {topic.removesuffix(' compared')} compare?"
    if _ENGLISH_PLURAL.match(topic):
        return f"What are the {lowered}?"
    return f"What do the notes say about {lowered if _is_common(topic, body) else topic}?"


def _sentence_case(topic: str, body: str) -> str:
    """Lower the words of a title that the body writes in lower case; names (``Auto Scaling``, ``S3``) stay."""
    words = topic.split(" ")
    kept: list[str] = []
    for position, word in enumerate(words):
        neighbours = [f"{words[position - 1]} {word}"] if position else []
        neighbours += [f"{word} {words[position + 1]}"] if position + 1 < len(words) else []
        is_name = any(pair in body and pair[:1].isupper() and pair.split(" ")[1][:1].isupper() for pair in neighbours)
        kept.append(word.lower() if _is_common(word, body) and not is_name else word)
    return " ".join(kept)


def _is_common(phrase: str, body: str) -> bool:
    word = phrase.split(" ")[0].strip("(),.")
    if not word[:1].isupper() or not word[1:].islower():
        return word.islower()
    return bool(re.search(rf"\b{re.escape(word.lower())}", body)) or word.lower() in _FUNCTION_WORDS


_FUNCTION_WORDS = frozenset(
    "a an and are as by compared covers entries for from how in integrating is it kinds of on or steps tasks the to treating "
    "types use using what when with your checking best list overview introduction".split()
)
