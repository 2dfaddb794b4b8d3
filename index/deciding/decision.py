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
from index.ranking.lexical import TermMatch
from index.records import Line, SearchResult, probability_of

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
    """Judges what searches of one index found.

    :param sections: How many the notes have.
    :param knows_questions: Whether questions are known, so that the abstention decides alone.
    :param parameters: By default those that ship.
    """

    def __init__(
        self, sections: int, *, knows_questions: bool = False, parameters: DecisionParameters | None = None
    ) -> None:
        self._sections = sections
        self._alone = knows_questions or sections > MOST_SECTIONS
        self._parameters = parameters or shipped_parameters()

    def decide(
        self, found: SearchResult, near: Sequence[Line], matches: Sequence[TermMatch], *, whole: bool = True
    ) -> SearchResult:
        """Return ``found`` with the lines of its best sections, judged, and the decision.

        :param near: Those lines, with their nearness.
        :param matches: How the words of the question were found.
        :param whole: Whether all notes were searched, as they were for the trees; else the abstention decides.
        """
        found = replace(found, lines=self.judged(near))
        if not near or not whole or self._alone:
            return found
        values = features(found, near, matches, self._sections)
        odds = self._parameters.trees.odds(values) + abstention_odds(found.decision.probability)
        probability = probability_of(odds)
        decision = replace(found.decision, grounded=probability >= THRESHOLD, probability=round(probability, 4))
        return replace(found, decision=decision)

    def judged(self, near: Sequence[Line]) -> tuple[Line, ...]:
        """Return lines whose score was their nearness with the log-odds that they answer."""
        nearest = max((line.score for line in near), default=0.0)
        weights = self._parameters.line

        def odds(line: Line) -> float:
            below = line.score - nearest
            return weights["intercept"] + weights["nearness"] * below + weights["shared"] * line.shared

        return tuple(replace(line, score=odds(line)) for line in near)
