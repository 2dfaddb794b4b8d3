"""Fits ``index/data/decision.json`` on the written courses: whether the notes answer, and which lines do.

A further set is made of all courses together, with questions about yet another subject: in large notes much is near.
What is printed is measured on courses that the fit did not see.

usage: PYTHONPATH=. python tests/training/fit_decision.py [--data DIR] [--sample N] [--write]
"""

import argparse
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.settings import Settings
from assistant.understanding.question_shape import searchable
from index import CourseIndex, open_or_build
from index.border import clean_question
from index.deciding.decision import PARAMETERS, SECTIONS_JUDGED, THRESHOLD, abstention_odds
from index.deciding.decision_features import NAMES, features

ROOT = Path(__file__).parent.parent.parent
COURSES = ROOT / "tests" / "data" / "courses"
FOLDS = 7
DIGITS = 5
LINES = 20
SHARE_TOGETHER = 4
Values = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question of ``notes``: its features, and the part of the abstention's log-odds.

    ``lines`` holds of its likeliest lines how much less near they are and the words shared; ``answers`` tells which of
    them are labelled.
    """

    notes: str
    answerable: bool
    features: list[float]
    abstention: float
    lines: list[tuple[float, float]]
    answers: list[bool]


def samples_of(name: str, index: CourseIndex, rows: Sequence[dict[str, Any]]) -> Iterator[Sample]:
    """Yield a sample for each of ``rows`` that needs no dialogue."""
    for row in rows:
        if row.get("history"):
            continue
        question = clean_question(searchable(row["query"]))
        query = index.read(question)
        found = index.searcher.search(query, SECTIONS_JUDGED)
        near = index.searcher.lines(query, found.hits)
        nearest = sorted(near, key=lambda line: -line.score)[:LINES]
        gold = places_of(row)
        yield Sample(
            notes=name,
            answerable=row["type"] != "unanswerable",
            features=features(found, near, query.lexical.matches, len(index.sections)),
            abstention=abstention_odds(found.decision.probability),
            lines=[(line.score - nearest[0].score, line.shared) for line in nearest],
            answers=[
                any((line.section.file, n) in gold for n in range(line.block.first_line, line.block.last_line + 1))
                for line in nearest
            ],
        )


def places_of(row: dict[str, Any]) -> set[tuple[str, int]]:
    """Return the lines of ``row`` that answer, in whatever way."""
    ways = [row, *row.get("more", []), *row.get("also", [])]
    ways += [place for way in row.get("also", []) for place in way.get("more", [])]
    return {(place["file"], line) for place in ways if "lines" in place for line in place["lines"]}


def drawn(path: Path, sample: int | None) -> list[dict[str, Any]]:
    """Return the rows of ``path``, or so many of them."""
    texts = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(text) for text in (random.Random(1).sample(texts, min(sample, len(texts))) if sample else texts)]


def course_samples(data: Path, sample: int | None) -> Iterator[Sample]:
    """Yield the samples of every course."""
    for folder in sorted(path.parent for path in COURSES.glob("*/notes")):
        index = open_or_build(Settings(dir=folder / "notes", data_dir=data))
        yield from samples_of(folder.name, index, drawn(folder / "questions.jsonl", sample))
        print(folder.name, flush=True)


def samples_together(data: Path, sample: int | None) -> Iterator[Sample]:
    """Yield samples of all courses as one; what is asked of the course that ships is answered by none of them."""
    folder = data / "all-courses"
    rows: list[dict[str, Any]] = []
    for notes in sorted(COURSES.glob("*/notes")):
        shutil.copytree(notes, folder / notes.parent.name, dirs_exist_ok=True)
        rows += drawn(notes.parent / "questions.jsonl", (sample or 800) // SHARE_TOGETHER)
    for language in ("ko", "en"):
        asked = drawn(ROOT / "content" / "questions" / f"{language}.jsonl", None)
        rows += [{"query": row["query"], "type": "unanswerable"} for row in asked if row["part"] == "fit"]
    return samples_of("together", open_or_build(Settings(dir=folder, data_dir=data)), rows)


def model() -> HistGradientBoostingClassifier:
    """Return the trees to be fitted: small ones, many questions a leaf."""
    return HistGradientBoostingClassifier(
        max_depth=4, learning_rate=0.05, max_iter=150, l2_regularization=5.0, min_samples_leaf=40, random_state=1
    )


def weights(names: npt.NDArray[np.str_], wanted: Truths) -> Values:
    """Return a weight for each sample: all notes weigh the same, and in each the answerable as much as the others."""
    values = np.array([1.0 / np.sum((names == n) & (wanted == w)) for n, w in zip(names, wanted, strict=True)])
    return values * len(values) / values.sum()


def as_json(fitted: Any) -> dict[str, Any]:
    """Return the trees as :mod:`index.deciding.trees` reads them."""
    trees = [[_node(node) for node in predictor.nodes] for (predictor,) in fitted._predictors]
    return {"names": list(NAMES), "start": round(float(fitted._baseline_prediction.ravel()[0]), DIGITS), "trees": trees}


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [-1, 0, 0, 0, round(float(node["value"]), DIGITS)]
    return [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]), 0]


def odds_left_out(samples: Sequence[Sample], names: npt.NDArray[np.str_], values: Values, wanted: Truths) -> Values:
    """Return the log-odds of every sample by trees that saw nothing of its notes."""
    weighed = weights(names, wanted)
    courses = sorted(set(names))
    random.Random(1).shuffle(courses)
    odds = np.zeros(len(samples))
    for fold in range(FOLDS):
        out = np.isin(names, courses[fold::FOLDS])
        kept = ~out & (names != "together") if "together" not in names[out] else ~out
        odds[out] = model().fit(values[kept], wanted[kept], sample_weight=weighed[kept]).decision_function(values[out])
    return odds


def line_weights(samples: Sequence[Sample]) -> dict[str, float]:
    """Return the weights of a line's nearness and shared words."""
    inputs = np.array([line for sample in samples for line in sample.lines])
    wanted = np.array([answer for sample in samples for answer in sample.answers])
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(inputs, wanted)
    nearness, shared = (round(float(weight), DIGITS) for weight in fitted.coef_[0])
    return {"intercept": round(float(fitted.intercept_[0]), DIGITS), "nearness": nearness, "shared": shared}


