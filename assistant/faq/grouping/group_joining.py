"""Decides which group a question joins, from its log-odds with the members of each. Pure arithmetic."""

from collections.abc import Mapping, Sequence

import numpy as np

_BEST_SHARE = 0.4


def nearness(odds: Sequence[float] | np.ndarray) -> float:
    """Return how near a question is to a group, from its log-odds with the members: mostly their mean, partly the best.

    The mean keeps groups from growing along chains of neighbours; the best lets a rare wording find its one twin.
    """
    values = np.asarray(odds, dtype=np.float64)
    return float((1.0 - _BEST_SHARE) * values.mean() + _BEST_SHARE * values.max())


def link(odds: Mapping[int, Sequence[float] | np.ndarray], threshold: float) -> list[int]:
    """Return the groups that are near enough, the nearest first; of equals the one with the smaller number."""
    near = [(nearness(values), -number) for number, values in odds.items() if len(values)]
    return [-number for value, number in sorted(near, reverse=True) if value >= threshold]
