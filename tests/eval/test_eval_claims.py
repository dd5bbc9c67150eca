"""`python -m eval claims`: how verification tells altered claims from true ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

PASSAGE = "In the Tallow trial 49.5% of 212 people given Zelvocel had less pain at 6 months."


def line(name: str, claim: str, supported: bool, kind: str) -> str:
    """A line of a file of claims."""
    pair = {"id": name, "document": "zelvocel", "claim": claim, "supported": supported, "kind": kind}
    return json.dumps({**pair, "passages": [PASSAGE]})


TRUE = line("a", "About half of the people given Zelvocel had less pain at 6 months.", True, "rounded")
WEEKS = line("b", "About half of the people given Zelvocel had less pain at 6 weeks.", False, "unit")
MORE = line("c", "About half of the people given Zelvocel had more pain at 6 months.", False, "direction")
UNSEEN = line("d", "Of the people given Zelvocel, 49.5% had been told of less pain at 6 months.", False, "added-detail")


def shares(printed: str) -> dict[str, float]:
    """The shares printed, by name."""
    rows = [row.rsplit("  of ", 1)[0] for row in printed.splitlines() if "  of " in row]
    return {row[:28].strip(): float(row[28:].split()[0]) for row in rows}


def test_what_is_found_out_and_what_is_dropped(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text("\n".join([TRUE, WEEKS, MORE, UNSEEN]))
    done = command("claims", path, "--wrong")
    assert done.code == 0
    found = shares(done.out)
    assert found["altered found out"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["altered figures found out"], found["unit"], found["direction"]) == (1, 1, 1)
    assert (found["added-detail"], found["true dropped"], found["rounded"]) == (0, 0, 0)
    assert [row for row in done.out.splitlines() if "told of" in row] == [
        "d: Of the people given Zelvocel, 49.5% had been told of less pain at 6 months. (taken for supported)"
    ]
    assert "a: " not in done.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{TRUE}\n{{", "claims.jsonl:2: cannot be used; a line is an object of id, document, claim"),
        (TRUE.replace("rounded", "rounded\", \"more\": \"")[:-1] + "}", "claims.jsonl:1: cannot be used"),
        (TRUE, "needs claims that are supported, and ones that are not"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named(command: Command, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(text)
    done = command("claims", path)
    assert (done.code, done.out) == (2, "")
    assert said in done.err.replace("\n", " ")
    assert "cannot be read" in command("claims", tmp_path / "none.jsonl").err


def test_verification_keeps_what_it_reached_on_the_claims_that_nothing_was_set_on(command: Command) -> None:
    """On `test`: 0.740 of altered claims and 0.936 of altered figures found out, 0.14 of true claims dropped."""
    found = shares(command("claims", "--split", "test").out)
    assert found["altered found out"] >= 0.72
    assert found["altered figures found out"] >= 0.91
    assert found["true dropped"] <= 0.15
