"""Messages between two processes over a socket: a head in JSON and a body of bytes; no call waits without end."""

import contextlib
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Any

_LENGTHS = struct.Struct("<II")
_CHUNK = 1 << 16


class EndedError(Exception):
    """The other side is gone."""


class SilentError(Exception):
    """The other side said nothing, or took nothing, for as long as it may."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one side told the other."""

    head: dict[str, Any]
    body: bytes = b""


class Channel:
    """One side. Several threads may send, one may receive."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._received = bytearray()

    def send(self, message: Message, timeout_seconds: float | None = None) -> None:
        """Tell the other side.

        :raises EndedError: If it is gone.
        :raises SilentError: If it does not take the message in time; nothing can be told it any more.
        """
        head = json.dumps(message.head).encode()
        data = _LENGTHS.pack(len(head), len(message.body)) + head + message.body
        with self._sending:
            try:
                self._connection.settimeout(timeout_seconds)
                self._connection.sendall(data)
            except TimeoutError as error:
                raise SilentError from error
            except OSError as error:
                raise EndedError from error

    def receive(self, timeout_seconds: float | None = None) -> Message:
        """Return the next message.

        :raises EndedError: If the other side is gone.
        :raises SilentError: If no whole message comes in time; what came of it is kept for the next call.
        """
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while True:
            message = self._take()
            if message is not None:
                return message
            self._fill(None if deadline is None else deadline - time.monotonic())

    def close(self) -> None:
        """Be gone for the other side, and for whoever receives here at the moment."""
        with contextlib.suppress(OSError):  # the other side was first
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def _fill(self, timeout_seconds: float | None) -> None:
        try:
            # With 0 the socket would not block at all, and raise another error where nothing is there.
            self._connection.settimeout(None if timeout_seconds is None else max(timeout_seconds, 1e-4))
            data = self._connection.recv(_CHUNK)
        except TimeoutError as error:
            raise SilentError from error
        except OSError as error:
            raise EndedError from error
        if not data:
            raise EndedError
        self._received += data

    def _take(self) -> Message | None:
        if len(self._received) < _LENGTHS.size:
            return None
        head_size, body_size = _LENGTHS.unpack_from(self._received)
        start, end = _LENGTHS.size + head_size, _LENGTHS.size + head_size + body_size
        if len(self._received) < end:
            return None
        head = json.loads(self._received[_LENGTHS.size : start])
        body = bytes(self._received[start:end])
        del self._received[:end]
        return Message(head, body)
