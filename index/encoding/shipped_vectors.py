"""The vectors of the texts that ship with the project, so that no first start encodes them again.

The file holds, for one encoder, a row of 8-bit integers with its scale for every text, by the text's hash; ``make
vectors`` writes it. Another encoder's vectors are of no use, and texts that it does not hold are encoded as ever.
"""

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoding.centring import Vectors
from index.encoding.encoder import Encoder

FILE = Path(__file__).parent.parent / "data" / "shipped_vectors.npz"
_QUESTION, _PASSAGE = "question", "passage"
_LEVELS = 127
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)


class ShippedVectorsEncoder:
    """An encoder that knows the vectors of the texts that ship, and passes all others on to ``encoder``."""

    def __init__(self, encoder: Encoder, file: Path = FILE) -> None:
        self._encoder = encoder
        self._table = _table(file, encoder.fingerprint)

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts."""
        return self._encoder.fingerprint

    @property
    def width(self) -> int:
        """Return the number of dimensions."""
        return self._encoder.width

    def knows_passage(self, text: str) -> bool:
        """Return whether ``text`` ships, and need not be encoded as a passage."""
        return self._table.position(_PASSAGE, text) is not None

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, width)`` float32 rows of unit length."""
        return self._encoded(_QUESTION, texts, self._encoder.encode_questions, None)

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Vectors:
        """Return ``(n, width)`` float32 rows of unit length; ``progress`` is told the number of texts just done."""
        return self._encoded(
            _PASSAGE, texts, lambda missing: self._encoder.encode_passages(missing, progress), progress
        )

    def _encoded(
        self,
        role: str,
        texts: Sequence[str],
        encode: Callable[[list[str]], Vectors],
        progress: Callable[[int], object] | None,
    ) -> Vectors:
        positions = [self._table.position(role, text) for text in texts]
        missing = [number for number, position in enumerate(positions) if position is None]
        if progress and len(missing) < len(texts):
            progress(len(texts) - len(missing))
        rows = np.zeros((len(texts), self.width), np.float32)
        if missing:
            rows[missing] = encode([texts[number] for number in missing])
        known = [number for number, position in enumerate(positions) if position is not None]
        if known:
            rows[known] = self._table.vectors([position for position in positions if position is not None])
        return rows


class _Table:
    """Vectors by role and text: ``(n,)`` hashes, ``(n, width)`` int8 rows, ``(n,)`` scales."""

    def __init__(self, hashes: npt.NDArray[np.uint64], rows: npt.NDArray[np.int8], scales: Vectors) -> None:
        self._places = {int(value): number for number, value in enumerate(hashes.tolist())}
        self._rows = rows
        self._scales = scales

    def position(self, role: str, text: str) -> int | None:
        """Return which row is that of ``text``, None where it does not ship."""
        return self._places.get(_hash(role, text)) if self._places else None

    def vectors(self, positions: Sequence[int]) -> Vectors:
        """Return the rows at ``positions`` as float32 of unit length."""
        found = self._rows[list(positions)].astype(np.float32) * self._scales[list(positions), None]
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@cache
def _table(file: Path, fingerprint: str) -> _Table:
    """Return what ``file`` holds for the encoder with ``fingerprint``; nothing where it is another's or unreadable."""
    try:
        with np.load(file, allow_pickle=False) as data:
            if str(data["fingerprint"]) == fingerprint:
                return _Table(data["hashes"], data["rows"], data["scales"])
    except _UNREADABLE:
        pass  # it only saves time: without it everything is encoded
    return _Table(np.zeros(0, np.uint64), np.zeros((0, 1), np.int8), np.zeros(0, np.float32))


def _hash(role: str, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{role}\0{text}".encode(), digest_size=8).digest(), "big")


class RecordingEncoder:
    """An encoder that remembers what it is asked to encode, to write it to a file."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[int, npt.NDArray[np.float32]] = {}
        self.fingerprint = encoder.fingerprint
        self.width = encoder.width

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, width)`` float32 rows of unit length."""
        return self._remembered(_QUESTION, texts, self._encoder.encode_questions(texts))

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Vectors:
        """Return ``(n, width)`` float32 rows of unit length; ``progress`` is told the number of texts just done."""
        return self._remembered(_PASSAGE, texts, self._encoder.encode_passages(texts, progress))

    def _remembered(self, role: str, texts: Sequence[str], vectors: Vectors) -> Vectors:
        self._vectors.update((_hash(role, text), vector) for text, vector in zip(texts, vectors, strict=True))
        return vectors

    def write(self, file: Path = FILE) -> int:
        """Write what was encoded to ``file``; return how many texts that are."""
        hashes = sorted(self._vectors)
        vectors = np.stack([self._vectors[value] for value in hashes])
        scales = np.abs(vectors).max(axis=1) / _LEVELS
        np.savez(
            file,
            fingerprint=np.array(self.fingerprint),
            hashes=np.array(hashes, np.uint64),
            rows=np.rint(vectors / scales[:, None]).astype(np.int8),
            scales=scales.astype(np.float32),
        )
        return len(hashes)
