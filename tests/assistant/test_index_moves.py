"""A build that ends while a question is being answered: the question ends with what it began with."""

from __future__ import annotations

from pathlib import Path

import pytest
from front_door import command, write
from zelvocel import ZELVOCEL

from assistant.answer import Answer, Stage
from assistant.config import Settings
from assistant.pipeline import Assistant

QUESTION = "How many people did the Tallow trial of Zelvocel enrol?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    write(folder / "zelvocel-report.txt", ZELVOCEL)
    return folder


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    index = tmp_path / "index"
    assert command("index", "build", folder, "--index", index).code == 0
    return index


@pytest.mark.parametrize("stage", ["enough", "draft", "verify"])
def test_a_question_ends_in_the_generation_that_it_began_in(
    assistant: Assistant, folder: Path, index: Path, stage: str
) -> None:
    reader = Assistant(Settings(index_dir=index), assistant.knowledge, assistant.retriever.embedder)
    before = reader.retriever.generation.manifest.id
    stream = reader.stream(QUESTION)
    while next(stream) != Stage(stage):
        pass
    write(folder / "another.txt", "A note\n\nA line that moves all the others.\n")
    write(folder / "zelvocel-report.txt", "A preface of one line.\n\n" + ZELVOCEL.replace("212", "999"))
    assert command("index", "build", folder, "--index", index).code == 0
    *_, answer = stream
    assert isinstance(answer, Answer)
    assert answer.engine.index_id == before
    assert any("enrolled 212 people" in claim.text for claim in answer.claims)
    after = reader.ask(QUESTION)
    assert after.engine.index_id != before
    assert any("enrolled 999 people" in claim.text for claim in after.claims)
