"""Groups logged questions that ask the same, as they arrive; takes corrections by hand and never undoes them.

A question joins the nearest group that is near enough, else it opens one. Every so often all groups are formed anew,
except those that an instructor touched. Which group is perhaps the same as another is noted after the groups were
formed anew or corrected.
"""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sqlalchemy as sa
from sqlalchemy import exc

from assistant.faq.errors import DatabaseUnavailableError, UnknownItemError
from assistant.faq.grouping.batch_grouping import Pair, keep_numbers, never_joined, ordered, regroup
from assistant.faq.grouping.likeness import Weights, shipped_weights
from assistant.faq.grouping.nearest_groups import link, nearest_groups, nearness
from assistant.faq.grouping.pair_cache import PairOdds
from assistant.faq.grouping.question_profile import QuestionReader
from assistant.faq.grouping.wordings import Wordings, phrasing_key
from assistant.faq.records import LoggedQuestion
from assistant.faq.storage import cluster_store, nearest_store
from assistant.faq.storage.cluster_store import StoredPhrasing
from assistant.faq.storage.database import Database
from assistant.faq.storage.question_store import delete_empty_clusters, read_questions
from index import CourseIndex, detect_language
from index.encoding.centring import Vectors
from index.ranking.line_profiles import LineProfiles

_PERHAPS_THE_SAME = -3.0
_REGROUP_EVERY = 8
_BATCH = 20  # a transaction a batch: the log must not wait long for its turn to write


@dataclass(frozen=True, slots=True)
class Match:
    """The group nearest to a question, and the log-odds that it asks the same."""

    cluster: int
    odds: float


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """Wordings as they were at one moment, where they point, and the groups that are different."""

    wordings: list[StoredPhrasing]
    profiles: LineProfiles
    apart: set[Pair]
    corrections: int

    @property
    def groups(self) -> list[int]:
        """The group of every wording."""
        return [phrasing.cluster for phrasing in self.wordings]


