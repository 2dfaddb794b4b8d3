"""Writes an answer with a chat model from passages selected before, every sentence checked; selects nothing."""

import contextlib
from collections.abc import Iterator

from assistant.generating.answer_writer import WrittenAnswer
from assistant.generating.chat_model import ChatStream, Limits, open_chat_model
from assistant.generating.grounding import Grounding
from assistant.generating.model_errors import ChatModelError, Trouble
from assistant.generating.prompt import PROMPT_TOKENS, PROMPT_VERSION, prompt, sources_of
from assistant.generating.supported_draft import Draft, Drafter
from assistant.selection import Excerpt, Selection
from index import CourseIndex, Section


class ChatModelWriter:
    """Writes with a chat model. Needs an index for its words and its lines."""

    def __init__(self, name: str, stream: ChatStream, course_index: CourseIndex, tokens: int = PROMPT_TOKENS) -> None:
        self._name = name
        self._stream = stream
        self._index = course_index
        self._tokens = tokens
        self._grounding = Grounding(course_index.words)

    @property
    def name(self) -> str:
        """The chat model's name."""
        return self._name

    @property
    def version(self) -> str:
        """The model and the prompt."""
        return f"{self._name}#{PROMPT_VERSION}"

    def write(self, selection: Selection) -> Iterator[WrittenAnswer]:
        """Yield the answer as it grows: only sentences that passages support, each with their markers.

        The same text is yielded again while the model is silent, so that a student who leaves stops it. Where the
        model breaks off, what was accepted until then does not stand: half an answer may mislead.

        :raises ChatModelError: If the model fails, or writes nothing that the notes support.
        """
        sources = sources_of(selection, self._tokens)
        if not sources:
            raise ChatModelError(Trouble.TOO_LONG)
        drafter = Drafter(self._grounding, sources, selection.language, self._quote, selection.standalone)
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


def open_writer(
    name: str, course_index: CourseIndex, limits: Limits | None = None, tokens: int = PROMPT_TOKENS
) -> ChatModelWriter:
    """Return a writer with the chat model ``provider:model``.

    A missing key is found out only when a question is asked: the notes can be quoted without it.

    :raises GenerationError: If the provider is unknown or its package is missing; the message holds the pip line.
    """
    limits = limits or Limits()
    stream = ChatStream(lambda: open_chat_model(name, limits), limits)
    with contextlib.suppress(ChatModelError):
        stream.open()
    return ChatModelWriter(name, stream, course_index, tokens)


def _written(draft: Draft) -> WrittenAnswer:
    pairs = zip(draft.grounds, draft.citations, strict=True)
    excerpts = tuple(Excerpt(ground.section, ground.pieces, citation) for ground, citation in pairs)
    return WrittenAnswer(draft.text, excerpts)
