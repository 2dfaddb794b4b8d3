"""Ranks groups of questions together with the smaller groups that are perhaps the same. Pure arithmetic.

A question that is split over two groups would take two places, or fall behind those that are not. Less than half of
what is nested does ask the same (docs/faq.md), so it counts half.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.faq.records import ClusterSummary

_NESTED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """A group and the smaller ones that are perhaps the same, the most frequent first."""

    group: ClusterSummary
    nested: tuple[ClusterSummary, ...] = ()

    @property
    def count(self) -> int:
        """How often all of them were asked."""
        return sum(group.count for group in (self.group, *self.nested))

    @property
    def likely_count(self) -> float:
        """How often the question was asked, if what is nested asks the same every second time."""
        return self.group.count + _NESTED_SHARE * (self.count - self.group.count)

    @property
    def last_ms(self) -> int:
        """When any of them was asked last."""
        return max(group.last_ms for group in (self.group, *self.nested))


def rank(groups: Sequence[ClusterSummary], answered: Collection[int] = ()) -> list[RankedGroup]:
    """Return ``groups`` with the smaller ones below the nearest, by how often they were probably asked.

    Of equals the one asked last comes first, as in :func:`assistant.faq.storage.cluster_store.read_summaries`. What is
    nested has nothing nested below itself.

    :param answered: The groups that hold an answer: they stand for themselves, as those out of scope do.
    """
    places = _places(groups, frozenset(answered))
    nested: dict[int, list[ClusterSummary]] = {}
    for group in sorted(groups, key=_order):
        if group.identifier in places:
            nested.setdefault(places[group.identifier], []).append(group)
    rows = [
        RankedGroup(group, tuple(nested.get(group.identifier, ())))
        for group in groups
        if group.identifier not in places
    ]
    return sorted(rows, key=lambda row: (-row.likely_count, -row.last_ms, row.group.identifier))


def _order(group: ClusterSummary) -> tuple[int, int, int]:
    return (-group.count, -group.last_ms, group.identifier)


def _places(groups: Sequence[ClusterSummary], answered: frozenset[int]) -> dict[int, int]:
    """Return for every group that is nested the one that it stands below, decided from the most asked downwards."""
    larger: set[int] = set()
    places: dict[int, int] = {}
    for group in sorted(groups, key=lambda group: (-group.count, group.identifier)):
        stands_alone = group.out_of_scope or group.identifier in answered
        if stands_alone or group.nearest is None or group.nearest not in larger:
            larger.add(group.identifier)
        else:
            places[group.identifier] = group.nearest
    return places