class Grouper:
    """Groups the questions of one database over one index. Its methods may be called from several threads."""

    def __init__(self, database: Database, course_index: CourseIndex, weights: Weights | None = None) -> None:
        self._database = database
        self._reader = QuestionReader(course_index)
        self._weights = weights or shipped_weights(with_known_questions=self._reader.knows_questions)
        self._odds_of_pairs = PairOdds(self._reader, self._weights)
        self._lock = threading.RLock()
        self._corrections = 0
        self._noted: int | None = None
        self._stale = False
        self._wordings = self._load()
        self._regroup_at = _next_regrouping(len(self._wordings.rows))

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
            if len(self._wordings.rows) >= self._regroup_at:
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
            known = self._wordings.with_key(phrasing_key(question))
            wanted = None if among is None else frozenset(among)
            if known is not None and (wanted is None or known.cluster in wanted):
                return Match(known.cluster, float("inf"))
            odds = self._wordings.odds(question, self._reader.profile(question), wanted)
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
            apart = nearest_store.read_kept_apart(connection)
        with self._lock:
            self._require(cluster)
            means = self._wordings.mean_odds(cluster)
        kept = [
            Match(other, odds)
            for other, odds in means.items()
            if odds >= _PERHAPS_THE_SAME and other not in leaving_out and ordered(cluster, other) not in apart
        ]
        return sorted(kept, key=lambda match: (-match.odds, match.cluster))[:limit]

    def regroup(self) -> None:
        """Form all groups anew but those that an instructor touched or answered; groups keep their numbers.

        The odds are worked out without the lock: a question that is asked meanwhile does not wait for them.

        :raises DatabaseUnavailableError: If the database cannot be written; the groups stay as they are.
        """
        with self._lock, self._database.reading() as connection:
            fixed = cluster_store.clusters_to_leave(connection)
            rows = [row for row, phrasing in enumerate(self._wordings.rows) if phrasing.cluster not in fixed]
            then = self._snapshot(connection, rows)
            self._regroup_at = _next_regrouping(len(self._wordings.rows))
        groups = regroup(len(then.wordings), self._odds(then), self._weights.regroup)
        numbers = keep_numbers(groups, then.groups)
        with self._lock, self._reloaded_on_failure():
            if not self._is_unchanged(then):
                return  # the next time will do
            with self._database.writing() as connection:
                changed: set[int] = set()
                for members, number in zip(groups, numbers, strict=True):
                    changed |= self._gather(connection, [then.wordings[member] for member in members], number)
                for gone in set(then.groups).difference(numbers):
                    self._hand_down(connection, gone, [p.identifier for p in then.wordings if p.cluster == gone])
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
            if not self._wordings.rows:
                return
            then = self._snapshot(connection, self._wordings.oldest_members())
        nearest = nearest_groups(then.groups, self._odds(then))
        with self._lock:
            if not self._is_unchanged(then):
                self._noted = None
                return
            with self._database.writing() as connection:
                nearest_store.write_nearest(connection, nearest)
            self._noted = then.corrections

    def _snapshot(self, connection: sa.Connection, rows: Sequence[int]) -> _Snapshot:
        wordings, apart = [self._wordings.rows[row] for row in rows], nearest_store.read_kept_apart(connection)
        return _Snapshot(wordings, self._wordings.profiles(rows), apart, self._corrections)

    def _odds(self, then: _Snapshot) -> dict[Pair, float]:
        odds = self._odds_of_pairs.among([phrasing.text for phrasing in then.wordings], then.profiles)
        return {**odds, **never_joined(then.groups, then.apart)}

    def _is_unchanged(self, then: _Snapshot) -> bool:
        """Return whether nothing was corrected by hand since, and no wording was moved or forgotten."""
        same = all(self._wordings.get(phrasing.identifier) is phrasing for phrasing in then.wordings)
        return same and then.corrections == self._corrections

    def _hand_down(self, connection: sa.Connection, gone: int, members: Sequence[int]) -> None:
        """Let what is different from a group be different from the one that most of its wordings went to."""
        heirs = Counter(self._wordings[number].cluster for number in members)
        nearest_store.move_decisions(connection, gone, heirs.most_common(1)[0][0])

    def _gather(self, connection: sa.Connection, members: Sequence[StoredPhrasing], number: int | None) -> set[int]:
        """Let ``members`` be the group ``number``, or a new one if that is None; return the groups that change."""
        moving = [phrasing for phrasing in members if phrasing.cluster != number]
        if not moving:
            return set()
        number = number or _new_cluster(connection, members[0].text)
        numbers = [phrasing.identifier for phrasing in moving]
        cluster_store.move_phrasings(connection, numbers, number, by_hand=False, keep_empty=True)
        self._wordings.put(numbers, number)
        return {number, *(phrasing.cluster for phrasing in moving)}

    def merge(self, kept: int, other: int) -> None:
        """Put all questions and entries of group ``other`` into ``kept``.

        :raises UnknownItemError: If either has no wordings.
        """
        with self._lock, self._reloaded_on_failure():
            self._require(kept)
            self._require(other)
            moved = [self._wordings.rows[row].identifier for row in self._wordings.members(other)]
            with self._database.writing() as connection:
                cluster_store.move_entries(connection, other, kept)
                nearest_store.move_decisions(connection, other, kept)
                cluster_store.move_phrasings(connection, moved, kept, by_hand=True)
                self._wordings.put(moved, kept, by_hand=True)
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
                nearest_store.keep_apart(connection, one, other)
            self._corrections += 1

    def move(self, phrasings: Iterable[int], cluster: int | None) -> int:
        """Move wordings to ``cluster``, or into a new group if that is None, and return the group's number.

        What is split off so is kept apart from where it was.

        :raises UnknownItemError: If a wording or the group does not exist.
        """
        with self._lock, self._reloaded_on_failure():
            chosen = list(phrasings)
            moving = [self._wordings[number] for number in chosen]
            if cluster is not None:
                self._require(cluster)
            sources = {phrasing.cluster for phrasing in moving}
            left = {phrasing.cluster for phrasing in self._wordings.rows if phrasing.identifier not in chosen}
            with self._database.writing() as connection:
                target = cluster or _new_cluster(connection, moving[0].text)
                for gone in sources - left - {target}:
                    nearest_store.move_decisions(connection, gone, target)
                cluster_store.move_phrasings(connection, chosen, target, by_hand=True)
                if cluster is None:
                    for source in sources & left:
                        nearest_store.keep_apart(connection, source, target)
                self._wordings.put(chosen, target, by_hand=True)
                for touched in {*sources, target}:
                    self._rename(connection, touched)
            self._corrections += 1
            return target

    def reload(self) -> None:
        """Read all wordings anew: after old ones were deleted, or what was remembered could not be written."""
        with self._lock:
            self._odds_of_pairs.forget()
            self._wordings = self._load()

    @contextlib.contextmanager
    def _reloaded_on_failure(self) -> Generator[None]:
        try:
            yield
        except (DatabaseUnavailableError, exc.SQLAlchemyError):
            self._stale = True
            raise

    def _load(self) -> Wordings:
        """Return what is stored, encoding again what another encoder made."""
        with self._database.reading() as connection:
            stored = cluster_store.read_stored_phrasings(connection)
            if nearest_store.is_nearest_known(connection):
                self._noted = self._corrections
        fresh = {p.identifier: self._reader.vector(p.text) for p in stored if p.encoder != self._reader.encoder}
        if fresh:
            with self._database.writing() as connection:
                for identifier, vector in fresh.items():
                    cluster_store.set_vector(connection, identifier, vector, self._reader.encoder)
        known = [replace(p, vector=fresh.get(p.identifier, p.vector), encoder=self._reader.encoder) for p in stored]
        wordings = Wordings(self._reader, self._weights)
        if known:
            vectors = np.stack([phrasing.vector for phrasing in known])
            wordings.add(known, self._reader.profiles([phrasing.text for phrasing in known], vectors))
        return wordings

    def _group(self, questions: Sequence[LoggedQuestion]) -> None:
        by_key: dict[str, list[LoggedQuestion]] = {}
        for question in questions:
            by_key.setdefault(phrasing_key(question.text), []).append(question)
        new = {key: same[0].text for key, same in by_key.items() if self._wordings.with_key(key) is None}
        vectors = {key: self._reader.vector(text) for key, text in new.items()}
        with self._database.writing() as connection:
            for key, same in by_key.items():
                phrasing = self._wordings.with_key(key) or self._add(connection, key, same[0], vectors[key])
                identifiers = [question.identifier for question in same]
                cluster_store.assign_questions(connection, identifiers, phrasing.identifier)

    def _add(self, connection: sa.Connection, key: str, question: LoggedQuestion, vector: Vectors) -> StoredPhrasing:
        language = detect_language(question.text)
        profile = self._reader.profiles([question.text], vector[None, :])
        near = link(self._wordings.odds(question.text, profile), self._weights.join)
        cluster = near[0] if near else cluster_store.add_cluster(connection, question.asked_ms, question.text)
        new = StoredPhrasing(0, cluster, key, question.text, language, False, self._reader.encoder, vector)
        new = replace(new, identifier=cluster_store.add_phrasing(connection, new))
        self._wordings.add([new], profile)
        self._rename(connection, cluster)
        return new

    def _rename(self, connection: sa.Connection, cluster: int) -> None:
        if title := self._wordings.title(cluster):
            cluster_store.set_title(connection, cluster, title)

    def _require(self, cluster: int) -> None:
        if not self._wordings.members(cluster):
            raise UnknownItemError("group", cluster)


def _new_cluster(connection: sa.Connection, title: str) -> int:
    return cluster_store.add_cluster(connection, int(time.time() * 1000), title)


def _next_regrouping(wordings: int) -> int:
    """Return with how many wordings the groups are formed anew: often while they are few, then at every tenth more."""
    return wordings + max(_REGROUP_EVERY, wordings // 10)
