from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from assistant.faq.regrouping import keep_numbers, regroup


@pytest.mark.parametrize(
    ("odds", "groups"),
    [
        pytest.param({(0, 1): 3.0, (0, 2): 2.0, (1, 2): 2.0}, [[0, 1, 2]], id="all-alike"),
        pytest.param({(0, 1): 3.0, (1, 2): 2.0, (0, 2): -5.0}, [[0, 1], [2]], id="a-chain-is-cut-at-its-weaker-link"),
        pytest.param({(0, 1): 3.0, (1, 2): 2.0}, [[0, 1], [2]], id="what-was-not-compared-stays-apart"),
        pytest.param({(0, 1): 0.5}, [[0], [1], [2]], id="below-the-threshold"),
    ],
)
def test_a_group_holds_only_pairs_that_are_likely(odds: dict[tuple[int, int], float], groups: list[list[int]]) -> None:
    assert sorted(regroup(3, odds, 1.0)) == groups


@given(
    st.integers(2, 9).flatmap(lambda n: st.lists(st.floats(-5, 5), min_size=n * (n - 1) // 2, max_size=36, unique=True))
)
def test_it_is_complete_linkage_as_scipy_computes_it(values: list[float]) -> None:
    count = next(n for n in range(9, 1, -1) if n * (n - 1) // 2 <= len(values))
    pairs = list(combinations(range(count), 2))
    odds = dict(zip(pairs, values, strict=False))
    distances = np.zeros((count, count))
    for (one, other), value in odds.items():
        distances[one, other] = distances[other, one] = 5 - value
    labels = fcluster(linkage(squareform(distances), "complete"), 5 - 1.0, "distance")
    expected = {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels)}
    assert {frozenset(group) for group in regroup(count, odds, 1.0)} == expected


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
