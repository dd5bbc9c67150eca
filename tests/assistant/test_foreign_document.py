"""A plain text that somebody brings along: no front matter, no sources, a product nobody has heard of."""

from __future__ import annotations

from pathlib import Path

import pytest
from front_door import command
from zelvocel import PLANTED

from assistant.config import Settings
from assistant.pipeline import Assistant

QUESTIONS = {
    "What is Zelvocel?": "Zelvocel is a suspension of mesenchymal stromal cells from donated tendon tissue.",
    "How many people were in the Tallow trial?": (
        "The Tallow trial of Zelvocel enrolled 212 people with tennis elbow at 14 hospitals."
    ),
    "How many cells are in a dose of Zelvocel?": (
        "One dose of Zelvocel is 40 million cells, injected beside the tendon."
    ),
    "Did Zelvocel improve grip strength?": "Zelvocel did not improve grip strength in the Tallow trial.",
    "How is Zelvocel thawed?": "Zelvocel must be thawed within 15 minutes at 37 °C before it is injected.",
}


@pytest.fixture(scope="module")
def reader(assistant: Assistant, zelvocel: tuple[Path, Path]) -> Assistant:
    return Assistant(Settings(index_dir=zelvocel[1]), assistant.knowledge, assistant.retriever.embedder)


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_quoted_at_the_offsets_of_the_file(reader: Assistant, zelvocel: tuple[Path, Path], question: str) -> None:
    file = zelvocel[0].read_text(encoding="utf-8")
    answer = reader.ask(question)
    assert answer.kind == "answer"
    assert QUESTIONS[question] in [claim.text for claim in answer.claims]
    for citation in answer.citations:
        assert file[citation.start : citation.end] == citation.quote
        assert "zelvocel-report.txt" in f"{citation.source.title} {citation.source.url}"
        assert (citation.evidence, citation.page) == ("unspecified", None)
        assert citation.section in ("What it is", "The Tallow trial", "Handling and safety")


@pytest.mark.parametrize(
    "question",
    [
        "Do MSCs help heart failure?",
        "Is Ryoncil approved in the US?",
        "What is the capital of France?",
        "How do I bake sourdough bread?",
    ],
)
def test_what_it_does_not_hold_is_not_answered(reader: Assistant, question: str) -> None:
    answer = reader.ask(question)
    assert (answer.kind, answer.claims, answer.citations) == ("abstain", (), ())


def test_through_the_command(zelvocel: tuple[Path, Path]) -> None:
    done = command("assistant", "ask", "What is Zelvocel?", "--index", zelvocel[1])
    assert done.code == 0
    assert "Zelvocel is a suspension of mesenchymal stromal cells from donated tendon tissue. [" in done.out
    assert "zelvocel-report.txt" in done.out


def test_what_it_says_to_the_assistant_is_not_passed_on(assistant: Assistant, planted: Path) -> None:
    reader = Assistant(Settings(index_dir=planted), assistant.knowledge, assistant.retriever.embedder)
    assert PLANTED in reader.retriever.generation.documents["planted"].text
    answer = reader.ask("What should the reader visit for a Zelvocel cure?")
    assert "evil.example" not in answer.text
