"""Tells small talk from questions about the notes by its wording; knows neither notes nor dialogue.

A message is small talk only if all of it is; one that begins or ends with a greeting or thanks is the question between.
White space is folded before any pattern sees a text, so that none has to allow for more than one space.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from assistant.talk.wordings import alternatives

_TABLE = "small_talk"

#: Nobody greets at greater length; what is longer is a question, whatever it begins with.
_LONGEST = 160
_MOST_PIECES = 8


class Tone(str, Enum):
    """What a piece of small talk is. The order tells which one is replied to where a message has several."""

    COMPLAINT = "complaint"
    DOUBT = "doubt"
    WHO = "who"
    ABILITY = "ability"
    CHAT = "chat"
    GREETING = "greeting"
    PRAISE = "praise"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    REFUSAL = "refusal"
    CONSENT = "consent"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What was read: ``question`` is what remains without greeting and thanks, ``tone`` that of a message without it.

    ``needs_no_dialogue`` marks words that speak of the assistant only where nothing was said before (어떻게 써?).
    """

    question: str
    tone: Tone | None = None
    needs_no_dialogue: bool = False


_FILLER = re.compile(r"(?:[^\w가-힣ㄱ-ㅎ]|_|[ㅋㅎㅠㅜ]{1,40}(?![ㄱ-ㅎ])|[\u3165-\u318e])+")
_ADDRESS = re.compile(
    r"(?:선생님|쌤|샘|교수님|강사님|조교님?|챗봇아?|봇아|친구야?|여러분|there|everyone|everybody|all|bot|assistant|friend|prof|dude"
    r"|sir|professor|teacher|team|guys|buddy|man|again)(?=[^\w가-힣]|$)",
    re.IGNORECASE,
)
#: A piece ends where no letter, particle or sign of code follows.
_END = r"(?=[^\w가-힣ㄱ-ㅎ'’+#/=()<>\[\]{}-]|[ㅋㅎㅠㅜ~]|$)"
_THANKS = r"(?:(?:정말|진짜|너무) ?){0,2}(?:고마워요?|고맙습니다|감사합니다|감사합니당|감사해요)"
#: What may stand before a question without a mark in between: 감사합니다 and 안녕하세요 begin no name of anything.
_OPENING = re.compile(
    rf"(?:안녕(?:하세요|하십니까)|안녕|하이|반갑습니다|{_THANKS}|hi|hello|hey)"
    r"(?: (?:선생님|쌤|교수님|강사님|조교님|there|everyone))?[\s,.!?~…^]+(?!world\b)(?=[\w가-힣‘“'\"(])",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?<=[?？.!~])|(?<=[가-힣][,;\n ])|(?<=[\w)][,;])) ?"
    rf"(?:{_THANKS}|부탁드려요|부탁드립니다|부탁해요|수고하세요"
    r"|(?:many )?thanks?(?: you)?(?: so much| a lot| in advance)?|thx|cheers)[\s.!~^]*$",
    re.IGNORECASE,
)
_MARK_BETWEEN = re.compile(r"\s*[.!?~…\n][\s.!?~…ㅎㅋㅠㅜ^]*")
_MOST_OPENINGS = 3
Patterns = Sequence[tuple[Tone, re.Pattern[str]]]


def _pieces(group: str) -> Patterns:
    return _all_pieces()[group]


@cache
def _all_pieces() -> Mapping[str, Patterns]:
    return {
        group: tuple(
            (Tone(tone), re.compile(rf"(?:{text}){_END}", re.IGNORECASE))
            for tone, text in alternatives(_TABLE, group).items()
        )
        for group in ("anytime", "first_words")
    }


def read_small_talk(message: str) -> SmallTalk:
    """Return the tone of a message that is nothing but small talk, else the question in it."""
    folded = " ".join(message.split())
    if len(folded) <= _LONGEST:
        tones, needs_no_dialogue = _tones(folded)
        if tones:
            first = min(tones, key=list(Tone).index)
            return SmallTalk("", first, needs_no_dialogue and len(set(tones)) == 1)
    return SmallTalk(_question_in(folded))


def _tones(text: str) -> tuple[list[Tone], bool]:
    """Return the tones of the pieces of ``text``, nothing if a piece is none, and whether one needs to be the start."""
    tones: list[Tone] = []
    at, at_first_only = _skip(text, 0), False
    if at == len(text) and text:
        return [Tone.NOTHING], False
    for _ in range(_MOST_PIECES):
        if at >= len(text):
            break
        found = _longest(_pieces("anytime"), text, at)
        special = _longest(_pieces("first_words"), text, at)
        if special and (found is None or special[1] > found[1]):
            found, at_first_only = special, True
        if found is None:
            address = _ADDRESS.match(text, at)
            if address is None:
                return [], False
            at = _skip(text, address.end())
            continue
        tones.append(found[0])
        at = _skip(text, found[1])
    return (tones, at_first_only) if at >= len(text) else ([], False)


def _longest(patterns: Patterns, text: str, at: int) -> tuple[Tone, int] | None:
    found = [(tone, match.end()) for tone, pattern in patterns if (match := pattern.match(text, at))]
    return max(found, key=lambda one: one[1], default=None)


def _skip(text: str, at: int) -> int:
    match = _FILLER.match(text, at)
    return match.end() if match else at


def _question_in(text: str) -> str:
    """Return ``text`` without the greeting or thanks around the question."""
    kept = text
    for _ in range(_MOST_OPENINGS):
        shorter = _without_opening(kept)
        if shorter == kept:
            break
        kept = shorter
    closing = _CLOSING.search(kept)
    rest = kept[: closing.start()].strip() if closing else kept
    return rest if any(map(str.isalnum, rest)) else text


def _without_opening(text: str) -> str:
    opening = _OPENING.match(text)
    if opening:
        return text[opening.end() :]
    found = _longest(_pieces("anytime"), text, 0)
    between = _MARK_BETWEEN.match(text, found[1]) if found else None
    return text[between.end() :] if between and any(map(str.isalnum, text[between.end() :])) else text
