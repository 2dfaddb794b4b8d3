"""Fits the weights of the abstention decision on labelled questions over one or more folders of notes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.course_index import CourseIndex
from index.deciding import abstention
from index.deciding.abstention import FEATURES, KNOWN_FEATURES, PLAIN, PLAIN_FEATURES, WITH_KNOWN, Parameters
from index.evaluating.labelled_questions import LabelledQuestion, relevant_keys
from index.language.languages import detect_language

REGULARISATION = 0.1
#: The share of the answerable questions that is answered. Without known questions one more in a hundred is given up:
#: the next one costs several answers to what large notes do not say.
ANSWERED = {WITH_KNOWN: 0.95, PLAIN: 0.94}
_WEIGHT_OF_NOTES = 200.0  # as many as the samples of a course, roughly: REGULARISATION is relative to it
#: Kinds that share no word with their answer. Without known questions few of them can be answered at all: then they are
#: kept out of the choice of the threshold.
_HARD_KINDS = frozenset({"paraphrase"})


@dataclass(frozen=True, slots=True)
class Sample:
    """The features of a question in the notes called ``notes``, whether they answer it, and its kind."""

    notes: str
    values: tuple[float, ...]
    answerable: bool
    kind: str


def collect(course_index: CourseIndex, questions: Sequence[LabelledQuestion], part: str = "fit") -> list[Sample]:
    """Return the samples of the questions of ``part``; those whose sections are not in these notes are left out."""
    samples: list[Sample] = []
    notes = course_index.notes[0].file
    backgrounds = course_index.manifest.background
    for question in questions:
        relevant = relevant_keys(question, course_index.sections)
        if question.part != part or (question.golds and not relevant):
            continue
        evidence = course_index.searcher.evidence(course_index.read(question.query))
        values = abstention.scaled_features(evidence, backgrounds[detect_language(question.query)])
        samples.append(Sample(notes, tuple(values[name] for name in FEATURES), bool(relevant), question.kind))
    return samples


def fit_abstention(samples: Sequence[Sample], *, with_known_questions: bool = False) -> Parameters:
    """Return the weights of a logistic regression on standardised features, and the threshold.

    All notes weigh the same. The threshold is the largest at which in each of them the share ``ANSWERED`` of the
    answerable samples is answered; of samples that were collected without known questions, those of ordinary kinds.

    :raises ValueError: If all samples are of one sort.
    """
    from sklearn.linear_model import LogisticRegression  # takes a second, which only a calibration should wait for

    names = KNOWN_FEATURES if with_known_questions else PLAIN_FEATURES
    columns = [FEATURES.index(name) for name in names]
    values = np.array([sample.values for sample in samples])[:, columns]
    answerable = np.array([sample.answerable for sample in samples])
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-9
    model: Any = LogisticRegression(C=REGULARISATION, max_iter=5000)
    notes = np.array([sample.notes for sample in samples])
    model.fit((values - mean) / deviation, answerable, sample_weight=_weights(notes, answerable))
    weights = np.asarray(model.coef_[0], dtype=np.float64) / deviation
    intercept = float(np.asarray(model.intercept_)[0] - (weights * mean).sum())
    probabilities = 1.0 / (1.0 + np.exp(-(values @ weights + intercept)))
    hard: frozenset[str] = frozenset() if with_known_questions else _HARD_KINDS
    ordinary = np.array([sample.answerable and sample.kind not in hard for sample in samples])
    declined = 1.0 - ANSWERED[WITH_KNOWN if with_known_questions else PLAIN]
    threshold = min(
        float(np.quantile(probabilities[ordinary & (notes == name)], declined)) for name in set(notes[ordinary])
    )
    named = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return Parameters(named, round(intercept, 4), round(threshold, 4))


def _weights(notes: npt.NDArray[np.str_], answerable: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return a weight for each sample: all notes weigh the same, and in each the answerable as much as the others."""
    weights = np.zeros(len(notes))
    for name in set(notes):
        for sort in (True, False):
            rows = (notes == name) & (answerable == sort)
            weights[rows] = _WEIGHT_OF_NOTES / 2 / max(int(rows.sum()), 1)
    return weights


def as_json(with_known_questions: Parameters, plain: Parameters, fitted_on: str) -> str:
    """Return both sets of parameters as JSON, with a sentence on what they were fitted on."""
    sets = {WITH_KNOWN: asdict(with_known_questions), PLAIN: asdict(plain)}
    data = {"fitted_on": fitted_on, **sets}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
