"""Attaches Korean particles in the form that the word before them asks for; knows no sentence.

The form depends on the last sound: 역할은 · 정책은 but 리전은 · 쿠버네티스는, and for Latin letters and digits on how
Korean reads them aloud: S3(스리)는, IAM(아이엠)은, EC2(이씨투)로, 90일(일)로.
"""

import re

from index.language.languages import is_hangul

_DIGIT_TAILS = dict(zip("0123456789", "ㅇㄹ-ㅁ--ㄱㄹㄹ-", strict=True))
_NAME_DIGIT_TAILS = dict(zip("0123456789", "-ㄴ-----ㄴ-ㄴ", strict=True))  # read in English: S3 스리, Cloud9 나인
_LETTER_TAILS = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
_WORD_ENDINGS = (
    (re.compile(r"(?:ng)$"), "ㅇ"),
    (re.compile(r"(?:n|ne|gn)$"), "ㄴ"),
    (re.compile(r"(?:m|me)$"), "ㅁ"),
    (re.compile(r"(?:l|le|ll)$"), "ㄹ"),
    (re.compile(r"(?:[aeiou](?:[ck]|ck)|ic)$"), "ㄱ"),
    (re.compile(r"[aeiou]p$"), "ㅂ"),
    (re.compile(r"[aeiou](?:t|tt)$"), "ㅅ"),
)
_CLOSERS = re.compile(r"(?<![\s\"'”’)\]」』》*_`.,!?…])[\s\"'”’)\]」』》*_`.,!?…]+$")
_GLOSS = re.compile(r"(?:(?<!\s)\s+)?\([^()]*\)$")
_LATIN_END = re.compile(r"(?<![A-Za-z])[A-Za-z]+$")
_TAIL_COUNT = 28
_RIEUL = 8
PAIRS = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이나": ("이나", "나"),
    "이며": ("이며", "며"),
    "이란": ("이란", "란"),
    "이라는": ("이라는", "라는"),
    "아": ("아", "야"),
}


def final_sound(word: str) -> str:
    """Return the jamo that closes ``word`` as Korean reads it, ``-`` where it ends in a vowel.

    Closing brackets, quotes and a gloss in brackets are passed over, since the particle follows the word itself.
    """
    bare = _CLOSERS.sub("", _GLOSS.sub("", word.strip())) or _CLOSERS.sub("", word.strip())
    if not bare:
        return "-"
    last = bare[-1]
    if is_hangul(last) and "가" <= last <= "힣":
        tail = (ord(last) - 0xAC00) % _TAIL_COUNT
        return "-" if not tail else "ㄹ" if tail == _RIEUL else "ㄱ"
    if last in _DIGIT_TAILS:
        return (_NAME_DIGIT_TAILS if re.search(r"[A-Za-z]\d$", bare) else _DIGIT_TAILS)[last]
    run = _LATIN_END.search(bare)
    return _latin_tail(run.group()) if run else "-"


def _latin_tail(letters: str) -> str:
    if letters.isupper() or len(letters) == 1:  # spelt out: A-P-I
        return _LETTER_TAILS.get(letters[-1].lower(), "-")
    lowered = letters.lower()
    return next((tail for pattern, tail in _WORD_ENDINGS if pattern.search(lowered)), "-")


def attach(word: str, particle: str) -> str:
    """Return ``word`` with the fitting form of ``particle``, given in the form after a consonant (은, 이, 을 …).

    :raises ValueError: If the particle has no two forms.
    """
    if particle not in PAIRS:
        raise ValueError(f"{particle!r} is not a particle of two forms: {', '.join(PAIRS)}")
    after_consonant, after_vowel = PAIRS[particle]
    tail = final_sound(word)
    closed = tail != "-" and not (particle == "으로" and tail == "ㄹ")
    return word + (after_consonant if closed else after_vowel)


def topic(word: str) -> str:
    """Return ``word`` with 은 or 는."""
    return attach(word, "은")


def subject(word: str) -> str:
    """Return ``word`` with 이 or 가."""
    return attach(word, "이")


def object_(word: str) -> str:
    """Return ``word`` with 을 or 를."""
    return attach(word, "을")


def with_(word: str) -> str:
    """Return ``word`` with 과 or 와."""
    return attach(word, "과")


def toward(word: str) -> str:
    """Return ``word`` with 으로 or 로."""
    return attach(word, "으로")
