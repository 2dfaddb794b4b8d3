"""Groups logged questions that ask the same, as they arrive; takes corrections by hand and never undoes them.

A question joins the nearest group that is near enough, else it opens one. A newcomer that is near to two groups may
show that they are one: they are merged if they are near each other too, into the older, unless an instructor touched
either. Which group is perhaps the same as another is noted after the groups were formed anew or corrected.
"""

import contextlib
import hashlib
import re
import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sqlalchemy as sa
from sqlalchemy import exc

from assistant.faq.errors import DatabaseUnavailableError, UnknownItemError
from assistant.faq.grouping.batch_grouping import UNLIKELY, keep_numbers, never_joined, ordered, regroup
from assistant.faq.grouping.group_joining import link, nearness
from assistant.faq.grouping.likeness import Weights, log_odds, pair_features, shipped_weights
from assistant.faq.grouping.nearest_groups import nearest_groups
from assistant.faq.grouping.pair_cache import CANDIDATES, PairOdds
from assistant.faq.grouping.question_profile import QuestionReader
from assistant.faq.records import LoggedQuestion
from assistant.faq.storage import cluster_store
from assistant.faq.storage import nearest_store as neighbour_store
from assistant.faq.storage.cluster_store import StoredPhrasing
from assistant.faq.storage.database import Database
from assistant.faq.storage.question_store import delete_empty_clusters, read_questions
from index import CourseIndex, detect_language
from index.encoding.centring import Vectors
from index.ranking.line_profiles import LineProfiles

_MEMBERS_COMPARED = 24
_MEMBERS_LOOKED_AT = 8
_PERHAPS_THE_SAME = -3.0
_REGROUP_EVERY = 8
_BATCH = 20  # a transaction a batch: the log must not wait long for its turn to write
_READABLE_CHARACTERS = range(8, 91)


@dataclass(frozen=True, slots=True)
class Match:
    """The group nearest to a question, and the log-odds that it asks the same."""

    cluster: int
    odds: float


def phrasing_key(question: str) -> str:
    """Return what is equal for wordings that differ in case, spaces and punctuation only."""
    folded = unicodedata.normalize("NFKC", question).casefold()
    kept = re.sub(r"[^\w+#./:-]+", "", folded).rstrip(".:/-") or folded
    return hashlib.sha256(kept.encode()).hexdigest()[:40]


