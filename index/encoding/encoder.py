"""What an encoder is to the rest of the program, and encoding many texts with one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

_BATCH = 32
_AT_A_TIME = 256


class Encoder(Protocol):
    """Turns texts into vectors. ``fingerprint`` changes whenever the vectors would."""

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts."""
        ...

    @property
    def width(self) -> int:
        """Return the number of dimensions."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length, with the model's prompt for queries."""
        ...

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length; ``progress`` is told the number of texts just done."""
        ...


def encode_in_batches(
    texts: Sequence[str],
    width: int,
    encode: Callable[[list[str]], npt.NDArray[np.float32]],
    progress: Callable[[int], object] | None = None,
) -> npt.NDArray[np.float32]:
    """Return ``(n, width)`` float32 rows in the order of ``texts``, encoded 32 at a time, the longest first.

    :param progress: Told the number of texts just done, after every batch.
    """
    rows = np.zeros((len(texts), width), dtype=np.float32)
    by_length = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
    for first in range(0, len(texts), _BATCH):
        batch = by_length[first : first + _BATCH]
        rows[batch] = encode([texts[number] for number in batch])
        if progress:
            progress(len(batch))
    return rows


def encode_new_questions(
    texts: Sequence[str],
    known: Mapping[str, npt.NDArray[np.float32]],
    encoder: Encoder,
    progress: Callable[[int, int], object] | None = None,
) -> npt.NDArray[np.float32]:
    """Return the ``(n, width)`` question vectors of ``texts``, encoding only those that ``known`` does not hold.

    :param progress: Called with (texts done, texts to encode) now and then.
    """
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    fresh: dict[str, npt.NDArray[np.float32]] = {}
    for first in range(0, len(missing), _AT_A_TIME):
        batch = missing[first : first + _AT_A_TIME]
        fresh.update(zip(batch, encoder.encode_questions(batch), strict=True))
        if progress:
            progress(len(fresh), len(missing))
    rows = np.zeros((len(texts), encoder.width), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row] = fresh[text] if text in fresh else known[text]
    return rows
