"""The parts of `python -m eval bench`, on three documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.bench import cold_search

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
    done = command("bench", "--index", index_dir, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    bench = json.loads((tmp_path / "out" / "bench.json").read_text())
    ask, build = bench["ask"], bench["build"]
    assert ask["questions"] == 4
    assert ask["median_ratio"] == pytest.approx(ask["ask_median_ms"] / ask["encode_median_ms"])
    assert 0 < ask["median_ratio"] <= ask["p95_ratio"]
    assert build["embedded_again"] == 0
    assert build["passages"] == 1
    assert build["ratio"] == pytest.approx(build["build_rate"] / build["encode_rate"])
    assert bench["cold_search_s"] > 0.5
    assert bench["cold_search_peak_mib"] > 100
    assert bench["machine"]["cores"] >= 1
    assert "build / encode: " in done.out
    assert "embedded again by a second build: 0" in done.out


def test_a_search_that_fails_is_no_time(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="non-zero exit status 2"):
        cold_search(tmp_path / "nothing", "knee")
