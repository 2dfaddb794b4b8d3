"""Signs answers, so that one that comes back from a browser is known to be the server's; stores nothing but its key.

Conversations are kept by browsers alone. What a browser sends back is believed, and reaches the question log, only with
the signature that the server gave (HMAC-SHA256, RFC 2104). Without one, it is shown and nothing else.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any, cast

from assistant.records import Answer
from index import StorageError
from index.border import mended

_KEY_BYTES = 32
_KEY_FILE = "receipts.key"
#: What answers did not tell in earlier versions, where it says nothing: receipts of then stay good.
_UNTOLD = {"kind": "answer", "offer": "", "provisional": False}


class Receipts:
    """Signs and checks with one key.

    :param key: At least 32 random bytes; a new one makes all earlier receipts void.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(_KEY_BYTES)

    @classmethod
    def of_folder(cls, folder: Path) -> "Receipts":
        """Return those with the key in ``folder``, which is made at the first time, for this user's eyes only.

        :raises StorageError: If the key can be neither read nor written.
        """
        path = folder / _KEY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                with contextlib.suppress(FileExistsError):
                    _write_once(path, secrets.token_bytes(_KEY_BYTES))
            key = path.read_bytes()
        except OSError as error:
            raise StorageError(f"{path} cannot be used: {error.strerror}.") from error
        if len(key) < _KEY_BYTES:
            raise StorageError(f"{path} is damaged; delete it, and a new one is made.")
        return cls(key)

    def issue(self, identifier: str, answer: Answer) -> str:
        """Return the receipt that ``answer`` is the server's, and kept as ``identifier``."""
        return f"{identifier}.{self._signature(identifier, answer)}"

    def identifier(self, receipt: str, answer: Answer) -> str | None:
        """Return what ``answer`` is kept as, None if ``receipt`` is not the server's for just this answer."""
        identifier, _, signature = receipt.partition(".")
        own = self._signature(identifier, answer)
        return identifier if hmac.compare_digest(signature.encode(), own.encode()) else None

    def _signature(self, identifier: str, answer: Answer) -> str:
        # What comes back has passed the border, which composes letters; a quote of a note is as its file has it.
        told = _each_mended(answer.to_json())
        told = {name: value for name, value in told.items() if name not in _UNTOLD or value != _UNTOLD[name]}
        signed = json.dumps([identifier, told], sort_keys=True)
        return hmac.new(self._key, signed.encode(), hashlib.sha256).hexdigest()


def _each_mended(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [_each_mended(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _each_mended(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def _write_once(path: Path, key: bytes) -> None:
    """Write ``path`` whole, or leave the one that is there.

    :raises FileExistsError: If there is one.
    """
    own = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        try:
            os.link(own, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            own.replace(path)
    finally:
        own.unlink(missing_ok=True)
