"""What can go wrong with a chat model, and how a student is told; knows no provider."""

from enum import Enum

from index import GenerationError
from index.language.languages import KOREAN


class Trouble(str, Enum):
    """What went wrong with a chat model, as far as a student or instructor can do something about it."""

    KEY = "key"
    QUOTA = "quota"
    SLOW = "slow"
    DOWN = "down"
    TOO_LONG = "too_long"
    SETTINGS = "settings"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


_NOTICES = {
    Trouble.KEY: (
        "The chat model has no valid key, so the notes are quoted instead. Please tell your instructor.",
        "채팅 모델의 인증 키가 올바르지 않아서 노트의 문장을 그대로 보여 드립니다. 강사에게 알려 주세요.",
    ),
    Trouble.QUOTA: (
        "The chat model has no quota left at the moment, so the notes are quoted instead.",
        "채팅 모델의 사용 한도를 다 써서 노트의 문장을 그대로 보여 드립니다.",
    ),
    Trouble.SLOW: (
        "The chat model took too long, so the notes are quoted instead.",
        "채팅 모델의 응답이 너무 늦어서 노트의 문장을 그대로 보여 드립니다.",
    ),
    Trouble.DOWN: (
        "The chat model cannot be reached, so the notes are quoted instead.",
        "채팅 모델에 연결할 수 없어서 노트의 문장을 그대로 보여 드립니다.",
    ),
    Trouble.TOO_LONG: (
        "The passages are too long for the chat model, so the notes are quoted instead.",
        "채팅 모델이 처리하기에는 내용이 너무 길어서 노트의 문장을 그대로 보여 드립니다.",
    ),
    Trouble.SETTINGS: (
        "The chat model is not set up correctly, so the notes are quoted instead. Please tell your instructor.",
        "채팅 모델의 설정이 올바르지 않아서 노트의 문장을 그대로 보여 드립니다. 강사에게 알려 주세요.",
    ),
    Trouble.FAILED: (
        "The chat model failed, so the notes are quoted instead.",
        "채팅 모델에 문제가 생겨서 노트의 문장을 그대로 보여 드립니다.",
    ),
    Trouble.UNSUPPORTED: (
        "The chat model wrote nothing that the notes support, so they are quoted instead.",
        "채팅 모델의 답에서 노트로 확인되는 문장이 없어서 노트의 문장을 그대로 보여 드립니다.",
    ),
}


class ChatModelError(GenerationError):
    """A chat model that did not answer; ``trouble`` says why, and the message holds nothing of the provider's."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(f"The chat model gave no answer ({trouble.value}).")


def notice(trouble: Trouble, language: str) -> str:
    """Return the sentence that tells a student why the notes are quoted instead."""
    english, korean = _NOTICES[trouble]
    return korean if language == KOREAN else english
