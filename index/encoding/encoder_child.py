"""The process in which the encoder of :mod:`index.encoding.encoder_process` runs: loads it, encodes, shows life.

It outlives nobody: it ends when the other side of its channel does, and on Linux the kernel ends it with its parent
even while it is stopped. An error belongs to the texts that caused it and is told to whoever sent them.
"""

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.background import Background, reason_of
from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.encoding.process_channel import Channel, EndedError, Message
from index.errors import NotesError

QUESTION, PASSAGE = "question", "passage"
ALIVE, ERROR, ROWS = "alive", "error", "rows"
ALIVE_EVERY_SECONDS = 1.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(arguments: Sequence[str]) -> int:
    """Serve the encoder that ``arguments`` name (socket's number, parent's process, name, cache folder)."""
    number, parent, name, cache = arguments
    _die_with(int(parent))
    return serve(Channel(socket.socket(fileno=int(number))), lambda: load_encoder(name, Path(cache)))


def serve(channel: Channel, load: Callable[[], Encoder]) -> int:
    """Load the encoder, tell its fingerprint and width or why it cannot be loaded, and encode until nothing comes."""

    def show_life() -> None:
        try:
            channel.send(Message({ALIVE: True}))
        except EndedError:
            os._exit(0)  # nobody is there any more; the main thread may be loading for minutes yet

    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no output of the program
    with Background() as background:
        background.repeat("showing life", show_life, every_seconds=ALIVE_EVERY_SECONDS)
        try:
            encoder = load()
        except Exception as error:  # whatever it is: the other side waits to be told
            channel.send(Message({ERROR: _told(error, "The encoder cannot be loaded")}))
            return 0
        channel.send(Message({"fingerprint": encoder.fingerprint, "width": encoder.width}))
        while True:
            channel.send(_answer(encoder, channel.receive()))


def _answer(encoder: Encoder, request: Message) -> Message:
    encode = encoder.encode_questions if request.head["role"] == QUESTION else encoder.encode_passages
    try:
        rows = np.ascontiguousarray(encode(request.head["texts"]), dtype="<f4")
    except Exception as error:  # no text may end the process that all others need
        return Message({ERROR: _told(error, "The encoder failed")})
    return Message({ROWS: len(rows)}, rows.tobytes())


def _told(error: Exception, what: str) -> str:
    return str(error) if isinstance(error, NotesError) else f"{what}: {reason_of(error)}"


def _die_with(parent: int) -> None:
    """Let the kernel end this process with ``parent``, where it can (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EndedError:  # nobody waits for an answer any more
        sys.exit(0)
