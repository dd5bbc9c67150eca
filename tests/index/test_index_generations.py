"""Generations: builds that are killed, builds that meet, readers that go on reading, and going back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_door import command, write
from instant import InstantEmbedder
from small_index import built, found, put_texts, serving, status

from corpus.knowledge import load_knowledge
from index.build import BuildReport, build
from index.config import IndexSettings
from index.inspect import faults_of
from index.journal import JOURNAL
from index.serving import generation_names, open_current

ROOT = Path(__file__).parents[2]
KNOWLEDGE = load_knowledge()
HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT}:{HERE.parent}:{HERE}", "OMP_NUM_THREADS": "1"}
TEXTS = 60

BUILDER = """
import os, signal, sys
from pathlib import Path
from instant import InstantEmbedder
import index.build, index.writing
from corpus.knowledge import load_knowledge
from index.config import IndexSettings

stage, index_dir, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

class Mortal(InstantEmbedder):
    def chunks(self, chunks):
        for number, made in enumerate(super().chunks(chunks)):
            if stage.isdigit() and number == int(stage):
                die()
            yield made

if not stage.isdigit():
    owner, _, name = stage.rpartition(".")
    setattr(getattr(index.writing, owner) if owner else index.build, name, die)
settings = IndexSettings(index_dir=index_dir, embedder="instant")
index.build.build(settings, load_knowledge(), Mortal(), [folder])
"""

READER = """
import sys
from pathlib import Path
from instant import InstantEmbedder
from index.config import IndexSettings
from index.retriever import HybridRetriever

retriever = HybridRetriever(settings=IndexSettings(index_dir=Path(sys.argv[1]), embedder="instant"), embedder=InstantEmbedder(), k=3)
print("ready", flush=True)
for line in sys.stdin:
    passages = retriever.search(line.strip())
    assert len(passages) == 3 and all(p.text for p in passages)
    print(retriever.generation.manifest.id, passages[0].document_id, flush=True)
"""


def spawned(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(TEXTS):
        write(
            tmp_path / "texts" / f"d{number:02}.md",
            f"# Title {number}\n\nTrial {number} froze cells in vat {number}.\n",
        )
    return tmp_path / "texts"


def run(index_dir: Path, folder: Path, embedder: InstantEmbedder | None = None, **settings: int) -> BuildReport:
    held = IndexSettings(index_dir=index_dir, embedder="instant", **settings)
    return build(held, KNOWLEDGE, embedder or InstantEmbedder(), [folder])


def change(folder: Path, number: int) -> None:
    write(folder / "d07.md", f"# Title 7\n\nZeppelin {number} came by.\n")


def killed(stage: object, index_dir: Path, folder: Path) -> None:
    process = spawned(BUILDER, stage, index_dir, folder)
    _, errors = process.communicate()
    assert process.returncode == -9, errors


def test_a_killed_first_build_resumes(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    killed(20, index, folder)
    assert command("index", "status", "--index", index).code == 2
    killed(25, index, folder)
    embedder = InstantEmbedder()
    assert run(index, folder, embedder).embedded == TEXTS - 20 - 25
    assert embedder.embedded == TEXTS - 20 - 25
    assert faults_of(open_current(index)) == []
    assert not (index / JOURNAL).exists()


def test_a_torn_record_is_made_again(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    killed(20, index, folder)
    data = (index / JOURNAL).read_bytes()
    write(index / JOURNAL, data[:-10])
    assert run(index, folder).embedded == TEXTS - 19
    assert faults_of(open_current(index)) == []


def test_a_flipped_record_is_made_again(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    killed(20, index, folder)
    data = bytearray((index / JOURNAL).read_bytes())
    data[-10] ^= 1
    write(index / JOURNAL, bytes(data))
    assert run(index, folder).embedded == TEXTS - 19
    assert faults_of(open_current(index)) == []


def test_a_journal_of_another_embedder_is_dropped(folder: Path, tmp_path: Path) -> None:
    class Other(InstantEmbedder):
        name = "other"

    index = tmp_path / "own"
    killed(20, index, folder)
    held = IndexSettings(index_dir=index, embedder="other")
    assert build(held, KNOWLEDGE, Other(), [folder]).embedded == TEXTS


@pytest.mark.parametrize(
    "stage",
    [
        "0",
        "Writer._write_vectors",
        "Writer._write_words",
        "Writer._write_chroma",
        "write_manifest",
        "point_to",
        "prune",
    ],
)
def test_killed_anywhere_an_index_serves(folder: Path, tmp_path: Path, stage: str) -> None:
    index = tmp_path / "own"
    run(index, folder)
    before = serving(index).name
    for number in range(10):
        write(folder / f"d{number:02}.md", f"# Title {number}\n\nZeppelin {number} came by.\n")
    killed(stage, index, folder)
    assert faults_of(open_current(index)) == []
    assert (serving(index).name == before) is (stage != "prune")
    embedder = InstantEmbedder()
    run(index, folder, embedder)
    assert embedder.embedded == (10 if stage == "0" else 0)
    assert faults_of(open_current(index)) == []
    assert {d.text.split()[-3] for d in open_current(index).contents.documents if "Zeppelin" in d.text} == set(
        "0123456789"
    )
    change(folder, 99)
    run(index, folder)
    assert len(list((index / "generations").iterdir())) == 2


@pytest.fixture
def reader(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that answers searches in `tmp_path / "own"`, one a line."""
    run(tmp_path / "own", folder)
    process = spawned(READER, tmp_path / "own")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


