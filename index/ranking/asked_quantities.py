"""Signal: whether a question asks for a quantity, and whether a text holds one."""

import re

ASKED = re.compile(
    r"몇\s*(?:개|명|자|글자|분|시간|초|일|달|개월|년|번|대|테라|기가|메가|퍼센트|%|원|달러|살|층|시|학점|테라바이트|km)"
    r"|얼마|며칠|최대\s|최소\s|용량|가격|요금|how\s+(?:many|much|long|often|big|large|old|far|fast|high)\b|\bmax(?:imum)?\b"
    r"|\bminimum\b|\bwhat\s+year\b|\bprice\b|\bpricing\b|\bhow\s+\w+\s+is\s+the\s+limit",
    re.IGNORECASE,
)
HELD = re.compile(
    r"(?<![A-Za-z\d._/-])\d+(?![A-Za-z]*[-_./]\d)"
    r"|무제한|제한적|여러|하나|둘|셋|넷|두\s?가지|세\s?가지|네\s?가지|\bunlimited\b|\bno limit\b"
    r"|\blimited\b|\bseveral\b|\bmultiple\b|\bone\b|\btwo\b|\bthree\b|\bfour\b|\bfive\b|\bsix\b|\bseven\b|\beight\b|\bnine\b|\bten\b",
    re.IGNORECASE,
)


def asks_quantity(question: str) -> bool:
    """Return whether ``question`` wants a number, duration, size, price or limit."""
    return bool(ASKED.search(question))


def holds_quantity(text: str) -> bool:
    """Return whether ``text`` holds a number or a word for one; digits inside names (S3, EC2) do not count."""
    return bool(HELD.search(text))
