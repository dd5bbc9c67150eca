"""Building: only what changed is embedded, nothing is lost in silence, a killed build leaves the old index serving."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from front_door import Finished, command, write
from small_index import TEXTS, built, found, put_texts, serving, status

ROOT = Path(__file__).parents[2]


def tail(done: Finished) -> str:
    """What a build's last line says after the name of the index."""
    return done.out.strip().splitlines()[-1].partition(": ")[2].partition(", ")[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The documents of `own_index`."""
    return put_texts(tmp_path / "texts")


@pytest.fixture
def own_index(folder: Path, tmp_path: Path) -> Path:
    """An index of a folder that the test may change."""
    built(tmp_path / "own", folder)
    return tmp_path / "own"


def test_building_twice_embeds_nothing(index: Path, texts: Path) -> None:
    before = (index / "CURRENT").read_text()
    done = built(index, texts)
    assert done.out == f"{index}: nothing changed, 3 documents, 4 passages, 0 embedded, 0 not read\n"
    assert (index / "CURRENT").read_text() == before
    assert len(list((index / "generations").iterdir())) == 1


def test_one_file_changed(own_index: Path, folder: Path) -> None:
    write(folder / "cold.txt", "Freezing\n\nCells are kept in a vat of helium at the zeppelin hangar.\n")
    assert status(own_index)["changed"] == [str(folder / "cold.txt")]
    assert tail(built(own_index, folder)) == "3 documents, 4 passages, 1 embedded, 0 not read"
    assert status(own_index)["changed"] == []
    best = found(own_index, "zeppelin helium")[0]
    assert best["document_id"] == "cold"
    assert best["text"] == "Cells are kept in a vat of helium at the zeppelin hangar."
    assert all("nitrogen" not in passage["text"] for passage in found(own_index, "liquid nitrogen"))
    assert command("index", "verify", "--index", own_index).code == 0


def test_one_section_changed(own_index: Path, folder: Path) -> None:
    write(folder / "bone.md", TEXTS["bone.md"].replace("4 weeks", "5 weeks"))
    assert tail(built(own_index, folder)) == "3 documents, 4 passages, 1 embedded, 0 not read"
    assert found(own_index, "how long do the cells grow")[0]["text"] == "The cells grow on plastic for 5 weeks."


def test_a_deleted_file_is_found_no_more(own_index: Path, folder: Path) -> None:
    assert found(own_index, "cirrhosis trial")[0]["document_id"] == "liver"
    (folder / "liver.html").unlink()
    assert tail(built(own_index, folder)) == "2 documents, 3 passages, 0 embedded, 0 not read"
    assert {passage["document_id"] for passage in found(own_index, "cirrhosis trial")} == {"bone", "cold"}
    assert command("index", "verify", "--index", own_index).code == 0


def test_fresh_embeds_everything(index: Path, texts: Path) -> None:
    done = command("index", "build", texts, "--fresh", "--index", index)
    assert (done.code, tail(done)) == (0, "3 documents, 4 passages, 4 embedded, 0 not read")


def test_the_size_of_passages_is_a_setting(index: Path, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSC_PASSAGE_TOKENS", "32")
    long = texts.parent / "long.txt"
    write(long, "The cells were thawed in a warm bath and were given within 3 hours. " * 6)
    assert tail(built(index, long)) == "1 documents, 3 passages, 3 embedded, 0 not read"
    assert status(index)["passage_tokens"] == 32


def test_only_three_builds_old_generations_go(own_index: Path, folder: Path) -> None:
    names = [serving(own_index).name]
    for number in range(3):
        write(folder / "cold.txt", f"Freezing\n\nCells are kept cold for {number} years.\n")
        built(own_index, folder)
        names.append(serving(own_index).name)
    assert sorted(path.name for path in (own_index / "generations").iterdir()) == names[-2:]


def test_an_unreadable_file_is_named_and_the_others_are_indexed(tmp_path: Path) -> None:
    folder = put_texts(tmp_path / "texts")
    bad = write(folder / "bone.md", b"caf\xe9")
    done = command("index", "build", folder, "--index", tmp_path / "own")
    assert done.code == 1
    assert f"not read: {bad}: not UTF-8 text (byte 3); save it again as UTF-8.\n" in done.err
    assert tail(done) == "2 documents, 2 passages, 2 embedded, 1 not read"
    assert {passage["document_id"] for passage in found(tmp_path / "own", "cells")} == {"cold", "liver"}


def test_a_file_that_fails_now_keeps_its_passages(own_index: Path, folder: Path) -> None:
    bad = write(folder / "cold.txt", b"\x00\x01")
    done = command("index", "build", folder, "--index", own_index)
    assert done.code == 1
    assert f"not read: {bad}: holds binary data, not text; check that its suffix is right.\n" in done.err
    assert f"kept: {bad} keeps the passages of the last build\n" in done.err
    assert tail(done) == "3 documents, 4 passages, 0 embedded, 1 not read"
    assert found(own_index, "liquid nitrogen")[0]["document_id"] == "cold"


def test_two_files_of_one_name_get_two_ids(tmp_path: Path) -> None:
    write(tmp_path / "texts" / "a" / "notes.txt", "Marrow is drawn from the hip.")
    write(tmp_path / "texts" / "b" / "notes.txt", "Cirrhosis is a disease of the liver.")
    assert tail(built(tmp_path / "own", tmp_path / "texts")) == "2 documents, 2 passages, 2 embedded, 0 not read"
    assert found(tmp_path / "own", "marrow hip")[0]["document_id"] == "notes"
    assert found(tmp_path / "own", "cirrhosis liver")[0]["document_id"] == "b-notes"


def test_a_file_given_twice_is_indexed_once(tmp_path: Path) -> None:
    folder = put_texts(tmp_path / "texts")
    done = built(tmp_path / "own", folder, folder / "cold.txt", folder)
    assert tail(done) == "3 documents, 4 passages, 4 embedded, 0 not read"


def test_paths_hold_wherever_the_command_runs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    built(tmp_path / "own", Path("cold.txt"))
    monkeypatch.chdir(tmp_path)
    assert status(tmp_path / "own")["changed"] == []


@pytest.mark.parametrize("name", ["nowhere", "nowhere.txt"])
def test_nothing_to_index(tmp_path: Path, name: str) -> None:
    done = command("index", "build", tmp_path / name, "--index", tmp_path / "own")
    assert (done.code, done.out) == (2, "")
    assert f"error: nothing to index: {tmp_path / name}: there is no such file or folder; check the path" in done.err


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = command("index", "build", tmp_path / "empty", "--index", tmp_path / "own")
    assert done.code == 2
    assert (
        f"error: nothing to index: {tmp_path / 'empty'}: the folder holds no file that can be read; use one" in done.err
    )


def test_a_file_where_the_index_should_be(tmp_path: Path, texts: Path) -> None:
    taken = write(tmp_path / "taken", "not a folder")
    done = command("index", "build", texts, "--index", taken)
    assert done.code == 2
    assert f"error: the index in {taken} cannot be written" in done.err


BUILD = """
import os, signal, sys
from pathlib import Path
import index.build, index.store
from corpus.knowledge import load_knowledge
from index.config import IndexSettings
from index.embedding import TextEmbedder

stage, folder, paths = sys.argv[1], Path(sys.argv[2]), [Path(sys.argv[3])]

def wait(done, total):
    if stage == "embedding" and done == 1:
        print(f"{done} of {total}", flush=True)
        signal.pause()

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

if stage != "embedding":
    setattr(index.build, stage, die)
settings = IndexSettings(index_dir=folder)
index.build.build(settings, load_knowledge(), TextEmbedder(settings.embedder), paths, progress=wait)
"""


def start(stage: str, index: Path, folder: Path) -> subprocess.Popen[str]:
    """A real build in a process of its own, which stops at a stage."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    arguments = [sys.executable, "-c", BUILD, stage, str(index), str(folder)]
    return subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@dataclass(frozen=True)
class Killed:
    """A build that another met while it was embedding, and that was killed then."""

    index: Path
    folder: Path
    before: str
    progress: str
    pid: int
    second: Finished


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, small_index: Path) -> Killed:
    """An index whose second build was killed after the first of its 3 new passages was embedded."""
    index = tmp_path_factory.mktemp("killed") / "index"
    shutil.copytree(small_index, index)
    folder = put_texts(tmp_path_factory.mktemp("more"))
    for number in range(3):
        write(folder / f"new-{number}.txt", f"Trial number {number} froze its cells in a submarine.")
    before = (index / "CURRENT").read_text()
    process = start("embedding", index, folder)
    try:
        assert process.stdout is not None
        progress = process.stdout.readline()
        second = command("index", "build", folder, "--index", index)
    finally:
        process.kill()
        process.communicate()
    return Killed(index, folder, before, progress, process.pid, second)


