"""Works on single sentences of the notes: drops glosses, leaves blanks, exchanges words with their grammar."""

import re
from collections.abc import Callable

from index.language.languages import KOREAN, detect_language, is_hangul
from index.language.particles import PAIRS, attach

BLANK = "____"
_KOREAN_GLOSS = re.compile(r"(?<=[^\s(])\(([^()]{1,48})\)")
_ENGLISH_GLOSS = re.compile(r"\s\((?:(?:[A-Z][\w-]*|and|of|the|for)(?:\s|(?=\))))+\)|(?<=[A-Z]{2})\s\([a-z][a-z -]*\)")
_SENTENCE_GLOSS = re.compile(r"\s\S*[다요함음됨]\.?$|^예|^즉|^e?s$|[`:=\"]|\d{3}")
_LAST_GLOSS = re.compile(r"(?:(?<!\s)\s+)?\([^()]*\)$")
_CANONICAL = {form: name for name, forms in PAIRS.items() for form in forms}
_PARTICLE = re.compile(
    r"^(으로|로|이라는|라는|이란|란|이며|며|이나|나|은|는|이|가|을|를|과|와)(?=(?:는|도|만|의|부터|까지|"
    r"서)?(?:[\s,.!?)’”\"]|$))"
)
_ARTICLE = re.compile(r"\b(an?)(\s+)$", re.IGNORECASE)
_SPELT_WITH_VOWEL = re.compile(r"^(?:[AEFHILMNORSX](?![a-z])|[aeiouAEIO](?!ne\b|nivers|nit|ser|se\b))")
_DEICTIC = {
    "ko": re.compile(
        r"^(?:이는|이를|이것|이런|이러한|이로|이때|이후|이 |그 |그것|그러|그런|그리고|그 외|하지만|또한|또는|"
        r"따라서|여기|저기|예를|예:|즉|"
        r"위의|아래|다음|만약 그|해당|둘 다|반면|다만|단,|특히|결과적|마찬가지|이와|그렇|각각|한편|더 |왜냐|"
        r"물론|먼저|첫|둘째|마지막)|"
        r"다음과 같|다음은|다음에|다음 |아래|위에서|위의|이 모듈|이 문서|이 페이지|이 예|이 노트|이 섹션|"
        r"이 명령|이 과정|여기|살펴|참고|참조|앞서|이전 예|나누어 다|순서를 따|순서로|함께 다룹"
    ),
    "en": re.compile(
        r"^(?:it|this|these|they|that|those|here|however|also|then|there|for example|so|such|but|and|or|instead|"
        r"otherwise|"
        r"note|see|in this|both|each|another|following|my|your)\b|\bfollow(?:s|ing)\b|\babove\b|\bbelow\b|"
        r"this (?:module|page)|\bsee\b|"
        r"\bthese (?:notes|course)\b|also covered|is covered|read more|are divided|these steps",
        re.IGNORECASE,
    ),
}
_KOREAN_END = re.compile(r"(?:다|요|죠|시오)[.!]?$")


def without_glosses(text: str) -> str:
    """Return ``text`` without the translations and full names that notes add in brackets: 역할(role) → 역할."""
    attached = _KOREAN_GLOSS.sub(lambda match: match.group() if _says_something(match.group(1)) else "", text)
    return _ENGLISH_GLOSS.sub("", attached)


def without_last_gloss(text: str) -> str:
    """Return ``text`` without what stands in brackets at its end, whatever that is."""
    return _LAST_GLOSS.sub("", text)


def _says_something(bracketed: str) -> bool:
    """Return whether a bracket holds more than another name of what stands before it."""
    return bool(_SENTENCE_GLOSS.search(bracketed)) or not any(character.isalpha() for character in bracketed)


def without_stop(text: str) -> str:
    """Return ``text`` without a closing full stop."""
    return text.strip().removesuffix(".").rstrip()


def is_sentence(text: str) -> bool:
    """Return whether ``text`` reads as one whole statement in its language."""
    bare = text.strip().rstrip("”’\"')")
    if detect_language(text) == KOREAN:
        return bool(_KOREAN_END.search(bare)) and " " in bare
    return bare.endswith(".") and len(bare.split()) >= 4 and bool(re.match(r"[A-Z0-9]", bare))


def stands_alone(text: str, language: str) -> bool:
    """Return whether a sentence can be understood without the lines around it."""
    return not _DEICTIC[language].search(text.strip())


def occurs_apart(part: str, text: str, belongs: Callable[[str], bool]) -> bool:
    """Return whether ``part`` occurs in ``text`` with no neighbour that ``belongs`` to one word with it."""
    start = text.find(part)
    while start >= 0:
        end = start + len(part)
        if not (belongs(text[max(start - 1, 0) : start]) or belongs(text[end : end + 1])):
            return True
        start = text.find(part, start + 1)
    return False


def blank_out(text: str, start: int, end: int) -> str:
    """Return ``text`` with ``text[start:end]`` left blank; a particle or article beside it shows all its forms."""
    before, after = text[:start], text[end:]
    if match := _PARTICLE.match(after):
        first, second = PAIRS[_CANONICAL[match.group(1)]]
        both = f"(이){second}" if first == "이" + second else "(으)로" if second == "로" else f"{first}({second})"
        after = both + after[match.end() :]
    if match := _ARTICLE.search(before):
        article = "A(n)" if match.group(1)[0] == "A" else "a(n)"
        before = before[: match.start()] + article + match.group(2)
    return before + BLANK + after


def exchange(text: str, start: int, end: int, word: str) -> str:
    """Return ``text`` with ``text[start:end]`` replaced by ``word``, its particle, article and capital made to fit."""
    before, after = text[:start], text[end:]
    if match := _PARTICLE.match(after):
        attached = attach(word, _CANONICAL[match.group(1)])
        return before + attached + after[match.end() :]
    if match := _ARTICLE.search(before):
        article = "an" if _SPELT_WITH_VOWEL.match(word) else "a"
        article = article.capitalize() if match.group(1)[0].isupper() else article
        before = before[: match.start()] + article + match.group(2)
    if start == 0 and word[:1].islower() and text[:1].isupper():
        word = word[0].upper() + word[1:]
    return before + word + after


def squeezed(text: str) -> str:
    """Return what is compared where spelling does not count: letters and digits in lower case."""
    return "".join(character for character in text.casefold() if character.isalnum())


def script_of(text: str) -> str:
    """Return ``hangul``, ``latin`` or ``digits``: the script that most of a short text is in."""
    if any(is_hangul(character) for character in text):
        return "hangul"
    return "latin" if any(character.isalpha() for character in text) else "digits"
