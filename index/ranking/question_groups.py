"""Says which group of known questions a question belongs to: a multinomial logistic regression over their vectors.

The nearest known question depends on its wording; the regression learns from all wordings of all groups what tells them
apart, whatever the language, the register or a slip of the pen. It is fitted when the index is built.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoding.centring import Vectors

_STRENGTH = 100.0
_ITERATIONS = 300


def fit_groups(vectors: Vectors, groups: npt.NDArray[np.int64]) -> Vectors:
    """Return a row of weights and an intercept for each group, ``(groups, d + 1)``; no row if there are not two.

    :param vectors: Centred vectors of the known questions, ``(n, d)``.
    :param groups: The group of each, ``(n,)``, numbered from 0 without a gap.
    """
    width = vectors.shape[1]
    if len(np.unique(groups)) < 2:
        return np.zeros((0, width + 1), dtype=np.float32)
    # It takes a second to import, and only a build needs it.
    from sklearn.linear_model import LogisticRegression  # pyright: ignore[reportUnknownVariableType] - untyped

    model: Any = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS)
    model.fit(vectors, groups)
    rows = np.column_stack([np.asarray(model.coef_, np.float64), np.asarray(model.intercept_, np.float64)])
    if len(rows) == 1:  # of two groups scikit-learn keeps the second one's odds only
        rows = np.vstack([-rows / 2, rows / 2])
    return rows.astype(np.float32)


def probabilities(weights: Vectors, vectors: Vectors) -> Vectors:
    """Return how likely each of the centred ``(n, d)`` ``vectors`` is to belong to each group, ``(n, groups)``."""
    if not len(weights):
        return np.zeros((len(vectors), 0), dtype=np.float32)
    odds = np.asarray(vectors @ weights[:, :-1].T + weights[:, -1], dtype=np.float32)
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