class Grouper:
    """Groups the questions of one database over one index. Its methods may be called from several threads."""

    def __init__(self, database: Database, course_index: CourseIndex, weights: Weights | None = None) -> None:
        self._database = database
        self._reader = QuestionReader(course_index)
        self._weights = weights or shipped_weights(with_known_questions=self._reader.knows_questions)
        self._odds_of_pairs = PairOdds(self._reader, self._weights)
        self._lock = threading.RLock()
        self._phrasings: dict[int, StoredPhrasing] = {}
        self._by_key: dict[str, int] = {}
        self._rows: list[int] = []
        self._profiles = _Growing()
        self._corrections = 0
        self._noted: int | None = None
        self._stale = False
        self._load()
        self._regroup_at = _next_regrouping(len(self._rows))

    def group_new(self) -> int:
        """Group all logged questions that belong to no group yet and return how many there were.

        :raises DatabaseUnavailableError: If the database cannot be written; what was not grouped is next time.
        """
        total = 0
        while True:
            with self._database.reading() as connection:
                questions = read_questions(connection, ungrouped=True, limit=_BATCH)
            if not questions:
                if self._noted != self._corrections:
                    self.note_nearest()
                return total
            if self._stale:
                self.reload()
                self._stale = False
            with self._lock, self._reloaded_on_failure():
                self._group(questions)
            total += len(questions)
            if len(self._rows) >= self._regroup_at:
                self.regroup()

    @property
    def verified(self) -> float:
        """The log-odds from which on a question is answered with what was published for another."""
        return self._weights.verified

    def nearest(self, question: str, among: Iterable[int] | None = None) -> Match | None:
        """Return the group nearest to ``question``, or None if there is none to compare with.

        :param among: Only these groups.
        """
        with self._lock:
            known = self._by_key.get(phrasing_key(question))
            wanted = None if among is None else frozenset(among)
            if known is not None and (wanted is None or self._phrasings[known].cluster in wanted):
                return Match(self._phrasings[known].cluster, float("inf"))
            odds = self._odds(question, self._reader.profile(question), wanted)
        ranked = link(odds, float("-inf"))
        return Match(ranked[0], nearness(odds[ranked[0]])) if ranked else None

    def perhaps_the_same(self, cluster: int, limit: int = 2, leaving_out: Collection[int] = ()) -> list[Match]:
        """Return the groups too far from ``cluster`` to be joined but worth an instructor's look, the nearest first.

        One in three is the same (docs/faq.md); two thirds of the groups that were wrongly kept apart are found so.
        Those that an instructor said are different are left out.

        :param leaving_out: Groups that are looked at already.
        :raises UnknownItemError: If there is no such group.
        """
        with self._database.reading() as connection:
            apart = neighbour_store.read_kept_apart(connection)
        with self._lock:
            self._require(cluster)
            rows = self._members(cluster)[:_MEMBERS_LOOKED_AT]
            means: dict[int, list[float]] = {}
            for row in rows:
                text = self._phrasings[self._rows[row]].text
                for other, odds in self._odds(text, self._profiles.take([row]), None).items():
                    means.setdefault(other, []).append(float(odds.mean()))
        means.pop(cluster, None)
        # A group that is no candidate for a member is far from it.
        near = [
            Match(other, float(np.mean([*found, *[UNLIKELY] * (len(rows) - len(found))])))
            for other, found in means.items()
        ]
        kept = [
            match
            for match in near
            if match.odds >= _PERHAPS_THE_SAME
            and match.cluster not in leaving_out
            and ordered(cluster, match.cluster) not in apart
        ]
        return sorted(kept, key=lambda match: (-match.odds, match.cluster))[:limit]

    def regroup(self) -> None:
        """Form all groups anew but those that an instructor touched or answered; groups keep their numbers.

        The odds are worked out without the lock: a question that is asked meanwhile does not wait for them.

        :raises DatabaseUnavailableError: If the database cannot be written; the groups stay as they are.
        """
        with self._lock, self._database.reading() as connection:
            fixed = cluster_store.clusters_to_leave(connection)
            apart = neighbour_store.read_kept_apart(connection)
            seen = self._corrections
            rows = [row for row, number in enumerate(self._rows) if self._phrasings[number].cluster not in fixed]
            chosen = [self._phrasings[self._rows[row]] for row in rows]
            profiles = self._profiles.take(rows)
            self._regroup_at = _next_regrouping(len(self._rows))
        old = [phrasing.cluster for phrasing in chosen]
        odds = {**self._odds_of_pairs.among([p.text for p in chosen], profiles), **never_joined(old, apart)}
        groups = regroup(len(chosen), odds, self._weights.regroup)
        numbers = keep_numbers(groups, old)
        with self._lock, self._reloaded_on_failure():
            if not self._is_unchanged(chosen, seen):
                return  # the next time will do
            with self._database.writing() as connection:
                changed: set[int] = set()
                for members, number in zip(groups, numbers, strict=True):
                    changed |= self._gather(connection, [chosen[member] for member in members], number)
                for gone in set(old).difference(numbers):
                    self._hand_down(connection, gone, [p for p in chosen if p.cluster == gone])
                delete_empty_clusters(connection)
                for cluster in changed:
                    self._rename(connection, cluster)
        self.note_nearest()

    def note_nearest(self) -> None:
        """Store for every group which other one is perhaps the same; none where that is not sure enough.

        The odds are worked out without the lock, as for :meth:`regroup`. Groups that were corrected meanwhile are left
        for the next call of :meth:`group_new`.

        :raises DatabaseUnavailableError: If the database cannot be written.
        """
        with self._lock, self._database.reading() as connection:
            apart = neighbour_store.read_kept_apart(connection)
            seen = self._corrections
            rows = self._rows_looked_at()
            if not rows:
                return
            chosen = [self._phrasings[self._rows[row]] for row in rows]
            profiles = self._profiles.take(rows)
        groups = [phrasing.cluster for phrasing in chosen]
        odds = {**self._odds_of_pairs.among([p.text for p in chosen], profiles), **never_joined(groups, apart)}
        nearest = nearest_groups(groups, odds)
        with self._lock:
            if not self._is_unchanged(chosen, seen):
                self._noted = None
                return
            with self._database.writing() as connection:
                neighbour_store.write_nearest(connection, nearest)
            self._noted = seen

    def _rows_looked_at(self) -> list[int]:
        """Return the rows of the oldest wordings of every group."""
        counts = Counter[int]()
        rows: list[int] = []
        for row, number in enumerate(self._rows):
            cluster = self._phrasings[number].cluster
            counts[cluster] += 1
            if counts[cluster] <= _MEMBERS_LOOKED_AT:
                rows.append(row)
        return rows

    def _is_unchanged(self, chosen: Sequence[StoredPhrasing], corrections: int) -> bool:
        """Return whether nothing was corrected by hand since, and no wording was moved or forgotten."""
        return corrections == self._corrections and all(self._phrasings.get(p.identifier) is p for p in chosen)

    def _hand_down(self, connection: sa.Connection, gone: int, members: Sequence[StoredPhrasing]) -> None:
        """Let what is different from a group be different from the one that most of its wordings went to."""
        heirs = Counter(self._phrasings[phrasing.identifier].cluster for phrasing in members)
        neighbour_store.move_decisions(connection, gone, heirs.most_common(1)[0][0])

    def _gather(self, connection: sa.Connection, members: Sequence[StoredPhrasing], number: int | None) -> set[int]:
        """Let ``members`` be the group ``number``, or a new one if that is None; return the groups that change."""
        moving = [phrasing for phrasing in members if phrasing.cluster != number]
        if not moving:
            return set()
        if number is None:
            number = cluster_store.add_cluster(connection, int(time.time() * 1000), members[0].text)
        cluster_store.move_phrasings(connection, [p.identifier for p in moving], number, by_hand=False, keep_empty=True)
        for phrasing in moving:
            self._phrasings[phrasing.identifier] = replace(phrasing, cluster=number)
        return {number, *(phrasing.cluster for phrasing in moving)}

    def merge(self, kept: int, other: int) -> None:
        """Put all questions and entries of group ``other`` into ``kept``.

        :raises UnknownItemError: If either has no wordings.
        """
        with self._lock, self._reloaded_on_failure():
            self._require(kept)
            self._require(other)
            with self._database.writing() as connection:
                self._merge(connection, kept, other, by_hand=True)
                self._rename(connection, kept)
            self._corrections += 1

    def keep_apart(self, one: int, other: int) -> None:
        """Note that two groups are different: neither is offered for the other, and no program joins them.

        :raises UnknownItemError: If either does not exist, or both are the same.
        """
        if one == other:
            raise UnknownItemError("group", other)
        with self._lock:
            with self._database.writing() as connection:
                neighbour_store.keep_apart(connection, one, other)
            self._corrections += 1

    def move(self, phrasings: Iterable[int], cluster: int | None) -> int:
        """Move wordings to ``cluster``, or into a new group if that is None, and return the group's number.

        What is split off so is kept apart from where it was.

        :raises UnknownItemError: If a wording or the group does not exist.
        """
        with self._lock, self._reloaded_on_failure():
            chosen = list(phrasings)
            for phrasing in chosen:
                if phrasing not in self._phrasings:
                    raise UnknownItemError("question", phrasing)
            if cluster is not None:
                self._require(cluster)
            sources = {self._phrasings[phrasing].cluster for phrasing in chosen}
            left = {p.cluster for p in self._phrasings.values() if p.identifier not in chosen}
            with self._database.writing() as connection:
                target = cluster or cluster_store.add_cluster(
                    connection, int(time.time() * 1000), self._phrasings[chosen[0]].text
                )
                for gone in sources - left - {target}:
                    neighbour_store.move_decisions(connection, gone, target)
                cluster_store.move_phrasings(connection, chosen, target, by_hand=True)
                if cluster is None:
                    for source in sources & left:
                        neighbour_store.keep_apart(connection, source, target)
                for phrasing in chosen:
                    self._phrasings[phrasing] = replace(self._phrasings[phrasing], cluster=target, by_hand=True)
                for touched in {*sources, target}:
                    self._rename(connection, touched)
            self._corrections += 1
            return target

    def reload(self) -> None:
        """Read all wordings anew: after old ones were deleted, or what was remembered could not be written."""
        with self._lock:
            self._phrasings, self._by_key, self._rows, self._profiles = {}, {}, [], _Growing()
            self._odds_of_pairs.forget()
            self._load()

    @contextlib.contextmanager
    def _reloaded_on_failure(self) -> Generator[None]:
        try:
            yield
        except (DatabaseUnavailableError, exc.SQLAlchemyError):
            self._stale = True
            raise

    def _load(self) -> None:
        """Take over what is stored, encoding again what another encoder made."""
        with self._database.reading() as connection:
            stored = cluster_store.read_stored_phrasings(connection)
            if neighbour_store.is_nearest_known(connection):
                self._noted = self._corrections
        fresh = {p.identifier: self._reader.vector(p.text) for p in stored if p.encoder != self._reader.encoder}
        if fresh:
            with self._database.writing() as connection:
                for identifier, vector in fresh.items():
                    cluster_store.set_vector(connection, identifier, vector, self._reader.encoder)
        known = [replace(p, vector=fresh.get(p.identifier, p.vector), encoder=self._reader.encoder) for p in stored]
        if known:
            profiles = self._reader.profiles([p.text for p in known], np.stack([p.vector for p in known]))
            self._profiles.extend(profiles)
        for phrasing in known:
            self._remember(phrasing)

    def _remember(self, phrasing: StoredPhrasing) -> None:
        self._phrasings[phrasing.identifier] = phrasing
        self._by_key[phrasing.key] = phrasing.identifier
        self._rows.append(phrasing.identifier)

    def _group(self, questions: Sequence[LoggedQuestion]) -> None:
        by_key: dict[str, list[LoggedQuestion]] = {}
        for question in questions:
            by_key.setdefault(phrasing_key(question.text), []).append(question)
        vectors = {key: self._reader.vector(same[0].text) for key, same in by_key.items() if key not in self._by_key}
        with self._database.writing() as connection:
            for key, same in by_key.items():
                phrasing = self._by_key.get(key)
                if phrasing is None:
                    phrasing = self._add(connection, key, same[0], vectors[key])
                cluster_store.assign_questions(connection, [question.identifier for question in same], phrasing)

    def _add(self, connection: sa.Connection, key: str, question: LoggedQuestion, vector: Vectors) -> int:
        language = detect_language(question.text)
        profile = self._reader.profiles([question.text], vector[None, :])
        odds = self._odds(question.text, profile, None)
        near = link(odds, self._weights.join)
        cluster = near[0] if near else cluster_store.add_cluster(connection, question.asked_ms, question.text)
        new = StoredPhrasing(0, cluster, key, question.text, language, False, self._reader.encoder, vector)
        new = replace(new, identifier=cluster_store.add_phrasing(connection, new))
        self._profiles.extend(profile)
        self._remember(new)
        if len(near) > 1:
            cluster = self._merge_if_one(connection, near[0], near[1])
        self._rename(connection, cluster)
        return new.identifier

    def _odds(self, question: str, profile: LineProfiles, among: frozenset[int] | None) -> dict[int, Vectors]:
        """Return the log-odds of ``question`` with the members of the groups that are worth a look."""
        if not self._rows:
            return {}
        profiles = self._profiles.view()
        quick = profiles.near(profile)
        if among is not None:
            allowed = np.array([self._phrasings[number].cluster in among for number in self._rows])
            quick = np.where(allowed, quick, -np.inf)
        top = np.argsort(-quick, kind="stable")[:CANDIDATES]
        clusters = {self._phrasings[self._rows[row]].cluster for row in top.tolist() if np.isfinite(quick[row])}
        members: dict[int, list[int]] = {cluster: [] for cluster in clusters}
        for row in np.argsort(-quick, kind="stable").tolist():
            cluster = self._phrasings[self._rows[row]].cluster
            if cluster in members and len(members[cluster]) < _MEMBERS_COMPARED:
                members[cluster].append(row)
        return {cluster: self._pair_odds(question, profile, rows) for cluster, rows in members.items()}

    def _pair_odds(self, question: str, profile: LineProfiles, rows: Sequence[int]) -> Vectors:
        texts = [self._phrasings[self._rows[row]].text for row in rows]
        features = pair_features(self._reader, question, profile, texts, self._profiles.take(rows))
        return log_odds(features, self._weights)

    def _members(self, cluster: int) -> list[int]:
        """Return the rows of the wordings in ``cluster``."""
        return [row for row, number in enumerate(self._rows) if self._phrasings[number].cluster == cluster]

    def _merge_if_one(self, connection: sa.Connection, one: int, other: int) -> int:
        """Merge two groups that a newcomer is near to, if they are near each other; return the newcomer's group."""
        kept, gone = min(one, other), max(one, other)
        rows, others = self._members(kept)[:_MEMBERS_COMPARED], self._members(gone)[:_MEMBERS_COMPARED]
        touched = any(self._phrasings[self._rows[row]].by_hand for row in (*rows, *others))
        apart = (kept, gone) in neighbour_store.read_kept_apart(connection)
        if touched or apart or gone in cluster_store.clusters_with_entries(connection):
            return one
        odds = [
            nearness(self._pair_odds(self._phrasings[self._rows[row]].text, self._profiles.take([row]), others))
            for row in rows
        ]
        if float(np.mean(odds)) < self._weights.join:
            return one
        self._merge(connection, kept, gone, by_hand=False)
        return kept

    def _merge(self, connection: sa.Connection, kept: int, other: int, *, by_hand: bool) -> None:
        moved = [self._rows[row] for row in self._members(other)]
        cluster_store.move_entries(connection, other, kept)
        neighbour_store.move_decisions(connection, other, kept)
        cluster_store.move_phrasings(connection, moved, kept, by_hand=by_hand)
        for number in moved:
            phrasing = self._phrasings[number]
            self._phrasings[number] = replace(phrasing, cluster=kept, by_hand=by_hand or phrasing.by_hand)

    def _rename(self, connection: sa.Connection, cluster: int) -> None:
        """Let the wording that is most like all others, of readable length, stand for the group."""
        rows = self._members(cluster)
        if not rows:
            return
        profiles = self._profiles.take(rows)
        to_mean = np.hstack([profiles.vectors, profiles.profiles])
        likeness: Vectors = np.asarray(to_mean @ to_mean.mean(axis=0), dtype=np.float32)
        texts = [self._phrasings[self._rows[row]].text for row in rows]
        readable = np.array([len(text) in _READABLE_CHARACTERS for text in texts])
        asking = np.array([text.rstrip().endswith("?") for text in texts])
        best = int(np.argmax(likeness + readable + 0.1 * asking))
        cluster_store.set_title(connection, cluster, texts[best])

    def _require(self, cluster: int) -> None:
        if not self._members(cluster):
            raise UnknownItemError("group", cluster)


