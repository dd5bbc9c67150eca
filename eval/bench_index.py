"""How fast the index is beside LangChain with Chroma, as it grows, and when a document changes."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.knowledge import load_knowledge
from eval.made import MadeEmbedder, sentences_of, write_library
from eval.rival import SentenceTransformers, fill, open_store, search
from eval.timing import measured, seconds
from index.build import build
from index.config import IndexSettings
from index.embedding import TextEmbedder
from index.retriever import HybridRetriever
from index.store import Generation

SMALL = 1_000
"""Passages from which growth is counted."""
DOCUMENTS = 1_500
"""Documents of one passage, of which one changes."""
PASSAGES_EACH = 10
"""Passages of a document of a library that grows."""
K = 10


@dataclass(frozen=True, slots=True)
class BesideTimes:
    """A warm hybrid search, text in and ten passages out, beside LangChain's dense one over the same texts.

    Searches are taken turn about. A cold one is a whole process, from start to end.
    """

    passages: int
    search_ms: float
    langchain_ms: float
    ratio: float
    cold_s: float
    langchain_cold_s: float
    cold_ratio: float
    peak_mib: float
    langchain_peak_mib: float


@dataclass(frozen=True, slots=True)
class GrowthTimes:
    """A warm search of a small library and of a large one, each in a process of its own, and a build of nothing new."""

    small: int
    large: int
    small_ms: float
    large_ms: float
    ratio: float
    small_mib: float
    large_mib: float
    large_build_s: float
    large_unchanged_s: float


@dataclass(frozen=True, slots=True)
class ChangeTimes:
    """A build after one of many documents has changed; vectors cost nothing, so that the rest of the work is seen."""

    documents: int
    first_s: float
    changed_s: float
    embedded: int


def time_beside(generation: Generation, settings: IndexSettings, questions: Sequence[str], starts: int) -> BesideTimes:
    """Both on the passages of an index.

    Raises:
        BenchFault: langchain-chroma is not installed.
    """
    ours = HybridRetriever(settings=settings, embedder=TextEmbedder(settings.embedder))
    with TemporaryDirectory(prefix="msc-langchain-") as folder:
        store = open_store(Path(folder), SentenceTransformers())
        fill(store, [chunk.embedded for chunk in generation.contents.chunks], generation.contents.vectors)
        ours.search("warm up", K)
        search(store, "warm up")
        mine, theirs = [], []
        for question in questions:
            mine.append(seconds(ours.search, question, K))
            theirs.append(seconds(search, store, question))
        command = [sys.executable, "-m", "index", "search", questions[0], "--index", str(settings.index_dir)]
        cold = [measured(command) for _ in range(starts)]
        rival = [measured([sys.executable, "-m", "eval.rival", folder, questions[0]]) for _ in range(starts)]
    mine_s, theirs_s = statistics.median(mine), statistics.median(theirs)
    cold_s, rival_s = (statistics.median(took for took, _ in runs) for runs in (cold, rival))
    return BesideTimes(
        passages=len(generation.contents.chunks),
        search_ms=1000 * mine_s,
        langchain_ms=1000 * theirs_s,
        ratio=mine_s / theirs_s,
        cold_s=cold_s,
        langchain_cold_s=rival_s,
        cold_ratio=cold_s / rival_s,
        peak_mib=max(peak for _, peak in cold),
        langchain_peak_mib=max(peak for _, peak in rival),
    )


def time_growth(generation: Generation, large: int, questions: Sequence[str]) -> GrowthTimes:
    """Libraries of 1,000 passages and of so many more, made of the sentences of an index."""
    embedder = MadeEmbedder(generation.contents.vectors, TextEmbedder())
    sentences = sentences_of(generation)
    found: dict[int, tuple[float, float]] = {}
    built = unchanged = 0.0
    with TemporaryDirectory(prefix="msc-growth-") as folder:
        for size in (SMALL, large):
            root = Path(folder) / str(size)
            write_library(root / "documents", sentences, size // PASSAGES_EACH, PASSAGES_EACH)
            settings = IndexSettings(index_dir=root / "index", embedder=embedder.name)
            built = _built(settings, embedder, root / "documents")
            unchanged = _built(settings, embedder, root / "documents")
            found[size] = _searched(settings.index_dir, questions)
    (small_ms, small_mib), (large_ms, large_mib) = found[SMALL], found[large]
    return GrowthTimes(SMALL, large, small_ms, large_ms, large_ms / small_ms, small_mib, large_mib, built, unchanged)


def time_change(generation: Generation) -> ChangeTimes:
    """One changed document among 1,500 of one passage each."""
    embedder = MadeEmbedder(generation.contents.vectors, TextEmbedder())
    with TemporaryDirectory(prefix="msc-change-") as folder:
        documents = Path(folder) / "documents"
        write_library(documents, sentences_of(generation), DOCUMENTS, 1)
        settings = IndexSettings(index_dir=Path(folder) / "index", embedder=embedder.name)
        first = _built(settings, embedder, documents)
        changed = documents / "7.md"
        changed.write_text(changed.read_text(encoding="utf-8") + "\nA zeppelin came by.\n", encoding="utf-8")
        begun = time.perf_counter()
        report = build(settings, load_knowledge(), embedder, [documents])
        return ChangeTimes(DOCUMENTS, first, time.perf_counter() - begun, report.embedded)


def _built(settings: IndexSettings, embedder: MadeEmbedder, documents: Path) -> float:
    return seconds(build, settings, load_knowledge(), embedder, [documents])


def _searched(index_dir: Path, questions: Sequence[str]) -> tuple[float, float]:
    """The median milliseconds of a warm search, and the peak memory in MiB of a process that does nothing else."""
    file = index_dir.with_suffix(".ms")
    _, peak = measured([sys.executable, "-m", "eval.searching", str(index_dir), str(file), *questions])
    return float(file.read_text(encoding="utf-8")), peak
