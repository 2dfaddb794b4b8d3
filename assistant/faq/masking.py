"""Replaces personal data and secrets in a question by a word for what stood there. Knows no names of people.

It would rather mask too much than store a number that identifies someone; what course notes are full of (ARNs, ports,
private addresses, names of settings) stays. The time is linear in the text: a repeat without end starts only where
a run of its characters starts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_WORDS = {
    "email": ("이메일", "email"),
    "phone": ("전화번호", "phone number"),
    "resident": ("주민등록번호", "resident number"),
    "card": ("카드번호", "card number"),
    "key": ("비밀 키", "secret key"),
    "student": ("학번", "student number"),
}
_GROUPS_OF_FOUR = re.compile(r"\d{4}([ \t.-])\d{4}\1\d{4}\1\d{4}")
_KINDS_OF_CHARACTERS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"\d"))
_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<![\d.])", r"(?![\d])"


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool] = bool


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdigit()]


def _is_resident_number(text: str) -> bool:
    digits = _digits(text)
    month, day = digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    return 1 <= month <= 12 and 1 <= day <= 31


def _is_card(text: str) -> bool:
    """Return whether the digits pass Luhn's check (ISO/IEC 7812-1), or are written in groups of four."""
    digits = _digits(text)
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    grouped = _GROUPS_OF_FOUR.fullmatch(text) is not None
    return grouped or (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _looks_random(text: str) -> bool:
    return all(kind.search(text) for kind in _KINDS_OF_CHARACTERS) and "//" not in text


def _looks_like_password(text: str) -> bool:
    """Return whether a word after "password" is one: letters and digits mixed, unlike a word of a sentence."""
    body = text.rstrip("?!.")
    return bool(re.search(r"\d", body)) and bool(re.search(r"[A-Za-z!@#$%^&*]", body)) and len(body) >= 4


_RULES = (
    _Rule(
        "key",
        re.compile(r"(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*KEY-----|\Z))", re.DOTALL),
    ),
    _Rule(
        "key",
        re.compile(
            r"(?<![\w-])(?=[\w-]+\.[\w-]{8})[\w-]*?\b(?P<secret>eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)",
        ),
    ),
    _Rule("key", re.compile(r"\b(?P<secret>(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,})")),
    _Rule(
        "key",
        re.compile(
            r"(?<![\w-])(?P<secret>(?:sk|pk|rk)[-_][\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
            r"|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|hf_\w{20,})"
        ),
    ),
    _Rule("key", re.compile(r"(?<![\w/+=:.-])(?P<secret>[A-Za-z0-9/+]{40,}={0,2})(?![\w/+=])"), _looks_random),
    _Rule(
        "key",
        re.compile(
            r"(?i)(?:password|passwd|pwd|secret|token|(?:api|access)[ _-]?key|비밀번호|비번|암호|패스워드)"
            r"(?:[ \t]*[:=][ \t]*|(?:은|는|이|가)?[ \t]+|[ \t]+is[ \t]+)(?P<secret>[^\s,;\"'<>\[\]가-힣]{4,})"
        ),
        _looks_like_password,
    ),
    _Rule(
        "email",
        re.compile(  # several where one follows the other at once
            r"(?<![\w.+%-])"
            r"(?P<secret>(?:[\w.+%-]+[ \t]?(?:@|\(at\)|\[at\])[ \t]?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,24})+)"
        ),
    ),
    _Rule(
        "resident",
        re.compile(_NO_DIGIT_BEFORE + r"(?P<secret>\d{6}[ \t]?[-–][ \t]?[0-9*]{7}|\d{13})" + _NO_DIGIT_AFTER),
        _is_resident_number,
    ),
    _Rule("card", re.compile(_NO_DIGIT_BEFORE + r"(?P<secret>\d(?:[ \t.-]?\d){12,18})" + _NO_DIGIT_AFTER), _is_card),
    _Rule(
        "phone",
        re.compile(
            r"(?<![\d.:\w-])(?P<secret>\+\d{1,3}[ \t.-]?(?:\(0?\d{1,4}\)[ \t.-]?)?\d{1,4}(?:[ \t.-]?\d{2,4}){2,3}"
            r"|01[016789][ \t.-]?\d{3,4}[ \t.-]?\d{4}"
            r"|\(?0(?:2|[3-6][1-5]|70|50\d)\)?[ \t.-]\d{3,4}[ \t.-]\d{4}"
            r"|\(\d{3}\)[ \t.-]?\d{3}[ \t.-]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})" + _NO_DIGIT_AFTER
        ),
    ),
    _Rule(
        "student",
        re.compile(
            r"(?i)(?:학번|student[ _-]?(?:id|number|no\.?))(?:은|는|이|가)?[ \t]*(?:(?:is|[:=#])[ \t]*)?"
            r"(?P<secret>[A-Z]?\d{5,12})"
        ),
    ),
)


def mask(text: str, language: str = "en") -> str:
    """Return ``text`` with e-mail addresses, phone, resident, card and student numbers and keys replaced.

    What replaces them is a word in brackets, in ``language``: ``[이메일]``, ``[email]``. Masking twice changes nothing.
    """
    for rule in _RULES:
        word = f"[{_WORDS[rule.kind][0 if language == 'ko' else 1]}]"
        text = rule.pattern.sub(lambda match, rule=rule, word=word: _replaced(match, rule, word), text)
    return text


def _replaced(match: re.Match[str], rule: _Rule, word: str) -> str:
    if not rule.accepts(match.group("secret")):
        return match.group()
    whole, start = match.group(), match.start()
    first, last = match.span("secret")
    return whole[: first - start] + word + whole[last - start :]
