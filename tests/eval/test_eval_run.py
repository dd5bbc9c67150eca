"""`python -m eval run` and `gate`: real cases asked of a real index."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

Command = Callable[..., Any]


@pytest.fixture
def results(finished: Path) -> dict[str, Any]:
    return json.loads((finished / "results.json").read_text())


def by_id(results: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["case"]["id"]: row for row in results["cases"]}


class TestRun:
    def test_scores_of_each_case(self, results: dict[str, Any]) -> None:
        cases = by_id(results)
        assert list(cases) == ["knee-size", "liver-length", "weather", "hostile"]
        knee = cases["knee-size"]
        assert knee["answer"]["kind"] == "answer"
        assert "480 people" in knee["answer"]["text"]
        assert knee["scores"]["facts_found"] == {"hits": 0.5, "of": 1.0}
        assert knee["scores"]["vital_facts_found"]["hits"] == 1.0
        assert knee["scores"]["recall_at_5"]["hits"] == 1.0
        assert knee["documents"][0] == "knee"
        assert cases["weather"]["answer"]["kind"] == "abstain"
        assert "facts_found" not in cases["weather"]["scores"]

    def test_says_what_was_missed_and_why(self, results: dict[str, Any]) -> None:
        missed = by_id(results)["knee-size"]["missed"]
        fact = next(miss for miss in missed if miss["metric"] == "facts_found")
        assert fact["what"] == "sixty-three camels"
        assert fact["why"] == "no sentence of the case's documents says it"

    def test_figures_are_means_over_their_cases(self, results: dict[str, Any]) -> None:
        figures = {figure["name"]: figure for figure in results["figures"]}
        assert (figures["facts_found"]["value"], figures["facts_found"]["cases"]) == (0.75, 2)
        assert (figures["kind_accuracy"]["value"], figures["kind_accuracy"]["cases"]) == (1.0, 4)
        assert figures["emergency_recall"]["value"] is None
        assert figures["latency_median_ms"]["value"] > 0
        assert results["kinds"]["answer"] == {"answer": 2, "abstain": 0, "redirect": 0, "emergency": 0, "crash": 0}

    def test_setup_is_complete(self, results: dict[str, Any], index_dir: Path) -> None:
        setup = results["setup"]
        assert setup["command"].startswith("python -m eval run --cases ")
        assert setup["index"]["id"] == (index_dir / "CURRENT").read_text().strip()
        assert setup["index"]["documents"] == 3
        assert setup["settings"]["passage_tokens"] == 160
        assert {"python", "torch", "sentence-transformers", "chromadb"} <= set(setup["versions"])
        assert setup["machine"]["cores"] >= 1
        assert setup["corpus_version"]

    def test_split_and_topic(self, command: Command, cases_file: Path, index_dir: Path, tmp_path: Path) -> None:
        options = ("--split", "test", "--only", "conditions", "--index", index_dir, "--out", tmp_path / "part")
        assert command("run", "--cases", cases_file, *options).code == 0
        assert list(by_id(json.loads((tmp_path / "part" / "results.json").read_text()))) == ["liver-length"]

    def test_several_files(self, command: Command, cases_file: Path, index_dir: Path, tmp_path: Path) -> None:
        parts = cases_file.read_text().split("\n\n")
        files = [tmp_path / f"{number}.yaml" for number in range(3)]
        for file, part in zip(files, parts, strict=False):
            file.write_text(part + "\n")
        options = ("--cases", files[0], files[1], "--cases", files[2])
        assert command("run", *options, "--index", index_dir, "--out", tmp_path / "out").code == 0
        found = by_id(json.loads((tmp_path / "out" / "results.json").read_text()))
        assert set(found) == {"knee-size", "liver-length", "weather"}

    def test_nothing_left_to_ask(self, command: Command, cases_file: Path, index_dir: Path) -> None:
        done = command("run", "--cases", cases_file, "--only", "safety", "--index", index_dir)
        assert done.code == 2
        assert "no case has split 'all' and topic 'safety'" in done.err

    def test_a_crash_scores_zero_and_is_listed(
        self, command: Command, crashing_file: Path, index_dir: Path, tmp_path: Path
    ) -> None:
        done = command("run", "--cases", crashing_file, "--index", index_dir, "--out", tmp_path / "out")
        results = json.loads((tmp_path / "out" / "results.json").read_text())
        crashed = by_id(results)["empty-question"]
        assert done.code == 1
        assert "empty-question: BadQuestion" in done.err
        assert crashed["answer"] is None
        assert crashed["error"].startswith("BadQuestion: ")
        assert {score["hits"] for score in crashed["scores"].values()} == {0.0}
        assert {"facts_found", "recall_at_5", "caveat_recall", "claims_cited"} <= set(crashed["scores"])
        assert results["kinds"]["answer"]["crash"] == 1
        figures = {figure["name"]: figure for figure in results["figures"]}
        assert figures["facts_found"]["value"] == pytest.approx((0.5 + 1 + 0) / 3)

    def test_warns_of_a_document_that_the_index_lacks(
        self, command: Command, cases_file: Path, index_dir: Path, tmp_path: Path
    ) -> None:
        cases_file.write_text(cases_file.read_text().replace("documents: [liver]", "documents: [lever]"))
        done = command("run", "--cases", cases_file, "--index", index_dir, "--out", tmp_path / "out")
        assert f"warning: {cases_file}:16: case 'liver-length' names the document 'lever'" in done.err

    def test_results_that_cannot_be_written(
        self, command: Command, cases_file: Path, index_dir: Path, tmp_path: Path
    ) -> None:
        done = command("run", "--cases", cases_file, "--index", index_dir, "--out", cases_file)
        assert done.code == 2
        assert "give another folder with --out" in done.err


class TestCaseFiles:
    @pytest.mark.parametrize(
        ("old", "new", "line", "what"),
        [
            ("kind: abstain", "kind: abstention", 31, "the field 'kind' is wrong"),
            ('any: ["480 people", "480 patients"]', "any: []", 10, "at least one"),
            ("must: [investigational]", "must: [investigationall]", 13, "caveats.must.0"),
            ("  country: EU", "  country: EU\n  land: EU", 30, "unknown field 'land'"),
            ("must_not: [emergency]", "must_not: [investigational]", 1, "both in must and in must_not"),
            ("kind: abstain", "kind: abstain\n  facts: [{any: [rain], vital: true}]", 27, "has facts"),
            ("id: weather", "id: knee-size", 27, "is used at"),
            ("split: test\n", "split: [test\n", 24, "YAML"),
        ],
    )
    def test_a_fault_is_named_with_file_and_line(
        self, command: Command, cases_file: Path, index_dir: Path, old: str, new: str, line: int, what: str
    ) -> None:
        text = cases_file.read_text()
        assert old in text
        cases_file.write_text(text.replace(old, new, 1))
        done = command("run", "--cases", cases_file, "--index", index_dir)
        assert done.code == 2
        assert what in done.err
        assert f"{cases_file}:{line}:" in done.err

    def test_a_file_that_is_not_there(self, command: Command, tmp_path: Path, index_dir: Path) -> None:
        done = command("run", "--cases", tmp_path / "none.yaml", "--index", index_dir)
        assert done.code == 2
        assert "none.yaml" in done.err

    def test_a_file_without_cases(self, command: Command, tmp_path: Path, index_dir: Path) -> None:
        (tmp_path / "empty.yaml").write_text("# nothing yet\n")
        done = command("run", "--cases", tmp_path / "empty.yaml", "--index", index_dir)
        assert done.code == 2
        assert "no case found" in done.err


class TestReport:
    @pytest.fixture
    def page(self, finished: Path) -> str:
        return (finished / "report.html").read_text()

    def test_is_escaped(self, page: str) -> None:
        tree = html.fromstring(page)
        assert len(tree.xpath("//script")) == 1
        assert tree.xpath("//img") == []
        assert any("<script>alert(1)</script>" in text for text in tree.xpath("//strong/text()"))

    def test_makes_no_request(self, page: str) -> None:
        tree = html.fromstring(page)
        assert all(address.startswith(("#", "data:")) for address in tree.xpath("//@href"))
        assert tree.xpath("//@src") == []
        assert "@import" not in page
        assert "url(" not in page

    def test_its_policy_allows_its_own_script_alone(self, page: str) -> None:
        script = re.search(r"<script>(.*?)</script>", page, re.S)
        assert script
        digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
        policy = html.fromstring(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "default-src 'none'" in policy
        assert f"script-src 'sha256-{digest}'" in policy

    def test_shows_cases_quotes_and_misses(self, page: str) -> None:
        tree = html.fromstring(page)
        knee = tree.xpath("//article[@id='knee-size']")[0]
        assert knee.get("data-kind") == "answer"
        assert "facts_found" in knee.get("data-missed").split()
        assert "480 people" in knee.xpath(".//blockquote")[0].text_content()
        assert "not said: sixty-three camels" in knee.text_content()
        assert set(tree.xpath("//select/@name")) == {"kind", "topic", "missed"}


class TestGate:
    def gate(self, command: Command, cases: Path, index: Path, thresholds: Path, text: str) -> Any:
        thresholds.write_text(text)
        return command("gate", "--cases", cases, "--index", index, "--thresholds", thresholds)

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "gate.yaml"

    def test_passes(self, command: Command, cases_file: Path, index_dir: Path, file: Path) -> None:
        text = (
            "- {metric: facts_found, at_least: 0.75, reason: half a knee and a whole liver}\n"
            "- {metric: reading_grade, at_most: 30, reason: lower is easier}\n"
        )
        done = self.gate(command, cases_file, index_dir, file, text)
        assert done.code == 0
        assert "pass  facts_found 0.7500 >= 0.75" in done.out
        assert done.out.count("pass") == 2

    def test_fails_and_names_what_was_missed(
        self, command: Command, cases_file: Path, index_dir: Path, file: Path
    ) -> None:
        text = (
            "- {metric: facts_found, at_least: 0.76, reason: more than there is}\n"
            "- {metric: kind_accuracy, at_least: 0.9, reason: all of them}\n"
            "- {metric: latency_median_ms, at_most: 0.001, reason: faster than light}\n"
            "- {metric: emergency_recall, at_least: 0.5, reason: no case has one}\n"
        )
        done = self.gate(command, cases_file, index_dir, file, text)
        assert done.code == 1
        assert "FAIL  facts_found 0.7500 >= 0.76  (more than there is)" in done.out
        assert "pass  kind_accuracy 1.0000 >= 0.9" in done.out
        assert "FAIL  emergency_recall not measured by any case" in done.out
        assert "missed: facts_found, latency_median_ms, emergency_recall" in done.err

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("- metric: facts_fond\n  at_least: 0.8\n  reason: a typo\n", "gate.yaml:1: the field 'metric' is wrong"),
            ("- metric: facts_found\n  at_least: 0.8\n", "gate.yaml:1: the field 'reason' is missing"),
            ("- metric: facts_found\n  reason: no bound\n", "gate.yaml:1: 'facts_found' needs at_least or at_most"),
            ("- metric: facts_found\n  at_least: .nan\n  reason: keeps nothing\n", "gate.yaml:2: the field 'at_least'"),
            ("", "has no threshold"),
        ],
    )
    def test_a_fault_of_the_file_is_named(
        self, command: Command, cases_file: Path, index_dir: Path, file: Path, text: str, what: str
    ) -> None:
        done = self.gate(command, cases_file, index_dir, file, text)
        assert done.code == 2
        assert what in done.err


def test_builds_the_index_where_there_is_none(
    command: Command, cases_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundled corpus is made small for this test; what is built and where is what a person gets."""
    small = tmp_path / "small"
    small.mkdir()
    text = "# Knee\n\nThe largest trial of MSC injections for knee osteoarthritis enrolled 480 people.\n"
    (small / "knee.md").write_text(text)
    monkeypatch.setattr("index.loading.DOCUMENTS_DIR", small)
    monkeypatch.setattr("index.build.register_documents", lambda knowledge: [])
    done = command("run", "--cases", cases_file, "--index", tmp_path / "new", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    held = json.loads((tmp_path / "out" / "results.json").read_text())["setup"]["index"]
    assert held["id"] == (tmp_path / "new" / "CURRENT").read_text().strip()
    assert held["documents"] == 1
