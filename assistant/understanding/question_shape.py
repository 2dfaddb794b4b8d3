"""Tells from its wording what form of answer a question asks for; knows neither notes nor dialogue."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.selection import Shape
from index.language.sentences import sentence_spans

_COMPARISON = re.compile(
    r"차이|비교|다른\s?(가|지|점|거|건|게|걸)|달라|다르|구별|구분|대비|어느\s?(쪽|게|것|편)|[이가]\s?더\s|뭐가 더|둘 다"
    r"|\bvs\b|\bdiffer|\bcompar|\bversus\b|\bcontrast|\bdistinguish|\bwhich (one )?is (more|\w+er)\b|\bwhats the diff",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"명령(어|줄|을|은|이|\s|$|\?)|커맨드|(예제|샘플|소스)\s?코드|코드\s?(예|좀|보여|알려|를 보)|스크립트|매니페스트"
    r"|\bcommands?\b|\bsnippets?\b|\bscripts?\b|\bcode (sample|example)|\b(show"
    r"|give) me (the )?code|\bmanifest|\bcurl\b",
    re.IGNORECASE,
)
_STRONG_LIST = re.compile(
    r"전부|모두|모든|목록|리스트|나열|뭐뭐|무엇무엇|어떤\s?것들|몇\s?가지|(세|네|두|다섯)\s?가지|종류|사례"
    r"|구성\s?요소|다 (알려|정리|말해|적어)"
    r"|\blist\b|\ball (of |the )|\ball of them\b|\bevery(thing)?\b|\bkinds?\b|\btypes?\b|\bname the\b|\buse cases?\b"
    r"|\bcomponents?\b|\bhow many (ways|kinds|types|modules|steps)\b|\bcriteria\b|\bbest practices?\b",
    re.IGNORECASE,
)
_WEAK_LIST = re.compile(
    r"(뭐|무엇이|뭐가|어떤\s?게|어떤\s?것이|뭐뭐가|어떤\s?\S{1,40}[이가들]?)\s?(있|들어)|것들|기준|요소|항목|단계|방식"
    r"|\bwhat are\b|\bwhich \w+s\b|\bwhat \w+s (are|do|does|can)\b|\bwhat do i need\b"
    r"|\bwhat should\b|\bfactors?\b|\bways\b",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"순서|절차|단계|하는\s?(방법|법)|방법|어떻게\s?(하|해|만들|설정|접근|접속|연결|설치|시작|써|사용|쓰|붙|확인)"
    r"|\bhow (do|to|can|should|would) |\bsteps?\b|\bprocedure\b|\bstep by step\b|\bin what order\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"순서|(어느|몇|무슨)\s?(단계|번째|step)|먼저|나서|(?<=[가-힣])기\s?전|전에|다음에?\s?(뭐|무엇|어떤|할|단계)|이후에?|후에"
    r"|\bbefore\b|\bafter(wards)?\b|\bfirst\b|\bnext\b|\b(which|what) step\b|\bonce\b|\bin what order\b",
    re.IGNORECASE,
)
_KOREAN_WH = re.compile(r"뭐|뭘|뭔|무엇|무슨|어떤|어떻게|어때|왜|언제|어디|누가|누구|몇|얼마|어느|며칠|알려|설명|정리")
_KOREAN_YES_NO = re.compile(
    r"(나요|까요?|가요|니|냐|나|죠|지요|돼요?|되요|됨|됌|해요?|어요?|아요?|여|음|가능)\s*(?:[?？!.~]+\s*)?$"
)
_ENGLISH_YES_NO = re.compile(
    r"^\W*(so |and |but |ok |okay |then )*(is|are|was|were|do|does|did|can|could|should|must|will|would|may|has|have|am"
    r"|isn't|aren't|don't|doesn't|can't|won't|shouldn't)\b",
    re.IGNORECASE,
)
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class Wording:
    """The shape of a question; ``insists`` on a whole list (모두, all, kinds) rather than hints at one."""

    shape: Shape
    insists: bool = False


def wording(question: str) -> Wording:
    """Return the shape that the wording of ``question`` asks for; without a sign of another, a fact."""
    if _CODE.search(question):
        return Wording(Shape.CODE)
    if _COMPARISON.search(question):
        return Wording(Shape.COMPARISON)
    if is_yes_no(question):
        return Wording(Shape.YES_NO)
    if _HOW_TO.search(question):
        return Wording(Shape.HOW_TO)
    if _STRONG_LIST.search(question):
        return Wording(Shape.LIST, insists=True)
    return Wording(Shape.LIST if _WEAK_LIST.search(question) else Shape.FACT)


def is_yes_no(question: str) -> bool:
    """Return whether ``question`` can be answered with yes or no."""
    if _HANGUL.search(question):
        last = max((span.start for span in sentence_spans(question)), default=0)
        return bool(_KOREAN_YES_NO.search(question[last:])) and not _KOREAN_WH.search(question)
    return bool(_ENGLISH_YES_NO.match(question))


def asks_order(question: str) -> bool:
    """Return whether ``question`` asks where something stands in a sequence: before, after, which step."""
    return bool(_ORDER.search(question))


_EXCLUDED = re.compile(
    r"(?<!\S)\S+(\s\S+)?\s?말고(는|도)?\s|(?<!\S)\S+\s?(빼고|제외하고)(는)?\s"
    r"|\b(besides|other than|apart from|except( for)?|instead of)\s+(the\s+)?[\w./-]+(\s+one)?,?\s*",
    re.IGNORECASE,
)
_KOREAN_JOINT = re.compile(
    r"(?<=[가-힣])(?P<ending>는지|은지|인지|고요?|며)(?:\s*[,，])?\s+(?:그리고\s+)?(?=\S)|\s그리고\s|,\s*(?:그리고\s+)?"
)
_ENGLISH_JOINT = re.compile(
    r"(?:,|(?<!\s))\s+and\s+(?:also\s+)?(?=(?:what|how|which|who|where|when|why|is|are|do|does|can|could|should|in)\b)"
    r"|;\s+|,\s+(?=(?:what|how|which|who|where|when|why)\b)",
    re.IGNORECASE,
)
_ENGLISH_WH = re.compile(r"\b(what|how|which|who|where|when|why|whose)\b", re.IGNORECASE)
_MINIMUM_LENGTH = 4
#: A message is at most two questions, and this many ways to read it as two are tried: each costs up to three searches.
_MOST_SPLITS = 4


def splits(question: str) -> Iterator[tuple[str, str]]:
    """Yield the few ways to read ``question`` as two questions, likeliest first; whoever searches decides.

    Cuts stand between two sentences that both ask, or at a joint (그리고, -고, and what) with a question word on
    both sides.
    """
    return islice(_all_splits(question), _MOST_SPLITS)


def asks_too_much(message: str) -> bool:
    """Return whether ``message`` asks more than the two questions that are answered at a time."""
    asking = [sentence for sentence in _sentences(message) if _asks(sentence)]
    parts = [part for sentence in asking for part in _joint(sentence).sub("\n", sentence).split("\n")]
    plain = sum(len(part.split()) > 1 and _has_question_word(part) for part in parts)
    return max(plain, len(asking)) > 2 or len(list(islice(_all_splits(message), _MOST_SPLITS + 1))) > _MOST_SPLITS


def _all_splits(question: str) -> Iterator[tuple[str, str]]:
    sentences = _sentences(question)
    if len(sentences) == 2 and all(_asks(sentence) for sentence in sentences):
        yield sentences[0], sentences[1]
    for match in _joint(question).finditer(question):
        ending = match.groupdict().get("ending") or ""
        left, right = (question[: match.start()] + ending).strip(), question[match.end() :].strip()
        long_enough = min(len(left), len(right)) >= _MINIMUM_LENGTH
        if long_enough and _has_question_word(left) and (_has_question_word(right) or is_yes_no(right)):
            yield left, right


def _sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def _joint(text: str) -> re.Pattern[str]:
    return _KOREAN_JOINT if _HANGUL.search(text) else _ENGLISH_JOINT


def searchable(question: str) -> str:
    """Return ``question`` without what it rules out (S3 말고, besides EC2), which would only draw the search there."""
    kept = " ".join(_EXCLUDED.sub(" ", question).split())
    return kept if len(kept) >= _MINIMUM_LENGTH else question


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith(("?", "？")) or _has_question_word(sentence)


def _has_question_word(text: str) -> bool:
    return bool(_KOREAN_WH.search(text) if _HANGUL.search(text) else _ENGLISH_WH.search(text))
