"""Measures retrieval and abstention on labelled questions, with confidence intervals."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.course_index import CourseIndex
from index.errors import ContentError
from index.evaluating.intervals import Estimate, estimate
from index.records import SearchResult, Section

QUESTIONS_FOLDER = "questions"
#: The measures of the tables, by the names that ir-measures gives them.
MEASURES = {**{f"Success@{depth}": f"hit@{depth}" for depth in (1, 3, 5, 10)}, "RR@10": "mrr@10", "nDCG@10": "ndcg@10"}
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with the sections that answer it: (file, heading), a heading of None meaning any of the file.

    ``golds`` is empty for a question that no notes answer.
    """

    identifier: str
    language: str
    kind: str
    part: str
    query: str
    golds: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """What became of a question: found sections (edition keys), those that answer, the decision, and the time."""

    question: LabelledQuestion
    found: tuple[str, ...]
    relevant: frozenset[str]
    result: SearchResult
    seconds: float

    @property
    def rank(self) -> int | None:
        """The 1-based rank of the first section that answers, or None."""
        return next((rank for rank, key in enumerate(self.found, start=1) if key in self.relevant), None)


def load_questions(path: Path) -> list[LabelledQuestion]:
    """Return the labelled questions of a JSON Lines file, or of all such files in a folder.

    :raises ContentError: If there is none, or a row is wrong; the message names file and line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise ContentError("there are no labelled questions here", path)
    return [question for file in files for question in _read(file)]


def _read(file: Path) -> Iterable[LabelledQuestion]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"the questions cannot be read: {error}", file) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(line)
            golds = tuple((str(gold["file"]), gold["heading"]) for gold in row["golds"])
            yield LabelledQuestion(
                str(row["id"]), row["language"], row["kind"], row.get("part", "test"), row["query"], golds
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ContentError(f"not a labelled question: {error!r}", file, number) from error


def run(
    course_index: CourseIndex, questions: Iterable[LabelledQuestion], part: str | None = None
) -> list[RankedQuestion]:
    """Ask every question of ``part`` (all if None). Questions whose sections are not in these notes are left out."""
    outcomes: list[RankedQuestion] = []
    for question in questions:
        relevant = relevant_keys(question, course_index.sections)
        if (part and question.part != part) or (question.golds and not relevant):
            continue
        started = time.perf_counter()
        result = course_index.search(question.query, _DEPTH)
        seconds = time.perf_counter() - started
        found = tuple(dict.fromkeys(hit.section.edition_key for hit in result.hits))
        outcomes.append(RankedQuestion(question, found, relevant, result, seconds))
    return outcomes


def relevant_keys(question: LabelledQuestion, sections: Sequence[Section]) -> frozenset[str]:
    """Return the edition keys of the sections that answer ``question``."""
    files = {file for file, heading in question.golds if heading is None}
    headings = {(file, heading) for file, heading in question.golds}
    return frozenset(
        section.edition_key
        for section in sections
        if section.file in files or (section.file, section.heading) in headings
    )


def retrieval_table(outcomes: Sequence[RankedQuestion]) -> dict[str, dict[str, Estimate | int]]:
    """Return for all answerable questions, every language and every kind: n and the mean of each measure."""
    answerable = [outcome for outcome in outcomes if outcome.relevant]
    values = _per_question(answerable)
    groups: dict[str, list[int]] = defaultdict(list)
    for position, outcome in enumerate(answerable):
        for group in ("all", outcome.question.language, outcome.question.kind):
            groups[group].append(position)
    return {
        group: {"n": len(rows)} | {name: estimate(values[name][rows]) for name in MEASURES.values()}
        for group, rows in groups.items()
    }


def _per_question(outcomes: Sequence[RankedQuestion]) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    import ir_measures  # an extra: only an evaluation needs it

    judgements = [ir_measures.Qrel(str(n), key, 1) for n, row in enumerate(outcomes) for key in row.relevant]
    runs = [
        ir_measures.ScoredDoc(str(n), key, float(_DEPTH - rank))
        for n, row in enumerate(outcomes)
        for rank, key in enumerate(row.found)
    ]
    values = {name: np.zeros(len(outcomes)) for name in MEASURES.values()}
    for metric in ir_measures.iter_calc([ir_measures.parse_measure(name) for name in MEASURES], judgements, runs):
        values[MEASURES[str(metric.measure)]][int(metric.query_id)] = metric.value
    return values


@dataclass(frozen=True, slots=True)
class AbstentionReport:
    """How well answerable and unanswerable questions are told apart.

    ``answered`` and ``refused`` are the rates at the threshold in force, ``refused_at_95`` the share refused where 95%
    of the answerable are answered; ``curve`` holds (answered rate, false-answer rate) for falling thresholds.
    """

    answered: Estimate
    refused: Estimate
    auroc: float
    refused_at_95: float
    curve: tuple[tuple[float, float], ...]


def abstention_report(outcomes: Sequence[RankedQuestion]) -> AbstentionReport | None:
    """Return the report, or None if all questions are of one sort."""
    from sklearn.metrics import roc_auc_score  # pyright: ignore[reportUnknownVariableType] - untyped; takes a second

    answerable = np.array([bool(outcome.relevant) for outcome in outcomes])
    if answerable.all() or not answerable.any():
        return None
    values = np.array([outcome.result.decision.probability for outcome in outcomes])
    grounded = np.array([outcome.result.decision.grounded for outcome in outcomes])
    curve = [
        (float((values[answerable] >= threshold).mean()), float((values[~answerable] >= threshold).mean()))
        for threshold in sorted(set(values.tolist()), reverse=True)
    ]
    at_95 = np.quantile(values[answerable], 0.05)
    return AbstentionReport(
        answered=estimate(grounded[answerable]),
        refused=estimate(~grounded[~answerable]),
        auroc=float(roc_auc_score(answerable, values)),  # pyright: ignore[reportUnknownArgumentType]
        refused_at_95=float((values[~answerable] < at_95).mean()),
        curve=tuple(curve),
    )


def worst_misses(outcomes: Sequence[RankedQuestion], count: int = 15) -> list[RankedQuestion]:
    """Return the answerable questions whose section was found last or not at all, worst first."""
    misses = [outcome for outcome in outcomes if outcome.relevant and outcome.rank != 1]
    return sorted(misses, key=lambda outcome: -(outcome.rank or _DEPTH + 1))[:count]


def latency(outcomes: Sequence[RankedQuestion], encode: Callable[[str], object]) -> dict[str, float]:
    """Return in milliseconds the median and 95th percentile of a search, and the encoder's own median."""
    encoder_seconds: list[float] = []
    for outcome in outcomes[:50]:
        started = time.perf_counter()
        encode(outcome.question.query)
        encoder_seconds.append(time.perf_counter() - started)
    seconds = [outcome.seconds for outcome in outcomes]
    return {
        "search_median_ms": float(np.median(seconds) * 1000),
        "search_p95_ms": float(np.percentile(seconds, 95) * 1000),
        "encoder_median_ms": float(np.median(encoder_seconds) * 1000),
    }
