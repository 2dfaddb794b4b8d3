"""Fakes that compute: an encoder whose vectors can be worked out by hand."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt


class HashingEncoder:
    """A bag of character trigrams, hashed into ``width`` dimensions: equal texts are equal, similar ones similar."""

    def __init__(self, width: int = 64) -> None:
        self.width = width
        self.fingerprint = f"hashing-{width}"
        self.encoded: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        self.encoded.extend(texts)
        if progress:
            progress(len(texts))
        return self.encode_questions(texts) if texts else np.zeros((0, self.width), np.float32)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(self.width, 0.01, dtype=np.float32)
        padded = f"  {text.lower()}  "
        for start in range(len(padded) - 2):
            digest = hashlib.md5(padded[start : start + 3].encode(), usedforsecurity=False).digest()
            vector[int.from_bytes(digest[:4], "big") % self.width] += 1.0
        return vector / np.linalg.norm(vector)
