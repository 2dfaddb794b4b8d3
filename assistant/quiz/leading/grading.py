"""Grades an answer to an item. In doubt it does not say wrong: it says what the notes say and leaves the judgement."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import DamerauLevenshtein

from assistant.quiz.making.lexicon import Lexicon
from assistant.quiz.making.sentence_edits import squeezed
from assistant.quiz.records import Item, ItemKind
from index.language.languages import is_hangul
from index.language.quantities import answered, same
from index.language.terms import stem
from index.language.transliteration import sounds_alike

_ENDINGS = re.compile(
    r"(?:입니다|이에요|예요|이예요|이다|이요|인가요|인가|인 것 같아요|같아요|이라고 생각해요|일까요|라고 합니다|"
    r"하기|요|"
    r"으로|로|이라고|라고|은|는|이|가|을|를|과|와|의|에서|에|도|들)$"
)
_LEADING = re.compile(
    r"^(?:정답은|답은|제 생각에는|아마도?|음|it is|it's|its|the answer is|i think|maybe|a|an|the)\s+", re.IGNORECASE
)
_NEGATED = re.compile(r"아니|아닌|아님|않|\bnot\b|n't\b|\bnone\b|\bneither\b", re.IGNORECASE)
_UNDECIDED = re.compile(r"또는|이나|거나|혹은|아니면|\bor\b|/", re.IGNORECASE)
_YES_WORDS = """
o ㅇ 참 예 네 넵 응 맞아 맞아요 맞습니다 맞다 맞음 그렇다 그래요 true t yes y right correct 동그라미 오
"""
_YES = frozenset(_YES_WORDS.split())
_NO_WORDS = """
x ㄴ 거짓 아니요 아니오 아니 아뇨 틀려 틀려요 틀립니다 틀리다 틀림 틀렸어요 아니에요 false f no n wrong
incorrect 엑스
"""
_NO = frozenset(_NO_WORDS.split())
_CIRCLED = {character: number for number, character in enumerate("①②③④⑤⑥", 1)}
_LETTERS = "abcdef"
_LONG_LATIN, _LATIN = 9, 5
_LONG_JAMO, _JAMO = 12, 6
_NEAR_SHARE = 0.5


class GradeVerdict(str, Enum):
    """What an answer is worth. ``NEAR`` is close or incomplete: the student judges it by the notes."""

    RIGHT = "right"
    NEAR = "near"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Grade:
    """A verdict, and how the answer was understood: the option chosen, or the accepted form that it equals."""

    verdict: GradeVerdict
    understood: str = ""


def grade(item: Item, response: str, lexicon: Lexicon) -> Grade:
    """Return the grade of ``response``; ``lexicon`` knows which words mean the same and which mean another thing."""
    text = _cleaned(response)
    if not text:
        return Grade(GradeVerdict.WRONG)
    if item.kind is ItemKind.TRUE_FALSE:
        return _grade_truth(item, text)
    if item.kind is ItemKind.ORDERING:
        return _grade_order(item, text)
    if item.kind is ItemKind.CHOICE:
        return _grade_choice(item, text, lexicon)
    return grade_typed(item, text, lexicon)


def _cleaned(response: str) -> str:
    text = unicodedata.normalize("NFKC", "".join(_CIRCLED_TEXT.get(c, c) for c in response)).strip(" \t\n.!?,\"'‘’“”`")
    return " ".join(text.split())


_CIRCLED_TEXT = {character: str(number) for character, number in _CIRCLED.items()}


def _grade_truth(item: Item, text: str) -> Grade:
    true, false = item.options
    word = squeezed(text)
    chosen = true if word in _YES or word in ("1", "1번") else false if word in _NO or word in ("2", "2번") else ""
    if not chosen:
        return Grade(GradeVerdict.NEAR)
    return Grade(GradeVerdict.RIGHT if chosen == item.answer else GradeVerdict.WRONG, chosen)


def _grade_order(item: Item, text: str) -> Grade:
    by_mark = {str(n): option for n, option in enumerate(item.options, 1)}
    by_mark |= {_LETTERS[n - 1]: option for n, option in enumerate(item.options, 1)}
    marks = re.findall(r"[1-9a-f]", text.casefold())
    given = [by_mark[mark] for mark in marks if mark in by_mark]
    if not re.fullmatch(r"[\s1-9a-f,.>→\-번]+", text.casefold()):  # the steps themselves
        places = {option: squeezed(text).find(squeezed(option)) for option in item.options}
        given = sorted((o for o in item.options if places[o] >= 0), key=lambda option: places[option])
    if sorted(given) != sorted(item.options):
        return Grade(GradeVerdict.NEAR, " → ".join(given))
    right = tuple(given) == item.steps
    return Grade(GradeVerdict.RIGHT if right else GradeVerdict.WRONG, " → ".join(given))


def _grade_choice(item: Item, text: str, lexicon: Lexicon) -> Grade:
    chosen = chosen_option(item.options, text)
    if not chosen:
        matches = [option for option in item.options if _equals(text, lexicon.synonyms(option), lexicon)]
        chosen = matches[0] if len(matches) == 1 else ""
    if not chosen:
        held = [option for option in item.options if squeezed(option) in squeezed(text)]
        chosen = held[0] if len(held) == 1 and not _NEGATED.search(text) else ""
    if not chosen:
        return Grade(GradeVerdict.NEAR)
    return Grade(GradeVerdict.RIGHT if chosen == item.answer else GradeVerdict.WRONG, chosen)


def chosen_option(options: Sequence[str], text: str) -> str:
    """Return the option that a reply names by its text, number or letter, empty where it names none."""
    exact = [option for option in options if squeezed(option) == squeezed(text)]
    if exact:
        return exact[0]
    mark = re.fullmatch(
        r"(?:보기\s*|option\s*|no\.?\s*|#)?([1-6a-f])\s*(?:번|\)|이요|요|입니다|예요|이에요)*", text.casefold()
    )
    if not mark:
        return ""
    place = int(mark[1]) - 1 if mark[1].isdigit() else _LETTERS.index(mark[1])
    return options[place] if place < len(options) else ""


def grade_typed(item: Item, text: str, lexicon: Lexicon) -> Grade:
    """Return the grade of a typed answer: words in either language, with typos, particles, spacing and units."""
    accepted = tuple(dict.fromkeys((item.answer, *item.accepted)))
    if answered(item.answer) and re.match(r"\d", item.answer):
        return _grade_number(item.answer, text)
    said = _bare(text)
    if _equals(said, accepted, lexicon) or _equals(text, accepted, lexicon):
        return Grade(GradeVerdict.RIGHT, item.answer)
    other = _other_term(item, said, lexicon)
    if _NEGATED.search(text) or (_UNDECIDED.search(text) and len(lexicon.find(text)) > 1):
        return Grade(GradeVerdict.NEAR)
    if not other and any(_is_typo(said, form, lexicon) for form in accepted):
        return Grade(GradeVerdict.RIGHT, item.answer)
    return _grade_mention(item, text, accepted, lexicon)


def _grade_mention(item: Item, text: str, accepted: Sequence[str], lexicon: Lexicon) -> Grade:
    """Return the grade of an answer that is a sentence around the key, or only near it."""
    held = _held_terms(text, lexicon)
    key = lexicon.number_of(item.answer)
    if key is not None and key in held:
        return Grade(
            GradeVerdict.RIGHT if not held - {key} - _in_stem(item, lexicon) else GradeVerdict.NEAR, item.answer
        )
    near = any(_is_near(_bare(text), form) for form in accepted)
    return Grade(GradeVerdict.NEAR if near else GradeVerdict.WRONG)


def _bare(text: str) -> str:
    """Return an answer without what surrounds it in speech: ``정답은 역할이에요`` → ``역할``."""
    said = _LEADING.sub("", text)
    while (shorter := _ENDINGS.sub("", said).strip()) != said and len(shorter) > 1:
        if not is_hangul(said[-1]):
            break
        said = shorter
    return said


def _equals(text: str, forms: Iterable[str], lexicon: Lexicon) -> bool:
    """Return whether ``text`` is one of ``forms`` but for spacing, case, plural or a particle."""
    candidates = {squeezed(text), squeezed(_bare(text)), _stems(text), _stems(_bare(text))} - {""}
    targets = {name for form in forms for name in (squeezed(form), _stems(form))}
    return bool(candidates & targets) or any(
        sounds_alike(squeezed(one), squeezed(two))
        for form in forms
        for one, two in ((text, form), (form, text))
        if one and is_hangul(one[0]) and two.isascii() and lexicon.number_of(one) is None
    )


def _stems(text: str) -> str:
    words = [word for word in re.findall(r"[a-z0-9]+|[가-힣]+", text.casefold()) if word not in ("a", "an", "the")]
    return "".join(stem(word) if word.isascii() else word for word in words)


def _other_term(item: Item, said: str, lexicon: Lexicon) -> bool:
    """Return whether the answer names another term: EBS for EFS is a mistake, not a slip of the keyboard."""
    number, key = lexicon.number_of(said), lexicon.number_of(item.answer)
    return (number is not None and number != key) or any(squeezed(said) == squeezed(word) for word in item.options)


def _is_typo(said: str, form: str, lexicon: Lexicon) -> bool:
    one, two = _letters(said), _letters(form)
    if lexicon.number_of(said) is not None or (
        bool(re.search(r"\d", one + two)) and re.sub(r"\D", "", one) != re.sub(r"\D", "", two)
    ):
        return False
    hangul = is_hangul(form[0])
    long, short = (_LONG_JAMO, _JAMO) if hangul else (_LONG_LATIN, _LATIN)
    allowed = 2 if len(two) >= long else 1 if len(two) >= short else 0
    return DamerauLevenshtein.distance(one, two) <= allowed


def _letters(text: str) -> str:
    """Return the letters that were typed: Hangul by its jamo, without spaces and signs."""
    return unicodedata.normalize("NFD", squeezed(text))


def _held_terms(text: str, lexicon: Lexicon) -> frozenset[int]:
    return frozenset(mention.entry for mention in lexicon.find(text))


def _in_stem(item: Item, lexicon: Lexicon) -> frozenset[int]:
    return _held_terms(item.stem, lexicon)


def _is_near(said: str, form: str) -> bool:
    """Return whether an answer has a part of the key, or is a few letters away from it."""
    one, two = squeezed(said), squeezed(form)
    if len(one) < 2 or (form.isascii() and len(one) < 3):
        return False
    if (one in two or two in one) and min(len(one), len(two)) >= _NEAR_SHARE * max(len(one), len(two)) * 0.6:
        return True
    distance = DamerauLevenshtein.distance(_letters(said), _letters(form))
    return len(_letters(form)) >= _JAMO and distance <= max(2, len(_letters(form)) // 4)


def _grade_number(answer: str, text: str) -> Grade:
    wanted = answered(answer)[0]
    given = answered(text)
    if len(given) != 1:
        return Grade(GradeVerdict.NEAR if any(same(quantity, wanted) for quantity in given) else GradeVerdict.WRONG)
    if same(given[0], wanted):
        return Grade(GradeVerdict.RIGHT, answer)
    return Grade(GradeVerdict.NEAR if given[0].number == wanted.number else GradeVerdict.WRONG)
