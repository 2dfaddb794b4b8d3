from itertools import combinations

import pytest

from assistant.faq.grouping.batch_grouping import never_joined
from assistant.faq.grouping.nearest_groups import nearest_groups

Odds = dict[tuple[int, int], float]


@pytest.mark.parametrize(
    ("groups", "odds", "expected"),
    [
        pytest.param([1, 2, 3], {(0, 1): -1.0}, {1: 2, 2: 1}, id="near-and-no-other-known"),
        pytest.param([1, 2, 3], {(0, 1): -1.5}, {1: 2, 2: 1}, id="just-near-enough"),
        pytest.param([1, 2, 3], {(0, 1): -1.6}, {}, id="too-far"),
        pytest.param([1, 2, 3], {(0, 1): 0.0, (0, 2): -1.0}, {1: 2, 2: 1, 3: 1}, id="just-nearer-by-far"),
        pytest.param([1, 2, 3], {(0, 1): 0.0, (0, 2): -0.5}, {2: 1, 3: 1}, id="one-of-two-that-are-about-as-near"),
        pytest.param([1, 1, 2, 3], {(0, 2): 1.0, (1, 2): -2.0}, {1: 2, 2: 1}, id="the-mean-of-the-pairs"),
        pytest.param([1, 1, 2, 3], {(0, 2): 1.0}, {}, id="what-was-not-compared-is-unlikely"),
        pytest.param([1, 1, 1], {(0, 1): 3.0, (1, 2): 3.0}, {}, id="one-group-only"),
        pytest.param([], {}, {}, id="no-wording"),
    ],
)
def test_the_nearest_group_is_the_one_that_is_surely_nearer_than_the_next(
    groups: list[int], odds: Odds, expected: dict[int, int]
) -> None:
    assert nearest_groups(groups, odds) == expected


def test_a_group_that_only_resembles_all_others_has_no_nearest() -> None:
    groups = [1, 2, 3, 4]
    assert nearest_groups(groups, dict.fromkeys(combinations(range(4), 2), -0.5)) == {}


def test_where_the_nearest_is_a_different_question_the_next_nearest_takes_its_place() -> None:
    groups = [1, 2, 3]
    odds = {(0, 1): 0.0, (0, 2): -0.5}
    assert nearest_groups(groups, {**odds, **never_joined(groups, {(1, 2)})}) == {1: 3, 3: 1}
