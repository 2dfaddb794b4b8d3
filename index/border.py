"""The border: every text from outside passes here before anything reads it. Knows neither doors nor what texts mean.

Behind it a text is well-formed Unicode (half of a surrogate pair ends whatever writes it as UTF-8: pipes, databases,
responses), composed (NFC: a Mac's 한글 equals everybody else's), and free of control characters but tabs and line ends.
Honest text comes out as it went in, byte for byte.

Half of a pair is refused where somebody can be told, as it says that what came is no text (:func:`clean_text`), and
becomes U+FFFD, as every decoder of UTF-8 does it, where nobody can (:func:`mended`): in what is already kept.
"""

import json
import math
import re
import unicodedata
from itertools import groupby, islice
from typing import Any, NoReturn, cast

from index.errors import QuestionError

MAX_QUESTION_CHARACTERS = 2000
#: A module's name, a language, a model's name: more than any that is meant.
MAX_NAME_CHARACTERS = 300
#: Bodies of the protocols that are spoken here nest five deep.
MOST_NESTED = 50
#: More marks than that on one letter are no writing, and composing them takes the square of their number (UAX #15).
_MOST_MARKS = 30
#: As many as the longest identifiers have that are numbers (a UUID's 128 bits).
_MOST_DIGITS = 39
_LARGEST_OF_64_BITS = 2**63 - 1
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
#: Control characters that stand between words; the others stand inside them, and leave nothing behind.
_SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


class NotTextError(QuestionError):
    """What came from outside is no text: it holds half of a character, a number that is none, or nests without end."""


def mended(text: str) -> str:
    """Return ``text`` as it is safe to read: well-formed, composed, without control characters. Never raises."""
    if text.isascii() and text.isprintable():
        return text
    whole = well_formed(text)
    if not whole.isascii():
        whole = unicodedata.normalize("NFC", _without_piles(whole))
    return _CONTROLS.sub(_space_or_nothing, whole)


def clean_text(text: str, most_characters: int | None = None) -> str:
    """Return ``text`` as it is safe to read.

    :param most_characters: How long it may be, where that is not for its reader to say.
    :raises NotTextError: If it holds half of a surrogate pair.
    :raises QuestionError: If it is too long.
    """
    if most_characters is not None and len(text) > most_characters:
        raise QuestionError(
            f"A text has {len(text)} characters, the limit is {most_characters}. / "
            f"글이 {len(text)}자예요. {most_characters}자까지 쓸 수 있어요."
        )
    if not _is_well_formed(text):
        try:
            _joined(text, "strict")
        except UnicodeDecodeError as error:
            raise NotTextError(
                "A text holds half of a character (a lone surrogate). / 글에 반쪽짜리 문자가 들어 있어요."
            ) from error
    return mended(text)


def clean_question(text: str) -> str:
    """Return a question as it is read: safe, on one line, its white space folded.

    :raises QuestionError: If there is nothing asked in it, or it is longer than ``MAX_QUESTION_CHARACTERS``.
    """
    if len(text) > 4 * MAX_QUESTION_CHARACTERS:  # white space and marks aside, that is no question: do not even read it
        raise _too_long(len(text))
    question = " ".join(clean_text(text).split())
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question is empty. / 질문이 비어 있습니다.")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise _too_long(len(question))
    return question


def clean_name(text: str | None) -> str | None:
    """Return a name as it is looked up, such as a module's; None for none.

    :raises QuestionError: If it is no text, or longer than ``MAX_NAME_CHARACTERS``.
    """
    return None if text is None else clean_text(text, MAX_NAME_CHARACTERS)


def clean_json(text: str, *, of_64_bits: bool = False) -> Any:  # noqa: ANN401 - anything can stand in JSON
    """Return what the JSON ``text`` from outside holds, every string in it safe to read and every number a number.

    :param of_64_bits: Refuse whole numbers that a signed integer of 64 bits cannot hold.
    :raises NotTextError: If a string or a number is none, or it nests deeper than ``MOST_NESTED``.
    :raises ValueError: If it is no JSON.
    """
    _refuse_nests(text)
    whole = _of_64_bits if of_64_bits else _counted
    return _each_received(json.loads(text, parse_constant=_refuse_constant, parse_float=_finite, parse_int=whole))


def _each_received(value: Any) -> Any:  # noqa: ANN401 - what JSON holds; it nests no deeper than it may
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_each_received(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {clean_text(key): _each_received(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def _refuse_nests(text: str) -> None:
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        sign = bracket[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > MOST_NESTED:
            raise NotTextError("The JSON nests too deep. / JSON이 너무 깊어요.")


def _refuse_constant(constant: str) -> NoReturn:
    raise NotTextError(f"{constant} is no number in JSON. / JSON에 {constant} 값은 쓸 수 없어요.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotTextError("A number is too large. / 숫자가 너무 커요.")
    return number


def _counted(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise NotTextError("A number is too large. / 숫자가 너무 커요.")
    return int(digits)


def _of_64_bits(digits: str) -> int:
    number = _counted(digits)
    if not -_LARGEST_OF_64_BITS - 1 <= number <= _LARGEST_OF_64_BITS:
        raise NotTextError("A number is too large. / 숫자가 너무 커요.")
    return number


def _too_long(characters: int) -> QuestionError:
    return QuestionError(
        f"The question has {characters} characters, the limit is {MAX_QUESTION_CHARACTERS}. / "
        f"질문이 {characters}자입니다. {MAX_QUESTION_CHARACTERS}자까지 쓸 수 있습니다."
    )


def well_formed(text: str) -> str:
    """Return ``text`` itself, or with U+FFFD for every half of a surrogate pair that it holds. Never raises."""
    return text if _is_well_formed(text) else _joined(text, "replace")


def _is_well_formed(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _joined(text: str, errors: str) -> str:
    """Return ``text`` with pairs of surrogates as the characters that they stand for."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", errors)


def _space_or_nothing(control: re.Match[str]) -> str:
    return " " if control[0] in _SPACES else ""


def _without_piles(text: str) -> str:
    """Return ``text`` with at most ``_MOST_MARKS`` marks in a row, which makes composing it linear."""
    marks = {character for character in set(text) if _is_mark(character)}
    if not marks:
        return text
    piles = groupby(text, marks.__contains__)
    return "".join(character for is_mark, run in piles for character in islice(run, _MOST_MARKS if is_mark else None))


def _is_mark(character: str) -> bool:
    """Return whether ``character`` is, or falls apart into, what stands on the letter before it."""
    return unicodedata.combining(unicodedata.normalize("NFD", character)[0]) > 0
