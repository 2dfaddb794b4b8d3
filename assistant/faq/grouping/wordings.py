"""The wordings of a database in memory: which groups they form, and how near a question is to them. Stores nothing."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from assistant.faq.errors import UnknownItemError
from assistant.faq.grouping.batch_grouping import UNLIKELY
from assistant.faq.grouping.likeness import Weights, log_odds, pair_features
from assistant.faq.grouping.pair_cache import CANDIDATES
from assistant.faq.grouping.question_profile import QuestionReader
from assistant.faq.storage.cluster_store import StoredPhrasing
from index.encoding.centring import Vectors
from index.ranking.line_profiles import LineProfiles

_MEMBERS_COMPARED = 24
_MEMBERS_LOOKED_AT = 8
_READABLE_CHARACTERS = range(8, 91)


def phrasing_key(question: str) -> str:
    """Return what is equal for wordings that differ in case, spaces and punctuation only."""
    folded = unicodedata.normalize("NFKC", question).casefold()
    kept = re.sub(r"[^\w+#./:-]+", "", folded).rstrip(".:/-") or folded
    return hashlib.sha256(kept.encode()).hexdigest()[:40]


class Wordings:
    """All wordings, oldest first, a row each."""

    def __init__(self, reader: QuestionReader, weights: Weights) -> None:
        self._reader = reader
        self._weights = weights
        self._profiles: LineProfiles | None = None
        self._by_key: dict[str, int] = {}
        self._row_of: dict[int, int] = {}
        self.rows: list[StoredPhrasing] = []

    def add(self, phrasings: Sequence[StoredPhrasing], profiles: LineProfiles) -> None:
        """Take in further wordings and where they point."""
        self._profiles = self._profiles.followed_by(profiles) if self._profiles else profiles
        for phrasing in phrasings:
            self._by_key[phrasing.key] = self._row_of[phrasing.identifier] = len(self.rows)
            self.rows.append(phrasing)

    def get(self, number: int) -> StoredPhrasing | None:
        """Return the wording of this number, None if there is none."""
        row = self._row_of.get(number)
        return None if row is None else self.rows[row]

    def __getitem__(self, number: int) -> StoredPhrasing:
        """Return the wording of this number.

        :raises UnknownItemError: If there is none.
        """
        if number not in self._row_of:
            raise UnknownItemError("question", number)
        return self.rows[self._row_of[number]]

    def with_key(self, key: str) -> StoredPhrasing | None:
        """Return the wording of this :func:`phrasing_key`, None if there is none."""
        row = self._by_key.get(key)
        return None if row is None else self.rows[row]

    def members(self, cluster: int) -> list[int]:
        """Return the rows of the wordings in a group."""
        return [row for row, phrasing in enumerate(self.rows) if phrasing.cluster == cluster]

    def oldest_members(self) -> list[int]:
        """Return the rows of the oldest wordings of every group."""
        counts = Counter[int]()
        rows: list[int] = []
        for row, phrasing in enumerate(self.rows):
            counts[phrasing.cluster] += 1
            if counts[phrasing.cluster] <= _MEMBERS_LOOKED_AT:
                rows.append(row)
        return rows

    def put(self, numbers: Iterable[int], cluster: int, *, by_hand: bool = False) -> None:
        """Let the wordings of these numbers belong to another group."""
        for row in (self._row_of[number] for number in numbers):
            self.rows[row] = replace(self.rows[row], cluster=cluster, by_hand=by_hand or self.rows[row].by_hand)

    def profiles(self, rows: Sequence[int]) -> LineProfiles:
        """Return where the wordings in these rows point."""
        if self._profiles is None:
            raise ValueError("there is no wording")
        return self._profiles.take(rows)

    def odds(self, question: str, profile: LineProfiles, among: frozenset[int] | None = None) -> dict[int, Vectors]:
        """Return the log-odds of a question with the members of the groups that are worth a look, by group.

        :param profile: Where it points, one row.
        :param among: Only these groups.
        """
        if self._profiles is None:
            return {}
        quick = self._profiles.near(profile)
        if among is not None:
            quick = np.where([phrasing.cluster in among for phrasing in self.rows], quick, -np.inf)
        nearest: list[int] = np.argsort(-quick, kind="stable").tolist()
        clusters = {self.rows[row].cluster for row in nearest[:CANDIDATES] if np.isfinite(quick[row])}
        members: dict[int, list[int]] = {cluster: [] for cluster in clusters}
        for row in nearest:
            compared = members.get(self.rows[row].cluster)
            if compared is not None and len(compared) < _MEMBERS_COMPARED:
                compared.append(row)
        return {cluster: self._pair_odds(question, profile, rows) for cluster, rows in members.items()}

    def _pair_odds(self, question: str, profile: LineProfiles, rows: Sequence[int]) -> Vectors:
        texts = [self.rows[row].text for row in rows]
        return log_odds(pair_features(self._reader, question, profile, texts, self.profiles(rows)), self._weights)

    def mean_odds(self, cluster: int) -> dict[int, float]:
        """Return by other group the mean log-odds of its wordings with those of ``cluster``."""
        rows = self.members(cluster)[:_MEMBERS_LOOKED_AT]
        means: dict[int, list[float]] = {}
        for row in rows:
            for other, odds in self.odds(self.rows[row].text, self.profiles([row])).items():
                means.setdefault(other, []).append(float(odds.mean()))
        means.pop(cluster, None)
        # A group that is no candidate for a member is far from it.
        return {
            other: float(np.mean([*found, *[UNLIKELY] * (len(rows) - len(found))])) for other, found in means.items()
        }

    def title(self, cluster: int) -> str:
        """Return the wording that is most like all others of its group, of readable length; empty if there is none."""
        rows = self.members(cluster)
        if not rows:
            return ""
        profiles = self.profiles(rows)
        to_mean = np.hstack([profiles.vectors, profiles.profiles])
        likeness: Vectors = np.asarray(to_mean @ to_mean.mean(axis=0), dtype=np.float32)
        texts = [self.rows[row].text for row in rows]
        readable = np.array([len(text) in _READABLE_CHARACTERS for text in texts])
        asking = np.array([text.rstrip().endswith("?") for text in texts])
        return texts[int(np.argmax(likeness + readable + 0.1 * asking))]
