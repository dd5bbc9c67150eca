"""An index built from other corpus tables than the ones that are read: said, with what to do, and no answer refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from front_door import command, write

from assistant.config import Settings
from assistant.pipeline import Assistant
from corpus.knowledge import TABLES, load_knowledge
from corpus.locations import CORPUS_DIR
from index.manifest import read_manifest, write_manifest
from index.serving import GENERATIONS, POINTER

SAID = "the index was built from another version of the corpus tables"
STATUS = "Is Ryoncil approved in the US?"
OTHER = "How are MSCs frozen and stored?"


@pytest.fixture
def newer(assistant: Assistant, bundled_index: Path, tmp_path: Path) -> Assistant:
    """An assistant whose product table has a new date for Ryoncil since the index was built."""
    for name in TABLES:
        shutil.copy(CORPUS_DIR / name, tmp_path / name)
    table = tmp_path / "products.yaml"
    text = table.read_text(encoding="utf-8")
    assert "2024-12-18" in text
    write(table, text.replace("2024-12-18", "2024-12-17"))
    return Assistant(Settings(index_dir=bundled_index), load_knowledge(tmp_path), assistant.retriever.embedder)


def test_a_status_answer_says_that_the_index_is_stale(newer: Assistant) -> None:
    answer = newer.ask(STATUS)
    assert answer.kind == "answer"
    assert [notice for notice in answer.notices if SAID in notice and "python -m index build" in notice]


def test_other_answers_are_as_before(newer: Assistant, assistant: Assistant) -> None:
    assert newer.ask(OTHER).claims == assistant.ask(OTHER).claims
    assert newer.ask(OTHER).notices == ()


def test_an_index_that_fits_is_not_called_stale(assistant: Assistant) -> None:
    assert (assistant.stale_index, assistant.ask(STATUS).notices) == ("", ())


def test_documents_of_ones_own_are_never_stale(newer: Assistant, zelvocel: tuple[Path, Path]) -> None:
    reader = Assistant(Settings(index_dir=zelvocel[1]), newer.knowledge, newer.retriever.embedder)
    assert reader.ask("Is Zelvocel approved?").notices == ()


def test_an_emergency_asks_no_index(newer: Assistant) -> None:
    nowhere = Assistant(Settings(index_dir=Path("/nonexistent")), newer.knowledge, newer.retriever.embedder)
    assert nowhere.ask("I can't breathe since my approved stem cell infusion an hour ago").notices == ()


def older(bundled_index: Path, folder: Path) -> Path:
    """A copy of the index whose manifest names other tables."""
    name = (bundled_index / POINTER).read_text(encoding="utf-8").strip()
    shutil.copytree(bundled_index / GENERATIONS / name, folder / GENERATIONS / name)
    shutil.copy(bundled_index / POINTER, folder / POINTER)
    generation = folder / GENERATIONS / name
    write_manifest(generation, replace(read_manifest(generation), corpus_version="0" * 12))
    return folder


def test_the_command_line_warns_once_on_standard_error(bundled_index: Path, tmp_path: Path) -> None:
    index = older(bundled_index, tmp_path / "index")
    done = command("assistant", "ask", STATUS, "--index", index, "--json")
    assert done.code == 0
    assert json.loads(done.out)["kind"] == "answer"
    assert done.err.startswith(f"warning: {SAID} (000000000000, here they are ")
    assert done.err.count("\n") == 1
    rows = "".join(json.dumps({"question": question}) + "\n" for question in (STATUS, OTHER, STATUS))
    lines = write(tmp_path / "in.jsonl", rows)
    batch = command("assistant", "ask", "--batch", lines, "--out", tmp_path / "out.jsonl", "--index", index)
    assert (batch.code, batch.err.count(SAID)) == (0, 1)
    assert command("assistant", "ask", OTHER, "--index", index).err == ""
