"""The FAISS index of one grain, against NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding.centring import unit
from index.ranking.dense import GrainIndex

WIDTH = 16


def vectors(count: int, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40).map(sorted), st.integers(0, 1000))
@settings(deadline=None)
def test_best_scores_equal_a_comparison_with_every_passage(sections: list[int], seed: int) -> None:
    rows, question = vectors(len(sections), seed), vectors(1, seed + 1)[0]
    index = GrainIndex.build(rows, sections)
    wanted = np.arange(0, 13, 2)
    cosines = rows @ question
    expected = [max((cosines[n] for n, s in enumerate(sections) if s == section), default=-1.0) for section in wanted]
    assert np.allclose(index.best_scores(question, wanted), expected, atol=1e-5)


@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 1000))
@settings(deadline=None)
def test_the_nearest_sections_are_those_of_the_largest_cosines(count: int, wanted: int, seed: int) -> None:
    rows, question = vectors(count, seed), vectors(1, seed + 1)[0]
    sections = np.arange(count) // 3
    nearest = np.argsort(-(rows @ question), kind="stable")[:wanted]
    found = GrainIndex.build(rows, sections.tolist()).nearest_sections(question, wanted)
    assert found.tolist() == sorted(set(sections[nearest].tolist()))


@pytest.mark.parametrize("exact_limit", [10_000, 10], ids=["exact", "graph"])
def test_a_sections_rows_and_cosines(exact_limit: int) -> None:
    rows = vectors(60)
    sections = [number // 4 for number in range(60)]
    index = GrainIndex.build(rows, sections, exact_limit)
    assert index.exact is (exact_limit > 60)
    assert index.rows_of(3) == (12, 16)
    assert index.rows_of(99) == (60, 60)
    assert np.allclose(index.cosines_of(rows[5], 3), rows[12:16] @ rows[5], atol=1e-6)


def test_a_graph_finds_nearly_what_an_exact_search_finds() -> None:
    rows, sections = vectors(3000), list(range(3000))
    exact, graph = GrainIndex.build(rows, sections), GrainIndex.build(rows, sections, exact_limit=100)
    assert exact.exact
    assert not graph.exact
    found = [
        len(np.intersect1d(exact.nearest_sections(question, 10), graph.nearest_sections(question, 10)))
        for question in vectors(50, seed=9)
    ]
    assert sum(found) / (50 * 10) >= 0.95


def test_without_passages_every_section_scores_minus_one() -> None:
    index = GrainIndex.build(np.zeros((0, WIDTH), np.float32), [])
    assert index.best_scores(vectors(1)[0], np.array([0, 1])).tolist() == [-1.0, -1.0]


def test_as_many_sections_as_vectors_are_needed() -> None:
    with pytest.raises(ValueError, match="3 vectors for 2 passages"):
        GrainIndex.build(vectors(3), [0, 1])