def asked(reader: subprocess.Popen[str], query: str) -> list[str]:
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write(query + "\n")
    reader.stdin.flush()
    answer = reader.stdout.readline().split()
    if not answer:
        raise AssertionError(reader.stderr.read() if reader.stderr else "")
    return answer


def test_a_reader_moves_on_and_what_it_holds_is_not_pruned(
    folder: Path, tmp_path: Path, reader: subprocess.Popen[str]
) -> None:
    index = tmp_path / "own"
    first = serving(index)
    assert asked(reader, "frozen in vat 5")[0] == first.name
    for number in range(6):
        change(folder, number)
        run(index, folder, kept_generations=1)
        if number == 2:
            assert first.exists()
            assert len(generation_names(index)) == 2
            assert asked(reader, "zeppelin 2") == [serving(index).name, "d07"]
    change(folder, 6)
    run(index, folder, kept_generations=1)
    assert not first.exists()
    assert asked(reader, "zeppelin 6") == [serving(index).name, "d07"]


def test_a_reader_that_searches_all_the_while(folder: Path, tmp_path: Path, reader: subprocess.Popen[str]) -> None:
    index = tmp_path / "own"
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDS, str(index), str(folder)],
        cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seen = set()
    while process.poll() is None:
        seen.add(asked(reader, "zeppelin")[0])
    assert process.returncode == 0
    assert asked(reader, "zeppelin 11") == [serving(index).name, "d07"]
    assert len(seen) > 2


BUILDS = """
import sys
from pathlib import Path
from test_index_generations import change, run
for number in range(12):
    change(Path(sys.argv[2]), number)
    run(Path(sys.argv[1]), Path(sys.argv[2]), kept_generations=1)
"""


def test_going_back_and_building_from_there(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    for number in range(3):
        change(folder, number)
        run(index, folder, kept_generations=3)
    first, second, third = generation_names(index)
    assert status(index)["generations"] == [first, second, third]
    done = command("index", "use", first, "--index", index)
    assert (done.code, done.out) == (0, f"{index}: generation {first} serves now\n")
    assert open_current(index).documents["d07"].text.endswith("Zeppelin 0 came by.")
    embedder = InstantEmbedder()
    assert run(index, folder, embedder, kept_generations=1).changed is True
    assert embedder.embedded == 1
    assert open_current(index).documents["d07"].text.endswith("Zeppelin 2 came by.")
    assert faults_of(open_current(index)) == []
    assert generation_names(index) == [serving(index).name]


def test_the_one_in_use_is_never_pruned(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    run(index, folder)
    change(folder, 1)
    run(index, folder)
    first, _ = generation_names(index)
    assert command("index", "use", first[:-4], "--index", index).code == 0
    from index.build import prune

    prune(index, 1)
    assert first in generation_names(index)
    assert faults_of(open_current(index)) == []


def test_using_what_is_not_there(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    run(index, folder)
    change(folder, 1)
    run(index, folder)
    first, second = generation_names(index)
    for asked_for, says in (("x", "no generation 'x'"), ("20", "more than one generation '20'")):
        done = command("index", "use", asked_for, "--index", index)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"error: {index} has {says}: name one of {first}, {second}.\n"
    assert serving(index).name == second


def test_a_damaged_generation_is_not_used(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "own"
    run(index, folder)
    change(folder, 1)
    run(index, folder)
    first, second = generation_names(index)
    (index / "generations" / first / "words.json").unlink()
    done = command("index", "use", first, "--index", index)
    assert done.code == 2
    assert "words.json is missing" in done.err
    assert serving(index).name == second


def test_how_many_are_kept_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put_texts(tmp_path / "texts")
    monkeypatch.setenv("MSC_KEPT_GENERATIONS", "3")
    for number in range(4):
        write(folder / "cold.txt", f"Freezing\n\nCells are kept cold for {number} years.\n")
        built(tmp_path / "own", folder)
    assert len(generation_names(tmp_path / "own")) == 3
    assert found(tmp_path / "own", "kept cold", 1)[0]["text"] == "Cells are kept cold for 3 years."
    monkeypatch.setenv("MSC_KEPT_GENERATIONS", "0")
    done = command("index", "status", "--index", tmp_path / "own")
    assert done.code == 2
    assert "the setting 'kept_generations' (MSC_KEPT_GENERATIONS) cannot be '0'" in done.err


HOLDER = """
import sys
from pathlib import Path
from index.locks import building
with building(Path(sys.argv[1]), wait=False, waiting=print):
    print("holding", flush=True)
    sys.stdin.readline()
"""


def test_a_build_waits_if_told_to(tmp_path: Path) -> None:
    folder = put_texts(tmp_path / "texts")
    (tmp_path / "own").mkdir()
    holder = spawned(HOLDER, tmp_path / "own")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    arguments = [sys.executable, "-m", "index", "build", str(folder), "--index", str(tmp_path / "own"), "--wait"]
    waiter = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert waiter.stderr is not None
    said = waiter.stderr.readline()
    assert f"another build is running in {tmp_path / 'own'} (process {holder.pid} on " in said
    holder.communicate("\n")
    out, _ = waiter.communicate()
    assert waiter.returncode == 0
    assert out.endswith("3 documents, 4 passages, 4 embedded, 0 not read\n")
