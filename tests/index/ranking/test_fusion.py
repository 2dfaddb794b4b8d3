"""Fusing the signals of a section."""

import numpy as np
import pytest

from index.ranking.fusion import fuse

BASE = {"chunk": [0.2, 0.2], "line": [0.3, 0.3], "heading": [0.1, 0.1], "lexical": [0.0, 0.0], "known": [0.0, 0.0]}


def fused(**changes: list[float]) -> np.ndarray:
    return fuse(*(np.array(values, dtype=np.float32) for values in {**BASE, **changes}.values()))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"chunk": [0.2, 0.3]}, id="chunk"),
        pytest.param({"line": [0.3, 0.4]}, id="line"),
        pytest.param({"heading": [0.1, 0.4]}, id="heading"),
        pytest.param({"lexical": [0.0, 2.0]}, id="rare-words"),
        pytest.param({"known": [0.0, 0.2]}, id="known-question"),
    ],
)
def test_every_signal_lifts_a_section(changes: dict[str, list[float]]) -> None:
    first, second = fused(**changes)
    assert second > first


def test_equal_signals_score_equally() -> None:
    scores = fused()
    assert scores.dtype == np.float32
    assert scores[0] == scores[1]


def test_a_bare_heading_yields_to_a_section_that_says_as_much() -> None:
    with_line, bare = fused(line=[0.3, -1.0])
    assert bare < with_line
    assert np.isfinite(bare)


def test_headings_without_any_lines_are_ranked_by_the_rest() -> None:
    first, second = fused(line=[-1.0, -1.0], heading=[0.1, 0.5])
    assert second > first
