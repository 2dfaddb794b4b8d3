"""Fakes that compute: an encoder whose vectors can be worked out by hand, a chat model that follows a script."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field


class HashingEncoder:
    """A bag of character trigrams, hashed into ``width`` dimensions: equal texts are equal, similar ones similar."""

    def __init__(self, width: int = 64) -> None:
        self.width = width
        self.fingerprint = f"hashing-{width}"
        self.encoded: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        self.encoded.extend(texts)
        if progress:
            progress(len(texts))
        return self.encode_questions(texts) if texts else np.zeros((0, self.width), np.float32)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(self.width, 0.01, dtype=np.float32)
        padded = f"  {text.lower()}  "
        for start in range(len(padded) - 2):
            digest = hashlib.md5(padded[start : start + 3].encode(), usedforsecurity=False).digest()
            vector[int.from_bytes(digest[:4], "big") % self.width] += 1.0
        return vector / np.linalg.norm(vector)


class ScriptedChatModel(BaseChatModel):
    """Plays back queued replies word by word: a text is written, an exception raised, a number slept in seconds.

    ``asked`` keeps the messages of every request, ``stopped`` counts the requests that were closed before their end.
    """

    replies: list[list[str | float | Exception]] = Field(default_factory=list)
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    stopped: int = 0

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        raise NotImplementedError("streamed only")

    async def _astream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        self.asked.append(messages)
        finished = False
        try:
            for step in self.replies.pop(0):
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, float):
                    await asyncio.sleep(step)
                    continue
                for word in re.findall(r"\s*\S+|\s+$", step):
                    yield ChatGenerationChunk(message=AIMessageChunk(word))
            finished = True
        finally:
            if not finished:
                self.stopped += 1


class ProviderError(Exception):
    """An error as providers raise it: with an HTTP status, and a text that should not be shown."""

    def __init__(self, status_code: int | None = None, text: str = "Incorrect API key provided: sk-secret") -> None:
        self.status_code = status_code
        super().__init__(text)
