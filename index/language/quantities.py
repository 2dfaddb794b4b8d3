"""Reads the numbers of a text with their units, in Korean and English, so that equal quantities compare equal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {
    "day": ("day", "days", "d", "일"),
    "hour": ("hour", "hours", "hr", "hrs", "h", "시간"),
    "minute": ("minute", "minutes", "min", "mins", "분"),
    "second": ("second", "seconds", "sec", "secs", "s", "초"),
    "week": ("week", "weeks", "주"),
    "month": ("month", "months", "개월", "달", "월"),
    "year": ("year", "years", "년"),
    "percent": ("%", "percent", "퍼센트", "프로"),
    "kilobyte": ("kb", "kilobyte", "kilobytes", "킬로바이트"),
    "megabyte": ("mb", "megabyte", "megabytes", "m", "메가바이트"),
    "gigabyte": ("gb", "gigabyte", "gigabytes", "g", "기가바이트", "기가"),
    "terabyte": ("tb", "terabyte", "terabytes", "t", "테라바이트", "테라"),
    "petabyte": ("pb", "petabyte", "petabytes", "페타바이트"),
    "kibibyte": ("kib", "ki"),
    "mebibyte": ("mib", "mi"),
    "gibibyte": ("gib", "gi"),
    "tebibyte": ("tib", "ti"),
    "pebibyte": ("pib",),
    "count": ("times", "time", "pieces", "piece", "개", "대", "회", "번"),
}
_SIZES = {
    "second": (1.0, "time"), "minute": (60.0, "time"), "hour": (3600.0, "time"), "day": (86400.0, "time"),
    "week": (604800.0, "time"), "month": (1.0, "month"), "year": (12.0, "month"),
    "kilobyte": (1e3, "size"), "megabyte": (1e6, "size"), "gigabyte": (1e9, "size"), "terabyte": (1e12, "size"),
    "petabyte": (1e15, "size"), "kibibyte": (2.0**10, "size"), "mebibyte": (2.0**20, "size"),
    "gibibyte": (2.0**30, "size"), "tebibyte": (2.0**40, "size"), "pebibyte": (2.0**50, "size"),
}  # fmt: skip
_UNIT_OF = {form: unit for unit, forms in _UNITS.items() for form in forms}
_FORMS = "|".join(re.escape(form) for form in sorted(_UNIT_OF, key=len, reverse=True))
_UNIT = rf"(?:[\s-]?(?P<unit>{_FORMS})(?![A-Za-z]))?"
_DIGITS = re.compile(rf"(?<![A-Za-z0-9_.])(?P<number>\d[\d,]*(?:\.\d+)?)(?![A-Za-z]*\d){_UNIT}", re.IGNORECASE)
_TENS_IN_ORDER = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES_IN_ORDER = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = {word: 10 * number for number, word in enumerate(_TENS_IN_ORDER.split(), 2)}
_ONES = {word: number for number, word in enumerate(_ONES_IN_ORDER.split(), 1)} | {"zero": 0}
_MULTIPLES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ENGLISH_WORD = "|".join(sorted([*_ONES, *_TENS, *_MULTIPLES], key=len, reverse=True))
_ENGLISH = re.compile(rf"\b(?P<words>(?:(?:{_ENGLISH_WORD})\b[\s-]?(?:and\s)?)+){_UNIT}", re.IGNORECASE)
_NATIVE = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10}
_COUNTERS = "가지|개|번|명|종류|단계|시간|달|곳|배"
_KOREAN_NATIVE = re.compile(rf"(?<![가-힣])(?P<word>{'|'.join(_NATIVE)})\s?(?=(?:{_COUNTERS}))(?P<unit>시간|달)?")
_SINO_DIGITS = dict(zip("일이삼사오육칠팔구", range(1, 10), strict=True))
_SINO_TENS = {"십": 10, "백": 100, "천": 1000}
_KOREAN_SINO = re.compile(
    rf"(?<![가-힣])(?P<words>[일이삼사오육칠팔구]?(?:[십백천만][일이삼사오육칠팔구]??)+?)"
    rf"(?:\s?(?P<unit>{_FORMS})|(?<=[가-힣]{{2}})(?=[\s,.]|$))"
)
_LIST_NUMBER = re.compile(r"^[^\S\n]*\d+[.)]\s", re.MULTILINE)


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


def answered(text: str) -> list[Quantity]:
    """Return the quantities of a short typed answer, digits first; here *one* alone counts."""
    return list(_found(text, least=0))


def same(first: Quantity, second: Quantity) -> bool:
    """Return whether two quantities are equal, in whatever unit; one without a unit is compared by its number."""
    if not first.unit or not second.unit or first.unit == second.unit:
        return first.number == second.number
    one, other = (_SIZES.get(quantity.unit, (1.0, quantity.unit)) for quantity in (first, second))
    values = float(first.number) * one[0], float(second.number) * other[0]
    return one[1] == other[1] and abs(values[0] - values[1]) < 1e-9 * max(1.0, values[1])


def _found(text: str, least: int = 2) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        yield Quantity(_plain(match["number"]), _unit(match["unit"]))
    for match in _ENGLISH.finditer(text):
        number = _english_number(match["words"])
        if number >= least or match["unit"]:
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
