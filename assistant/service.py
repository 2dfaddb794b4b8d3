"""Holds the one assistant of a running app while it loads, serves and is replaced; knows no page."""

import threading
from collections.abc import Callable

from assistant.assistant import Assistant
from index import NotesError

Loader = Callable[[], Assistant]


class StillLoadingError(NotesError):
    """The encoder and the index are still being loaded."""

    def __init__(self) -> None:
        super().__init__(
            "The assistant is still loading; try again in a few seconds. / "
            "아직 준비 중입니다. 잠시 후 다시 시도해 주세요."
        )


class AssistantService:
    """Loads an assistant in the background, so that pages can appear before it is there.

    :param loader: Returns the assistant; runs in a thread of its own at :meth:`start` and at every :meth:`reload`.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self._error: NotesError | None = None

    def start(self) -> threading.Thread:
        """Begin to load and return the thread that does it; at its end the assistant has warmed up, too."""
        thread = threading.Thread(target=self._load_and_warm_up, name="load-assistant", daemon=True)
        thread.start()
        return thread

    def _load_and_warm_up(self) -> None:
        self.reload()
        if self._assistant is not None:
            self._assistant.warm_up()

    def reload(self) -> None:
        """Load anew; the old assistant serves until the new one is whole, and stays if loading fails."""
        try:
            loaded = self._loader()
        except NotesError as error:
            with self._lock:
                self._error = error
            return
        with self._lock:
            self._assistant, self._error = loaded, None

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self._assistant is not None

    @property
    def error(self) -> NotesError | None:
        """Why the latest load failed, or None."""
        return self._error

    @property
    def assistant(self) -> Assistant:
        """The assistant.

        :raises StillLoadingError: If it is still being loaded.
        :raises NotesError: If loading failed and there is no earlier one.
        """
        if self._assistant is not None:
            return self._assistant
        if self._error is not None:
            raise self._error
        raise StillLoadingError
