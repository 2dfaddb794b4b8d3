"""Reads names as instructors number them, ``Week 3``, ``제3장``, and makes names of files and folders readable."""

import re
import unicodedata
from collections import Counter

_COUNT = r"\d{1,3}(?:\s?[-–~]\s?\d{1,3})?"
_ROMAN = r"[IVX]{1,6}"
_SPELT = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
#: What may follow: not a word's next letter, nor the second number of ``3.2``.
_END = r"(?=$|[\s:：,·|/()（）\[\]【】「『<>〈《_–—~\"'!?-]|\.(?!\d))"
_SOFT_END = r"(?=$|\s?[:：.,|()（）\[\]_–—-])"  # after what could be a word: "Part I like", "Week one is over"
_WORD = (
    r"modules?|weeks?|lectures?|lessons?|chapters?|units?|sessions?|days?|parts?"
    r"|모듈|챕터|레슨|유닛|강의|세션|파트|단원|차시"
)
_SHORT = r"ch|chap|lec|wk|mod|les"
_KOREAN = r"주차|차시|회차|일차|교시|단원|장|강|과|부|편"
_UNIT = re.compile(
    rf"(?:(?:{_WORD})[\s._#-]{{0,3}}(?:no\.?\s?)?{_COUNT}{_END}"
    rf"|(?:{_WORD})\s(?:(?-i:{_ROMAN})|(?:{_SPELT})){_SOFT_END}"
    rf"|(?:{_SHORT})(?:[\s._-]{{1,3}}|(?=0\d)){_COUNT}{_END}"
    rf"|제\s?{_COUNT}\s?(?:{_KOREAN}|회){_END}"
    rf"|{_COUNT}\s?(?:{_KOREAN}){_END})",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\W_]*")
_PART = re.compile(r"(?:part|파트|제?\s?\d{1,3}\s?[부편])", re.IGNORECASE)
#: "3과 4의 차이", "1과 자기 자신": the same syllable says "and".
_AND = re.compile(r"\d{1,3}\s?과\s+(?:\d|그|같|달리|함께|다른|나머지|자기|음수|양수|무한)|\d.*(?:차이|비교|관계|사이)$")
_LESSON = re.compile(r"\d{1,3}\s?과")
_NUMBERING = re.compile(r"(?:0\d{1,2}|\d{1,3}(?:\.\d{1,2})?(?=[\s_)-]|\.\D)(?! [^\W_]))[\s._)-]{1,4}(?=[^\s._)-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOTION_ID = re.compile(r"[\s-][0-9a-f]{32}$")
_JOINTS = re.compile(r"[_-]+")
_WORDS_AND_NUMBERS = re.compile(r"[^\W\d_]+|\d+")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LONGEST_ACRONYM = 6
_CAPITALS_IN = 20_000
_FULL_NAMES = {"ch": "Chapter", "chap": "Chapter", "lec": "Lecture", "wk": "Week", "mod": "Module", "les": "Lesson"}


def unit_of(name: str) -> str:
    """Return the part of ``name`` that numbers it as a unit of a course, ``Week 3`` of ``Week 3: S3``; else ``""``.

    Marks before it, such as brackets and emoji, are passed over.
    """
    match = _unit(name)
    return match.group().strip() if match else ""


def is_part(name: str) -> bool:
    """Return whether ``name``, which is a unit's, is that of a part: of a book, or of one lesson."""
    return _PART.match(name, _start(name)) is not None


def _start(name: str) -> int:
    match = _MARKS.match(name)
    return match.end() if match else 0


def _unit(name: str) -> re.Match[str] | None:
    start = _start(name)
    match = _UNIT.match(name, start)
    if match and _LESSON.match(name, start) and _AND.match(name, start):
        return None
    return match


def readable_name(name: str) -> str:
    """Return the name of a file or folder, without its ending, as a person would write it.

    ``03-access-keys`` becomes ``Access keys``, ``week-03-storage`` ``Week 3: Storage``, ``3주차_보안`` ``3주차 보안``.
    What is written with spaces stays as it is, but for a number in front that only orders files.
    """
    name = _NOTION_ID.sub("", unicodedata.normalize("NFC", name)).strip()
    numbering = None if _unit(name) else _NUMBERING.match(name)
    bare = name[numbering.end() :] if numbering else name
    if bare[:1].isdigit() and not _unit(bare):
        bare = name  # a date, or a number of several levels
    if _DATE.match(bare) or any(letter.isspace() for letter in bare):
        return bare.strip()
    unit = _unit(bare)
    if unit is None:
        return _sentence(_JOINTS.sub(" ", bare).strip()) or name
    rest = _JOINTS.sub(" ", bare[unit.end() :]).strip(" .:")
    number = _spelt_out(unit.group())
    if not rest:
        return number
    return f"{number}: {_sentence(rest)}" if number[0].isascii() and number[0].isalpha() else f"{number} {rest}"


def _spelt_out(unit: str) -> str:
    """Return ``week-03`` as ``Week 3``; what is Korean stays as it is written, but for leading zeros."""
    if not unit.isascii():
        return _LEADING_ZEROS.sub("", unit)
    words: list[str] = _WORDS_AND_NUMBERS.findall(unit)
    first = _FULL_NAMES.get(words[0].casefold()) or words[0].capitalize()
    numbers = [str(int(word)) for word in words[1:] if word.isdigit()]
    return f"{first} {'–'.join(numbers)}" if numbers else f"{first} {' '.join(words[1:])}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def with_capitals(name: str, text: str) -> str:
    """Return ``name`` with the short words in capitals that ``text`` writes so: ``Iam`` of notes on IAM."""
    short = {word for word in _LATIN.findall(name) if len(word) <= _LONGEST_ACRONYM and not word.isupper()}
    counted = Counter(_LATIN.findall(text[:_CAPITALS_IN])) if short else Counter[str]()
    known = {word for word in short if counted[word.upper()] > counted[word] + counted[word.lower()]}
    return _LATIN.sub(lambda match: match[0].upper() if match[0] in known else match[0], name)
