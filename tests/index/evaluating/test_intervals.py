import math

import pytest

from index.evaluating.intervals import estimate, share


def test_an_estimate_has_an_interval_that_narrows_with_more_questions() -> None:
    few, many = estimate([0.0, 1.0] * 5), estimate([0.0, 1.0] * 500)
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert estimate([1.0] * 9) == estimate([1.0] * 9)
    assert (estimate([1.0] * 9).low, estimate([1.0] * 9).high) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (9, 9, 0.7008, 1.0), (0, 20, 0.0, 0.1611), (250, 500, 0.4563, 0.5437)],
)
def test_a_share_has_wilsons_interval(right: int, of: int, low: float, high: float) -> None:
    found = share([True] * right + [False] * (of - right))
    z = 1.959964
    centre, half = right + z * z / 2, z * math.sqrt(right * (of - right) / of + z * z / 4)
    assert found.mean == right / of
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
    assert (found.low, found.high) == pytest.approx(((centre - half) / (of + z * z), (centre + half) / (of + z * z)))


def test_of_nothing_there_is_no_share_and_no_mean() -> None:
    for nothing in (share([]), estimate([])):
        assert all(math.isnan(value) for value in (nothing.mean, nothing.low, nothing.high))