def _next_regrouping(wordings: int) -> int:
    """Return with how many wordings the groups are formed anew: often while they are few, then at every tenth more."""
    return wordings + max(_REGROUP_EVERY, wordings // 10)


class _Growing:
    """LineProfiles to which rows are added one by one, in arrays that double when they are full."""

    def __init__(self) -> None:
        self._count = 0
        self._arrays: list[Vectors] = []

    def extend(self, profiles: LineProfiles) -> None:
        rows = (profiles.vectors, profiles.profiles, profiles.peaks, profiles.asked)
        needed = self._count + len(profiles.peaks)
        if not self._arrays:
            self._arrays = [np.zeros((0, *part.shape[1:]), dtype=np.float32) for part in rows]
        for number, part in enumerate(rows):
            if needed > len(self._arrays[number]):
                grown = np.zeros((max(64, 2 * needed), *part.shape[1:]), dtype=np.float32)
                grown[: self._count] = self._arrays[number][: self._count]
                self._arrays[number] = grown
            self._arrays[number][self._count : needed] = part
        self._count = needed

    def view(self) -> LineProfiles:
        vectors, profiles, peaks, asked = (array[: self._count] for array in self._arrays)
        return LineProfiles(vectors, profiles, peaks, asked)

    def take(self, rows: Sequence[int]) -> LineProfiles:
        return self.view().take(rows)
