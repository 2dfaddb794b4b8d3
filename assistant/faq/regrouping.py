"""Groups wordings all at once, whatever the order they came in, and lets groups keep their numbers. Pure arithmetic.

One by one, a wording joins the group that is nearest when it comes; what comes later may show that another was better.
Complete linkage joins two groups only if every pair in them is likely to ask the same, the surest first.
"""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence

Pair = tuple[int, int]


def regroup(count: int, odds: Mapping[Pair, float], threshold: float) -> list[list[int]]:
    """Return the groups of the wordings 0…``count`` - 1.

    :param odds: Log-odds by pair, the smaller number first; a pair that is missing is kept apart.
    :param threshold: Every pair of a group has at least these odds.
    """
    groups = {number: [number] for number in range(count)}
    linked: dict[int, dict[int, float]] = {number: {} for number in range(count)}
    for (one, other), value in odds.items():
        if value >= threshold:
            linked[one][other] = linked[other][one] = value
    waiting = [(-value, one, other) for one, near in linked.items() for other, value in near.items() if one < other]
    heapq.heapify(waiting)
    following = count
    while waiting:
        _, one, other = heapq.heappop(waiting)
        if one not in groups or other not in groups:
            continue
        groups[following] = groups.pop(one) + groups.pop(other)
        near, others = linked.pop(one), linked.pop(other)
        linked[following] = {}
        for third in sorted(near.keys() & others.keys()):
            if third in groups:
                value = min(near[third], others[third])
                linked[following][third] = linked[third][following] = value
                heapq.heappush(waiting, (-value, third, following))
        following += 1
    return [sorted(members) for members in groups.values()]


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
