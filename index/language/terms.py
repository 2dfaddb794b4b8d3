"""Extracts the words that carry meaning: identifiers whole and in parts, Korean nouns, English stems.

Korean is analysed with Kiwi (Lee 2024, doi:10.23287/KJDH.2024.1.1.6); particles and endings are dropped.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import cast

import snowballstemmer
from kiwipiepy import Kiwi, Token

from index.language.formulas import with_names
from index.language.greek import GREEK_LETTER, greek_name

_IDENTIFIER = re.compile(r"[.@]?[A-Za-z0-9]+(?:[._\-/:@+][A-Za-z0-9]+)*")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SEPARATORS = re.compile(r"[._\-/:@+]+")
_NOUN_TAGS = ("NNG", "NNP", "XR", "SH")
_VERB_TAGS = ("VV", "VA")
VERB_ENDING = "다"
_LOOKING_UP = threading.Lock()
_STOP_WORDS = frozenset(
    """aren couldn didn doesn don hadn hasn haven isn ll re shouldn ve wasn weren won wouldn a able about above
    across actually after again all along already also although always am an and another answer answers any
    anyone anything are around as ask asked asks at basically be because been before being between bit both
    but by came can cannot cant come comes could did do does doesnt doing done dont down during each eight
    else ever every everybody everyone everything exactly explain few find first five for found four from
    further get give given go goes going gone gonna got guess had happen happened happens has have having he
    help helps her here hers hey hi him his how i if im in into is isnt it its itself ive just keep keeps
    kept kind kinda knew know knows last later let lets letting like list long look looked looking looks lot
    lots made make makes making many may maybe me mean means meant might mine more most much must my need
    never next nine no nor not nothing now of off often ok okay on once one ones only or other our out over
    own part parts please put puts question questions quite rather really right said same say says second
    see seen seven shall she should show simply since six so some someone something sometimes soon still
    stuff such sure take taken takes tell ten than that thats the their them then there theres these they
    thing things think thinks third this those though thought three through to today too took tried tries
    try turn turned turns two under until up us use used using usually very wanna want wanted wants was way
    ways we well were what whats when where whether which while who whole whom whose why will with within
    without wonder wondering work worked working works would yes yet you your yours""".split()
)
_KOREAN_STOP_NOUNS = frozenset(
    """것 거 수 때 뭐 무엇 누구 어디 언제 왜 어떻게 얼마 며칠 몇 가지 경우 이유 방법 뜻 의미 설명 차이 차이점
    종류 정도 중 때문 점 등 후 전 안 밖 위 아래 말 질문 답 정리 요약 예 예시 내용 관련 대해 필요 가능 사용
    이용 하나 둘 셋 각각 우리 저 나 너 제 부분 다음 이전 이것 그것 저것 여기 거기 저기 이번 그때""".split()
)
_KOREAN_STOP_VERBS = frozenset(
    """있 없 하 되 같 보 주 알 알리 싶 가 오 나오 들 말하 그렇 이렇 어떻 저렇 많 좋 모르 묻 궁금하 가지 대하
    관하 위하 의하 따르 통하 받 쓰 쓰이 않 못하 맞 나 내 두 놓""".split()
)


class TermKind(str, Enum):
    """What a term is; names and nouns of a question that the notes lack speak against an answer."""

    NAME = "name"
    NOUN = "noun"
    WORD = "word"
    VERB = "verb"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Term:
    """One meaningful word at ``start`` of its text.

    ``key`` is what is compared, ``surface`` the word as written, ``parts`` the keys of its pieces; ``atoms`` are the
    smallest pieces in order (자격증명 → 자격, 증명), so that spacing makes no difference. ``in_dictionary`` is True for
    a Korean word that stands whole in the analyser's dictionary: it is no slip of the pen.
    """

    key: str
    surface: str
    kind: TermKind
    start: int
    parts: tuple[str, ...] = ()
    atoms: tuple[str, ...] = ()
    in_dictionary: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The key and the keys of the parts."""
        return (self.key, *self.parts)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter2 stem of an English word, in lower case; words up to three letters stay as they are.

    A stemmer holds the word that it works on: shared by threads it gives one the stem of another's word, and here that
    would be remembered. Making one costs nothing beside the stemming.
    """
    lowered = word.lower()
    return cast("str", snowballstemmer.stemmer("english").stemWord(lowered)) if len(lowered) > 3 else lowered


def words_of(identifier: str) -> list[str]:
    """Return the words inside an identifier: ``iam:PassRole`` → iam, Pass, Role."""
    return [word for piece in _SEPARATORS.split(identifier) for word in _PARTS.findall(piece)]


def is_stop_word(word: str) -> bool:
    """Return whether an English word carries no meaning of its own."""
    return word.lower() in _STOP_WORDS


class TermExtractor:
    """Finds the terms of a text, with a Korean analyser that knows ``words`` as nouns, made for the first Korean text.

    Making it takes a second, which an index that is only being opened need not wait for.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = tuple(word for word in words if _is_hangul_word(word))

    @property
    def _kiwi(self) -> Kiwi:
        with _LOOKING_UP:  # two at once would each get one of their own
            analyser = _analyser(self._words)
        return analyser.kiwi()

    def prepare(self) -> None:
        """Load the Korean analyser now, which takes a second, rather than at the first Korean text."""
        _ = self._kiwi

    def extract(self, text: str) -> list[Term]:
        """Return the terms of ``text`` in order: identifiers and English words, and Korean nouns; names in formulas."""
        text = with_names(text)
        found = [*_latin_terms(text), *self._korean_terms(text)]
        return sorted(found, key=lambda term: term.start)

    def _korean_terms(self, text: str) -> Iterator[Term]:
        if not any("가" <= character <= "힣" for character in text):
            return
        run: list[Token] = []  # adjacent nouns
        for token in cast("list[Token]", self._kiwi.tokenize(text)):
            if token.tag in _NOUN_TAGS and _is_hangul_word(token.form):
                if run and run[-1].end != token.start:
                    yield from _compound(run)
                    run = []
                run.append(token)
                continue
            if run:
                yield from _compound(run)
                run = []
            if token.tag.startswith(_VERB_TAGS) and token.form not in _KOREAN_STOP_VERBS:
                lemma = token.form + VERB_ENDING
                yield Term(lemma, lemma, TermKind.VERB, token.start, atoms=(lemma,))
        yield from _compound(run)


