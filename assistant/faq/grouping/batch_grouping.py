"""Groups wordings all at once, whatever the order they came in, and lets groups keep their numbers. Pure arithmetic.

One by one, a wording joins the group that is nearest when it comes; what comes later may show that another was better.
Here two groups are as near as their pairs are on average and as their worst pair is, half and half, and the nearest
are joined first. By the worst pair alone (complete linkage) one oblique wording keeps a group apart; by the average
alone (Sokal and Michener 1958) a large group swallows what only resembles it.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[int, int]
#: The log-odds of a pair that was not worth a look.
UNLIKELY = -5.0
_NEVER = -1e6
_MEAN_SHARE = 0.5


def ordered(one: int, other: int) -> Pair:
    """Return a pair with the smaller number first."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class _Link:
    """What is known of the pairs between two groups: how many, the sum of their odds, and the least of them."""

    pairs: int
    total: float
    least: float

    def __add__(self, other: "_Link") -> "_Link":
        return _Link(self.pairs + other.pairs, self.total + other.total, min(self.least, other.least))

    def nearness(self, pairs: int) -> float:
        """Return mean and least odds, half and half, of all ``pairs``; those not known count as unlikely."""
        missing = pairs - self.pairs
        mean = (self.total + missing * UNLIKELY) / pairs
        least = min(self.least, UNLIKELY) if missing else self.least
        return _MEAN_SHARE * mean + (1.0 - _MEAN_SHARE) * least


def regroup(count: int, odds: Mapping[Pair, float], threshold: float) -> list[list[int]]:
    """Return the groups of the wordings 0…``count`` - 1.

    :param odds: Log-odds by pair, the smaller number first; a pair that is missing is taken to be unlikely.
    :param threshold: Groups are joined while the nearest two are at least so near.
    """
    groups = {number: [number] for number in range(count)}
    linked: dict[int, dict[int, _Link]] = {number: {} for number in range(count)}
    for (one, other), value in odds.items():
        linked[one][other] = linked[other][one] = _Link(1, value, value)
    waiting = [(-value, one, other) for (one, other), value in odds.items() if value >= threshold]
    heapq.heapify(waiting)
    following = count
    while waiting:
        _, one, other = heapq.heappop(waiting)
        if one not in groups or other not in groups:
            continue
        groups[following] = groups.pop(one) + groups.pop(other)
        near, others = linked.pop(one), linked.pop(other)
        linked[following] = {}
        for third in sorted(near.keys() | others.keys()):
            if third not in groups:
                continue
            links = [links[third] for links in (near, others) if third in links]
            link = links[0] if len(links) == 1 else links[0] + links[1]
            linked[following][third] = linked[third][following] = link
            nearness = link.nearness(len(groups[following]) * len(groups[third]))
            if nearness >= threshold:
                heapq.heappush(waiting, (-nearness, third, following))
        following += 1
    return [sorted(members) for members in groups.values()]


def never_joined(groups: Sequence[int], apart: Collection[Pair]) -> dict[Pair, float]:
    """Return odds that keep wordings of groups in ``apart`` from being joined, whatever else is near to them.

    :param groups: The group of every wording.
    """
    members: dict[int, list[int]] = {}
    for wording, group in enumerate(groups):
        members.setdefault(group, []).append(wording)
    pairs = [(i, j) for one, other in apart for i in members.get(one, ()) for j in members.get(other, ())]
    return {ordered(*pair): _NEVER for pair in pairs}


def keep_numbers(groups: Sequence[Sequence[int]], old: Sequence[int]) -> list[int | None]:
    """Return for every group the old number that it goes on under, None for a group that needs a new one.

    The pair of an old and a new group that share the most wordings comes first; of equals the older number.

    :param old: The old number of every wording.
    """
    shared = Counter((old[member], place) for place, members in enumerate(groups) for member in members)
    kept: list[int | None] = [None] * len(groups)
    taken: set[int] = set()
    for (number, place), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if kept[place] is None and number not in taken:
            kept[place] = number
            taken.add(number)
    return kept
