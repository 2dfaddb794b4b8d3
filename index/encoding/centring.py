"""Removes from vectors what all texts of one language, or all questions, share (centring)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
QUESTION_SHARE = 0.8
_DATA = Path(__file__).parent.parent / "data"


def generic_questions(language: str) -> tuple[str, ...]:
    """Return the questions of no particular course that ship with the project, from which means are computed."""
    text = (_DATA / f"questions.{language}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())


def unit(vectors: Vectors) -> Vectors:
    """Return ``vectors`` with every row scaled to unit length; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def centre(vectors: Vectors, mean: Vectors) -> Vectors:
    """Return ``vectors`` with ``mean`` subtracted, each row scaled back to unit length.

    Removes the direction that all texts of one kind share, so that cosine compares content.

    :param vectors: ``(n, d)`` float32 rows.
    :param mean: ``(d,)`` float32.
    :raises ValueError: If the widths differ.
    """
    if vectors.shape[-1] != mean.shape[-1]:
        raise ValueError(f"vectors of width {vectors.shape[-1]} cannot be centred with a mean of {mean.shape[-1]}")
    return unit(vectors - mean)


def mean_vector(vectors: Vectors) -> Vectors:
    """Return the mean row, ``(d,)`` float32; zeros if there is no row."""
    if not len(vectors):
        return np.zeros(int(vectors.shape[-1]), dtype=np.float32)
    return np.asarray(vectors.mean(axis=0), dtype=np.float32)


def centre_by_language(vectors: Vectors, languages: Sequence[str], generic: Mapping[str, Vectors]) -> Vectors:
    """Return the ``(n, d)`` question vectors, each without the mean of ``generic`` in its language.

    :param languages: Of each row.
    """
    centred = np.zeros_like(vectors)
    of_row = np.array(languages)
    for language, questions in generic.items():
        rows = np.flatnonzero(of_row == language)
        if len(rows):
            centred[rows] = centre(vectors[rows], mean_vector(questions))
    return centred


def rows_by_text(texts: Sequence[str]) -> dict[str, int]:
    """Return the position of each distinct text."""
    return {text: position for position, text in reversed(list(enumerate(texts)))}
