"""Writes an answer with a chat model from passages selected before, every sentence checked; selects nothing."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.chat_model import ChatModelError, ChatStream, Limits, Trouble, open_chat_model
from assistant.drafting import Draft, Drafter
from assistant.grounding import Grounding
from assistant.prompt import PASSAGE_TOKENS, PROMPT_VERSION, prompt, sources_of
from assistant.records import Citation
from assistant.selection import Excerpt, Selection
from index import CourseIndex, Section
from index.languages import KOREAN

_NOTICES = {
    Trouble.KEY: (
        "The chat model's provider refused the key, so the notes are quoted instead. Please tell your instructor.",
        "채팅 모델이 인증 키를 거부해서 노트의 문장을 그대로 보여 드립니다. 강사에게 알려 주세요.",
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


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as far as it is written; ``excerpts`` are the lines that its markers cite."""

    text: str
    excerpts: tuple[Excerpt, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations, in the order of their markers."""
        return tuple(excerpt.citation for excerpt in self.excerpts)


class Writer(Protocol):
    """Words an answer to a question whose passages are selected already."""

    @property
    def name(self) -> str:
        """What the answer's ``engine`` says; it changes whenever the answers may."""
        ...

    def write(self, selection: Selection) -> Iterator[Written]:
        """Yield the answer as it grows, the last one whole; closing the iterator stops the work.

        :raises ChatModelError: If there is no answer; :func:`notice` says so to the student.
        """
        ...


class ChatModelWriter:
    """Writes with a chat model. Needs an index for its words and its lines."""

    def __init__(self, name: str, stream: ChatStream, course_index: CourseIndex, tokens: int = PASSAGE_TOKENS) -> None:
        self._name = name
        self._stream = stream
        self._index = course_index
        self._tokens = tokens
        self._grounding = Grounding(course_index.searcher.stored.lexical)

    @property
    def name(self) -> str:
        """The chat model's name."""
        return self._name

    @property
    def version(self) -> str:
        """What cached answers are told apart by: the model and the prompt."""
        return f"{self._name}#{PROMPT_VERSION}"

    def write(self, selection: Selection) -> Iterator[Written]:
        """Yield the answer as it grows: only sentences that passages support, each with their markers.

        The same text is yielded again while the model is silent, so that a student who leaves stops it. Where the
        model breaks off, what was accepted until then does not stand: half an answer may mislead.

        :raises ChatModelError: If the model fails, or writes nothing that the notes support.
        """
        sources = sources_of(selection, self._tokens)
        if not sources:
            raise ChatModelError(Trouble.TOO_LONG)
        drafter = Drafter(self._grounding, sources, selection.language, self._quote)
        words = self._stream.stream(prompt(selection.standalone, selection.language, sources))
        try:
            for word in words:
                yield _written(drafter.feed(word) if word else drafter.draft)
        finally:
            words.close()
        draft = drafter.finish()
        if not draft.citations:
            raise ChatModelError(Trouble.UNSUPPORTED)
        yield _written(draft)

    def close(self) -> None:
        """Release the connection."""
        self._stream.close()

    def _quote(self, section: Section, first_line: int, last_line: int) -> str:
        return self._index.note(section.file).quote(first_line, last_line)


def open_writer(name: str, course_index: CourseIndex, limits: Limits | None = None) -> ChatModelWriter:
    """Return a writer with the chat model ``provider:model``.

    A missing key is found out only when a question is asked: the notes can be quoted without it.

    :raises GenerationError: If the provider is unknown or its package is missing; the message holds the pip line.
    """
    limits = limits or Limits()
    stream = ChatStream(lambda: open_chat_model(name, limits), limits)
    with contextlib.suppress(ChatModelError):
        open_chat_model(name, limits)
    return ChatModelWriter(name, stream, course_index)


def notice(trouble: Trouble, language: str) -> str:
    """Return the sentence that tells a student why the notes are quoted instead."""
    english, korean = _NOTICES[trouble]
    return korean if language == KOREAN else english


def _written(draft: Draft) -> Written:
    pairs = zip(draft.grounds, draft.citations, strict=True)
    excerpts = tuple(Excerpt(ground.section, ground.pieces, citation) for ground, citation in pairs)
    return Written(draft.text, excerpts)
