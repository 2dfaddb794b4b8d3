"""Extracts the words that carry meaning: identifiers whole and in parts, Korean nouns, English stems.

Korean is analysed with Kiwi (Lee 2024, doi:10.23287/KJDH.2024.1.1.6); particles and endings are dropped.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import snowballstemmer

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

_IDENTIFIER = re.compile(r"[.@]?[A-Za-z0-9]+(?:[._\-/:@+][A-Za-z0-9]+)*")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SEPARATORS = re.compile(r"[._\-/:@+]+")
_NOUN_TAGS = ("NNG", "NNP", "XR", "SH")
_STEMMER = snowballstemmer.stemmer("english")
_STOP_WORDS = frozenset(
    """a about above after again all also am an and any anyone are as at be because been before being between both but
    by can cannot could did do does doing done down during each else explain ever few for from further get give given
    go got had has have having he her here hers him his how i if in into is it its itself just kind let like list long
    make many may me mean means mine more most much must my need no nor not of off on once one only or other our out
    over own please same shall she should show so some such tell than that the their them then there these they thing
    things this those through to too under until up us use used using very want was way we well were what when where
    which while who whom whose why will with without would you your yours""".split()
)
_KOREAN_STOP_NOUNS = frozenset(
    """것 거 수 때 뭐 무엇 누구 어디 언제 왜 어떻게 얼마 며칠 몇 가지 경우 이유 방법 뜻 의미 설명 차이 차이점 종류 정도 중
    때문 점 등 후 전 안 밖 위 아래 말 질문 답 정리 요약 예 예시 내용 관련 대해 필요 가능 사용 이용 하나 둘 셋 각각 우리 저 나 너 제
    부분 다음 이전 이것 그것 저것 여기 거기 저기 이번 그때""".split()
)


class TermKind(StrEnum):
    """What a term is; names and nouns of a question that the notes lack speak against an answer."""

    NAME = "name"
    NOUN = "noun"
    WORD = "word"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Term:
    """One meaningful word. ``key`` is what is compared; ``surface`` is as written; ``parts`` are keys of its pieces."""

    key: str
    surface: str
    kind: TermKind
    parts: tuple[str, ...] = ()


def extract_terms(text: str) -> list[Term]:
    """Return the terms of ``text``: identifiers and words in Latin letters, then Korean nouns, in order of appearance."""
    return [*_latin_terms(text), *_korean_terms(_IDENTIFIER.sub(" ", text))]


def keys(terms: Iterable[Term]) -> list[str]:
    """Return the keys of ``terms`` and of their parts, each once."""
    return list(dict.fromkeys(key for term in terms for key in (term.key, *term.parts)))


def stem(word: str) -> str:
    """Return the Porter2 stem of an English word, in lower case."""
    lowered = word.lower()
    return _STEMMER.stemWord(lowered) if len(lowered) > 3 else lowered


def _latin_terms(text: str) -> Iterator[Term]:
    for match in _IDENTIFIER.finditer(text):
        surface = match.group()
        lowered = surface.lower()
        if lowered in _STOP_WORDS or (len(surface) == 1 and not surface.isupper() and not surface.isdigit()):
            continue
        if surface.isdigit():
            yield Term(lowered, surface, TermKind.NUMBER)
            continue
        parts = identifier_parts(surface)
        plain = surface.isalpha() and (surface.islower() or surface.istitle())
        kind = TermKind.WORD if plain else TermKind.NAME
        key = stem(surface) if plain else _SEPARATORS.sub(" ", lowered).strip()
        yield Term(key, surface, kind, tuple(part for part in parts if part != key))


def identifier_parts(identifier: str) -> list[str]:
    """Return the stems of the words inside an identifier: ``iam:PassRole`` → iam, pass, role (stop words left out)."""
    pieces = [piece for piece in _SEPARATORS.split(identifier) if piece]
    words = [*pieces, *(word for piece in pieces for word in _PARTS.findall(piece))]
    kept = (word for word in words if len(word) > 1 and not word.isdigit() and word.lower() not in _STOP_WORDS)
    return list(dict.fromkeys(stem(word) if word.isalpha() else word.lower() for word in kept))


@lru_cache(maxsize=1)
def _kiwi() -> "Kiwi":
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


def _korean_terms(text: str) -> Iterator[Term]:
    if not any("가" <= character <= "힣" for character in text):
        return
    run: list[tuple[str, int, int]] = []  # adjacent nouns: form, start, end
    for token in _kiwi().tokenize(text):
        if token.tag in _NOUN_TAGS:
            if run and run[-1][2] != token.start:
                yield from _compound(run)
                run = []
            run.append((token.form, token.start, token.end))
        elif run:
            yield from _compound(run)
            run = []
    yield from _compound(run)


def _compound(run: list[tuple[str, int, int]]) -> Iterator[Term]:
    """Yield the nouns of one unbroken run, and the run itself where Kiwi took it apart (파+드 is 파드)."""
    forms = [form for form, _, _ in run]
    if len(forms) > 1:
        yield Term("".join(forms), "".join(forms), TermKind.NOUN, tuple(form for form in forms if len(form) > 1))
        return
    for form in forms:
        if form not in _KOREAN_STOP_NOUNS:
            yield Term(form, form, TermKind.NOUN)
