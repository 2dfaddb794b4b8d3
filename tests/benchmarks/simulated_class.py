"""Runs a simulated class through the real assistant, log and grouping, and measures what the instructor's page shows.

Sixty students ask 2,000 questions, drawn with repetition from the labelled questions (both languages, paraphrases and
slips of the pen). How often a thing is asked falls off as 1 / rank. Nothing is mocked but the clock. Then an instructor
goes through the first groups and merges those offered as perhaps the same that are.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.faq.records import Phrasing
from assistant.faq.service import FaqService
from assistant.faq.storage.cluster_store import read_phrasings, read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.serving.assistant import Assistant
from assistant.serving.cache import AnswerCache
from assistant.settings import load_settings
from assistant.web.instructor.group_lists import LISTS, read_list
from index import open_or_build

LABELLED = Path(__file__).parent.parent / "data" / "same_questions.jsonl"
STUDENTS = 60
DAYS = 30
SHOWN = 10
LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. ``top`` counts the labels at the head of the first ten rows that belong to the true top ten.

    Labels that are asked as often as the tenth belong there as well as it does. ``share`` is how often the labels shown
    were asked, of how often the true top ten were. A row is a group as the pages rank it (those of both lists together),
    ``nested`` counts those that stand below the first ten, ``nested_right`` those of them that mostly ask the same as
    the group above. ``top_merged`` is ``top`` after an instructor looked at the ``offers`` of the first groups and took
    ``taken`` of them.
    """

    questions: int
    groups: int
    precision: float
    recall: float
    cross_precision: float
    cross_recall: float
    top: int
    share: float
    nested: int
    nested_right: int
    seconds: float
    offers: int = 0
    taken: int = 0
    top_merged: int = 0


def draw(rows: list[dict[str, str]], count: int, seed: int) -> list[dict[str, str]]:
    """Return ``count`` questions: their label drawn with weight 1 / rank, then one of its wordings."""
    chance = np.random.default_rng(seed)
    labels = sorted({row["group"] for row in rows})
    order = chance.permutation(labels)
    weights = 1.0 / np.arange(1, len(order) + 1)
    drawn = chance.choice(order, size=count, p=weights / weights.sum())
    wordings = {label: [row for row in rows if row["group"] == label] for label in labels}
    return [wordings[label][int(chance.integers(len(wordings[label])))] for label in drawn]


def pairs(events: list[tuple[str, str, int]], *, across: bool) -> tuple[float, float]:
    """Return pairwise precision and recall over all events (label, language, group); ``across``: two languages only."""
    together, same, both = Counter[str](), Counter[str](), Counter[str]()
    for language in ("", "ko", "en") if across else ("",):
        sign = -1 if language else 1
        chosen = [event for event in events if not language or event[1] == language]
        for counter, key in ((together, 2), (same, 0), (both, None)):
            sizes = Counter((event[0], event[2]) if key is None else event[key] for event in chosen)
            counter["pairs"] += sign * sum(size * (size - 1) // 2 for size in sizes.values())
    return both["pairs"] / max(together["pairs"], 1), both["pairs"] / max(same["pairs"], 1)


def run(count: int, seed: int) -> Figures:
    """Let the class ask, and measure."""
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    drawn = draw(rows, count, seed)
    index = open_or_build(load_settings())
    assistant = Assistant(index, cache=AnswerCache())
    started = time.perf_counter()
    now = time.time()
    moments = iter(np.sort(np.random.default_rng(seed).uniform(now - DAYS * 86_400, now, count)))
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(database_url(None, Path(folder)))
        with FaqService(database, lambda: index, clock=lambda: float(next(moments, now))) as desk:
            for number, row in enumerate(drawn):
                desk.log.record(assistant.ask(row["query"]), session=f"student {number % STUDENTS}")
            if not desk.settle(120):
                raise SystemExit("The questions were not stored in time.")
            figures = measure(database, drawn, time.perf_counter() - started)
            offers, taken = merge_what_is_offered(desk, drawn)
            desk.settle(120)
            merged = measure(database, drawn, 0.0)
            return replace(figures, offers=offers, taken=taken, top_merged=merged.top)


def merge_what_is_offered(desk: FaqService, drawn: list[dict[str, str]]) -> tuple[int, int]:
    """Merge into each of the first groups what is offered and mostly asks the same; return how many of how many."""
    label_of = {row["query"]: row["group"] for row in drawn}
    offers = taken = 0
    assert desk.grouper is not None
    for place in range(LOOKED_AT):
        with desk.database.reading() as connection:
            groups = read_summaries(connection, int(time.time() * 1000))
            labels = {
                group.identifier: label(read_phrasings(connection, group.identifier), label_of) for group in groups
            }
        if place >= len(groups):
            break
        group = groups[place].identifier
        for match in desk.grouper.perhaps_the_same(group):
            offers += 1
            if labels[match.cluster] == labels[group]:
                desk.grouper.merge(group, match.cluster)
                taken += 1
    return offers, taken


def label(phrasings: Sequence[Phrasing], label_of: dict[str, str]) -> str:
    """Return the label of most questions of a group."""
    counts = Counter[str]()
    for phrasing in phrasings:
        counts[label_of.get(phrasing.text, "")] += phrasing.count
    return counts.most_common(1)[0][0]


def measure(database: Database, drawn: list[dict[str, str]], seconds: float) -> Figures:
    """Return the figures of what the database holds."""
    label_of = {row["query"]: row["group"] for row in drawn}
    with database.reading() as connection:
        groups = read_summaries(connection, int(time.time() * 1000))
        ranked = [row for name in LISTS for row in read_list(connection, int(time.time() * 1000), name).rows]
        wordings = {group.identifier: read_phrasings(connection, group.identifier) for group in groups}
    events = [
        (label_of[p.text], p.language, p.cluster)
        for phrasings in wordings.values()
        for p in phrasings
        if p.text in label_of
        for _ in range(p.count)
    ]
    asked = Counter(row["group"] for row in drawn)
    true_top = asked.most_common(SHOWN)
    right = {label for label, count in asked.items() if count >= true_top[-1][1]}
    labels = {number: label(phrasings, label_of) for number, phrasings in wordings.items()}
    rows = sorted(ranked, key=lambda row: -row.likely_count)[:SHOWN]
    shown = {labels[row.group.identifier] for row in rows}
    nested = [labels[below.identifier] == labels[row.group.identifier] for row in rows for below in row.nested]
    return Figures(
        len(events), len(groups), *pairs(events, across=False), *pairs(events, across=True),
        len(shown.intersection(right)), sum(asked[label] for label in shown) / sum(count for _, count in true_top),
        len(nested), sum(nested), seconds,
    )  # fmt: skip


def main() -> None:
    """Print the figures of several classes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    for seed in range(options.seeds):
        print(seed, run(options.questions, seed), flush=True)


if __name__ == "__main__":
    main()
