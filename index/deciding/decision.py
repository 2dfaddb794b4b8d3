"""Decides whether the notes answer, and how likely each line found does; both weights and trees are learnt.

The trees weigh everything that a search tells of a question (:mod:`index.deciding.decision_features`), what kind of
thing it asks for included. They were fitted by ``tests/training/fit_decision.py`` on courses about other subjects, so
that they carry over to notes that nobody prepared. These courses are small: a part of the log-odds of
:mod:`index.deciding.abstention`, which knows large notes, is added. In large notes, and where questions are known, that
alone decides. Figures stand in docs/answers.md.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.deciding.decision_features import features
from index.deciding.trees import Trees, trees_from
from index.encoding.centring import Vectors
from index.odds import probability_of
from index.ranking.lines import score_lines
from index.records import Hit, Line, SearchResult
from index.search import Searcher

PARAMETERS = Path(__file__).parent.parent / "data" / "decision.json"
#: How many of the best sections have their lines judged.
SECTIONS_JUDGED = 6
#: The part of the abstention's log-odds: 0.3 to 1 were tried (docs/answers.md).
ABSTENTION_SHARE = 0.5
#: The fit weighs questions that are answered and those that are not alike; a wrong line costs more than none.
THRESHOLD = 0.52
#: In larger notes the trees are of no use: a third of what the Kubernetes documentation does not say seems answered.
MOST_SECTIONS = 600
_LEAST_PROBABILITY = 1e-4


@dataclass(frozen=True, slots=True)
class DecisionParameters:
    """``trees``: log-odds that the notes answer.

    ``line``: weights of a logistic regression, by name, that a line answers: ``nearness`` (how much less near it is
    than the nearest), ``shared`` (of the question's words), ``intercept``.
    """

    trees: Trees
    line: Mapping[str, float]


@lru_cache(maxsize=1)
def shipped_parameters() -> DecisionParameters:
    """Return the parameters that ship with the project."""
    data: dict[str, Any] = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    return DecisionParameters(trees_from(data["trees"]), data["line"])


def abstention_odds(probability: float) -> float:
    """Return the part of the log-odds of ``probability`` that is added to what the trees say."""
    within = min(max(probability, _LEAST_PROBABILITY), 1.0 - _LEAST_PROBABILITY)
    return ABSTENTION_SHARE * math.log(within / (1.0 - within))


class Decider:
    """Judges what a search of one index found.

    :param parameters: By default those that ship.
    """

    def __init__(self, searcher: Searcher, parameters: DecisionParameters | None = None) -> None:
        self._searcher = searcher
        self._parameters = parameters or shipped_parameters()

    def decide(self, result: SearchResult, vector: Vectors, *, whole: bool = True) -> SearchResult:
        """Return ``result`` with the lines of its best sections, judged, and the decision.

        :param vector: The question's uncentred vector, ``(d,)``.
        :param whole: Whether all notes were searched, as they were for the trees; else the abstention decides.
        """
        near = score_lines(self._searcher, result.question, vector, result.hits[:SECTIONS_JUDGED])
        result = replace(result, lines=self._judged(near))
        stored = self._searcher.stored
        if not near or not whole or stored.known.texts or len(stored.sections) > MOST_SECTIONS:
            return result
        odds = self._parameters.trees.odds(self.features(result, near)) + abstention_odds(result.decision.probability)
        probability = probability_of(odds)
        decision = replace(result.decision, grounded=probability >= THRESHOLD, probability=round(probability, 4))
        return replace(result, decision=decision)

    def features(self, result: SearchResult, near: Sequence[Line]) -> list[float]:
        """Return what the decision rests on (see :data:`index.deciding.decision_features.NAMES`)."""
        stored = self._searcher.stored
        return features(result, near, list(stored.lexical.match(result.question)), len(stored.sections))

    def lines(self, question: str, vector: Vectors, hits: Sequence[Hit]) -> tuple[Line, ...]:
        """Return the lines of ``hits``, in the order of the hits, then of the notes; scores are log-odds."""
        return self._judged(score_lines(self._searcher, question, vector, hits))

    def _judged(self, near: Sequence[Line]) -> tuple[Line, ...]:
        """Return lines whose score was their nearness with the log-odds that they answer."""
        nearest = max((line.score for line in near), default=0.0)
        weights = self._parameters.line

        def odds(line: Line) -> float:
            below = line.score - nearest
            return weights["intercept"] + weights["nearness"] * below + weights["shared"] * line.shared

        return tuple(replace(line, score=odds(line)) for line in near)
