"""Says how likely two questions ask the same, from where they point in the notes and the words they share.

A logistic regression over the features below, fitted on labelled pairs (tests/benchmarks/same_questions.py --fit); its
weights ship as JSON, a set for notes with known questions and a set for notes without.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.faq.grouping.question_profile import QuestionReader, QuestionTerm
from assistant.selection import Shape
from assistant.understanding.question_shape import wording
from index import detect_language
from index.encoding.centring import Vectors
from index.ranking.line_profiles import LineProfiles

WEIGHTS = Path(__file__).parent.parent / "data" / "likeness.json"
WITH_KNOWN, PLAIN = "with_known_questions", "plain"
_NOTHING_SHARED = 0.3
_LEAST_CHANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature name, and thresholds of log-odds.

    From ``join`` on, a question that comes joins a group; from ``verified`` on, it is answered as verified; groups that
    are formed anew are joined if they are as near as ``regroup`` (see :mod:`assistant.faq.grouping.batch_grouping`).
    """

    weights: dict[str, float]
    intercept: float
    join: float
    verified: float
    regroup: float


@lru_cache(maxsize=2)
def shipped_weights(*, with_known_questions: bool) -> Weights:
    """Return the weights that ship with the project, for an index with or without known questions."""
    sets = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(**sets[WITH_KNOWN if with_known_questions else PLAIN])


@dataclass(frozen=True, slots=True)
class _Overlap:
    shared: float
    missing: float
    missing_names: float

    @property
    def share(self) -> float:
        total = self.shared + self.missing
        return self.shared / total if total else _NOTHING_SHARED


def _overlap(one: Sequence[QuestionTerm], other: frozenset[str], same_language: bool) -> _Overlap:
    shared = missing = names = 0.0
    for term in one:
        if not term.keys.isdisjoint(other):
            shared += term.weight
        elif term.is_name:
            missing, names = missing + term.weight, names + term.weight
        elif same_language or term.bridged:
            missing += term.weight
    return _Overlap(shared, missing, names)


def pair_features(
    reader: QuestionReader, question: str, profile: LineProfiles, others: Sequence[str], profiles: LineProfiles
) -> dict[str, Vectors]:
    """Return the features of ``question`` against each of ``others``, each ``(n,)``.

    :param profile: Of ``question``, one row.
    :param profiles: Of ``others``, a row each.
    """
    terms = reader.terms(question)
    keys = _keys(terms)
    language, shape = detect_language(question), wording(question).shape
    pairs: list[tuple[_Overlap, _Overlap]] = []
    flags: list[tuple[float, float, float]] = []
    for other in others:
        other_terms = reader.terms(other)
        same_language = detect_language(other) == language
        pairs.append((_overlap(terms, _keys(other_terms), same_language), _overlap(other_terms, keys, same_language)))
        other_shape = wording(other).shape
        comparison = (shape is Shape.COMPARISON) != (other_shape is Shape.COMPARISON)
        flags.append((float(not same_language), float(shape is other_shape), float(comparison)))
    flag_rows = np.array(flags, dtype=np.float32).reshape(-1, 3)
    features: dict[str, Vectors] = {
        "cosine": profiles.vectors @ profile.vectors[0],
        "profile": profiles.profiles @ profile.profiles[0],
        "share_least": np.array([min(a.share, b.share) for a, b in pairs], dtype=np.float32),
        "share_mean": np.array([(a.share + b.share) / 2 for a, b in pairs], dtype=np.float32),
        "shared": np.array([min(a.shared, b.shared, 12.0) for a, b in pairs], dtype=np.float32),
        "missing_least": np.array([min(a.missing, b.missing) for a, b in pairs], dtype=np.float32),
        "missing_most": np.array([min(max(a.missing, b.missing), 12.0) for a, b in pairs], dtype=np.float32),
        "names_least": np.array([min(a.missing_names, b.missing_names) for a, b in pairs], dtype=np.float32),
        "names_most": np.array([max(a.missing_names, b.missing_names) for a, b in pairs], dtype=np.float32),
        "peak_least": np.minimum(profiles.peaks, profile.peaks[0]),
        "peak_gap": np.abs(profiles.peaks - profile.peaks[0]),
        "cross": flag_rows[:, 0],
        "same_shape": flag_rows[:, 1],
        "one_compares": flag_rows[:, 2],
    }
    features["√profile"] = np.sqrt(np.maximum(features["profile"], 0.0))
    return {**features, **_products(features, _PRODUCTS), **_known_features(features, profile, profiles)}


_PRODUCTS = (
    ("profile", "cosine"), ("profile", "share_least"), ("profile", "share_mean"), ("profile", "peak_least"),
    ("profile", "cross"), ("profile", "profile"), ("cosine", "share_least"), ("cosine", "share_mean"),
    ("cosine", "cosine"), ("cosine", "cross"), ("cosine", "peak_least"), ("share_mean", "share_mean"),
    ("share_mean", "cross"), ("share_mean", "peak_least"), ("missing_least", "share_mean"),
)  # fmt: skip


def _products(features: dict[str, Vectors], pairs: Sequence[tuple[str, str]]) -> dict[str, Vectors]:
    return {f"{one}*{other}": features[one] * features[other] for one, other in pairs}


_KNOWN_PRODUCTS = tuple(
    ("asked", other)
    for other in (
        "cosine", "share_mean", "cross", "asked", "profile", "missing_least", "missing_most", "share_least",
        "asked_sure", "names_most",
    )
)  # fmt: skip


def _known_features(features: dict[str, Vectors], profile: LineProfiles, profiles: LineProfiles) -> dict[str, Vectors]:
    """Return what known questions say; nothing if there are none."""
    if not profile.asked.shape[1]:
        return {}
    both = np.square(profiles.asked) @ np.square(profile.asked[0])
    known: dict[str, Vectors] = {
        "asked": profiles.asked @ profile.asked[0],
        "asked_log": np.asarray(np.log(both + _LEAST_CHANCE), dtype=np.float32),
        "asked_sure": np.square(np.minimum(profiles.asked.max(axis=1), profile.asked[0].max())),
    }
    return {**known, **_products({**features, **known}, _KNOWN_PRODUCTS)}


def log_odds(features: dict[str, Vectors], weights: Weights) -> Vectors:
    """Return the log-odds, ``(n,)``, that the questions of each pair ask the same."""
    total: Vectors = np.full(len(features["cosine"]), weights.intercept, dtype=np.float32)
    for name, weight in weights.weights.items():
        total = np.asarray(total + np.float32(weight) * features[name], dtype=np.float32)
    return total


def _keys(terms: Sequence[QuestionTerm]) -> frozenset[str]:
    return frozenset(key for term in terms for key in term.keys)
