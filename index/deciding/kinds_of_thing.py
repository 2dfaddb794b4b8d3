"""What kind of thing a question asks for, and whether a line holds one: a table of words, which learnt weights read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.ranking.asked_quantities import ASKED, HELD


@dataclass(frozen=True, slots=True)
class ThingKind:
    """One kind of thing: the words that ask for it, and those that a line which tells it holds (None: not to tell)."""

    name: str
    asked: re.Pattern[str]
    held: re.Pattern[str] | None = None


_WORDS = (
    ("number", r"몇|얼마|how (many|much|long|far|big|fast|high|often|old)|" + ASKED.pattern, HELD.pattern),
    ("price", r"가격|비용|요금|돈|price|cost|fee|expensive|cheap", r"원\b|달러|\$|€|£|￦|price|cost|비용|가격"),
    (
        "time",
        r"언제|며칠|기간|동안|when|how long|what (year|date|time)",
        r"\d\s?(년|월|일|시|분|초|주|개월|hours?|min|days?|weeks?|months?|years?|s\b|h\b)|\b1\d{3}\b|\b20\d\d\b",
    ),
    (
        "reason",
        r"왜|이유|까닭|why|reason|how come",
        r"때문|므로|니까|위해|이유|덕분|because|since|so that|due to|as it",
    ),
    ("place", r"어디|where", r"에서|에\s|\b(in|at|on|under|near)\b"),
    ("person", r"누가|누구|who\b|whose", r"[a-z]{2} [a-z]{2}|[가-힣]{2,3}(왕|님|씨|이|가)\b"),
    ("way", r"어떻게|방법|하려면|how (do|to|can|should|would)", r"하려면|하면|세요|하기|use|run|press|click|by \w+ing"),
    ("thing", r"뭐|뭘|무엇|무슨|what"),
    ("which", r"어느|어떤|which"),
    ("code", r"코드|명령|command|code|snippet|함수|function", r"[({;]|--?\w|\w\(\)|=>"),
    ("example", r"예시|예를|예는|example|instance", r"예:|예를|예컨대|e\.g\.|for example|such as|ex\)"),
    ("advice", r"추천|좋을까|좋은가|나을까|낫|best|better|recommend|should i"),
    ("list", r"모두|전부|종류|가지|목록|나열|list|kinds|types|all the|what are"),
    ("comparison", r"차이|비교|다른|달라|vs|differ|compar|than\b"),
    (
        "order",
        r"순서|먼저|다음|전에|후에|first|next|before|after|order",
        r"먼저|다음|전에|후에|then|first|before|after",
    ),
    (
        "exclusion",
        r"말고|빼고|제외|아닌|except|other than|besides|without|not\b",
        r"아니|않|없|제외|not\b|never|no\b|except",
    ),
    ("whether", r"(나요|까|까요|가요|나|니)\W*$|^\W*(is|are|do|does|did|can|could|should|must|will|may|has|have)\b"),
    ("meaning", r"뜻|의미|정의|란\W*$|이란|mean|stand for|definition|define"),
)
KINDS = tuple(ThingKind(name, *(re.compile(words, re.IGNORECASE) for words in patterns)) for name, *patterns in _WORDS)
NAMES = tuple(f"asks_{kind.name}" for kind in KINDS)
HELD_NAMES = tuple(f"holds_{kind.name}" for kind in KINDS if kind.held is not None)


def asked(question: str) -> list[float]:
    """Return 1.0 or 0.0 for each of ``NAMES``."""
    return [float(bool(kind.asked.search(question))) for kind in KINDS]


def held(lines: Sequence[str]) -> list[float]:
    """Return for each of ``HELD_NAMES`` the share of ``lines`` that hold such a thing."""
    return [
        sum(bool(kind.held.search(line)) for line in lines) / max(len(lines), 1)
        for kind in KINDS
        if kind.held is not None
    ]
