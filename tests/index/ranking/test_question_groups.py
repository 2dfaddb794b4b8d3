"""The classifier that tells groups of known questions apart."""

import numpy as np
import pytest

from index.ranking.question_groups import fit_groups, probabilities

CORNERS = np.array([[1, 0], [0.9, 0.4], [0, 1], [0.4, 0.9], [-1, 0], [-0.9, -0.4]], dtype=np.float32)


@pytest.mark.parametrize("groups", [[0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 4, 5]])
def test_every_vector_is_likeliest_in_its_own_group(groups: list[int]) -> None:
    likely = probabilities(fit_groups(CORNERS, np.array(groups)), CORNERS)
    assert likely.argmax(axis=1).tolist() == groups
    assert likely.sum(axis=1) == pytest.approx(np.ones(6))


def test_of_two_groups_what_lies_between_is_as_likely_in_both() -> None:
    vectors = np.array([[1, 0], [0, 1]], dtype=np.float32)
    likely = probabilities(fit_groups(vectors, np.array([0, 1])), np.array([[0.7, 0.7]], dtype=np.float32))
    assert likely[0] == pytest.approx([0.5, 0.5], abs=1e-3)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_less_than_two_groups_tell_nothing_apart(count: int) -> None:
    weights = fit_groups(CORNERS[:count], np.zeros(count, dtype=np.int64))
    assert weights.shape == (0, 3)
    assert probabilities(weights, CORNERS).shape == (6, 0)
