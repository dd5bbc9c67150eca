"""`python -m eval retrieval` on a data set whose measures are worked out by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.fusions import dense_only, lexical_only, min_max, reciprocal_rank

Command = Callable[..., Any]


def measures(out: str) -> dict[str, float]:
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in out.splitlines())}


def test_measures_are_those_worked_out_by_hand(command: Command, dataset: Path) -> None:
    """q-cartilage finds its document first, q-engine its document second, q-moon the lesser of two first.

    The gains of q-moon are 1 at rank 1 and 2 at rank 2; at best they would be 2 and 1.
    """
    done = command("retrieval", dataset)
    second = 1 / math.log2(3)
    ndcg = (1 + second + (1 + 2 * second) / (2 + second)) / 3
    assert done.code == 0
    assert done.out.splitlines() == [
        f"nDCG@10 {ndcg:.4f}",
        "Recall@10 1.0000",
        "Recall@100 1.0000",
        f"MRR@10 {(1 + 0.5 + 1) / 3:.4f}",
        f"MAP {(1 + 0.5 + 1) / 3:.4f}",
        "queries 3",
    ]
    assert "kept out: 1 documents without text" in done.err


def test_an_index_that_fits_is_used_again(command: Command, dataset: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = command("retrieval", dataset, "--index", index)
    pointer = (index / "CURRENT").read_text()
    assert command("retrieval", dataset, "--index", index).out == first.out
    assert (index / "CURRENT").read_text() == pointer


def test_compare_adds_the_measures_of_each_other_way(command: Command, dataset: Path) -> None:
    found = measures(command("retrieval", dataset, "--compare").out)
    names = ("nDCG@10", "Recall@10", "Recall@100", "MRR@10", "MAP")
    ways = ("dense", "bm25", "rrf60", "minmax")
    assert set(found) == {"queries", *names, *(f"{way} {name}" for way in ways for name in names)}
    # "A diesel engine ignites …" shares "engine" with two documents only: BM25 finds both.
    assert found["bm25 Recall@10"] == 1.0
    assert found["dense MRR@10"] == pytest.approx(2.5 / 3, abs=1e-4)


def test_ranks_as_many_documents_as_asked_for_beyond_the_candidates(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one relevant document is the least similar of 40, and a search weighs 10 candidates a list."""
    monkeypatch.setenv("MSC_CANDIDATES", "10")
    folder = tmp_path / "deep"
    (folder / "qrels").mkdir(parents=True)
    texts = {f"k{number}": f"Trial {number} injected stromal cells into the knee." for number in range(39)}
    rows = [{"_id": name, "title": "", "text": text} for name, text in {**texts, "far": "Barley."}.items()]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "stromal cells injected into the knee"}))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\tfar\t1\n")
    assert measures(command("retrieval", folder).out)["MAP"] == pytest.approx(1 / 40, abs=1e-4)


def test_an_index_of_something_else_is_not_overwritten(command: Command, dataset: Path, index_dir: Path) -> None:
    before = (index_dir / "CURRENT").read_text()
    done = command("retrieval", dataset, "--index", index_dir)
    assert done.code == 2
    assert "index of other documents" in done.err
    assert (index_dir / "CURRENT").read_text() == before


@pytest.mark.parametrize(
    ("file", "line", "bad", "where", "what"),
    [
        ("corpus.jsonl", 2, "{not json", "corpus.jsonl:2", "not JSON"),
        ("corpus.jsonl", 2, "[1]", "corpus.jsonl:2", "not a JSON object"),
        ("corpus.jsonl", 3, '{"_id": "x", "title": "t"}', "corpus.jsonl:3", "'text' is None"),
        ("corpus.jsonl", 3, '{"_id": "wheat", "text": "t"}', "corpus.jsonl:3", "'wheat' is used twice"),
        ("corpus.jsonl", 3, '{"_id": "x", "text": "half \\ud800"}', "corpus.jsonl:3", "lone surrogate"),
        ("queries.jsonl", 1, '{"text": "no id"}', "queries.jsonl:1", "'_id' is None"),
        ("qrels/test.tsv", 2, "q-cartilage cartilage 1", "test.tsv:2", "tabs between"),
        ("qrels/test.tsv", 3, "q-engine\tunheard-of\t1", "test.tsv:3", "the document 'unheard-of'"),
        ("qrels/test.tsv", 4, "q-nobody\tmoon\t1", "test.tsv:4", "the query 'q-nobody'"),
    ],
)
def test_a_bad_line_is_named(
    command: Command, dataset: Path, file: str, line: int, bad: str, where: str, what: str
) -> None:
    path = dataset / file
    lines = path.read_text().splitlines()
    lines[line - 1] = bad
    path.write_text("\n".join(lines) + "\n")
    done = command("retrieval", dataset)
    assert done.code == 2
    assert where in done.err
    assert what in done.err


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(command: Command, dataset: Path, file: str) -> None:
    (dataset / file).unlink()
    done = command("retrieval", dataset)
    assert done.code == 2
    assert str(dataset / file) in done.err


def test_a_split_that_is_not_there_is_told_with_those_that_are(command: Command, dataset: Path) -> None:
    assert "there are: test" in command("retrieval", dataset, "--split", "dev").err


class TestFusions:
    """Four documents; dense order 0 1 2 3, BM25 finds 2 and 0 only."""

    dense = np.array([0.9, 0.7, 0.5, 0.1])
    lexical = np.array([2.0, 0.0, 6.0, 0.0])

    def test_single_lists(self) -> None:
        assert dense_only(self.dense, self.lexical).tolist() == [0.9, 0.7, 0.5, 0.1]
        assert lexical_only(self.dense, self.lexical).tolist() == [2.0, -np.inf, 6.0, -np.inf]

    def test_reciprocal_rank_fusion(self) -> None:
        expected = [1 / 61 + 1 / 62, 1 / 62, 1 / 63 + 1 / 61, 1 / 64]
        assert reciprocal_rank(self.dense, self.lexical).tolist() == pytest.approx(expected)

    def test_min_max_fusion(self) -> None:
        expected = [(1 + 1 / 3) / 2, 0.75 / 2, (0.5 + 1) / 2, 0]
        assert min_max(self.dense, self.lexical).tolist() == pytest.approx(expected)
