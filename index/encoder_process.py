"""Runs an encoder in a process of its own, so that loading it and the rest of a program's start do not wait in turn.

PyTorch and the weights take seconds under Python's one lock; so do the pages. Apart, a start takes as
long as the longer of the two, and a long build stalls no page. The two processes talk over pipes: a line of JSON
each way, after the answer's line the vectors as raw float32. The child ends when its input does, so it outlives nobody.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from index.encoder import Encoder, encode_in_batches
from index.encoder_loading import load_encoder
from index.errors import EncoderUnavailableError, StorageError

_QUESTION, _PASSAGE = "question", "passage"
_CLOSING_SECONDS = 5.0
_ROOT = Path(__file__).resolve().parent.parent


class _EndedError(Exception):
    """The child ended without an answer."""


class EncoderProcess:
    """An encoder behind the same protocol as one in this process; may be called from several threads.

    Starting returns at once. The first use waits until the model is loaded, and raises what went wrong then.
    A child that was killed is started again at the next use.
    """

    def __init__(self, name: str, cache: Path) -> None:
        self._command = [sys.executable, "-m", "index.encoder_process", name, str(cache)]
        self._lock = threading.Lock()
        self._closed = False
        self._identity: tuple[str, int] | None = None
        self._child = self._start()

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts.

        :raises EncoderUnavailableError: If the model cannot be loaded.
        """
        return self._ready()[0]

    @property
    def width(self) -> int:
        """Return the number of dimensions.

        :raises EncoderUnavailableError: If the model cannot be loaded.
        """
        return self._ready()[1]

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length.

        :raises EncoderUnavailableError: If the process cannot be started or ends twice in a row.
        """
        return encode_in_batches(texts, self.width, lambda batch: self._encode(_QUESTION, batch))

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length, in the order of ``texts``.

        Between two batches the questions of others are encoded.

        :raises EncoderUnavailableError: If the process cannot be started or ends twice in a row.
        """
        return encode_in_batches(texts, self.width, lambda batch: self._encode(_PASSAGE, batch), progress)

    def close(self) -> None:
        """End the process; later uses raise EncoderUnavailableError."""
        self._closed = True
        if self._child.stdin:
            self._child.stdin.close()
        try:
            self._child.wait(_CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout:
            self._child.stdout.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C in the terminal is for this process, which then closes the child.
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )

    def _ready(self) -> tuple[str, int]:
        with self._lock:
            return self._identify()

    def _identify(self) -> tuple[str, int]:
        """Return fingerprint and width, read from the child's first line where that has not been done."""
        if self._identity is None:
            try:
                first = self._read_line()
            except _EndedError as error:
                raise self._ended() from error
            self._identity = (str(first["fingerprint"]), int(first["width"]))
        return self._identity

    def _encode(self, role: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        request = json.dumps({"role": role, "texts": list(texts)}).encode() + b"\n"
        with self._lock:
            try:
                return self._exchange(request)
            except _EndedError:
                self._restart()
            try:
                return self._exchange(request)
            except _EndedError as error:
                raise self._ended() from error

    def _exchange(self, request: bytes) -> npt.NDArray[np.float32]:
        _, width = self._identify()
        pipe = self._child.stdin
        try:
            if pipe is None or pipe.closed:
                raise _EndedError
            pipe.write(request)
            pipe.flush()
        except OSError as error:
            raise _EndedError from error
        rows = int(self._read_line()["rows"])
        return np.frombuffer(self._read(rows * width * 4), dtype="<f4").reshape(rows, width)

    def _restart(self) -> None:
        if self._closed:
            raise EncoderUnavailableError("The encoder has been closed.")
        self._child.kill()
        self._child.wait()
        self._identity = None
        self._child = self._start()

    def _read_line(self) -> dict[str, Any]:
        pipe = self._child.stdout
        line = pipe.readline() if pipe and not pipe.closed else b""
        if not line.endswith(b"\n"):
            raise _EndedError
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise EncoderUnavailableError(str(answer["error"]))
        return answer

    def _read(self, size: int) -> bytes:
        pipe = self._child.stdout
        data = pipe.read(size) if pipe else b""
        if len(data) < size:
            raise _EndedError
        return data

    def _ended(self) -> EncoderUnavailableError:
        code = self._child.wait()
        return EncoderUnavailableError(f"The encoder's process ended with code {code}; the machine may lack memory.")


def main(arguments: Sequence[str]) -> int:
    """Load the encoder that ``arguments`` name (name, cache folder) and encode what comes in, until nothing does."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get between the answers
    try:
        encoder = load_encoder(arguments[0], Path(arguments[1]))
    except (EncoderUnavailableError, StorageError) as error:
        _send(answers, {"error": str(error)})
        return 0
    _send(answers, {"fingerprint": encoder.fingerprint, "width": encoder.width})
    for line in sys.stdin.buffer:
        _answer(encoder, json.loads(line), answers)
    return 0


def _answer(encoder: Encoder, request: dict[str, Any], answers: IO[bytes]) -> None:
    encode = encoder.encode_questions if request["role"] == _QUESTION else encoder.encode_passages
    try:
        rows = np.ascontiguousarray(encode(request["texts"]), dtype="<f4")
    except (RuntimeError, MemoryError) as error:
        _send(answers, {"error": f"The encoder failed: {error}"})
        return
    _send(answers, {"rows": len(rows)}, rows.tobytes())


def _send(answers: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n" + body)
    answers.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # nobody waits for the answer any more
        sys.exit(0)
