"""Reads a chat model's words as a stream with deadlines, retries and cancellation; knows no notes and no prompt.

All providers' errors are told apart here, once, and none of their text goes further: it may hold a key.
"""

import asyncio
import concurrent.futures
import logging
import queue
import random
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from assistant.generating.model_errors import ChatModelError, Trouble
from index import GenerationError
from index.background import Background, Work

_LOGGER = logging.getLogger(__name__)
#: Where a provider retries by itself, the two waits would multiply; ours ends with the student's patience.
_OWN_RETRIES = frozenset({"openai", "azure_openai", "anthropic", "google_genai", "mistralai", "groq", "deepseek"})
_TOO_LONG = ("context", "too long", "too large", "maximum length", "token")


_BY_STATUS = {
    401: Trouble.KEY,
    402: Trouble.QUOTA,
    403: Trouble.KEY,
    408: Trouble.SLOW,
    413: Trouble.TOO_LONG,
    429: Trouble.QUOTA,
    504: Trouble.SLOW,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a chat model may take and how much it may write.

    ``attempts`` counts the first one; the wait before the n-th repetition is ``backoff_seconds`` · 2ⁿ, give or take a
    quarter. A heartbeat, an empty text, comes at least every ``heartbeat_seconds``.
    """

    first_words_seconds: float = 30.0
    total_seconds: float = 90.0
    attempts: int = 3
    backoff_seconds: float = 0.5
    heartbeat_seconds: float = 0.25
    characters: int = 6000


def open_chat_model(name: str, limits: Limits) -> BaseChatModel:
    """Return the chat model called ``provider:model``; asks nothing of a network.

    :raises GenerationError: If the provider is unknown or its package is not installed; the message says what to do.
    :raises ChatModelError: If its settings, such as a key in the environment, are missing.
    """
    from langchain.chat_models import init_chat_model

    provider = name.partition(":")[0]
    options: dict[str, Any] = {}
    if provider in _OWN_RETRIES:
        options = {"max_retries": 0, "timeout": limits.total_seconds}
    try:
        model = cast("BaseChatModel", init_chat_model(name, **options))
    except ImportError as error:
        package = (error.name or "").replace("_", "-") or f"langchain-{provider.replace('_', '-')}"
        line = _pip_line(str(error)) or f"pip install {package}"
        raise GenerationError(f"NOTES_CHAT_MODEL={name} needs a package that is not installed: {line}") from error
    except Exception as error:  # every provider has errors of its own; their text may hold a key
        if type(error) is ValueError and "provider" in str(error):
            raise GenerationError(f"NOTES_CHAT_MODEL={name}: LangChain knows no provider {provider!r}.") from None
        raise _translated(error) from None
    if getattr(model, "stream_chunk_timeout", None):
        cast("Any", model).stream_chunk_timeout = None  # a client's own two minutes would end a longer limit
    return model


class ChatStream:
    """A connection to one chat model, with an event loop of its own so that a request can be stopped at any time."""

    def __init__(
        self, connect: Callable[[], BaseChatModel], limits: Limits, background: Background | None = None
    ) -> None:
        self._connect = connect
        self._limits = limits
        self._background = background or Background()
        self._lock = threading.Lock()
        self._model: BaseChatModel | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: Work | None = None

    def open(self) -> None:
        """Make the model ready, so that a wrong setting is known before a question is asked.

        :raises GenerationError: See :func:`open_chat_model`.
        """
        self._model = self._model or self._connect()

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        """Yield the model's words as they come, and empty texts while none come.

        Closing the iterator stops the request.

        :raises ChatModelError: If the model fails, or takes longer than the limits allow.
        """
        words: queue.Queue[str | ChatModelError | None] = queue.Queue()
        left = threading.Event()
        running = asyncio.run_coroutine_threadsafe(self._pump(messages, words.put, left), self._running_loop())
        try:
            written = 0
            while written < self._limits.characters:
                try:
                    word = words.get(timeout=self._limits.heartbeat_seconds)
                except queue.Empty:
                    if not self._will_say_more(running) and words.empty():
                        raise ChatModelError(Trouble.FAILED) from None
                    word = ""
                if word is None:
                    return
                if isinstance(word, ChatModelError):
                    raise word
                written += len(word)
                yield word
        finally:
            left.set()
            running.cancel()

    def close(self) -> None:
        """Stop all requests and the event loop."""
        with self._lock:
            loop, work = self._loop, self._work
            self._loop = self._work = self._model = None
        if loop is not None and work is not None and work.is_alive:
            loop.call_soon_threadsafe(loop.stop)
            work.stop(5.0)

    def _will_say_more(self, running: "concurrent.futures.Future[None]") -> bool:
        """Return whether a request is still under way: it may have ended in a way that nobody foresaw."""
        return not running.done() and self._work is not None and self._work.is_alive

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the event loop; another one where an error ended the one before."""
        with self._lock:
            if self._loop is None or self._work is None or not self._work.is_alive:
                loop = self._loop = asyncio.new_event_loop()
                self._work = self._background.once("chat-model", lambda: _run(loop))
            return self._loop

    async def _pump(
        self, messages: Sequence[BaseMessage], put: Callable[[str | ChatModelError | None], None], left: threading.Event
    ) -> None:
        """Put the model's words, then None or the error.

        :param left: Set with the cancellation, which ``wait_for`` swallows if a word has just come (Python < 3.12).
        """
        deadline = time.monotonic() + self._limits.total_seconds
        for attempt in range(self._limits.attempts):
            begun = False
            try:
                async with aclosing(self._words(messages, deadline, left)) as words:
                    async for word in words:
                        begun = True
                        put(word)
                put(None)
                return
            except ChatModelError as error:
                wait = self._limits.backoff_seconds * 2**attempt * random.uniform(0.75, 1.25)
                last = attempt + 1 == self._limits.attempts or time.monotonic() + wait > deadline
                if begun or last or error.trouble not in (Trouble.DOWN, Trouble.QUOTA):
                    put(error)
                    return
                await asyncio.sleep(wait)

    async def _words(
        self, messages: Sequence[BaseMessage], deadline: float, left: threading.Event
    ) -> AsyncGenerator[str, None]:
        first_deadline = min(deadline, time.monotonic() + self._limits.first_words_seconds)
        try:
            model = self._model = self._model or self._connect()
            chunks = cast("AsyncGenerator[AIMessageChunk, None]", model.astream(list(messages)))
            async with aclosing(chunks):
                until = first_deadline
                while True:
                    chunk = await asyncio.wait_for(anext(chunks, None), max(until - time.monotonic(), 0.001))
                    if chunk is None or left.is_set():
                        return
                    until = deadline
                    if text := str(chunk.text):
                        yield text
        except GenerationError:
            raise
        except Exception as error:  # every provider has errors of its own
            raise _translated(error) from None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        unfinished = asyncio.all_tasks(loop)
        for task in unfinished:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*unfinished, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _pip_line(message: str) -> str:
    """Return the pip line in LangChain's message about a missing package, empty where there is none."""
    start = message.find("pip install ")
    return message[start:].partition("`")[0].strip() if start >= 0 else ""


def _translated(error: Exception) -> ChatModelError:
    """Return the trouble behind a provider's error. Only its type and status are logged: its text may hold a key."""
    status = _status(error)
    trouble = _trouble(error, status)
    _LOGGER.warning("The chat model failed: %s, status %s (%s).", type(error).__name__, status, trouble.value)
    return ChatModelError(trouble)


def _status(error: Exception) -> int | None:
    """Return the HTTP status that ``error`` carries, wherever its provider keeps it."""
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore
        metadata = cast("dict[str, Any]", response).get("ResponseMetadata", {})
        return cast("int | None", metadata.get("HTTPStatusCode"))
    for holder in (error, response):
        for name in ("status_code", "code"):
            value = getattr(holder, name, None)
            if isinstance(value, int):
                return value
    return None


def _trouble(error: Exception, status: int | None) -> Trouble:
    said = str(error).lower()
    if status is not None:
        refused = Trouble.TOO_LONG if any(word in said for word in _TOO_LONG) else Trouble.SETTINGS
        return _BY_STATUS.get(status, Trouble.DOWN if status >= 500 else refused)
    name = type(error).__name__.lower()
    if isinstance(error, asyncio.TimeoutError) or "timeout" in name:
        return Trouble.SLOW
    if isinstance(error, OSError) or any(word in name for word in ("connect", "protocol", "network")):
        return Trouble.DOWN
    if isinstance(error, ValueError) and "no generation" in said:  # LangChain's word for an empty stream
        return Trouble.UNSUPPORTED
    if "credential" in f"{name} {said}" or "api_key" in said or "api key" in said:
        return Trouble.KEY
    return Trouble.SETTINGS if isinstance(error, ValueError | TypeError) else Trouble.FAILED
