"""Rankings of documents and their standard measures, by `ir_measures`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from index.passages import Passage


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents best first, and how well the relevant ones rank (each measure from 0 to 1)."""

    documents: tuple[str, ...]
    ndcg_at_10: float
    recall_at_5: float
    recall_at_20: float
    mrr: float


def documents_of(passages: Iterable[Passage]) -> list[str]:
    """Ids of the passages' documents, each ranked by its best passage; the passages are given best first."""
    return list(dict.fromkeys(passage.document_id for passage in passages))


def rank_documents(documents: Sequence[str], relevant: Collection[str]) -> Ranking:
    """A ranking measured against the relevant documents, each judged 1."""
    judged = {"q": dict.fromkeys(relevant, 1)}
    measured = measure((nDCG @ 10, R @ 5, R @ 20, RR), judged, {"q": documents})
    return Ranking(tuple(documents), *(measured[str(name)] for name in (nDCG @ 10, R @ 5, R @ 20, RR)))


def measure(
    measures: Sequence[ir_measures.Measure],
    judged: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Means of measures over all judged queries, by the measure's name; a query with no ranking counts as zero.

    Args:
        measures: of `ir_measures`.
        judged: for each query its documents with their judgements (0 is irrelevant).
        rankings: for each query its documents, best first.
    """
    qrels = [Qrel(query, document, grade) for query, held in judged.items() for document, grade in held.items()]
    run = [
        ScoredDoc(query, document, -float(rank))
        for query, documents in rankings.items()
        for rank, document in enumerate(documents)
    ]
    return {str(name): float(value) for name, value in ir_measures.calc_aggregate(measures, qrels, run).items()}
