"""Finds the faults of items before a student can: rules after Haladyna, Downing and Rodriguez (2002), and our own.

doi:10.1207/S15324818AME1503_5. Each rule returns the name of a fault; an item without faults may be asked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from assistant.quiz.making.sentence_edits import BLANK, occurs_apart, squeezed
from assistant.quiz.records import TYPED, Item, ItemKind, Structure
from index.language.formulas import formulas
from index.language.languages import hangul_share

_CATCH_ALL = re.compile(
    r"\b(?:all|none) of (?:the )?(?:above|these)\b|위의? 모두|모두 (?:정답|맞)|정답 없음|해당 없음|보기 모두",
    re.IGNORECASE,
)
_ENGLISH_RUN = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){4,}\b[a-z]{2,}\b")
_BROKEN_MARKUP = re.compile(r"\{\{|\]\(|<[a-z/]|https?://|```|\|\s|^\s*[,.]|\n[^\S\n]*$|[\u200b\ufeff]")
_AROUND_BLANK = re.compile(rf"(?<!\S)\S*{BLANK}\S*")
_LONGEST_STEM = 420
_TOO_MUCH_LONGER = 2.2
_NEAR_DUPLICATE = 92.0
_LONG_OPTION = 25
_LITTLE_WORDS = frozenset(
    "a an the of to in for and or is are be must should can you it with on by at as "
    "합니다 됩니다 있습니다 한다 된다 있다".split()
)
_SENTENCE_OPTIONS = (Structure.COMPARISON, Structure.CONDITION, Structure.ORDER)


def faults(item: Item) -> list[str]:
    """Return the names of the rules that ``item`` breaks, in a fixed order; none for a sound item."""
    return [name for name, breaks in _RULES.items() if breaks(item)]


def _unsupported(item: Item) -> bool:
    """Tell whether the evidence is missing or not in the cited lines, or the key where the notes word it."""
    quote = item.citation.quote
    if not item.evidence or not all(piece in quote for piece in item.evidence):
        return True
    worded_by_notes = item.kind in TYPED or (item.kind is ItemKind.CHOICE and key_is_quoted(item))
    flat, key = " ".join(quote.split()), " ".join(item.answer.split())
    return worded_by_notes and key not in flat


def key_is_quoted(item: Item) -> bool:
    """Return whether an item's key is a name or number of the cited lines, not a sentence or an outsider."""
    if item.structure in (Structure.COMPARISON, Structure.CONDITION, Structure.TRUTH, Structure.GENERATED):
        return False
    if item.structure is Structure.MEMBERSHIP:
        return item.answer in item.evidence
    return (
        item.kind is not ItemKind.ORDERING
        and item.structure is not Structure.ORDER
        and not item.citation.quote.startswith("#")
    )


def _wrong_key_count(item: Item) -> bool:
    if item.kind in TYPED:
        return bool(item.options) or not item.answer.strip()
    if item.kind is ItemKind.ORDERING:
        return sorted(item.steps) != sorted(item.options)
    return sum(option == item.answer for option in item.options) != 1


def _wrong_option_count(item: Item) -> bool:
    sizes = {ItemKind.CHOICE: range(3, 5), ItemKind.TRUE_FALSE: range(2, 3), ItemKind.ORDERING: range(3, 7)}
    return item.kind in sizes and len(item.options) not in sizes[item.kind]


def _similar_options(item: Item) -> bool:
    """Tell whether two options are equal but for spelling, or one long option nearly repeats another."""
    compact = [squeezed(option) for option in item.options]
    if len(set(compact)) < len(compact) or (item.options and not all(compact)):
        return True
    if item.structure in _SENTENCE_OPTIONS or item.kind is not ItemKind.CHOICE:
        return False
    pairs = ((a, b) for index, a in enumerate(compact) for b in compact[index + 1 :])
    return any(len(a) > _LONG_OPTION < len(b) and fuzz.ratio(a, b) > _NEAR_DUPLICATE for a, b in pairs)


def _nested_options(item: Item) -> bool:
    """Tell whether the key contains a distractor or the other way round, so that both can be argued for."""
    if item.kind is not ItemKind.CHOICE or item.structure in (Structure.COMPARISON, Structure.NUMBER):
        return False
    key = squeezed(item.answer)
    others = [squeezed(option) for option in item.options if option != item.answer]
    return any(len(other) > 2 and len(key) > 2 and (other in key or key in other) for other in others)


def _gives_key_away(item: Item) -> bool:
    """Tell whether the stem holds the key."""
    if item.kind in (ItemKind.TRUE_FALSE, ItemKind.ORDERING) or item.structure is Structure.COMPARISON:
        return False
    key, stem = squeezed(item.answer), squeezed(item.stem)
    if len(key) <= 1:
        return key in re.findall(r"[0-9a-z가-힣]+", item.stem.casefold())
    if item.structure is Structure.ORDER:
        return key in stem
    parts = [squeezed(word) for word in re.split(r"[\s/,-]+", item.answer)]
    if item.kind in TYPED and len(parts) > 1 and all(len(part) > 1 and part in stem for part in parts):
        return True
    return key in stem and not (key.isdigit() or _inside_longer_word(item.answer, item.stem))


