"""Deciding whether the notes answer, from evidence on the scale of the notes at hand."""

import math
from dataclasses import fields, replace

import pytest

from index.deciding.abstention import (
    KNOWN_FEATURES,
    PLAIN_FEATURES,
    Parameters,
    background,
    probability,
    scaled_features,
    shipped_parameters,
)
from index.deciding.abstention_evidence import Evidence

NAMES = {field.name for field in fields(Evidence)}
PLAIN = Evidence(**dict.fromkeys(NAMES, 0.5))
SCALED, OTHER = list(background({"ko": [PLAIN]}, 100)["ko"])[:2]  # two of the signals that a background is measured of
ROWS = {"ko": [PLAIN, replace(PLAIN, **{SCALED: 0.7})], "en": [PLAIN]}


def test_a_background_is_mean_and_deviation_by_language() -> None:
    measured = background(ROWS, 100)
    assert measured["ko"][SCALED] == pytest.approx([0.6, 0.1])
    assert set(measured) == {"ko", "en"}


def test_coverage_tells_less_in_large_notes_and_its_unit_is_never_near_zero() -> None:
    small, large = (background(ROWS, sections)["ko"][OTHER] for sections in (100, 10_000))
    assert small == pytest.approx([0.5, 0.12 * math.log(100)])
    assert large == pytest.approx([0.5, 2 * 0.12 * math.log(100)])
    assert background(ROWS, 1) == background(ROWS, 20)  # a single section is no smaller world than twenty


def test_features_are_deviations_above_the_background() -> None:
    values = scaled_features(replace(PLAIN, **{SCALED: 0.9}), background(ROWS, 100)["ko"])
    assert values[SCALED] == pytest.approx(3.0)
    assert values[OTHER] == pytest.approx(0.0)
    assert set(values) == NAMES


@pytest.mark.parametrize(
    ("weight", "intercept", "expected"),
    [
        pytest.param(0.0, 0.0, 0.5, id="nothing-known"),
        pytest.param(1.0, 0.0, 1 / (1 + 2.718281828**-3), id="three-deviations"),
        pytest.param(1e9, 0.0, 1.0, id="no-overflow-above"),
        pytest.param(-1e9, 0.0, 0.0, id="no-overflow-below"),
        pytest.param(0.0, -2.0, 1 / (1 + 2.718281828**2), id="intercept"),
    ],
)
def test_probability_is_logistic(weight: float, intercept: float, expected: float) -> None:
    parameters = Parameters({SCALED: weight}, intercept, 0.5)
    value = probability(scaled_features(replace(PLAIN, **{SCALED: 0.9}), background(ROWS, 100)["ko"]), parameters)
    assert value == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("known", [True, False], ids=["with-known-questions", "without"])
def test_the_shipped_parameters_weigh_known_features(known: bool) -> None:
    parameters = shipped_parameters(with_known_questions=known)
    assert parameters.weights
    assert set(parameters.weights) == set(KNOWN_FEATURES if known else PLAIN_FEATURES)
    assert 0.0 < parameters.threshold < 1.0
