"""Measures how well questions that ask the same are grouped, on labelled questions; with --fit, fits the weights first.

Half of the groups (``part: fit``) is for fitting and for choosing the thresholds, the other half for measuring. Wordings
that nearly equal a known question are left out. All is done twice: with known questions and without.
"""

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.faq.grouping.batch_grouping import regroup
from assistant.faq.grouping.likeness import (
    PLAIN,
    WEIGHTS,
    WITH_KNOWN,
    Weights,
    log_odds,
    pair_features,
    shipped_weights,
)
from assistant.faq.grouping.nearest_groups import link
from assistant.faq.grouping.question_profile import QuestionReader
from assistant.settings import load_settings
from index import CourseIndex, detect_language, open_or_build
from index.ranking.known_questions import LEAST_COSINE

LABELLED = Path(__file__).parent.parent / "data" / "same_questions.jsonl"
STRENGTH = 0.1
FOLDS = 5
THRESHOLDS = (-1.5, -1.0, -0.5, -0.25, 0.0, 0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
PRECISION = 0.95
NEARLY_EQUAL = 0.97


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, the group of those that ask the same, and the half it belongs to."""

    group: str
    part: str
    kind: str
    query: str


@dataclass(frozen=True, slots=True)
class Score:
    """Pairwise precision and recall: of pairs put together, and of pairs that belong together."""

    precision: float
    recall: float


def load() -> list[Labelled]:
    """Return the labelled questions."""
    return [Labelled(**json.loads(line)) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def pairwise(groups: np.ndarray, clusters: np.ndarray, pairs: np.ndarray) -> Score:
    """Return precision and recall over the pairs chosen by the ``(n, n)`` mask ``pairs``."""
    same = (groups[:, None] == groups[None, :])[pairs]
    together = (clusters[:, None] == clusters[None, :])[pairs]
    right = float((same & together).sum())
    return Score(right / max(float(together.sum()), 1.0), right / max(float(same.sum()), 1.0))


def all_features(reader: QuestionReader, rows: list[Labelled]) -> dict[str, np.ndarray]:
    """Return the features of every pair, each ``(n, n)``."""
    texts = [row.query for row in rows]
    readings = reader.profiles(texts, np.stack([reader.vector(text) for text in texts]))
    table = [pair_features(reader, text, readings.take([n]), texts, readings) for n, text in enumerate(texts)]
    return {name: np.stack([row[name] for row in table]) for name in table[0]}


def fit(features: dict[str, np.ndarray], same: np.ndarray, pairs: np.ndarray) -> tuple[dict[str, float], float]:
    """Return weights and intercept of a logistic regression on the pairs in the mask."""
    matrix = np.column_stack([values[pairs] for values in features.values()])
    scaler = StandardScaler().fit(matrix)
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(scaler.transform(matrix), same[pairs])
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    return {name: round(float(weight), 5) for name, weight in zip(features, weights, strict=True)}, round(intercept, 5)


def cluster(odds: np.ndarray, chosen: np.ndarray, threshold: float, order: np.ndarray) -> np.ndarray:
    """Return the group number of every question, put in one by one in ``order``; -1 for those not chosen."""
    numbers = np.full(len(odds), -1)
    members: dict[int, list[int]] = {}
    for question in order[chosen[order]]:
        near = link({number: odds[question, rows] for number, rows in members.items()}, threshold)
        number = near[0] if near else len(numbers) + int(question)
        members.setdefault(number, []).append(int(question))
        numbers[question] = number
    return numbers


def formed_anew(odds: np.ndarray, chosen: np.ndarray, threshold: float) -> np.ndarray:
    """Return the group number of every question, all grouped at once; -1 for those not chosen."""
    rows = np.flatnonzero(chosen)
    means = (odds + odds.T) / 2
    pairs = {(i, j): float(means[rows[i], rows[j]]) for i in range(len(rows)) for j in range(i + 1, len(rows))}
    numbers = np.full(len(odds), -1)
    for number, members in enumerate(regroup(len(rows), pairs, threshold)):
        numbers[rows[members]] = number
    return numbers


def main() -> None:
    """Measure, and fit if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the weights on the fit half and write them")
    options = parser.parse_args()
    course_index = open_or_build(load_settings())
    rows = unlike_known_questions(load(), course_index)
    for name, one in ((WITH_KNOWN, course_index), (PLAIN, course_index.without_known_questions())):
        print(f"== {name}")
        measure(rows, QuestionReader(one), name, fit_first=options.fit)


def unlike_known_questions(rows: list[Labelled], course_index: CourseIndex) -> list[Labelled]:
    """Return the rows whose wording is no known question, nor nearly one."""
    signal = course_index.searcher.known_questions
    least = [float(signal.likeness(row.query, course_index.vector(row.query)).max(initial=0.0)) for row in rows]
    limit = (NEARLY_EQUAL - LEAST_COSINE) / (1.0 - LEAST_COSINE)
    return [row for row, likeness in zip(rows, least, strict=True) if likeness < limit]


def measure(rows: list[Labelled], reader: QuestionReader, name: str, *, fit_first: bool) -> None:
    """Print the figures of ``reader``, whose weights are called ``name``."""
    features = all_features(reader, rows)
    groups = np.array([row.group for row in rows])
    parts = np.array([row.part for row in rows])
    upper = np.triu(np.ones((len(rows), len(rows)), dtype=bool), 1)
    halves = {part: upper & (parts[:, None] == part) & (parts[None, :] == part) for part in ("fit", "test")}
    languages = np.array([detect_language(row.query) for row in rows])
    across = languages[:, None] != languages[None, :]
    oblique = np.array([row.kind == "paraphrase" for row in rows])
    plain = ~(oblique[:, None] | oblique[None, :])
    if fit_first:
        write_fit(name, features, groups, parts, halves)
    weights = shipped_weights(with_known_questions=name == WITH_KNOWN)
    odds = np.stack([log_odds({k: v[n] for k, v in features.items()}, weights) for n in range(len(rows))])
    print(f"{len(rows)} questions, {len(set(groups))} groups, {Counter(languages.tolist())}")
    for part, pairs in halves.items():
        for threshold in sorted({*THRESHOLDS, weights.regroup}):
            numbers = formed_anew(odds, parts == part, threshold)
            scores = [pairwise(groups, numbers, pairs & mask) for mask in (upper, across, plain)]
            told = "  ".join(
                f"{name} P {s.precision:.3f} R {s.recall:.3f}"
                for name, s in zip(("all", "cross", "plain"), scores, strict=True)
            )
            print(part, "formed anew", threshold, told)
        for threshold in sorted({weights.join, weights.verified}):
            scores = [
                [pairwise(groups, numbers, pairs & mask) for mask in (upper, across, plain)]
                for seed in range(5)
                for numbers in [
                    cluster(odds, parts == part, threshold, np.random.default_rng(seed).permutation(len(rows)))
                ]
            ]
            mean = [
                (np.mean([s[i].precision for s in scores]), np.mean([s[i].recall for s in scores])) for i in range(3)
            ]
            print(
                part,
                threshold,
                "  ".join(
                    f"{name} P {p:.3f} R {r:.3f}" for name, (p, r) in zip(("all", "cross", "plain"), mean, strict=True)
                ),
            )


def write_fit(
    name: str, features: dict[str, np.ndarray], groups: np.ndarray, parts: np.ndarray, halves: dict[str, np.ndarray]
) -> None:
    """Fit on the fit half, choose there the lowest thresholds that are precise enough, and write the weights."""
    found, intercept = fit(features, groups[:, None] == groups[None, :], halves["fit"])
    unseen = cross_fitted(features, groups, parts)
    alone = {t: score_at(unseen, groups, parts, halves["fit"], t) for t in THRESHOLDS}
    together = {t: pairwise(groups, formed_anew(unseen, parts == "fit", t), halves["fit"]) for t in THRESHOLDS}
    for threshold in THRESHOLDS:
        print("fit half, folds unseen:", threshold, "one by one", alone[threshold], "formed anew", together[threshold])
    join, anew = (min(t for t, score in scores.items() if score.precision >= PRECISION) for scores in (alone, together))
    rows = {"weights": found, "intercept": intercept, "join": join, "verified": join, "regroup": anew}
    sets = {**json.loads(WEIGHTS.read_text(encoding="utf-8")), name: rows}
    WEIGHTS.write_text(json.dumps(sets, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shipped_weights.cache_clear()


def cross_fitted(features: dict[str, np.ndarray], groups: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Return the log-odds of the pairs of the fit half, each by a regression that saw neither of its two groups.

    A pair across two folds gets the mean of both regressions.
    """
    labels = np.random.default_rng(0).permutation(np.unique(groups[parts == "fit"]))
    fold_of = {label: number % FOLDS for number, label in enumerate(labels.tolist())}
    folds = np.array([fold_of.get(label, -1) for label in groups.tolist()])
    upper = np.triu(np.ones((len(groups), len(groups)), dtype=bool), 1)
    inside = upper & (folds >= 0)[:, None] & (folds >= 0)[None, :]
    total, count = np.zeros(inside.shape), np.zeros(inside.shape)
    for fold in range(FOLDS):
        mine = (folds == fold)[:, None] | (folds == fold)[None, :]
        found, intercept = fit(features, groups[:, None] == groups[None, :], inside & ~mine)
        odds = log_odds({name: values.ravel() for name, values in features.items()}, Weights(found, intercept, 0, 0, 0))
        total[mine] += odds.reshape(inside.shape)[mine]
        count[mine] += 1
    return (total + total.T) / np.maximum(count + count.T, 1)


def score_at(odds: np.ndarray, groups: np.ndarray, parts: np.ndarray, pairs: np.ndarray, threshold: float) -> Score:
    """Return the mean precision and recall on the fit half, over five orders of arrival."""
    orders = [np.random.default_rng(seed).permutation(len(groups)) for seed in range(5)]
    scores = [pairwise(groups, cluster(odds, parts == "fit", threshold, order), pairs) for order in orders]
    return Score(float(np.mean([s.precision for s in scores])), float(np.mean([s.recall for s in scores])))


if __name__ == "__main__":
    main()
