"""Figures of one trial that differ between documents, and statements that contradict the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_corpora import KNEE
from checking import DAY, faults_of
from front_door import command, write
from tiny_corpus import FILES, put_corpus

FIGURES = """---
id: {name}
title: {name}
topic: conditions
as_of: 2026-01-05
review_by: 2027-01-05
conditions: [knee]
products: []
---

## In short

Cells for the knee were tried in one more trial [@lee-2021-knee].
The trial is told here by the name {name} [@lee-2021-knee].

## The trial

{statement} [@lee-2021-knee].
"""


def figure_faults(folder: Path, first: str, second: str) -> list[tuple[str, int, str, str]]:
    put_corpus(folder)
    write(folder / "documents" / "one.md", FIGURES.format(name="one", statement=first))
    write(folder / "documents" / "two.md", FIGURES.format(name="two", statement=second))
    return faults_of(folder, command("corpus", "check", "--corpus", folder, "--as-of", DAY).out)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "The overall response at day 28 in MSB-GVHD001 was 70.4%",
            "At day 28 the response rate in MSB-GVHD001 was 69%",
        ),
        (
            "At week 24 combined remission in ADMIRE-CD II was 48.8% with cells and 46.3% with placebo",
            "In ADMIRE-CD II, 49.8% on cells and 46.3% on placebo were in combined remission at week 24",
        ),
        ("The MILES trial randomised 480 people", "In the MILES trial 475 people were randomised"),
    ],
)
def test_a_figure_of_one_trial_that_differs_between_documents(tmp_path: Path, first: str, second: str) -> None:
    faults = figure_faults(tmp_path, first, second)
    assert [fault[:3] for fault in faults] == [("documents/two.md", 18, "figure-differs")]
    assert f"at {tmp_path / 'documents' / 'one.md'}:18; check the sources" in faults[0][3]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The response at day 28 in MSB-GVHD001 was 70%"),
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The response at day 100 in MSB-GVHD001 was 60%"),
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The complete response at day 28 in MSB-GVHD001 was 30%"),
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The response at day 28 in NCT00366145 was 82%"),
        ("Remission at week 24 in ADMIRE-CD was 49.5% with cells and 34.3% with placebo",
         "Remission at week 24 in ADMIRE-CD II was 48.8% with cells and 46.3% with placebo"),
        ("Remission at week 24 in ADMIRE-CD was 49.5% with cells and 34.3% with placebo",
         "In the modified group of ADMIRE-CD remission at week 24 was 51.5% with cells and 35.6% with placebo"),
        ("The MILES trial randomised 480 people", "The registry record of MILES names 475 people randomised"),
    ],
)  # fmt: skip
def test_figures_of_different_things_may_differ(tmp_path: Path, first: str, second: str) -> None:
    assert figure_faults(tmp_path, first, second) == []


@pytest.mark.parametrize(
    "statement",
    [
        "- A published table wrongly says that Alpha was approved in the US in 2011 [@fda-2024-alpha].",
        "- Alpha was approved in the US in May 2024 [@fda-2024-alpha].",
        "- Alpha is not approved in the US for anything but the knee [@fda-2024-alpha].",
        "- Alpha is approved in the US for worn knees [@fda-2024-alpha].",
        "- Graft-versus-host disease and any other rare disease are told apart here [@fda-2024-alpha].",
    ],
)
def test_what_does_not_contradict_the_tables_passes(tmp_path: Path, statement: str) -> None:
    done = command(
        "corpus", "check", "--corpus", put_corpus(tmp_path, knee=f"{FILES[KNEE]}{statement}\n"), "--as-of", DAY
    )
    assert (done.code, faults_of(tmp_path, done.out)) == (0, [])
