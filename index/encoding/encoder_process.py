"""Runs an encoder in a process of its own, so that loading it and the rest of a program's start do not wait in turn.

Imports and weights take time under Python's one lock; so do the pages. Apart, a start takes as long as the
longer of the two, and a long build stalls no page. One thread here talks to the process
(:mod:`index.encoding.encoder_child`): it sends questions that wait at the same time as one batch, and passages between
them in small pieces. A process that ends, or shows no life for too long, is ended for good and started again.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.background import Background, Pauses
from index.encoding.encoder import encode_in_batches
from index.encoding.encoder_child import ALIVE, ERROR, PASSAGE, QUESTION, ROWS
from index.encoding.process_channel import Channel, EndedError, Message, SilentError
from index.encoding.request_queue import Batch, EncoderQueue, Patience
from index.errors import EncoderLostError, EncoderUnavailableError

PATIENCE = Patience()
_WORK = "encoder"
_PAUSES = Pauses(0.1, 30.0)
_LOOKS_EVERY_SECONDS = 1.0
_LOST_IN_A_ROW = 3
_CLOSING_SECONDS = 5.0
_ENDING_SECONDS = 1.0  #: Between its socket and its exit code a process that ends needs a moment.
_ROOT = Path(__file__).resolve().parent.parent.parent
_CHILD = ("-m", "index.encoding.encoder_child")


class EncoderProcess:
    """An encoder behind the same protocol as one in this process; may be called from several threads.

    Starting returns at once. The first use waits until the model is loaded, and raises what went wrong then. No
    question waits without end: see :class:`index.encoding.request_queue.Patience`.

    :param background: Where its thread is one of; its own unless given.
    :param program: What Python runs as the process, before the arguments of :func:`index.encoding.encoder_child.main`.
    """

    def __init__(
        self,
        name: str,
        cache: Path,
        background: Background | None = None,
        patience: Patience = PATIENCE,
        program: Sequence[str] = _CHILD,
    ) -> None:
        self._program, self._arguments = tuple(program), (name, str(cache))
        self._patience = patience
        self._queue = EncoderQueue(patience)
        self._changed = threading.Condition()
        self._identity: tuple[str, int] | None = None
        self._is_loaded = False
        self._closed = False
        self._hopeless = False
        self._lost = 0
        self._heard_at = time.monotonic()
        self._child: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        background = background or Background()
        self._work = background.repeat(_WORK, self._step, every_seconds=_LOOKS_EVERY_SECONDS, pauses=_PAUSES)

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts.

        :raises EncoderUnavailableError: If the model cannot be loaded.
        """
        return self._known()[0]

    @property
    def width(self) -> int:
        """Return the number of dimensions.

        :raises EncoderUnavailableError: If the model cannot be loaded.
        """
        return self._known()[1]

    @property
    def waiting(self) -> int:
        """How many questions wait for their vectors, those that are being encoded among them."""
        return self._queue.waiting

    @property
    def trouble(self) -> EncoderUnavailableError | None:
        """Why nothing can be encoded at the moment, None if it can."""
        if self._queue.refusal is not None:
            return self._queue.refusal
        if not self._is_loaded:
            return EncoderLostError("The encoder is being loaded.")
        silent = time.monotonic() - self._heard_at
        if silent > self._patience.suspicious_seconds:
            return EncoderLostError(f"The encoder has shown no life for {silent:.0f} seconds.")
        return None

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length; those of a single question as soon as can be.

        :raises EncoderUnavailableError: If the model cannot be loaded, the text not be read, or the process is lost.
        """
        return encode_in_batches(texts, self.width, lambda batch: self._queue.ask(QUESTION, batch, self._work.wake))

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length, in the order of ``texts``.

        Between two small pieces the questions of others are encoded.

        :raises EncoderUnavailableError: As for :meth:`encode_questions`.
        """
        return encode_in_batches(
            texts, self.width, lambda batch: self._queue.ask(PASSAGE, batch, self._work.wake), progress
        )

    def close(self) -> None:
        """End the process; later uses raise EncoderUnavailableError."""
        self._closed = True
        self._refuse(EncoderUnavailableError("The encoder has been closed."))
        if self._channel is not None:
            self._channel.close()
        if self._child is not None:
            self._end(self._child, _CLOSING_SECONDS)
        self._work.stop(_CLOSING_SECONDS)
        if self._child is not None:  # it may have been started meanwhile
            self._end(self._child, 0.0)

    def _known(self) -> tuple[str, int]:
        """Return fingerprint and width, which stay known while the process is started again."""
        with self._changed:
            self._changed.wait_for(lambda: self._identity is not None or self._queue.refusal is not None)
            if self._identity is not None and not self._closed:
                return self._identity
            error = self._queue.refusal or EncoderUnavailableError("The encoder cannot be loaded.")
            raise error.with_traceback(None)

    def _refuse(self, error: EncoderUnavailableError | None) -> None:
        """Refuse whatever waits and comes with ``error``, until this is called with None."""
        with self._changed:
            self._queue.refuse(error)
            self._changed.notify_all()

    # In the thread that talks to the process ----------------------------------------------------------------------

    def _step(self) -> None:
        """Start the process if there is none, hear whether it lives, and let it encode all that waits.

        :raises EncoderUnavailableError: If it is lost, or cannot be loaded again; the next step starts another one.
        """
        if self._closed or self._hopeless:
            return
        batch: Batch | None = None
        try:
            channel = self._channel or self._start()
            if not self._is_loaded and not self._load(channel):
                return
            self._listen(channel)
            while batch := self._queue.next_batch():
                self._encode(channel, batch)
        except (EndedError, SilentError, OSError) as error:  # the last: it cannot be started
            if not self._closed:
                raise self._given_up(error, batch) from error
        except BaseException:
            self._queue.fail(batch, EncoderUnavailableError("The encoder failed."))
            raise

    def _start(self) -> Channel:
        ours, its = socket.socketpair()
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        with its:
            # A session of its own: Ctrl-C in the terminal is for this process, which then closes the child.
            try:
                self._child = subprocess.Popen(  # no shell, our own program  # nosec B603
                    [sys.executable, *self._program, str(its.fileno()), str(os.getpid()), *self._arguments],
                    stdin=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": path},
                    pass_fds=[its.fileno()],
                    start_new_session=True,
                )
            except OSError:
                ours.close()
                raise
        self._channel = Channel(ours)
        self._heard_at = time.monotonic()
        return self._channel

    def _load(self, channel: Channel) -> bool:
        """Wait until the model is loaded, for as long as the process shows life, and return whether it is."""
        message = self._hear(channel, self._patience.loading_silence_seconds, None)
        if ERROR in message.head:
            error = EncoderUnavailableError(str(message.head[ERROR]))
            self._let_go()
            self._refuse(error)
            if self._identity is not None:
                raise error
            self._hopeless = True  # a wrong setting does not mend itself, and whoever waits tells of it
            return False
        self._lost = 0
        self._identity = (str(message.head["fingerprint"]), int(message.head["width"]))
        self._is_loaded = True
        if not self._closed:
            self._refuse(None)
        return True

    def _listen(self, channel: Channel) -> None:
        """Hear what the idle process said, and notice if it said nothing for too long."""
        try:
            while True:
                channel.receive(0.0)
                self._heard_at = time.monotonic()
        except SilentError:
            if time.monotonic() - self._heard_at > self._patience.silence_seconds:
                raise

    def _encode(self, channel: Channel, batch: Batch) -> None:
        patience = self._patience
        request = Message({"role": batch.role, "texts": batch.texts})
        channel.send(request, patience.silence_seconds)
        answer = self._hear(channel, patience.silence_seconds, patience.batch_seconds)
        if ERROR in answer.head:
            self._queue.fail(batch, EncoderUnavailableError(str(answer.head[ERROR])), may_be_a_neighbours=True)
            return
        rows = int(answer.head[ROWS])
        vectors = np.frombuffer(answer.body, dtype="<f4").reshape(rows, -1)
        self._queue.fulfil(batch, vectors)

    def _hear(self, channel: Channel, silence_seconds: float, total_seconds: float | None) -> Message:
        """Return the next message that is no mere sign of life."""
        deadline = None if total_seconds is None else time.monotonic() + total_seconds
        while True:
            message = channel.receive(silence_seconds)
            self._heard_at = time.monotonic()
            if ALIVE not in message.head:
                return message
            if deadline is not None and self._heard_at > deadline:
                raise SilentError

    def _given_up(self, error: EndedError | SilentError | OSError, batch: Batch | None) -> EncoderLostError:
        """End what is left of the process, settle what it was asked, and return what is told of it."""
        was_loaded, self._is_loaded = self._is_loaded, False
        code = self._let_go(0.0 if isinstance(error, SilentError) else _ENDING_SECONDS)
        if isinstance(error, SilentError):
            lost = EncoderLostError("The encoder did not answer in time and is started again. Please ask once more.")
            self._queue.fail(batch, lost, again=batch is not None and not batch.is_urgent)
        else:
            what = f"ended with code {code}; the machine may lack memory"
            if isinstance(error, OSError):
                what = f"cannot be started: {error.strerror}"
            lost = EncoderLostError(f"The encoder's process {what}.")
            self._queue.fail(batch, lost, may_be_a_neighbours=True, again=True)
        self._lost = 0 if was_loaded else self._lost + 1
        if self._lost >= _LOST_IN_A_ROW:
            self._refuse(lost)
        return lost

    def _let_go(self, ending_seconds: float = 0.0) -> int | None:
        """End the process, which may take so long to end by itself, and return its exit code."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        return self._end(self._child, ending_seconds) if self._child is not None else None

    @staticmethod
    def _end(child: "subprocess.Popen[bytes]", timeout_seconds: float) -> int:
        try:
            return child.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()
