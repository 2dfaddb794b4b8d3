"""Each retrieval signal switched off in turn, beside the plain recipes with the same encoder.

Prints Markdown tables with 95% bootstrap intervals for docs/retrieval.md.

usage: PYTHONPATH=. python tests/benchmarks/retrieval.py [--notes DIR] [--questions FILE]
"""

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from index import CourseIndex, IndexSettings, environment, open_or_build, read_settings
from index.encoding.centring import unit
from index.evaluating.intervals import Estimate
from index.evaluating.labelled_questions import (
    LabelledQuestion,
    RankedQuestion,
    load_questions,
    relevant_keys,
    retrieval_table,
)
from index.ranking.dense import GrainIndex
from index.records import Decision, Grain, SearchResult
from index.search import Searcher
from index.settings import ASSISTANT_NAMES
from index.store import StoredIndex

Scores = npt.NDArray[np.float32]
Ranker = Callable[[str], Scores]
NOTHING = SearchResult("", "en", (), Decision(True, 1.0, ()))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--questions", type=Path, default=Path("content/questions"))
    options = parser.parse_args()
    settings = read_settings(IndexSettings, environment(), ASSISTANT_NAMES)
    if options.notes:
        settings = settings.model_copy(update={"dir": options.notes})
    course = open_or_build(settings)
    questions = [question for question in load_questions(options.questions) if relevant_keys(question, course.sections)]
    print(
        f"| {settings.dir.name}, {len(questions)} questions | hit@1 | hit@3 | hit@10 | nDCG@10 |\n|---|---|---|---|---|"
    )
    for name, ranker in recipes(course):
        print_row(name, course, questions, ranker)


def print_row(name: str, course: CourseIndex, questions: Sequence[LabelledQuestion], ranker: Ranker) -> None:
    """Print one row of the table: the ranker's scores over all sections, editions counted once."""
    keys = [section.edition_key for section in course.sections]
    outcomes: list[RankedQuestion] = []
    for question in questions:
        order = np.argsort(-ranker(question.query), kind="stable")
        found = tuple(dict.fromkeys(keys[number] for number in order))[:10]
        outcomes.append(RankedQuestion(question, found, relevant_keys(question, course.sections), NOTHING, 0.0))
    row = retrieval_table(outcomes)["all"]
    cells = (row[measure] for measure in ("hit@1", "hit@3", "hit@10", "ndcg@10"))
    print(f"| {name} | " + " | ".join(cell(value) for value in cells if isinstance(value, Estimate)) + " |", flush=True)


def cell(value: Estimate) -> str:
    """Return the mean with its interval."""
    return f"{value.mean:.3f} [{value.low:.2f}, {value.high:.2f}]"


def recipes(course: CourseIndex) -> Iterator[tuple[str, Ranker]]:
    """Yield the plain recipes, then the product with one signal off in turn, then the product."""
    plain, bm25 = quickstart(course), okapi(course)
    yield "recursive splitter, 1,000 characters, plain cosine", plain
    yield "section chunks, plain cosine", section_chunks(course)
    yield "BM25 on Kiwi and Porter terms", bm25
    yield "reciprocal-rank fusion of the two", lambda query: fused_ranks([plain(query), bm25(query)])
    for name, changes in (
        ("without known questions", {"fusion.KNOWN_WEIGHT": 0.0}),
        ("without groups of known questions", {"known_questions.GROUP_SHARE": 0.0}),
        ("without words", {"fusion.LEXICAL_WEIGHT": 0.0}),
        ("without lines", {"fusion.LINE_WEIGHT": 0.0}),
        ("without heading paths", {"fusion.HEADING_WEIGHT": 0.0}),
        ("all signals", {}),
    ):
        yield name, product(course, changes)
    yield "… not centred", product(course, {}, centred=False)


