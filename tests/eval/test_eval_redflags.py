"""`python -m eval redflags`: how red flags are found in advertisements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.redflags_learned import weights
from corpus.knowledge import load_knowledge
from eval.locations import ADVERTS_DIR
from eval.redflags import digest

Command = Callable[..., Any]

ADVERTS = """\
- id: seller
  country: US
  honest: false
  flags: {fda-registered: FDA registered, hidden-cures: "Nobody told you about this"}
  text: |
    Our clinic in Ohio is FDA registered and gives stem cells from cord blood for $5,000.
- id: page
  country: US
  honest: true
  flags: {}
  text: |
    Some clinics say that stem cells are completely safe, and the university explains why that is not so.
"""


def shares(printed: str) -> dict[str, float]:
    """The figures printed, by name."""
    return {row[:18].strip(): float(row[18:].split()[0]) for row in printed.splitlines() if " texts" in row}


def test_what_is_found_and_missed(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "adverts.yaml"
    path.write_text(ADVERTS)
    done = command("redflags", path, "--wrong")
    assert done.code == 0
    found = shares(done.out)
    assert found["recall"] == 0.5
    assert found["on an honest page"] == 1
    assert "seller: missed hidden-cures" in done.out
    assert "page: wrong no-risk" in done.out


def test_a_file_that_cannot_be_used_is_named(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "adverts.yaml"
    path.write_text("- id: x\n")
    done = command("redflags", path)
    assert done.code == 2
    assert "adverts.yaml: cannot be used; it is a list of id, country, honest, text, flags" in done.err.replace(
        "\n", " "
    )


def test_what_was_reached_is_kept(command: Command) -> None:
    """On `test`: 0.925 of the red flags found at a precision of 0.66, and none on six honest pages."""
    found = shares(command("redflags", ADVERTS_DIR / "test.yaml").out)
    assert found["recall"] >= 0.90
    assert found["precision"] >= 0.62
    assert found["on an honest page"] == 0


def test_the_weights_were_fitted_on_the_examples_as_they_are() -> None:
    held = weights()
    assert held.examples == digest(), "run `python -m eval redflags --fit`"
    assert set(held.flags) == set(load_knowledge().red_flags)
    assert held.rows.shape == (len(held.flags), 384)


@pytest.mark.parametrize("name", ["tune", "test"])
def test_the_words_that_show_a_flag_stand_in_the_text(name: str) -> None:
    from eval.redflags import load_adverts

    for advert in load_adverts([ADVERTS_DIR / f"{name}.yaml"]):
        flat = " ".join(advert.text.split())
        assert [words for words in advert.flags.values() if words not in flat] == []
        assert advert.honest == (not advert.flags)
