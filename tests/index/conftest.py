"""One small index for all tests that only read; a copy of it for those that break it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from small_index import built, put_texts

import index.embedding


@pytest.fixture(scope="session", autouse=True)
def model_loaded_once() -> Iterator[None]:
    """The real embedder, whose weights are read once for all the commands that run in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.embedding, "_load", lru_cache(index.embedding._load))
        yield


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every test starts in an empty folder, with no setting in the environment."""
    for name in ("INDEX_DIR", "EMBEDDER", "PASSAGE_TOKENS", "CANDIDATES", "KEPT_GENERATIONS", "CHROMA_URL"):
        monkeypatch.delenv(f"MSC_{name}", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three documents."""
    return put_texts(tmp_path_factory.mktemp("texts"))


@pytest.fixture(scope="session")
def small_index(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the three documents; not to be changed."""
    folder = tmp_path_factory.mktemp("small") / "index"
    done = built(folder, texts)
    assert done.out.endswith(", 3 documents, 4 passages, 4 embedded, 0 not read\n"), done.out
    return folder


@pytest.fixture(name="index")
def copied_index(small_index: Path, tmp_path: Path) -> Path:
    """A copy of the small index, for one test to change."""
    return Path(shutil.copytree(small_index, tmp_path / "index"))
