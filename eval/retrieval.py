"""Measures search on a data set: an index of its documents, every judged query, the standard measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ir_measures import AP, RR, Measure, R, nDCG

from corpus.knowledge import load_knowledge
from eval.beir import CORPUS_FILE, Dataset
from eval.errors import DatasetFault
from eval.fusions import FUSIONS, Baselines
from eval.ranking import documents_of, measure
from index.build import Progress, build
from index.config import IndexSettings
from index.embedding import Embedder
from index.retriever import HybridRetriever
from index.serving import current_name, open_current

MEASURES: dict[str, Measure] = {
    "nDCG@10": nDCG @ 10,
    "Recall@10": R @ 10,
    "Recall@100": R @ 100,
    "MRR@10": RR @ 10,
    "MAP": AP,
}
"""Of trec_eval, as BEIR reports them (Thakur et al. 2021): means over the judged queries."""

Search = Callable[[str, int], list[str]]
"""The ids of the best k documents for a question."""

DEEPEST = 1000
"""Candidates of each list in the deepest search."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of one way to search; `name` is empty for the assistant's own."""

    name: str
    values: dict[str, float]

    def lines(self) -> Iterator[str]:
        """One measure a line, behind the name if there is one."""
        for measured, value in self.values.items():
            yield f"{self.name} {measured} {value:.4f}".lstrip()


def index_dataset(dataset: Dataset, settings: IndexSettings, embedder: Embedder, progress: Progress) -> None:
    """Index the documents of a data set; nothing is embedded again if they are unchanged.

    Raises:
        DatasetFault: the folder holds an index of something else, which would be lost.
    """
    if current_name(settings.index_dir) is not None:
        held = open_current(settings.index_dir).listing
        if any(Path(document.path).name != CORPUS_FILE for document in held):
            raise DatasetFault(f"{settings.index_dir} holds an index of other documents; give another --index.")
    build(settings, load_knowledge(), embedder, documents=dataset.documents, bundled=False, progress=progress)


def measure_search(
    dataset: Dataset, settings: IndexSettings, embedder: Embedder, k: int, with_baselines: bool, progress: Progress
) -> list[Measured]:
    """The measures of hybrid search over an indexed data set, then of the baselines if asked for.

    Args:
        dataset: its judged queries are searched.
        settings: where the index lies, and how deep a search goes.
        embedder: the one that made the index.
        k: documents to be ranked for each query.
        with_baselines: whether to measure `eval.fusions` on the same index.
        progress: told of the queries searched.
    """
    search = DocumentSearch(settings, embedder)
    ways: dict[str, Search] = {"": search.documents}
    if with_baselines:
        baselines = Baselines(search.retriever)
        ways |= {name: partial(baselines.documents, fuse) for name, fuse in FUSIONS.items()}
    rankings: dict[str, dict[str, list[str]]] = {name: {} for name in ways}
    for number, (query, text) in enumerate(dataset.queries.items(), start=1):
        for name, way in ways.items():
            rankings[name][query] = way(text, k)
        progress(number, len(dataset.queries))
    return [Measured(name, _measured(dataset, ranked)) for name, ranked in rankings.items()]


class DocumentSearch:
    """Hybrid search that ranks documents by their best passage."""

    def __init__(self, settings: IndexSettings, embedder: Embedder) -> None:
        self.retriever = HybridRetriever(settings=settings, embedder=embedder)
        self.retriever.search("open the index", 1)
        deeper = settings.model_copy(update={"candidates": DEEPEST})
        self._deeper = self.retriever.model_copy(update={"settings": deeper})  # shares the open index and the vectors

    def documents(self, query: str, k: int) -> list[str]:
        """The best k documents: those that the assistant's own search finds, then those of a deeper one.

        A deeper search weighs its candidates anew, so that it only fills the ranks that are left.
        """
        found = documents_of(self.retriever.search(query, DEEPEST))
        if len(found) < k:
            found = list(dict.fromkeys([*found, *documents_of(self._deeper.search(query, 2 * DEEPEST))]))
        return found[:k]


def _measured(dataset: Dataset, rankings: dict[str, list[str]]) -> dict[str, float]:
    values = measure(tuple(MEASURES.values()), dataset.judged, rankings)
    return {name: values[str(kind)] for name, kind in MEASURES.items()}