def _inside_longer_word(key: str, stem: str) -> bool:
    """Return whether ``key`` occurs in the stem only as a part of another Latin word: EC2 in EC2-based is the word."""
    if not key.isascii():
        return False
    return not occurs_apart(key.lower(), stem.lower(), lambda character: character.isascii() and character.isalnum())


def _shares_rare_words(item: Item) -> bool:
    """Tell whether the key, and no other option, shares a longer word with the stem."""
    if item.kind is not ItemKind.CHOICE or item.structure in (
        Structure.COMPARISON,
        Structure.CONDITION,
        Structure.NUMBER,
    ):
        return False
    stem = item.stem.casefold()
    shared = {word for word in _long_words(item.answer) if word in stem}
    others = [
        {word for word in _long_words(option) if word in stem} for option in item.options if option != item.answer
    ]
    return bool(shared) and not any(others)


def _long_words(text: str) -> list[str]:
    words = re.findall(r"[가-힣]{2,}|[a-z0-9][a-z0-9_-]{3,}", text.casefold())
    return [word for word in words if word not in ("있습니다", "합니다", "한다", "있다", "with", "from")]


def _stands_out(item: Item) -> bool:
    """Tell whether the key is much longer than every distractor, or of another script."""
    if item.kind is not ItemKind.CHOICE:
        return False
    lengths = [len(option) for option in item.options if option != item.answer]
    return len(item.answer) > 8 and len(item.answer) > _TOO_MUCH_LONGER * max(lengths, default=0)


def _odd_one_out(item: Item) -> bool:
    """Tell whether all options but the key share a word, so that it can be told without knowing."""
    if item.kind is not ItemKind.CHOICE or item.structure in _SENTENCE_OPTIONS:
        return False
    words: list[set[str]] = [
        set(re.findall(r"[\w-]{2,}", option.casefold())) for option in item.options if option != item.answer
    ]
    common: set[str] = words[0].intersection(*words[1:]) if words else set()
    return bool(common - set(re.findall(r"[\w-]{2,}", item.answer.casefold())))


def _catch_all(item: Item) -> bool:
    return any(_CATCH_ALL.search(option) for option in item.options)


def _mixed_language(item: Item) -> bool:
    """Tell whether a Korean item holds an English sentence or no Korean, an English one any Korean."""
    shown = "\n".join((item.stem, *item.options))
    if item.language == "en":
        return hangul_share(shown) > 0
    return hangul_share(item.stem) == 0 or bool(_ENGLISH_RUN.search(shown))


def _unreadable(item: Item) -> bool:
    """Tell of markup, cut sentences, or more text than a student wants to read."""
    shown = "\n".join((item.stem, *item.options))
    broken = _BROKEN_MARKUP.search(shown)
    return bool(broken) or len(item.stem) > _LONGEST_STEM or item.stem.count(BLANK) > 3


def _context_free(item: Item) -> bool:
    """Tell whether a blank leaves too little of its sentence to answer from."""
    if BLANK not in item.stem:
        return False
    sentence = item.stem.rsplit("\n", 1)[-1]
    rest = [word for word in _AROUND_BLANK.sub(" ", sentence).split() if any(c.isalnum() for c in word)]
    telling = [word for word in rest if word.casefold().strip(".,") not in _LITTLE_WORDS]
    return len(rest) < 2 or not telling or (item.kind is ItemKind.CLOZE and len(telling) < 2)


def _formula_to_type(item: Item) -> bool:
    return item.kind in TYPED and any(True for _ in formulas(item.answer))


_RULES: dict[str, Callable[[Item], bool]] = {
    "unsupported": _unsupported,
    "wrong key count": _wrong_key_count,
    "wrong option count": _wrong_option_count,
    "similar options": _similar_options,
    "nested options": _nested_options,
    "gives the key away": _gives_key_away,
    "shares rare words": _shares_rare_words,
    "stands out": _stands_out,
    "odd one out": _odd_one_out,
    "catch-all option": _catch_all,
    "mixed language": _mixed_language,
    "unreadable": _unreadable,
    "too little context": _context_free,
    "formula to type": _formula_to_type,
}


def without_repeats(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items that do not repeat an earlier one: its identity, or its stem with the same key."""
    seen: set[tuple[str, ...]] = set()
    for item in items:
        names = {("id", item.id), (item.language, squeezed(item.stem), squeezed(item.answer)), _essence(item)}
        if not names & seen:
            seen |= names
            yield item


def _essence(item: Item) -> tuple[str, ...]:
    """Return what two items share where one only rewords the other."""
    return (item.language, item.kind.value, squeezed(item.stem.rsplit("\n", 1)[-1]), squeezed(item.answer))


def key_positions(items: Sequence[Item]) -> dict[tuple[int, int], int]:
    """Return how often the key of a choice stands at each position: {(number of options, position): count}."""
    counts: dict[tuple[int, int], int] = {}
    for item in items:
        if item.kind is ItemKind.CHOICE:
            place = (len(item.options), item.options.index(item.answer))
            counts[place] = counts.get(place, 0) + 1
    return counts