def product(course: CourseIndex, weights: dict[str, float], *, centred: bool = True) -> Ranker:
    """Return the product's ranker with other weights, given by module and name."""
    searcher = course.searcher if centred else Searcher(uncentred(course))

    def scores(query: str) -> Scores:
        with ExitStack() as stack:
            for name, value in weights.items():
                stack.enter_context(patch(f"index.ranking.{name}", value))
            ranking = searcher.rank(searcher.read(query, course.vector(query)), None)
        values = np.full(len(course.sections), -np.inf, dtype=np.float32)
        values[ranking.sections] = ranking.scores
        return values

    return scores


def uncentred(course: CourseIndex) -> StoredIndex:
    """Return the stored index with plain vectors, no question means, and no groups, which need centred vectors."""
    stored = course.searcher.stored
    grains: dict[Grain, GrainIndex] = {}
    for grain in Grain:
        rows = [number for number, passage in enumerate(stored.passages) if passage.grain is grain]
        grains[grain] = GrainIndex.build(unit(stored.vectors[rows]), [stored.passages[row].section for row in rows])
    zeros = {language: vectors * 0 for language, vectors in stored.question_vectors.items()}
    known = replace(stored.known, weights=stored.known.weights[:0])
    return replace(stored, grains=grains, question_vectors=zeros, known=known)


def quickstart(course: CourseIndex) -> Ranker:
    """Return the usual recipe: notes cut every 1,000 characters with 200 of overlap, plain cosine, no headings."""
    texts: list[str] = []
    owners: list[int] = []
    for note in course.notes:
        for start in range(0, max(len(note.text), 1), 800):
            piece = note.text[start : start + 1000]
            line = note.text.count("\n", 0, start + len(piece) // 2) + 1
            owner = next(
                s.number for s in note.sections if s.first_line <= line <= s.last_line or s is note.sections[-1]
            )
            texts.append(piece)
            owners.append(owner)
    vectors = unit(course.encode_passages(texts))
    return lambda query: best_of(vectors @ course.vector(query), owners, len(course.sections))


def section_chunks(course: CourseIndex) -> Ranker:
    """Return plain cosine over the product's own chunks."""
    stored = course.searcher.stored
    rows = [number for number, passage in enumerate(stored.passages) if passage.grain is Grain.CHUNK]
    vectors, owners = unit(stored.vectors[rows]), [stored.passages[row].section for row in rows]
    return lambda query: best_of(vectors @ course.vector(query), owners, len(course.sections))


def best_of(scores: Scores, owners: Sequence[int], count: int) -> Scores:
    """Return the best score of each section's texts."""
    best = np.full(count, -np.inf, dtype=np.float32)
    np.maximum.at(best, np.array(owners), scores)
    return best


def okapi(course: CourseIndex, k1: float = 1.5, b: float = 0.75) -> Ranker:
    """Return BM25 (Robertson and Zaragoza 2009) over sections, on the product's own terms."""
    extractor = course.extractor
    bags = [
        Counter(
            key
            for term in extractor.extract("\n".join([*section.heading_path, *(block.text for block in section.blocks)]))
            for key in term.keys
        )
        for section in course.sections
    ]
    lengths = np.array([sum(bag.values()) for bag in bags], dtype=float)
    frequency = Counter(key for bag in bags for key in bag)

    def scores(query: str) -> Scores:
        total = np.zeros(len(bags), dtype=np.float32)
        for key in {key for term in extractor.extract(query) for key in term.keys}:
            if frequency[key]:
                idf = math.log(1 + (len(bags) - frequency[key] + 0.5) / (frequency[key] + 0.5))
                counts = np.array([bag[key] for bag in bags], dtype=float)
                norm = counts + k1 * (1 - b + b * lengths / lengths.mean())
                total += (idf * counts * (k1 + 1) / norm).astype(np.float32)
        return total

    return scores


def fused_ranks(lists: Sequence[Scores], constant: int = 60) -> Scores:
    """Return reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009)."""
    total = np.zeros(len(lists[0]), dtype=np.float32)
    for scores in lists:
        ranks = np.empty(len(scores))
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        total += (1 / (constant + ranks)).astype(np.float32)
    return total


if __name__ == "__main__":
    main()
