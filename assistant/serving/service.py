"""Holds the one assistant of a running app while it loads, serves and is replaced; knows no page."""

import logging
import threading
from collections.abc import Callable

from assistant.serving.assistant import Assistant
from index import EncoderLostError, NotesError
from index.background import Background, Work, reason_of

Loader = Callable[[], Assistant]
_LOGGER = logging.getLogger(__name__)


class StillLoadingError(NotesError):
    """The encoder and the index are still being loaded."""

    def __init__(self) -> None:
        super().__init__(
            "The assistant is still loading; try again in a few seconds. / "
            "아직 준비 중입니다. 잠시 후 다시 시도해 주세요."
        )


class UnforeseenLoadError(NotesError):
    """Loading failed in a way that the program did not foresee."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(f"The notes could not be loaded: {reason_of(error)}. The app's log tells more.")


class AssistantService:
    """Loads an assistant in the background, so that pages can appear before it is there.

    :param loader: Returns the assistant; runs in the background at :meth:`start`, and at every :meth:`reload`.
    :param encoder_trouble: Returns why the encoder can encode nothing at the moment, None if it can.
    """

    def __init__(
        self,
        loader: Loader,
        background: Background | None = None,
        encoder_trouble: Callable[[], NotesError | None] | None = None,
    ) -> None:
        self._loader = loader
        self._background = background or Background()
        self._encoder_trouble = encoder_trouble
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self._error: NotesError | None = None

    def start(self) -> Work:
        """Begin to load and return the work that does it; at its end the assistant has warmed up, too.

        What may pass by itself, such as a lost encoder, and what nobody foresaw is tried again and again: meanwhile
        there are pages, and the instructor can put earlier notes back.
        """
        return self._background.once("load-assistant", self._load_and_warm_up, again=may_pass)

    def _load_and_warm_up(self) -> None:
        if self._assistant is None:
            try:
                self._load()
            except NotesError as error:
                if not may_pass(error):
                    return  # kept as the reason, which whoever serves tells
                raise
        if self._assistant is not None:
            self._assistant.warm_up()

    def reload(self) -> None:
        """Load anew; the old assistant serves until the new one is whole, and stays if loading fails."""
        try:
            self._load()
        except NotesError:
            pass  # kept as the reason
        except Exception:
            _LOGGER.exception("The notes could not be loaded.")

    def _load(self) -> None:
        try:
            loaded = self._loader()
        except NotesError as error:
            self._keep(error)
            raise
        except Exception as error:
            self._keep(UnforeseenLoadError(error))
            raise
        with self._lock:
            self._assistant, self._error = loaded, None

    def _keep(self, error: NotesError) -> None:
        with self._lock:
            self._error = error

    @property
    def ready(self) -> bool:
        """Whether there is an assistant; :attr:`trouble` tells whether it can answer at the moment."""
        return self._assistant is not None

    @property
    def error(self) -> NotesError | None:
        """Why the latest load failed, or None."""
        return self._error

    @property
    def trouble(self) -> NotesError | None:
        """Why no question can be answered at the moment, None if one can."""
        if self._assistant is None:
            return self._error or StillLoadingError()
        return self._encoder_trouble() if self._encoder_trouble else None

    @property
    def assistant(self) -> Assistant:
        """The assistant.

        :raises StillLoadingError: If it is still being loaded.
        :raises NotesError: If loading failed and there is no earlier one.
        """
        if self._assistant is not None:
            return self._assistant
        if self._error is not None:
            raise self._error.with_traceback(None)  # raised again and again it would keep all that led to it
        raise StillLoadingError


def may_pass(error: BaseException) -> bool:
    """Return whether loading again may succeed though nobody changes a setting: the encoder was lost, or a surprise."""
    return isinstance(error, EncoderLostError) or not isinstance(error, NotesError)
