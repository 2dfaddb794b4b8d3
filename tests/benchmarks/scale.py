"""How a search grows with the notes: ``python tests/benchmarks/scale.py [--passages 1000 10000 100000]``.

Courses of the wanted size are copies of ``content/`` whose headings carry a mark of their copy. Everything is real but
their vectors: a copy's is the original's with noise (cosine about 0.8), so that no hour goes into encoding. A search is
given as a ratio to the encoder's own forward pass in the same run, its recall against exact search.
"""

import argparse
import re
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index import IndexSettings, environment, load_encoder, read_settings
from index.build import build
from index.course_index import ENCODER_CACHE
from index.encoding.centring import Vectors, centre, mean_vector, unit
from index.encoding.encoder import Encoder
from index.evaluating.labelled_questions import load_questions
from index.ranking.dense import GrainIndex
from index.records import Grain
from index.search import Searcher
from index.settings import ASSISTANT_NAMES
from index.store import StoredIndex, load

ROOT = Path(__file__).parents[2]
PASSAGES_A_COPY = 609
QUESTIONS = 100
TARGET = 1.25
_NOISE = 0.75
_MARK = re.compile(r" \(copy\d+\)")


class NoisyCopies:
    """Encodes a marked text as what it is a copy of, plus noise of its own; questions as they are."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self.fingerprint = f"noisy copies of {encoder.fingerprint}"
        self.width = encoder.width

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the encoder's own vectors."""
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Vectors:
        """Return ``(n, width)`` unit vectors around those of the originals."""
        originals = [_MARK.sub("", text) for text in texts]
        fresh = [text for text in dict.fromkeys(originals) if text not in self._known]
        if fresh:
            self._known |= dict(zip(fresh, self._encoder.encode_passages(fresh), strict=True))
        mean = np.mean(list(self._known.values()), axis=0)
        rows = np.stack([self._known[text] for text in originals])
        noise = np.stack([self._noise(text) for text in texts])
        spread = np.linalg.norm(rows - mean, axis=1, keepdims=True)
        if progress:
            progress(len(texts))
        return unit(rows + _NOISE * spread * noise)

    def _noise(self, text: str) -> Vectors:
        return unit(np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.width).astype(np.float32))


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000])
    options = parser.parse_args()
    settings = read_settings(IndexSettings, environment(), ASSISTANT_NAMES)
    encoder = load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
    questions = [row.query for row in load_questions(ROOT / "content/questions") if row.golds][::2][:QUESTIONS]
    vectors = encoder.encode_questions(questions)
    print(
        "| passages | sections | forward pass, ms | search without it, ms | together ÷ forward | recall@10 | build, s |"
    )
    print("|---|---|---|---|---|---|---|")
    for size in options.passages:
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            stored = copies(Path(folder), round(size / PASSAGES_A_COPY) or 1, NoisyCopies(encoder))
            seconds = time.perf_counter() - started
        searcher = Searcher(stored)
        forward = timed(lambda n: encoder.encode_questions([questions[n]]), len(questions))
        search = timed(
            lambda n, searcher=searcher: searcher.search(searcher.read(questions[n], vectors[n]), 10), len(questions)
        )
        ratio = (forward + search) / forward
        print(
            f"| {len(stored.passages):,} | {len(stored.sections):,} | {forward:.1f} | {search:.1f} | "
            f"{ratio:.2f}{'' if ratio <= TARGET else ' (missed)'} | {recall(stored, questions, vectors):.3f} | {seconds:.0f} |",
            flush=True,
        )


def copies(folder: Path, count: int, encoder: Encoder) -> StoredIndex:
    """Return the index of ``count`` copies of the course."""
    notes = folder / "notes"
    for original in sorted((ROOT / "content").glob("*/*.md")):
        text = original.read_text(encoding="utf-8")
        for copy in range(count):
            target = notes / f"copy{copy}" / original.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(re.sub(r"(?m)^(#+ .*)$", rf"\1 (copy{copy})", text), encoding="utf-8")
    (notes / "glossary.yaml").write_bytes((ROOT / "content/glossary.yaml").read_bytes())
    build(notes, folder / "index", encoder, "noisy copies")
    return load(folder / "index")


def timed(work: Callable[[int], object], count: int) -> float:
    """Return the median milliseconds of ``work`` on the numbers below ``count``; the first call is not counted."""
    laps: list[float] = []
    work(0)
    for number in range(count):
        started = time.perf_counter()
        work(number)
        laps.append(time.perf_counter() - started)
    return 1000 * statistics.median(laps)


def recall(stored: StoredIndex, questions: Sequence[str], vectors: Vectors) -> float:
    """Return which share of the ten best sections of an exact search are among the ten found; 1.0 if it is exact."""
    if all(grain.exact for grain in stored.grains.values()):
        return 1.0
    grains: dict[Grain, GrainIndex] = {}
    for grain in Grain:
        rows = [number for number, passage in enumerate(stored.passages) if passage.grain is grain]
        chosen = stored.vectors[rows]
        owners = [stored.passages[row].section for row in rows]
        grains[grain] = GrainIndex.build(centre(chosen, mean_vector(chosen)), owners, exact_limit=len(rows))
    found, exact = (
        [
            {hit.section.number for hit in searcher.search(searcher.read(q, v), 10).hits}
            for q, v in zip(questions, vectors, strict=True)
        ]
        for searcher in (Searcher(stored), Searcher(replace(stored, grains=grains)))
    )
    return statistics.mean(len(a & b) / len(b) for a, b in zip(found, exact, strict=True))


if __name__ == "__main__":
    main()
