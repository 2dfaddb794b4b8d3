"""What kind of thing a question asks for, and whether a line holds one: a table of words, which learnt weights read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.quantities import asks_quantity, holds_quantity


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: the words that ask for it, and those that a line which tells it holds (None: not to tell)."""

    name: str
    asked: re.Pattern[str]
    held: re.Pattern[str] | None = None


KINDS = (
    Kind(
        "number",
        re.compile(r"몇|얼마|how (many|much|long|far|big|fast|high|often|old)", re.IGNORECASE),
        re.compile(r"\d", re.IGNORECASE),
    ),
    Kind(
        "price",
        re.compile(r"가격|비용|요금|돈|price|cost|fee|expensive|cheap", re.IGNORECASE),
        re.compile(r"원\b|달러|\$|€|£|￦|price|cost|비용|가격", re.IGNORECASE),
    ),
    Kind(
        "time",
        re.compile(r"언제|며칠|기간|동안|when|how long|what (year|date|time)", re.IGNORECASE),
        re.compile(
            r"\d\s?(년|월|일|시|분|초|주|개월|hours?|min|days?|weeks?|months?|years?|s\b|h\b)|\b1\d{3}\b"
            r"|\b20\d\d\b",
            re.IGNORECASE,
        ),
    ),
    Kind(
        "reason",
        re.compile(r"왜|이유|까닭|why|reason|how come", re.IGNORECASE),
        re.compile(r"때문|므로|니까|위해|이유|덕분|because|since|so that|due to|as it", re.IGNORECASE),
    ),
    Kind(
        "place",
        re.compile(r"어디|where", re.IGNORECASE),
        re.compile(r"에서|에\s|\b(in|at|on|under|near)\b", re.IGNORECASE),
    ),
    Kind(
        "person",
        re.compile(r"누가|누구|who\b|whose", re.IGNORECASE),
        re.compile(r"[a-z]{2} [a-z]{2}|[가-힣]{2,3}(왕|님|씨|이|가)\b", re.IGNORECASE),
    ),
    Kind(
        "way",
        re.compile(r"어떻게|방법|하려면|how (do|to|can|should|would)", re.IGNORECASE),
        re.compile(r"하려면|하면|세요|하기|use|run|press|click|by \w+ing", re.IGNORECASE),
    ),
    Kind("thing", re.compile(r"뭐|뭘|무엇|무슨|what", re.IGNORECASE)),
    Kind("which", re.compile(r"어느|어떤|which", re.IGNORECASE)),
    Kind(
        "code",
        re.compile(r"코드|명령|command|code|snippet|함수|function", re.IGNORECASE),
        re.compile(r"[({;]|--?\w|\w\(\)|=>", re.IGNORECASE),
    ),
    Kind(
        "example",
        re.compile(r"예시|예를|예는|example|instance", re.IGNORECASE),
        re.compile(r"예:|예를|예컨대|e\.g\.|for example|such as|ex\)", re.IGNORECASE),
    ),
    Kind("advice", re.compile(r"추천|좋을까|좋은가|나을까|낫|best|better|recommend|should i", re.IGNORECASE)),
    Kind("list", re.compile(r"모두|전부|종류|가지|목록|나열|list|kinds|types|all the|what are", re.IGNORECASE)),
    Kind("comparison", re.compile(r"차이|비교|다른|달라|vs|differ|compar|than\b", re.IGNORECASE)),
    Kind(
        "order",
        re.compile(r"순서|먼저|다음|전에|후에|first|next|before|after|order", re.IGNORECASE),
        re.compile(r"먼저|다음|전에|후에|then|first|before|after", re.IGNORECASE),
    ),
    Kind(
        "exclusion",
        re.compile(r"말고|빼고|제외|아닌|except|other than|besides|without|not\b", re.IGNORECASE),
        re.compile(r"아니|않|없|제외|not\b|never|no\b|except", re.IGNORECASE),
    ),
    Kind(
        "whether",
        re.compile(
            r"(나요|까|까요|가요|나|니)\W*$|^\W*(is|are|do|does|did|can|could|should|must|will|may|has"
            r"|have)\b",
            re.IGNORECASE,
        ),
    ),
    Kind("meaning", re.compile(r"뜻|의미|정의|란\W*$|이란|mean|stand for|definition|define", re.IGNORECASE)),
)
NAMES = tuple(f"asks_{kind.name}" for kind in KINDS)
HELD_NAMES = tuple(f"holds_{kind.name}" for kind in KINDS if kind.held is not None)


def asked(question: str) -> list[float]:
    """Return 1.0 or 0.0 for each of ``NAMES``."""
    found = [float(bool(kind.asked.search(question))) for kind in KINDS]
    found[0] = max(found[0], float(asks_quantity(question)))
    return found


def held(lines: Sequence[str]) -> list[float]:
    """Return for each of ``HELD_NAMES`` the share of ``lines`` that hold such a thing."""
    shares = [
        sum(bool(kind.held.search(line)) for line in lines) / max(len(lines), 1)
        for kind in KINDS
        if kind.held is not None
    ]
    shares[0] = sum(holds_quantity(line) for line in lines) / max(len(lines), 1)
    return shares
