from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faq.grouping.ranking import RankedGroup, rank
from assistant.faq.records import ClusterSummary

NUMBERS = range(1, 9)


def group(
    number: int, count: int, nearest: int | None = None, *, last_ms: int = 0, out: bool = False
) -> ClusterSummary:
    return ClusterSummary(number, f"group {number}", out, count, 0, 0, 0, None, 0, 0, last_ms, {}, nearest)


def shape(rows: list[RankedGroup]) -> list[tuple[int, list[int]]]:
    return [(row.group.identifier, [nested.identifier for nested in row.nested]) for row in rows]


@pytest.mark.parametrize(
    ("groups", "answered", "expected"),
    [
        pytest.param([group(1, 9), group(2, 5)], (), [(1, []), (2, [])], id="nothing-near"),
        pytest.param(
            [group(1, 9), group(2, 5, 3), group(3, 5)], (), [(1, []), (2, []), (3, [])], id="equal-lower-first"
        ),
        pytest.param([group(1, 7), group(2, 5), group(3, 5, 2)], (), [(2, [3]), (1, [])], id="what-is-nested-counts"),
        pytest.param(
            [group(1, 8), group(2, 5), group(3, 5, 2)], (), [(1, []), (2, [3])], id="what-is-nested-counts-half"
        ),
        pytest.param([group(1, 9, 2), group(2, 5)], (), [(1, []), (2, [])], id="never-below-a-smaller-one"),
        pytest.param([group(1, 9), group(2, 5, 1), group(3, 4, 2)], (), [(1, [2]), (3, [])], id="no-chain"),
        pytest.param([group(1, 9), group(2, 5, 1), group(3, 6, 1)], (), [(1, [3, 2])], id="two-below-one"),
        pytest.param([group(1, 9), group(2, 5, 77)], (), [(1, []), (2, [])], id="the-nearest-is-gone"),
        pytest.param([group(1, 9), group(2, 5, 1)], (2,), [(1, []), (2, [])], id="answered"),
        pytest.param(
            [group(1, 9), group(2, 5, 1), group(3, 4, 2)], (2,), [(1, []), (2, [3])], id="below-an-answered-one"
        ),
        pytest.param([group(1, 9), group(2, 5, 1, out=True)], (), [(1, []), (2, [])], id="out-of-scope"),
        pytest.param([group(1, 9, out=True), group(2, 5, 1)], (), [(1, [2])], id="below-one-out-of-scope"),
    ],
)
def test_smaller_groups_stand_below_the_nearest(
    groups: list[ClusterSummary], answered: tuple[int, ...], expected: list[tuple[int, list[int]]]
) -> None:
    assert shape(rank(groups, answered)) == expected


def test_of_equals_the_one_asked_last_comes_first() -> None:
    groups = [group(1, 6, last_ms=5), group(2, 4, last_ms=1), group(3, 4, 2, last_ms=9), group(4, 6, last_ms=9)]
    assert shape(rank(groups)) == [(2, [3]), (4, []), (1, [])]
    assert [row.count for row in rank(groups)] == [8, 6, 6]


drawn_groups = st.permutations(NUMBERS).flatmap(
    lambda numbers: st.lists(
        st.builds(
            lambda number, count, nearest, last, out: group(number, count, nearest, last_ms=last, out=out),
            st.just(0), st.integers(1, 5), st.sampled_from([None, *NUMBERS]), st.integers(0, 3), st.booleans(),
        ),
        max_size=len(NUMBERS),
    ).map(lambda rows: [replace(row, identifier=number) for row, number in zip(rows, numbers, strict=False)])
)  # fmt: skip


@given(drawn_groups, st.sets(st.sampled_from(NUMBERS)))
def test_every_group_appears_once_and_stands_where_it_may(groups: list[ClusterSummary], answered: set[int]) -> None:
    rows = rank(groups, answered)
    shown = [found for row in rows for found in (row.group, *row.nested)]
    assert sorted(found.identifier for found in shown) == sorted(found.identifier for found in groups)
    heads = {row.group.identifier for row in rows}
    for row in rows:
        for below in row.nested:
            assert below.nearest == row.group.identifier
            assert (-row.group.count, row.group.identifier) < (-below.count, below.identifier)
            assert not below.out_of_scope
            assert below.identifier not in answered
        larger = {
            other.identifier
            for other in groups
            if (-other.count, other.identifier) < (-row.group.count, row.group.identifier)
        }
        free = not row.group.out_of_scope and row.group.identifier not in answered
        assert not (free and row.group.nearest in heads & larger), "what may be nested is"


@given(drawn_groups)
def test_rows_are_in_the_order_of_what_is_likely_and_the_order_of_what_comes_in_does_not_matter(
    groups: list[ClusterSummary],
) -> None:
    rows = rank(groups)
    keys = [(-row.likely_count, -row.last_ms, row.group.identifier) for row in rows]
    assert keys == sorted(keys)
    assert all(row.count == row.group.count + sum(below.count for below in row.nested) for row in rows)
    assert rank(groups[::-1]) == rows
