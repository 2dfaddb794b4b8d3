"""Sums of decision trees, read from JSON."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from index.deciding.decision import shipped_parameters
from index.deciding.decision_features import NAMES
from index.deciding.trees import Trees, trees_from
from tests.training.fit_decision import as_json

STEP = ((0, 0.5, 1, 2, 0.0), (-1, 0.0, 0, 0, -1.0), (-1, 0.0, 0, 0, 2.0))


@pytest.mark.parametrize(("value", "odds"), [(0.5, -0.5), (0.51, 2.5), (-9.0, -0.5)])
def test_a_value_at_most_the_threshold_goes_low(value: float, odds: float) -> None:
    trees = Trees(("height",), 0.5, (STEP,))
    assert trees.odds([value]) == pytest.approx(odds)


def test_trees_add_up() -> None:
    assert Trees(("height",), 0.0, (STEP, STEP)).odds([1.0]) == pytest.approx(4.0)
    assert Trees(("height",), 0.25, ()).odds([1.0]) == pytest.approx(0.25)


def test_what_is_written_says_what_scikit_learn_says() -> None:
    chance = np.random.default_rng(3)
    values = chance.normal(size=(400, len(NAMES)))
    wanted = values[:, 0] * values[:, 3] + values[:, 5] > 0
    fitted = HistGradientBoostingClassifier(max_iter=20, max_depth=4).fit(values, wanted)
    trees = trees_from(json.loads(json.dumps(as_json(fitted))))
    own = [trees.odds(row) for row in values[:50]]
    assert own == pytest.approx(list(fitted.decision_function(values[:50])), abs=1e-3)


def test_the_trees_that_ship_are_over_the_features_that_are_gathered() -> None:
    trees = shipped_parameters().trees
    assert trees.names == NAMES
    assert all(-1 <= node[0] < len(NAMES) for tree in trees.trees for node in tree)
    assert len(trees.trees) > 50