def test_a_second_build_says_that_another_is_running(killed: Killed) -> None:
    assert killed.progress == "1 of 3\n"
    assert killed.second.code == 2
    process = rf"process {killed.pid} on \S+, since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    says = rf"error: another build is running in {killed.index} \({process}\): wait until it ends, or add --wait\.\n"
    assert re.search(says, killed.second.err)


def test_killed_while_embedding_the_last_good_index_serves(killed: Killed, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(killed.index, index)
    assert (index / "CURRENT").read_text() == killed.before
    assert {passage["document_id"] for passage in found(index, "submarine")} == {"bone", "cold", "liver"}
    assert command("index", "verify", "--index", index).code == 0
    assert tail(built(index, killed.folder)) == "6 documents, 7 passages, 2 embedded, 0 not read"
    assert not (index / "journal").exists()
    assert command("index", "verify", "--index", index).code == 0
    assert found(index, "submarine", 1)[0]["document_id"].startswith("new-")


@pytest.mark.parametrize("stage", ["write_manifest", "point_to"])
def test_killed_while_writing_the_last_good_index_serves(index: Path, folder: Path, stage: str) -> None:
    before = (index / "CURRENT").read_text()
    write(folder / "cold.txt", "Freezing\n\nCells are kept in a zeppelin.\n")
    process = start(stage, index, folder)
    process.communicate()
    assert process.returncode == -9
    remains = [path for path in (index / "generations").iterdir() if path.name != before.strip()]
    assert len(remains) == 1
    assert (index / "CURRENT").read_text() == before
    assert command("index", "verify", "--index", index).code == 0
    assert found(index, "liquid nitrogen", 1)[0]["document_id"] == "cold"
    built(index, folder)
    assert found(index, "zeppelin", 1)[0]["text"] == "Cells are kept in a zeppelin."
    assert command("index", "verify", "--index", index).code == 0
    if stage == "write_manifest":
        assert not remains[0].exists()
    write(folder / "cold.txt", "Freezing\n\nCells are kept in a castle.\n")
    built(index, folder)
    assert len(list((index / "generations").iterdir())) == 2
    assert not remains[0].exists()
