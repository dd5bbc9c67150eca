"""Settings: defaults < msc.toml < environment < command line; an unknown name is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from front_door import command, write
from small_index import status

from index.config import IndexSettings
from index.manifest import read_manifest, write_manifest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[index]\nembeder = "x"\n',
         "unknown setting 'embeder'; use one of candidates, chroma_database, chroma_tenant, chroma_url, embedder, "
         "index_dir, kept_generations, passage_tokens."),
        ("[indexes]\nembedder = 1\n", "unknown table 'indexes'; use [index] or [assistant]."),
        ('embedder = "x"\n', "unknown table 'embedder'; use [index] or [assistant]."),
    ],
)  # fmt: skip
def test_an_unknown_name_in_the_file(index: Path, text: str, says: str) -> None:
    path = write(Path("msc.toml"), text).resolve()
    done = command("index", "status", "--index", index)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"error: {path}: {says}\n"


def test_a_file_that_is_no_toml(index: Path) -> None:
    path = write(Path("msc.toml"), "[index\n").resolve()
    done = command("index", "status", "--index", index)
    assert done.code == 2
    assert done.err.startswith(f"error: {path}: ")
    assert done.err.endswith("; mend the file.\n")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MSC_PASSAGE_TOKENS", "many", "the setting 'passage_tokens' (MSC_PASSAGE_TOKENS) cannot be 'many'"),
        ("MSC_CANDIDATES", "3", "the setting 'candidates' (MSC_CANDIDATES) cannot be '3'"),
    ],
)
def test_a_value_that_cannot_be(index: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(name, value)
    done = command("index", "status", "--index", index)
    assert done.code == 2
    assert done.err.startswith(f"error: {says}: ")


def test_file_then_environment_then_command_line(
    small_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {name: shutil.copytree(small_index, tmp_path / name) for name in ("file", "environment", "line")}

    def used(*arguments: object) -> Path:
        done = command("index", "verify", *arguments)
        assert done.code == 0, done.err
        return [name for name, place in places.items() if (place / "CURRENT").read_text().strip() in done.out]

    for name, place in places.items():
        generation = next((place / "generations").iterdir())
        manifest = read_manifest(generation)
        generation.rename(generation.with_name(name))
        write_manifest(generation.with_name(name), replace(manifest, id=name))
        (place / "CURRENT").write_text(name)
    write(Path("msc.toml"), f'[index]\nindex_dir = "{places["file"]}"\n[assistant]\nmodel = "x"\n')
    assert used() == ["file"]
    monkeypatch.setenv("MSC_INDEX_DIR", str(places["environment"]))
    assert used() == ["environment"]
    assert used("--index", places["line"]) == ["line"]
    assert status(places["line"])["folder"] == str(places["line"] / "generations" / "line")


def test_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = IndexSettings.load()
    assert settings == IndexSettings(
        index_dir=tmp_path / ".msc" / "index", embedder="all-MiniLM-L6-v2", passage_tokens=160, candidates=60
    )
    assert IndexSettings.load(embedder=None) == settings
    assert IndexSettings.load(embedder="x").embedder == "x"
