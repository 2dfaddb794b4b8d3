"""Works out the log-odds of wordings with all that are worth a look, and remembers them for the next time."""

from collections.abc import Sequence

import numpy as np

from assistant.faq.grouping.batch_grouping import Pair, ordered
from assistant.faq.grouping.likeness import Weights, log_odds, pair_features
from assistant.faq.grouping.question_profile import QuestionReader
from index.ranking.line_profiles import LineProfiles

#: With how many others a wording is compared.
CANDIDATES = 48


class PairOdds:
    """The odds of the pairs among a growing number of wordings, over one index."""

    def __init__(self, reader: QuestionReader, weights: Weights) -> None:
        self._reader = reader
        self._weights = weights
        self._known: dict[str, dict[str, float]] = {}

    def among(self, texts: Sequence[str], profiles: LineProfiles) -> dict[Pair, float]:
        """Return the odds of every wording with the others that are worth a look, the smaller number of a pair first.

        :param profiles: Of ``texts``, a row each.
        """
        odds: dict[Pair, float] = {}
        for row, text in enumerate(texts):
            one = profiles.take([row])
            best: list[int] = np.argsort(-profiles.near(one), kind="stable")[: CANDIDATES + 1].tolist()
            near = [other for other in best if other != row]
            values = self._with_others(text, one, [texts[other] for other in near], profiles.take(near))
            for other, value in zip(near, values, strict=True):
                pair = ordered(row, other)
                odds[pair] = (odds[pair] + value) / 2 if pair in odds else value
        return odds

    def forget(self) -> None:
        """Forget what was worked out."""
        self._known = {}

    def _with_others(
        self, text: str, profile: LineProfiles, others: Sequence[str], profiles: LineProfiles
    ) -> list[float]:
        known = self._known.get(text, {})
        new = [place for place, other in enumerate(others) if other not in known]
        if new:
            texts = [others[place] for place in new]
            features = pair_features(self._reader, text, profile, texts, profiles.take(new))
            values: list[float] = log_odds(features, self._weights).tolist()
            known = {**known, **dict(zip(texts, values, strict=True))}
        self._known[text] = {other: known[other] for other in others}
        return [known[other] for other in others]
