"""Ways to rank documents from the same index that hybrid search is held against."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.ranking import unit_range
from index.retriever import HybridRetriever

DEPTH = 1000
"""Documents that each list gives to a fusion."""
RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""

Scores = NDArray[np.float64]
Fuse = Callable[[Scores, Scores], Scores]


class Baselines:
    """Ranks the documents of a retriever's index by dense vectors, by BM25, and by two fixed fusions of both."""

    def __init__(self, retriever: HybridRetriever) -> None:
        self._retriever = retriever
        self._generation = retriever.generation
        names = [chunk.document_id for chunk in self._generation.contents.chunks]
        self._documents, self._document_of = np.unique(names, return_inverse=True)

    def documents(self, fuse: Fuse, query: str, k: int) -> list[str]:
        """The best k documents for a question, each ranked by its best passage."""
        dense = self._best(self._generation.contents.vectors @ self._retriever.vector(query))
        lexical = self._best(self._generation.lexical.scores(query))
        fused = fuse(dense, lexical)
        order = np.argsort(-fused, kind="stable")[:k]
        return [str(self._documents[row]) for row in order if np.isfinite(fused[row])]

    def _best(self, passages: NDArray[np.float32]) -> Scores:
        """For each document the best score of its passages."""
        best = np.full(len(self._documents), -np.inf)
        np.maximum.at(best, self._document_of, passages.astype(float))
        return best


def dense_only(dense: Scores, lexical: Scores) -> Scores:
    """Cosine similarity."""
    return dense


def lexical_only(dense: Scores, lexical: Scores) -> Scores:
    """BM25; documents that share no term with the question are not found."""
    return np.where(lexical > 0, lexical, -np.inf)


def reciprocal_rank(dense: Scores, lexical: Scores) -> Scores:
    """The sum over both lists of 1 / (60 + rank); documents in neither list are not found."""
    fused = np.zeros(len(dense))
    for scores in (dense_only(dense, lexical), lexical_only(dense, lexical)):
        top = _top(scores)
        fused[top] += 1 / (RRF_K + 1 + np.arange(len(top)))
    return np.where(fused > 0, fused, -np.inf)


def min_max(dense: Scores, lexical: Scores) -> Scores:
    """The mean of both scores, each scaled to 0..1 over the documents that either list holds."""
    pool = np.union1d(_top(dense), _top(lexical_only(dense, lexical)))
    fused = np.full(len(dense), -np.inf)
    fused[pool] = (unit_range(dense[pool]) + unit_range(lexical[pool])) / 2
    return fused


FUSIONS: dict[str, Fuse] = {"dense": dense_only, "bm25": lexical_only, "rrf60": reciprocal_rank, "minmax": min_max}


def _top(scores: Scores) -> NDArray[np.int64]:
    """The rows of the best documents, best first."""
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return order[np.isfinite(scores[order])]
