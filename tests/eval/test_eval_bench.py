"""The parts of `python -m eval bench`, on three documents."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import FakeEmbeddings

from eval.errors import BenchFault
from eval.rival import open_store
from eval.timing import measured

Command = Callable[..., Any]


def test_measures_everything_and_writes_it(
    command: Command, cases_file: Path, index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundled corpus and the gold questions are made small; the rest is what `bench` does."""
    gold, small = tmp_path / "gold", tmp_path / "small"
    gold.mkdir()
    small.mkdir()
    cases_file.rename(gold / "cases.yaml")
    (small / "knee.md").write_text("# Knee\n\nA trial of MSC injections enrolled 480 people.\n")
    monkeypatch.setattr("eval.cases.GOLD_DIR", gold)
    monkeypatch.setattr("index.loading.DOCUMENTS_DIR", small)
    monkeypatch.setattr("index.build.register_documents", lambda knowledge: [])
    monkeypatch.setattr("eval.bench.COLD_STARTS", 1)
    monkeypatch.setattr("eval.bench_index.SMALL", 100)
    monkeypatch.setattr("eval.bench_index.DOCUMENTS", 20)
    done = command("bench", "--index", index_dir, "--out", tmp_path / "out", "--passages", "2000")
    assert done.code == 0, done.err
    bench = json.loads((tmp_path / "out" / "bench.json").read_text())
    ask, build = bench["ask"], bench["build"]
    assert ask["questions"] == 4
    assert ask["median_ratio"] == pytest.approx(ask["ask_median_ms"] / ask["encode_median_ms"])
    assert 0 < ask["median_ratio"] <= ask["p95_ratio"]
    assert build["embedded_again"] == 0
    assert build["passages"] == 1
    assert build["ratio"] == pytest.approx(build["build_rate"] / build["encode_rate"])
    beside, growth, change = bench["beside"], bench["growth"], bench["change"]
    assert beside["ratio"] == pytest.approx(beside["search_ms"] / beside["langchain_ms"])
    assert beside["cold_ratio"] == pytest.approx(beside["cold_s"] / beside["langchain_cold_s"])
    assert min(beside["peak_mib"], beside["langchain_peak_mib"], growth["small_mib"]) > 100
    assert (growth["small"], growth["large"]) == (100, 2000)
    assert growth["ratio"] == pytest.approx(growth["large_ms"] / growth["small_ms"])
    assert (change["documents"], change["embedded"]) == (20, 1)
    assert bench["machine"]["cores"] >= 1
    for said in ("build / encode: ", "search / LangChain: ", "cold start / LangChain: ", "one of 20 documents changed"):
        assert said in done.out
    assert "embedded again by a second build: 0" in done.out


def test_a_command_that_fails_has_no_time(tmp_path: Path) -> None:
    search = [sys.executable, "-m", "index", "search", "knee", "--index", str(tmp_path / "nothing")]
    with pytest.raises(Exception, match="non-zero exit status 2"):
        measured(search)


def test_without_langchains_store_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_chroma", None)
    with pytest.raises(BenchFault, match=r"pip install -e '.\[bench\]'"):
        open_store(tmp_path, FakeEmbeddings(size=4))
