"""Centring: against hand-computed vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.encoding.centring import centre, generic_questions, mean_vector, rows_by_text, unit
from index.language.languages import LANGUAGES, detect_language

ROWS = arrays(np.float32, st.tuples(st.integers(0, 6), st.just(4)), elements=st.floats(-10, 10, width=32))


@given(ROWS)
def test_unit_rows_have_length_one_or_are_zero(rows: np.ndarray) -> None:
    lengths = np.linalg.norm(unit(rows), axis=1)
    original = np.linalg.norm(rows.astype(np.float64), axis=1)
    assert np.allclose(lengths[original > 1e-6], 1.0, atol=1e-4)
    assert np.all(lengths[original == 0] == 0)


def test_centring_removes_what_all_rows_share() -> None:
    rows = np.array([[3, 1, 0], [3, -1, 0]], dtype=np.float32)
    mean = mean_vector(rows)
    assert mean.tolist() == [3, 0, 0]
    assert centre(rows, mean).tolist() == [[0, 1, 0], [0, -1, 0]]
    assert centre(rows, mean).dtype == np.float32


def test_the_mean_of_no_rows_is_zero() -> None:
    assert mean_vector(np.zeros((0, 3), np.float32)).tolist() == [0, 0, 0]


def test_widths_must_agree() -> None:
    with pytest.raises(ValueError, match="width 3 cannot be centred with a mean of 2"):
        centre(np.ones((1, 3), np.float32), np.ones(2, np.float32))


@given(st.lists(st.text(max_size=2), max_size=10))
def test_rows_by_text_gives_the_first_row_of_every_text(texts: list[str]) -> None:
    assert rows_by_text(texts) == {text: texts.index(text) for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_generic_questions_are_many_distinct_and_in_their_language(language: str) -> None:
    questions = generic_questions(language)
    assert len(questions) >= 150
    assert len(set(questions)) == len(questions)
    assert {detect_language(question) for question in questions} == {language}
