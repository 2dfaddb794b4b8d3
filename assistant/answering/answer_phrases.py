"""The sentences around quoted lines, in Korean and English; quotes nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.selection import Shape
from index.language.languages import KOREAN
from index.language.particles import subject


@dataclass(frozen=True, slots=True)
class Phrases:
    """The wording of one language. ``{heading}`` is the heading that an answer comes from."""

    leads: dict[Shape, str]
    code_lead: str
    foreign: str
    declined: str
    exhausted: dict[Shape, str]
    related: str
    two_at_a_time: str


_KOREAN = Phrases(
    leads={
        Shape.FACT: "노트의 ‘{heading}’에 이렇게 나와 있습니다.",
        Shape.LIST: "노트의 ‘{heading}’에 나온 내용을 모두 옮기면 다음과 같습니다.",
        Shape.HOW_TO: "노트의 ‘{heading}’에 나온 방법입니다.",
        Shape.COMPARISON: "노트의 ‘{heading}’에 나온 내용을 나란히 놓고 비교해 보세요.",
        Shape.YES_NO: "노트의 ‘{heading}’에 답을 판단할 수 있는 내용이 있습니다.",
        Shape.CODE: "노트의 ‘{heading}’에 나온 내용입니다.",
        Shape.ITEM: "노트의 ‘{heading}’에 나온 내용입니다.",
        Shape.MORE: "노트의 ‘{heading}’에 나온 내용을 더 살펴보겠습니다.",
        Shape.SIMPLER: "노트의 ‘{heading}’에서 핵심이 되는 한 줄입니다.",
        Shape.REASON: "노트의 ‘{heading}’에 나온 이유입니다.",
        Shape.EXAMPLE: "노트의 ‘{heading}’에 나온 예입니다.",
    },
    code_lead="노트의 ‘{heading}’에 나온 명령과 코드입니다.",
    foreign="이 내용은 노트에 영어로만 있어서 원문을 그대로 옮깁니다.",
    declined="노트에는 이 질문의 답이 나오지 않습니다.",
    exhausted={
        Shape.MORE: "이 내용에 대해 노트에 더 적혀 있는 것은 없습니다.",
        Shape.REASON: "노트에 이유가 따로 적혀 있지는 않습니다.",
        Shape.EXAMPLE: "노트에 예가 따로 나와 있지는 않습니다.",
    },
    related="함께 볼 만한 내용은 다음과 같습니다.",
    two_at_a_time="한 번에 두 가지까지 답할 수 있어요. 나머지는 하나씩 이어서 물어봐 주세요.",
)
_ENGLISH = Phrases(
    leads={
        Shape.FACT: "The notes say this under “{heading}”.",
        Shape.LIST: "Here is everything the notes list under “{heading}”.",
        Shape.HOW_TO: "This is how the notes describe it under “{heading}”.",
        Shape.COMPARISON: "Compare what the notes say under “{heading}”, side by side.",
        Shape.YES_NO: "This is what the notes say under “{heading}”, and it settles the question.",
        Shape.CODE: "The notes have this under “{heading}”.",
        Shape.ITEM: "The notes have this under “{heading}”.",
        Shape.MORE: "Here is more from the notes, under “{heading}”.",
        Shape.SIMPLER: "This is the one line that matters most, under “{heading}”.",
        Shape.REASON: "The notes give this reason under “{heading}”.",
        Shape.EXAMPLE: "The notes give this example under “{heading}”.",
    },
    code_lead="This is the code the notes give under “{heading}”.",
    foreign="This part of the notes exists only in Korean, so it is quoted as it stands.",
    declined="The notes don't answer this question.",
    exhausted={
        Shape.MORE: "The notes say nothing more about this.",
        Shape.REASON: "The notes don't give a reason for this.",
        Shape.EXAMPLE: "The notes give no example of this.",
    },
    related="This is what else they say about it.",
    two_at_a_time="I can answer two questions at a time; please ask the others one after another.",
)


def phrases(language: str) -> Phrases:
    """Return the wording of ``language``."""
    return _KOREAN if language == KOREAN else _ENGLISH


def absent_sentence(words: Sequence[str], language: str) -> str:
    """Return the sentence that names up to three words which the notes never mention; empty without any."""
    if not words:
        return ""
    if language == KOREAN:
        quoted = ", ".join(f"‘{word}’" for word in words[:3])
        return f"노트에는 {subject(quoted)} 나오지 않습니다."
    quoted = [f"“{word}”" for word in words[:3]]
    joined = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    return f"The notes never mention {joined}."
