"""Decides from the evidence whether the notes answer a question: a probability, and a threshold.

The graded signals are first put on the scale of the notes at hand: by how many standard deviations do they exceed what
questions of other domains get here? (In a large course nearly every word occurs somewhere: that the notes hold the
question's words says less there than in a small one.) That background is computed whenever an index is built, with its
encoder, so that the weights, fitted once on labelled questions (``python -m index calibrate``), carry over to other
notes and encoders.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.deciding.abstention_evidence import Evidence
from index.records import probability_of

PARAMETERS = Path(__file__).parent.parent / "data" / "abstention.json"
FEATURES = tuple(field.name for field in fields(Evidence))
WITH_KNOWN, PLAIN = "with_known_questions", "plain"
#: The signals of notes without known questions, and of notes with them, where the subject tells nothing more.
PLAIN_FEATURES = tuple(name for name in FEATURES if name not in ("known", "covered_with_known"))
KNOWN_FEATURES = tuple(name for name in FEATURES if name not in ("subject", "typical_words"))
_SCALED = ("dense", "covered_by_top", "subject", "typical_words")
_LEAST, _MOST = -2.0, 8.0  # standard deviations; beyond them more or less says nothing more
#: A smaller deviation is chance: in a note of a few lines hardly a question of another domain shares any word.
_LEAST_DEVIATION = {"dense": 1e-6, "covered_by_top": 0.12, "subject": 1e-6, "typical_words": 1e-6}
_LEAST_SECTIONS = 20


@dataclass(frozen=True, slots=True)
class Parameters:
    """Weights of a logistic regression over :func:`features`, and the probability from which on to answer."""

    weights: dict[str, float]
    intercept: float
    threshold: float


@lru_cache(maxsize=2)
def shipped_parameters(*, with_known_questions: bool) -> Parameters:
    """Return the parameters that ship with the project, for notes with known questions or for notes without."""
    sets = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    data = sets[WITH_KNOWN if with_known_questions else PLAIN]
    return Parameters(data["weights"], data["intercept"], data["threshold"])


def background(evidence: Mapping[str, Sequence[Evidence]], sections: int) -> dict[str, Any]:
    """Return mean and unit of the scaled signals, by language: the standard deviation over questions of other domains.

    For coverage it is times the largest rarity that a word can have, ln(sections): in large notes nearly every word
    occurs somewhere, and a section that holds the question's words says less.
    """
    rarity = math.log(max(sections, _LEAST_SECTIONS))
    scales: dict[str, Any] = {}
    for language, rows in evidence.items():
        scales[language] = {}
        for name in _SCALED:
            values = [getattr(row, name) for row in rows]
            unit = max(float(np.std(values)), _LEAST_DEVIATION[name]) * (rarity if name == "covered_by_top" else 1.0)
            scales[language][name] = [float(np.mean(values)), unit]
    return scales


def scaled_features(evidence: Evidence, language_background: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the evidence with its graded signals in units above the background, within [-2, 8]."""
    values = asdict(evidence)
    for name in _SCALED:
        mean, unit = language_background[name]
        values[name] = min(max((values[name] - mean) / unit, _LEAST), _MOST)
    return values


def probability(values: Mapping[str, float], parameters: Parameters) -> float:
    """Return the probability, 0 to 1, that the notes answer, for the ``values`` of :func:`features`."""
    total = parameters.intercept + sum(weight * values[name] for name, weight in parameters.weights.items())
    return probability_of(total)
