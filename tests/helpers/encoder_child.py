"""The encoder's process for tests, without PyTorch: hashed vectors, and texts that make it raise, end, hang or wait.

Run as ``python -m tests.helpers.encoder_child SOCKET PARENT NAME FOLDER``; it notes the size of every batch in ``FOLDER/batches``.
``NAME`` tells how it loads: ``well``, ``slowly``, ``once``, ``never`` or ``in silence`` (all but ``well`` for want of
a file ``FOLDER/loads``).
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoding.encoder_child import _die_with, serve
from index.encoding.process_channel import Channel, EndedError
from index.errors import EncoderUnavailableError


class TroubledEncoder:
    """Does to a text what it says."""

    def __init__(self, folder: Path) -> None:
        from tests.helpers.fakes import HashingEncoder  # LangChain comes with it: seconds, in which it should show life

        self._hashing = HashingEncoder()
        self.fingerprint, self.width = self._hashing.fingerprint, self._hashing.width
        self._folder = folder

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self._encode("question", texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        return self._encode("passage", texts)

    def _encode(self, role: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        with (self._folder / "batches").open("a") as batches:
            batches.write(f"{role} {len(texts)}\n")
        for text in texts:
            if text.startswith("raise"):
                raise {"KeyError": KeyError, "MemoryError": MemoryError, "AssertionError": AssertionError}[
                    text.split()[1]
                ](text)
            if text == "end":
                os._exit(7)
            if text == "end once" and not (self._folder / "ended").exists():
                (self._folder / "ended").touch()
                os._exit(7)
            if text == "hang":
                os.kill(os.getpid(), signal.SIGSTOP)
            if text.startswith("wait"):
                time.sleep(float(text.split()[1]))
        return self._hashing.encode_questions(texts)


def load(name: str, folder: Path) -> TroubledEncoder:
    with (folder / "loads").open("a") as loads:
        loads.write(f"{os.getpid()}\n")
    count = len((folder / "loads").read_text().split())
    if name == "never":
        os._exit(9)
    if name == "in silence" and count == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    if name == "wrong" or (name == "once" and count > 1):
        raise EncoderUnavailableError("The encoder 'x' cannot be loaded: there is none.")
    if name == "slowly":
        time.sleep(1.0)
    return TroubledEncoder(folder)


if __name__ == "__main__":
    number, parent, name, folder = sys.argv[1:]
    _die_with(int(parent))
    try:
        sys.exit(serve(Channel(socket.socket(fileno=int(number))), lambda: load(name, Path(folder))))
    except EndedError:
        sys.exit(0)
