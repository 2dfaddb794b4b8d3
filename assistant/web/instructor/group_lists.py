"""The lists of groups on the instructor's pages: frequently asked, and not in the notes."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from assistant.faq.grouping.ranking import RankedGroup, rank
from assistant.faq.records import Entry
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.entry_store import read_entries
from assistant.web.instructor.access import HOME

#: Where each list is, by the name of its tab.
LISTS = {"asked": HOME, "gaps": f"{HOME}/gaps"}


@dataclass(frozen=True, slots=True)
class GroupList:
    """A list's groups in their order, and the entries by the group that they answer."""

    rows: list[RankedGroup]
    answered: Mapping[int, Entry]

    def nested_below(self, group: int) -> list[int]:
        """Return the groups that stand below ``group``."""
        return [below.identifier for row in self.rows if row.group.identifier == group for below in row.nested]


def read_list(connection: sa.Connection, now_ms: int, name: str) -> GroupList:
    """Return the list ``name``; what is out of scope comes last."""
    answered = {entry.cluster: entry for entry in read_entries(connection) if entry.cluster is not None}
    groups = [group for group in read_summaries(connection, now_ms) if group.is_gap == (name == "gaps")]
    return GroupList(sorted(rank(groups, answered), key=lambda row: row.group.out_of_scope), answered)
