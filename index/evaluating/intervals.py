"""Means with the intervals that they are certain to; knows nothing of what was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95% interval."""

    mean: float
    low: float
    high: float


_NONE = Estimate(float("nan"), float("nan"), float("nan"))


def estimate(values: Sequence[float] | np.ndarray[Any, Any], seed: int = 0) -> Estimate:
    """Return the mean of ``values`` and its percentile bootstrap interval over 1,000 resamples.

    Efron and Tibshirani (1993); not numbers where there are no values.
    """
    array = np.asarray(values, dtype=float)
    if not len(array):
        return _NONE
    draws = np.random.default_rng(seed).integers(0, len(array), (_RESAMPLES, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(array.mean()), float(low), float(high))


def share(hits: Iterable[bool]) -> Estimate:
    """Return the share of ``hits`` that are true, with Wilson's interval (1927), which holds for few and for extremes.

    Not numbers where there are no hits.
    """
    # It takes half a second, which only an evaluation should wait for.
    from scipy.stats import binomtest  # pyright: ignore[reportUnknownVariableType] - untyped

    found = list(hits)
    if not found:
        return _NONE
    interval: Any = binomtest(sum(found), len(found)).proportion_ci(method="wilson")
    return Estimate(sum(found) / len(found), float(interval.low), float(interval.high))
