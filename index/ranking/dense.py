"""Signal: centred cosine between a question and the passages of one grain, in a FAISS index."""

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.encoding.centring import Vectors

EXACT_LIMIT = 50_000
_NEIGHBOURS = 32
_SEARCH_BREADTH = 256
Rows = npt.NDArray[np.int64]


class GrainIndex:
    """The passages of one grain, ordered by section, searched by inner product.

    :param faiss_index: Centred vectors of unit length, one row a passage.
    :param sections: ``(n,)`` int64, ascending: the section number of every row.
    """

    def __init__(self, faiss_index: faiss.Index, sections: Rows) -> None:
        if faiss_index.ntotal != len(sections):
            raise ValueError(f"{faiss_index.ntotal} vectors for {len(sections)} passages")
        self.faiss_index = faiss_index
        self.sections = sections
        self._vectors: Vectors = _stored_vectors(faiss_index)

    @classmethod
    def build(cls, vectors: Vectors, sections: Sequence[int], exact_limit: int = EXACT_LIMIT) -> "GrainIndex":
        """Index ``(n, d)`` centred vectors: exactly up to ``exact_limit`` rows, beyond that with an HNSW graph.

        HNSW: Malkov and Yashunin 2018, arXiv:1603.09320.
        """
        width = vectors.shape[1]
        if len(vectors) <= exact_limit:
            faiss_index: faiss.Index = faiss.IndexFlatIP(width)
        else:
            faiss_index = faiss.IndexHNSWFlat(width, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            faiss_index.hnsw.efSearch = _SEARCH_BREADTH
        faiss_index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(faiss_index, np.asarray(sections, dtype=np.int64))

    @property
    def exact(self) -> bool:
        """Whether every passage is compared, rather than those that a graph leads to."""
        return isinstance(self.faiss_index, faiss.IndexFlat)

    @property
    def vectors(self) -> Vectors:
        """The vectors of all rows, ``(n, d)``; a view of those that FAISS holds."""
        return self._vectors

    def nearest_sections(self, question: Vectors, count: int) -> Rows:
        """Return the numbers of the sections of the ``count`` passages nearest to the ``(d,)`` question, unordered."""
        _, rows = self.faiss_index.search(question[None, :], min(count, len(self.sections)))
        found = rows[0]
        return np.unique(self.sections[found[found >= 0]])

    def best_scores(self, question: Vectors, sections: Rows) -> Vectors:
        """Return for each of the ascending ``sections`` its best cosine, -1 where it has no passage of this grain."""
        first = np.searchsorted(self.sections, sections, side="left")
        counts = np.searchsorted(self.sections, sections, side="right") - first
        scores = np.full(len(sections), -1.0, dtype=np.float32)
        present = np.flatnonzero(counts)
        if len(present):
            starts = np.cumsum(counts[present]) - counts[present]
            scores[present] = np.maximum.reduceat(self._cosines(question, first[present], counts[present]), starts)
        return scores

    def _cosines(self, question: Vectors, first: Rows, counts: Rows) -> Vectors:
        """Return the cosines of the rows ``first`` to ``first + counts``, one stretch after the other."""
        total = int(counts.sum())
        if total == len(self.sections):  # all rows: one product instead of a copy of the matrix
            return self._vectors @ question
        offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._vectors[np.repeat(first, counts) + offsets] @ question

    def rows_of(self, section: int) -> tuple[int, int]:
        """Return the first row of a section and the row after its last."""
        first, end = np.searchsorted(self.sections, [section, section + 1])
        return int(first), int(end)

    def cosines_of(self, question: Vectors, section: int) -> Vectors:
        """Return the cosines of a section's passages, in their order."""
        first, end = self.rows_of(section)
        return self._vectors[first:end] @ question


def _stored_vectors(faiss_index: Any) -> Vectors:  # noqa: ANN401 - FAISS ships no types for its storage
    """Return a view of the vectors inside an index, ``(n, d)`` float32; it lives as long as the index."""
    flat = isinstance(faiss_index, faiss.IndexFlat)
    storage: Any = faiss_index if flat else faiss.downcast_index(faiss_index.storage)
    if not storage.ntotal:
        return np.zeros((0, storage.d), dtype=np.float32)
    return faiss.rev_swig_ptr(storage.get_xb(), storage.ntotal * storage.d).reshape(storage.ntotal, storage.d)
