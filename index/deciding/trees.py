"""A sum of small decision trees, as gradient boosting fits them (Friedman 2001), read from JSON; fits nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = tuple[int, float, int, int, float]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees over the features called ``names``; ``start`` is the log-odds before the first.

    A node holds the number of its feature (-1: a leaf), the threshold, where to go on if the value is at most that,
    where else, and a leaf's value.
    """

    names: tuple[str, ...]
    start: float
    trees: tuple[tuple[Node, ...], ...]

    def odds(self, values: Sequence[float]) -> float:
        """Return the log-odds for the ``values`` of ``names``."""
        return self.start + sum(_value(tree, values) for tree in self.trees)


def trees_from(data: Mapping[str, Any]) -> Trees:
    """Return the trees that JSON says: ``names``, ``start`` and ``trees``, lists of nodes of five numbers each."""
    trees = tuple(tuple(_node(row) for row in tree) for tree in data["trees"])
    return Trees(tuple(data["names"]), float(data["start"]), trees)


def _node(row: Sequence[float]) -> Node:
    feature, threshold, low, high, value = row
    return int(feature), float(threshold), int(low), int(high), float(value)


def _value(tree: Sequence[Node], values: Sequence[float]) -> float:
    place = 0
    while True:
        feature, threshold, low, high, value = tree[place]
        if feature < 0:
            return value
        place = low if values[feature] <= threshold else high
