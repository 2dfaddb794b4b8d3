"""Finds the numbers of a text with their units, in Korean and English, so that two texts can be compared by them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {
    "day": ("day", "days", "일"),
    "hour": ("hour", "hours", "hr", "hrs", "시간"),
    "minute": ("minute", "minutes", "min", "mins", "분"),
    "second": ("second", "seconds", "sec", "secs", "초"),
    "week": ("week", "weeks", "주"),
    "month": ("month", "months", "개월", "달", "월"),
    "year": ("year", "years", "년"),
    "percent": ("%", "percent", "퍼센트", "프로"),
    "kilobyte": ("kb", "kib", "킬로바이트"),
    "megabyte": ("mb", "mib", "메가바이트"),
    "gigabyte": ("gb", "gib", "기가바이트", "기가"),
    "terabyte": ("tb", "tib", "테라바이트", "테라"),
    "petabyte": ("pb", "pib", "페타바이트"),
}
_UNIT_OF = {form: unit for unit, forms in _UNITS.items() for form in forms}
_FORMS = "|".join(re.escape(form) for form in sorted(_UNIT_OF, key=len, reverse=True))
_UNIT = rf"(?:[\s-]?(?P<unit>{_FORMS})(?![A-Za-z]))?"
_DIGITS = re.compile(rf"(?<![A-Za-z0-9_.])(?P<number>\d[\d,]*(?:\.\d+)?)(?![A-Za-z]*\d){_UNIT}", re.IGNORECASE)
_TENS_IN_ORDER = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES_IN_ORDER = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = {word: 10 * number for number, word in enumerate(_TENS_IN_ORDER.split(), 2)}
_ONES = {word: number for number, word in enumerate(_ONES_IN_ORDER.split(), 1)}
_MULTIPLES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ENGLISH_WORD = "|".join(sorted([*_ONES, *_TENS, *_MULTIPLES], key=len, reverse=True))
_ENGLISH = re.compile(rf"\b(?P<words>(?:(?:{_ENGLISH_WORD})\b[\s-]?(?:and\s)?)+){_UNIT}", re.IGNORECASE)
_NATIVE = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10}
_COUNTERS = "가지|개|번|명|종류|단계|시간|달|곳|배"
_KOREAN_NATIVE = re.compile(rf"(?<![가-힣])(?P<word>{'|'.join(_NATIVE)})\s?(?=(?:{_COUNTERS}))(?P<unit>시간|달)?")
_SINO_DIGITS = dict(zip("일이삼사오육칠팔구", range(1, 10), strict=True))
_SINO_TENS = {"십": 10, "백": 100, "천": 1000}
_KOREAN_SINO = re.compile(
    rf"(?<![가-힣])(?P<words>[일이삼사오육칠팔구]?(?:[십백천만][일이삼사오육칠팔구]?)+)\s?(?P<unit>{_FORMS})"
)
_LIST_NUMBER = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a plain decimal (``1000``, ``99.9``) and its unit, empty where it has none that is known."""

    number: str
    unit: str = ""


def quantities(text: str) -> frozenset[Quantity]:
    """Return the quantities of ``text``: digits (90일, 1,000), English words (ninety days), Korean ones (두 가지).

    Numbers inside identifiers (S3, t2.micro) and list numbers are none; *one* alone is none either.
    """
    return frozenset(_found(_LIST_NUMBER.sub("", text)))


def _found(text: str) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        yield Quantity(_plain(match["number"]), _unit(match["unit"]))
    for match in _ENGLISH.finditer(text):
        number = _english_number(match["words"])
        if number > 1 or match["unit"]:
            yield Quantity(str(number), _unit(match["unit"]))
    for match in _KOREAN_NATIVE.finditer(text):
        yield Quantity(str(_NATIVE[match["word"]]), _unit(match["unit"]))
    for match in _KOREAN_SINO.finditer(text):
        yield Quantity(str(_sino_number(match["words"])), _unit(match["unit"]))


def _plain(number: str) -> str:
    whole, _, fraction = number.replace(",", "").partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


def _unit(form: str | None) -> str:
    return _UNIT_OF[form.lower()] if form else ""


def _english_number(words: str) -> int:
    total = current = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _MULTIPLES:
            current = max(current, 1) * _MULTIPLES[word]
            if _MULTIPLES[word] > 100:
                total, current = total + current, 0
        else:
            current += _ONES.get(word, 0) + _TENS.get(word, 0)
    return total + current


def _sino_number(words: str) -> int:
    total = current = digit = 0
    for character in words:
        if character in _SINO_DIGITS:
            digit = _SINO_DIGITS[character]
        elif character in _SINO_TENS:
            current += max(digit, 1) * _SINO_TENS[character]
            digit = 0
        else:  # 만
            total, current, digit = (total + max(current + digit, 1)) * 10_000, 0, 0
    return total + current + digit