def main() -> None:
    """Collect, measure, fit, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".notes-data")
    parser.add_argument("--sample", type=int, help="so many questions of each course, drawn at random, instead of all")
    parser.add_argument("--write", action="store_true", help=f"write {PARAMETERS.name}")
    options = parser.parse_args()
    apart = list(course_samples(options.data, options.sample))
    fit([*apart, *samples_together(options.data, options.sample)], write=options.write)


def fit(samples: Sequence[Sample], *, write: bool) -> None:
    """Print how well notes left out are told, fit on all, and write where asked."""
    names = np.array([sample.notes for sample in samples])
    wanted = np.array([sample.answerable for sample in samples])
    values = np.array([sample.features for sample in samples])
    odds = odds_left_out(samples, names, values, wanted) + np.array([sample.abstention for sample in samples])
    for name in sorted(set(names)):
        own = names == name
        answered = 1.0 / (1.0 + np.exp(-odds[own])) >= THRESHOLD
        print(
            f"{name:22} {int(wanted[own].sum()):5} + {int((~wanted[own]).sum()):4}"
            f"  AUROC {roc_auc_score(wanted[own], odds[own]):.3f}"
            f"  answered {np.mean(answered[wanted[own]]):.3f}  declined {np.mean(~answered[~wanted[own]]):.3f}"
        )
    trees = as_json(model().fit(values, wanted, sample_weight=weights(names, wanted)))
    data = {"line": line_weights(samples), "trees": trees}
    if write:
        PARAMETERS.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{PARAMETERS.name}: {PARAMETERS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
