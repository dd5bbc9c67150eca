"""Urgent symptoms: the number to call, at once, whatever else is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from front_door import command

from assistant.answer import Stage
from assistant.config import Settings
from assistant.pipeline import Assistant
from corpus.locations import CORPUS_DIR

COUNTRIES = {row["code"]: row for row in yaml.safe_load((CORPUS_DIR / "countries.yaml").read_text(encoding="utf-8"))}
URGENT = "I can't breathe and my lips are swollen after my stem cell infusion today"


@pytest.fixture(scope="module")
def indexless(assistant: Assistant) -> Assistant:
    """An assistant whose index does not exist."""
    settings = Settings(index_dir=Path("/nonexistent/index"))
    return Assistant(settings, assistant.knowledge, assistant.retriever.embedder)


@pytest.mark.parametrize("code", COUNTRIES)
def test_each_country_has_its_number_and_needs_no_index(indexless: Assistant, code: str) -> None:
    number = COUNTRIES[code]["emergency"]["number"]
    answer = indexless.ask(URGENT, country=code)
    assert answer.kind == "emergency"
    assert (answer.claims, answer.citations, answer.suggestions) == ((), (), ())
    assert answer.message.startswith(f"This may be an emergency. Call {number} now")
    assert answer.text == answer.message
    assert [caveat.id for caveat in answer.caveats][:2] == ["emergency", "report-adverse-event"]
    assert number in answer.caveats[0].text
    assert COUNTRIES[code]["report"]["url"] in answer.caveats[1].text
    assert all(caveat.country == code for caveat in answer.caveats)
    assert answer.caveats[0].source is not None
    assert answer.engine.index_id == ""


@pytest.mark.parametrize(("code", "number"), [("US", "911"), ("UK", "999"), ("AU", "000"), ("CN", "120")])
def test_numbers_as_they_are_known(indexless: Assistant, code: str, number: str) -> None:
    assert f"Call {number} now" in indexless.ask(URGENT, country=code.lower()).message


def test_the_command_answers_without_an_index(tmp_path: Path) -> None:
    done = command("assistant", "ask", URGENT, "--country", "JP", "--index", tmp_path / "none")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("This may be an emergency. Call 119 now (the emergency number in Japan)")


def test_nothing_comes_between_the_reading_of_an_emergency_and_its_answer(indexless: Assistant) -> None:
    events = list(indexless.stream(URGENT))
    assert [type(event).__name__ for event in events] == ["Stage", "Answer"]
    assert events[0] == Stage("triage")
