"""Reads numbers with their units, in Korean and English, so that equal quantities compare equal."""

import re
from dataclasses import dataclass

_UNITS = {
    "second": (1.0, "time"), "minute": (60.0, "time"), "hour": (3600.0, "time"), "day": (86400.0, "time"),
    "week": (604800.0, "time"), "month": (2592000.0, "month"), "year": (31104000.0, "month"),
    "kb": (1e3, "size"), "mb": (1e6, "size"), "gb": (1e9, "size"), "tb": (1e12, "size"), "pb": (1e15, "size"),
    "kib": (2.0**10, "size"), "mib": (2.0**20, "size"), "gib": (2.0**30, "size"), "tib": (2.0**40, "size"),
    "percent": (1.0, "percent"), "count": (1.0, "count"),
}  # fmt: skip
_NAMES = {
    "초": "second", "분": "minute", "시간": "hour", "일": "day", "주": "week", "개월": "month",
    "달": "month", "년": "year",
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day",
    "%": "percent", "퍼센트": "percent", "프로": "percent", "개": "count", "대": "count", "회": "count", "번": "count",
    "테라바이트": "tb", "테라": "tb", "기가바이트": "gb", "기가": "gb", "메가바이트": "mb", "킬로바이트": "kb",
    "terabyte": "tb", "gigabyte": "gb", "megabyte": "mb", "kilobyte": "kb", "t": "tb", "g": "gb", "m": "mb",
    "ki": "kib", "mi": "mib", "gi": "gib", "ti": "tib", "time": "count", "piece": "count",
}  # fmt: skip
_DIGITS = dict(zip("영일이삼사오육칠팔구", range(10), strict=True)) | {"공": 0}
_POWERS = {"십": 10, "백": 100, "천": 1000}
_WRITTEN = re.compile(
    r"(?<![가-힣\d])(?<!\d\s)([일이삼사오육칠팔구십백천만]+?)(?=\s?(?:일|초|분|시간|개월|년|개|퍼센트|프로|테라|"
    r"기가|메가|$|[\s,.]))"
)
_SMALL_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
"""
_ENGLISH = {word: value for value, word in enumerate(_SMALL_NUMBERS.split())} | {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*-?\s*([A-Za-z]+|%|[가-힣]+)?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it measures: ``kind`` is empty without a unit, and ``value`` then the bare number."""

    number: float
    value: float
    kind: str


def quantities(text: str) -> list[Quantity]:
    """Return the quantities in ``text``: digits, Korean and simple English number words, with known units."""
    prepared = re.sub(r"(?<=\d),(?=\d{3})", "", text.casefold())
    prepared = _WRITTEN.sub(lambda match: f"{_korean_number(match[1])} ", prepared)
    prepared = re.sub(r"[a-z]+", lambda match: str(_ENGLISH.get(match[0], match[0])), prepared)
    return [_quantity(match) for match in _QUANTITY.finditer(prepared)]


def _quantity(match: re.Match[str]) -> Quantity:
    number = float(match[1])
    unit = _unit(match[2] or "")
    if not unit:
        return Quantity(number, number, "")
    factor, kind = _UNITS[unit]
    return Quantity(number, number * factor, kind)


def _unit(word: str) -> str:
    for name in (word, word.removesuffix("s")):
        if name in _UNITS or name in _NAMES:
            return name if name in _UNITS else _NAMES[name]
    korean = sorted((name for name in _NAMES if not name.isascii() and word.startswith(name)), key=len)
    return _NAMES[korean[-1]] if korean else ""


def _korean_number(word: str) -> int:
    total, current = 0, 0
    for syllable in word:
        if syllable in _DIGITS:
            current = _DIGITS[syllable]
        elif syllable == "만":
            total, current = (total + current or 1) * 10000, 0
        else:
            total, current = total + (current or 1) * _POWERS[syllable], 0
    return total + current


def same(first: Quantity, second: Quantity) -> bool:
    """Return whether two quantities are equal; one without a unit is compared by its number."""
    if not first.kind or not second.kind:
        return first.number == second.number
    return first.kind == second.kind and abs(first.value - second.value) < 1e-9 * max(1.0, second.value)