class _Analyser:
    """A Korean analyser that knows ``words``, made by who asks first; others who ask for the same one wait for it."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._making = threading.Lock()
        self._made: Kiwi | None = None

    def kiwi(self) -> Kiwi:
        with self._making:
            if self._made is None:
                self._made = _make(self._words)
            return self._made


@lru_cache(maxsize=2)
def _analyser(words: tuple[str, ...]) -> _Analyser:
    """Return the analyser that knows ``words``; it holds 200 MB, so those that know the same are one."""
    return _Analyser(words)


def _make(words: tuple[str, ...]) -> Kiwi:
    """Return Kiwi with ``words``, without its list of names of several words.

    That halves the time, and terms are single words anyway.
    """
    kiwi = Kiwi(num_workers=1, load_multi_dict=False)
    for word in words:
        kiwi.add_user_word(word, "NNP")  # pyright: ignore[reportArgumentType] - the tag is a literal there
    kiwi.tokenize("가")  # builds its tables
    return kiwi


def _is_hangul_word(word: str) -> bool:
    return bool(word) and all("가" <= character <= "힣" for character in word)


def _latin_terms(text: str) -> Iterator[Term]:
    for match in _IDENTIFIER.finditer(text):
        surface = match.group()
        lowered = surface.lower()
        if _is_stop_word_here(surface, text) or (len(surface) == 1 and not surface.isdigit()):
            continue
        if surface.isdigit():
            yield Term(lowered, surface, TermKind.NUMBER, match.start(), atoms=(lowered,))
            continue
        plain = surface.isalpha() and (surface.islower() or surface.istitle())
        kind = TermKind.WORD if plain else TermKind.NAME
        key = stem(surface) if plain else _SEPARATORS.sub(" ", lowered).strip()
        parts = tuple(part for part in _parts(surface) if part != key)
        atoms = tuple(stem(piece) for piece in _SEPARATORS.split(lowered) if piece)
        yield Term(key, surface, kind, match.start(), parts, atoms)
    for match in GREEK_LETTER.finditer(text):
        key = stem(greek_name(match.group()))
        yield Term(key, match.group(), TermKind.WORD, match.start(), atoms=(key,))


def _shouts(text: str) -> bool:
    """Return whether a text of several words is written in capitals throughout."""
    return text.isupper() and len(text.split()) > 2


def _is_stop_word_here(surface: str, text: str) -> bool:
    """Return whether ``surface`` means nothing; in capitals it is an abbreviation (AS), unless all the text is."""
    return surface.lower() in _STOP_WORDS and not (len(surface) > 1 and surface.isupper() and not _shouts(text))


def _parts(identifier: str) -> list[str]:
    """Return the stems of an identifier's pieces and words: ``iam:PassRole`` → iam, passrol, pass, role."""
    pieces = [piece for piece in _SEPARATORS.split(identifier) if piece]
    kept = (word for word in [*pieces, *words_of(identifier)] if len(word) > 1 and not word.isdigit())
    return list(dict.fromkeys(stem(word) for word in kept if word.lower() not in _STOP_WORDS))


def _compound(run: Sequence[Token]) -> Iterator[Term]:
    """Yield one term for an unbroken run of nouns: where Kiwi takes a word apart (파+드), the run is the word."""
    forms = [token.form for token in run]
    whole = "".join(forms)
    if not forms or whole in _KOREAN_STOP_NOUNS:
        return
    parts = tuple(form for form in forms if len(form) > 1 and form not in _KOREAN_STOP_NOUNS)
    in_dictionary = len(run) == 1 and not run[0].oov
    yield Term(whole, whole, TermKind.NOUN, run[0].start, parts if len(run) > 1 else (), tuple(forms), in_dictionary)
