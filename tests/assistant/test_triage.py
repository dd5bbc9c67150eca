"""Emergencies and redirects are told from ordinary questions by the words alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.triage import triage

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("triage_cases.yaml").read_text(encoding="utf-8"))
REDIRECTS = [(reason, question) for reason, questions in CASES["redirects"].items() for question in questions]
ORDINARY = CASES["lookalikes"] + CASES["others"]


@pytest.mark.parametrize("question", CASES["emergencies"])
def test_every_emergency_is_found(question: str) -> None:
    found = triage(question)
    assert found.verdict == "emergency"
    assert found.signs


def test_few_ordinary_questions_are_called_emergencies() -> None:
    calm = ORDINARY + [question for _, question in REDIRECTS]
    false = [question for question in calm if triage(question).verdict == "emergency"]
    assert len(false) <= 0.03 * len(calm), false


def test_redirects_are_found_for_the_right_reason() -> None:
    missed = [question for reason, question in REDIRECTS if triage(question).reason != reason]
    assert len(missed) <= 0.05 * len(REDIRECTS), missed


def test_few_ordinary_questions_are_redirected() -> None:
    false = [question for question in ORDINARY if triage(question).verdict == "redirect"]
    assert len(false) <= 0.02 * len(ORDINARY), false


@pytest.mark.parametrize("question", ["", "?", "   ", "42", "ΑΒΓ 東京", "a" * 4000, "no " * 1500])
def test_odd_text_is_an_ordinary_question(question: str) -> None:
    assert triage(question).verdict == "answer"


@pytest.mark.parametrize("word", ["chess", "paint", "fewer", "breast", "stares", "sells", "spell", "clinical"])
def test_a_correct_word_is_not_taken_for_a_sign(word: str) -> None:
    assert triage(f"My {word} since the infusion today") == triage("My book since the infusion today")


def test_it_takes_no_time() -> None:
    triage("warm up")
    start = time.perf_counter()
    for question in ORDINARY:
        triage(question)
    assert (time.perf_counter() - start) / len(ORDINARY) < 0.005


@pytest.mark.parametrize(
    "question",
    ["cant breath after stem sell shot help", "Day 2 post intra-articular MSC, T 39.6", "I want to kill myself"],
)
def test_the_command_needs_no_index_in_an_emergency(question: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant", "ask", question, "--index", str(tmp_path / "none"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["kind"] == "emergency"
