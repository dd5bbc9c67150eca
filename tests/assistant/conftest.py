"""One assistant over the bundled corpus, one over a document of the tests' own, one that asks a scripted model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from drafts import QUESTION, Maker
from front_door import command, write
from openai_server import OpenAIServer
from zelvocel import PLANTED, ZELVOCEL

from assistant.answer import Answer
from assistant.config import Settings
from assistant.llm import open_model
from assistant.pipeline import Assistant, open_assistant

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""One question at a time gains nothing from threads, and on a busy machine waits ten times as long for them."""


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person who runs the tests gets in; nor is their index found by default."""
    for name in [name for name in os.environ if name.startswith("MSC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MSC_INDEX_DIR", str(tmp_path / "no-index"))


@pytest.fixture(scope="session")
def assistant(bundled_index: Path) -> Assistant:
    """The assistant over the bundled corpus, without a model."""
    return open_assistant(Settings(index_dir=bundled_index))


def build(file: Path, index: Path) -> Path:
    """The folder of an index of one file, made by `python -m index build FILE --index DIR`."""
    done = command("index", "build", file, "--index", index)
    assert done.code == 0, done.err
    return index


@pytest.fixture(scope="session")
def zelvocel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A plain text of our own and the index that holds it alone."""
    folder = tmp_path_factory.mktemp("zelvocel")
    file = write(folder / "zelvocel-report.txt", ZELVOCEL)
    return file, build(file, folder / "index")


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a text that speaks to the model."""
    folder = tmp_path_factory.mktemp("planted")
    return build(write(folder / "planted.txt", f"{ZELVOCEL}\n{PLANTED}\n"), folder / "index")


@pytest.fixture(scope="session")
def running_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running_server: OpenAIServer) -> OpenAIServer:
    """The scripted model, forgetful of the tests before."""
    running_server.forget()
    return running_server


@pytest.fixture(scope="session")
def with_model(assistant: Assistant, running_server: OpenAIServer):
    """Makes an assistant that asks a model about an index; the scripted one if no other address is given."""

    def make(index: Path, url: str = "", timeout_s: float = 20.0, deadline_s: float = 60.0) -> Assistant:
        settings = Settings(
            index_dir=index,
            model="openai:test-model",
            model_url=url or running_server.url,
            model_timeout_s=timeout_s,
            model_deadline_s=deadline_s,
        )
        return Assistant(settings, assistant.knowledge, assistant.retriever.embedder, model=open_model(settings))

    return make


@pytest.fixture
def writer(with_model: Maker, zelvocel: tuple[Path, Path]) -> Assistant:
    """An assistant that asks the scripted model about the Zelvocel report."""
    return with_model(zelvocel[1])


@pytest.fixture(scope="module")
def plain(assistant: Assistant, zelvocel: tuple[Path, Path]) -> Answer:
    """What is answered to the question without a model."""
    settings = Settings(index_dir=zelvocel[1])
    return Assistant(settings, assistant.knowledge, assistant.retriever.embedder).ask(QUESTION)
