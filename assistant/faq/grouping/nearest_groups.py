"""Finds the group nearest to a question, and for every group the one that perhaps asks the same. Pure arithmetic.

A question that was split over two groups should be seen as one. Being near is not enough for that: where several groups
are about as near, none of them is surely the other part.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.faq.grouping.batch_grouping import UNLIKELY, Pair

_BEST_SHARE = 0.4
_LEAST_MEAN = -1.5
_LEAST_LEAD = 1.0


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


def nearest_groups(groups: Sequence[int], odds: Mapping[Pair, float]) -> dict[int, int]:
    """Return by group the one that is nearest by the mean of all pairs of wordings, and nearer by far than the next.

    :param groups: The group of every wording.
    :param odds: Log-odds by pair of wordings; a pair that is missing is taken to be unlikely.
    """
    means = _means(groups, odds)
    return {group: nearest for group in means if (nearest := _nearest(means[group])) is not None}


def _means(groups: Sequence[int], odds: Mapping[Pair, float]) -> dict[int, dict[int, float]]:
    """Return by group the mean odds with every other group that any pair is known of."""
    sizes: defaultdict[int, int] = defaultdict(int)
    for group in groups:
        sizes[group] += 1
    above: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (one, other), value in odds.items():
        if groups[one] != groups[other]:
            above[groups[one]][groups[other]] += value - UNLIKELY
            above[groups[other]][groups[one]] += value - UNLIKELY
    return {
        group: {other: UNLIKELY + total / (sizes[group] * sizes[other]) for other, total in others.items()}
        for group, others in above.items()
    }


def _nearest(means: Mapping[int, float]) -> int | None:
    first, *rest = sorted(means, key=lambda group: (-means[group], group))
    next_mean = means[rest[0]] if rest else UNLIKELY
    sure = means[first] >= _LEAST_MEAN and means[first] - next_mean >= _LEAST_LEAD
    return first if sure else None
