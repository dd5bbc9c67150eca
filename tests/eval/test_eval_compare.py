"""`python -m eval compare` on runs whose results are edited by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.compare import p_value
from eval.outcome import Score

Command = Callable[..., Any]


Edit = Callable[[str, Callable[[dict[str, Any]], None]], Path]


@pytest.fixture
def edited(finished: Path, tmp_path: Path) -> Edit:
    """Writes the results of a run, edited, into a file of a given name."""

    def write(name: str, edit: Callable[[dict[str, Any]], None]) -> Path:
        results = json.loads((finished / "results.json").read_text())
        edit(results)
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(results))
        return path

    return write


def test_a_run_against_itself(command: Command, finished: Path) -> None:
    done = command("compare", finished, finished / "results.json")
    assert done.code == 0
    assert "0 cases flipped" in done.out
    rows = [line.split("│") for line in done.out.splitlines() if line.startswith("│")]
    assert {row[4].strip() for row in rows} == {"0"}
    assert {row[5].strip() for row in rows} == {"1.0000"}


def test_a_case_that_got_worse(command: Command, finished: Path, edited: Edit) -> None:
    def worse(results: dict[str, Any]) -> None:
        row = next(row for row in results["cases"] if row["case"]["id"] == "liver-length")
        row["scores"]["facts_found"]["hits"] = 0.0
        row["answer"]["kind"] = "abstain"
        row["scores"]["kind_accuracy"]["hits"] = 0.0

    done = command("compare", finished, edited("after", worse))
    assert "1 cases flipped" in done.out
    assert "worse: liver-length: kind answer → abstain; facts_found 1.00 → 0.00; kind_accuracy 1.00 → 0.00" in done.out
    row = next(line for line in done.out.splitlines() if " facts_found " in line)
    assert [cell.strip() for cell in row.split("│")[2:5]] == ["0.7500", "0.2500", "-0.5000"]


def test_cases_that_only_one_run_has_are_named(command: Command, finished: Path, edited: Edit) -> None:
    def shorter(results: dict[str, Any]) -> None:
        results["cases"] = [row for row in results["cases"] if row["case"]["id"] != "weather"]
        results["cases"][0]["case"]["question"] = "Asked in other words?"

    out = command("compare", finished, edited("shorter", shorter)).out
    assert "1 cases only in the first run: weather" in out
    assert "1 cases with a gold answer that differs: knee-size" in out


def test_results_of_another_format(command: Command, finished: Path, edited: Edit) -> None:
    done = command("compare", finished, edited("old", lambda results: results.update(format=0)))
    assert done.code == 2
    assert "old.json: has format 0, this version reads 1" in done.err


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_a_file_that_is_no_result(command: Command, finished: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content)
    done = command("compare", finished, tmp_path / "other.json")
    assert done.code == 2
    assert "other.json" in done.err


def test_a_file_that_is_not_there(command: Command, finished: Path, tmp_path: Path) -> None:
    done = command("compare", finished, tmp_path / "gone")
    assert done.code == 2
    assert "gone" in done.err


def test_p_of_three_cases_that_all_got_better() -> None:
    """Of 8 ways to swap, 2 differ as much: none swapped and all swapped."""
    p = p_value([Score(0)] * 3, [Score(1)] * 3)
    assert p == pytest.approx(0.25, abs=0.02)
    assert p == p_value([Score(0)] * 3, [Score(1)] * 3)


def test_p_of_many_cases_that_all_got_better_is_small() -> None:
    assert p_value([Score(0)] * 30, [Score(1)] * 30) == pytest.approx(1 / 10_001)


def test_p_of_no_difference() -> None:
    assert p_value([Score(1), Score(0)], [Score(0), Score(1)]) == 1.0
