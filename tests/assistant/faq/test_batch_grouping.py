from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faq.grouping.batch_grouping import keep_numbers, regroup


@pytest.mark.parametrize(
    ("odds", "groups"),
    [
        pytest.param({(0, 1): 3.0, (0, 2): 2.0, (1, 2): 2.0}, [[0, 1, 2]], id="all-alike"),
        pytest.param({(0, 1): 3.0, (1, 2): 2.0, (0, 2): -5.0}, [[0, 1], [2]], id="a-chain-is-cut-at-its-weaker-link"),
        pytest.param({(0, 1): 3.0, (1, 2): 2.5, (0, 2): 0.5}, [[0, 1, 2]], id="a-sure-pair-makes-up-for-a-weak-one"),
        pytest.param({(0, 1): 3.0, (1, 2): 2.0}, [[0, 1], [2]], id="what-was-not-compared-is-unlikely"),
        pytest.param({(0, 1): 0.5}, [[0], [1], [2]], id="below-the-threshold"),
        pytest.param({}, [[0], [1], [2]], id="nothing-compared"),
    ],
)
def test_groups_are_joined_while_pairs_are_likely(odds: dict[tuple[int, int], float], groups: list[list[int]]) -> None:
    assert sorted(regroup(3, odds, 1.0)) == groups


def joined_by_the_definition(count: int, odds: dict[tuple[int, int], float], threshold: float) -> set[frozenset[int]]:
    """Join the nearest two groups, working out all nearnesses anew each time."""
    groups = [frozenset([number]) for number in range(count)]

    def nearness(one: frozenset[int], other: frozenset[int]) -> float:
        values = [odds.get((min(i, j), max(i, j)), -5.0) for i in one for j in other]
        return (float(np.mean(values)) + min(values)) / 2

    while len(groups) > 1:
        one, other = max(combinations(groups, 2), key=lambda pair: nearness(*pair))
        if nearness(one, other) < threshold:
            break
        groups = [group for group in groups if group not in (one, other)] + [one | other]
    return set(groups)


@given(
    st.integers(2, 9).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.dictionaries(st.sampled_from(list(combinations(range(n), 2))), st.floats(-5, 5), max_size=36),
        )
    )
)
def test_the_nearest_are_joined_first_by_half_mean_and_half_least(
    case: tuple[int, dict[tuple[int, int], float]],
) -> None:
    count, drawn = case
    rank = {pair: place / 1000 + place**2 / 1e5 for place, pair in enumerate(sorted(drawn))}  # no two are as near
    odds = {pair: value + rank[pair] for pair, value in drawn.items()}
    assert {frozenset(group) for group in regroup(count, odds, 1.0)} == joined_by_the_definition(count, odds, 1.0)


@pytest.mark.parametrize(
    ("groups", "old", "numbers"),
    [
        pytest.param([[0, 1], [2]], [7, 7, 9], [7, 9], id="nothing-changed"),
        pytest.param([[0], [1, 2]], [7, 7, 7], [None, 7], id="split-the-larger-part-goes-on"),
        pytest.param([[0, 1, 2]], [7, 9, 9], [9], id="joined-the-larger-part-goes-on"),
        pytest.param([[0, 1]], [9, 7], [7], id="of-equals-the-older"),
    ],
)
def test_groups_go_on_under_the_number_of_most_of_their_wordings(
    groups: list[list[int]], old: list[int], numbers: list[int | None]
) -> None:
    assert keep_numbers(groups, old) == numbers
