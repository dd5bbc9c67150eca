"""A damaged, missing or foreign index: one sentence that says what to do, and never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from front_door import command, write
from small_index import serving

from index.store import COLLECTION, open_chroma

DAMAGED = "run `python -m index build --fresh`.\n"


def drop_manifest(generation: Path) -> str:
    (generation / "manifest.json").unlink()
    return "its manifest is missing or unreadable"


def spoil_manifest(generation: Path) -> str:
    write(generation / "manifest.json", '{"format": 1')
    return "its manifest is missing or unreadable"


def other_format(generation: Path) -> str:
    held = json.loads((generation / "manifest.json").read_text())
    write(generation / "manifest.json", json.dumps(held | {"format": 99}))
    return "it has format 99, this version reads 1"


def drop_generation(generation: Path) -> str:
    shutil.rmtree(generation)
    return "its manifest is missing or unreadable"


def spoil_pointer(generation: Path) -> str:
    write(generation.parent.parent / "CURRENT", b"\xff\xfe\x00")
    return "its manifest is missing or unreadable"


def cut_vectors(generation: Path) -> str:
    path = generation / "vectors.npy"
    write(path, path.read_bytes()[:-100])
    return "damaged ("


def fewer_vectors(generation: Path) -> str:
    np.save(generation / "vectors.npy", np.load(generation / "vectors.npy")[:-1])
    return "the manifest says 4 passages"


def fewer_sentences(generation: Path) -> str:
    np.save(generation / "sentences.npy", np.load(generation / "sentences.npy")[:-1])
    return "the manifest says 4 passages"


def cut_passages(generation: Path) -> str:
    path = generation / "passages.jsonl"
    write(path, path.read_bytes()[:-20])
    return "damaged ("


def drop_passage(generation: Path) -> str:
    path = generation / "passages.jsonl"
    write(path, b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    return "the manifest says 4 passages, the files hold 3"


def spoil_bm25(generation: Path) -> str:
    for path in (generation / "lexical").iterdir():
        write(path, b"\x00")
    return "its BM25 index cannot be read"


def drop_chroma(generation: Path) -> str:
    shutil.rmtree(generation / "chroma")
    return "Chroma cannot open it"


def drop_chroma_files(generation: Path) -> str:
    write(generation / "chroma" / "chroma.sqlite3", b"rubbish" * 100)
    return "Chroma cannot open it"


def empty_chroma(generation: Path) -> str:
    shutil.rmtree(generation / "chroma")
    (generation / "chroma").mkdir()
    return "Chroma cannot open it"


def file_for_chroma(generation: Path) -> str:
    shutil.rmtree(generation / "chroma")
    write(generation / "chroma", "no folder")
    return "Chroma cannot open it: its folder is missing"


def cut_chroma(generation: Path) -> str:
    path = generation / "chroma" / "chroma.sqlite3"
    write(path, path.read_bytes()[:5000])
    return "Chroma cannot open it"


CHROMA_BREAKS = [drop_chroma, drop_chroma_files, empty_chroma, file_for_chroma, cut_chroma]
BREAKS = [
    drop_manifest, spoil_manifest, other_format, drop_generation, spoil_pointer, cut_vectors, fewer_vectors,
    fewer_sentences, cut_passages, drop_passage, spoil_bm25, *CHROMA_BREAKS,
]  # fmt: skip


@pytest.mark.parametrize("damage", BREAKS, ids=lambda function: function.__name__)
def test_a_damaged_index_is_refused_in_a_sentence(index: Path, damage: Callable[[Path], str]) -> None:
    why = damage(serving(index))
    for arguments in (("verify",), ("search", "marrow")):
        done = command("index", *arguments, "--index", index)
        assert (done.code, done.out) == (2, ""), arguments
        assert done.err.startswith("error: the index in ")
        assert " is damaged (" in done.err
        assert why in done.err
        assert done.err.endswith(DAMAGED)


@pytest.mark.parametrize("damage", [drop_manifest, drop_generation, cut_vectors, drop_passage, spoil_pointer])
def test_a_build_replaces_a_damaged_index(index: Path, texts: Path, damage: Callable[[Path], str]) -> None:
    damage(serving(index))
    done = command("index", "build", texts, "--index", index)
    assert done.code == 0
    assert done.out.endswith("3 documents, 4 passages, 4 embedded, 0 not read\n")
    assert command("index", "verify", "--index", index).code == 0


@pytest.mark.parametrize("more", [False, True], ids=["nothing changed", "a new document"])
@pytest.mark.parametrize("damage", CHROMA_BREAKS, ids=lambda function: function.__name__)
def test_a_build_on_a_damaged_chroma_says_so_and_fresh_mends_it(
    index: Path, texts: Path, tmp_path: Path, damage: Callable[[Path], str], more: bool
) -> None:
    why, before = damage(serving(index)), serving(index)
    paths = [texts, write(tmp_path / "more" / "extra.txt", "Cells are counted twice.")] if more else [texts]
    done = command("index", "build", *paths, "--index", index)
    assert (done.code, done.out) == (2, "")
    sentence = done.err.splitlines()[-1]
    assert sentence.startswith(f"error: the index in {before} is damaged (")
    assert why in sentence
    assert sentence.endswith(DAMAGED.strip())
    assert [folder.name for folder in before.parent.iterdir()] == [before.name]
    fresh = command("index", "build", *paths, "--index", index, "--fresh")
    assert (fresh.code, command("index", "verify", "--index", index).code) == (0, 0)
    assert serving(index) != before


def test_a_build_on_a_chroma_that_lost_passages_says_so(index: Path, texts: Path) -> None:
    client = open_chroma(serving(index))
    collection = client.get_collection(COLLECTION, embedding_function=None)
    collection.delete(ids=collection.get(limit=1)["ids"])
    client.close()
    done = command("index", "build", texts, "--index", index)
    assert (done.code, done.out) == (2, "")
    assert "Chroma holds 3 passages, the files 4" in done.err
    assert done.err.endswith(DAMAGED)


def edit_first_passage(generation: Path, **changes: object) -> dict:
    path = generation / "passages.jsonl"
    first, *others = path.read_text(encoding="utf-8").splitlines()
    edited = json.loads(first) | changes
    write(path, "\n".join([json.dumps(edited), *others]) + "\n")
    return edited


def verified(index: Path) -> list[str]:
    done = command("index", "verify", "--index", index)
    assert (done.code, done.err) == (1, "")
    *faults, last = done.out.splitlines()
    assert last == f"{serving(index).name}: 4 passages checked, {len(faults)} faults"
    return faults


def test_verify_finds_an_edited_text(index: Path) -> None:
    edited = edit_first_passage(serving(index), text="Marrow is drawn from the nose.")
    assert verified(index) == [f"fault: passage {edited['id']} is not at its offsets in bone"]


def test_verify_finds_a_sentence_outside_its_passage(index: Path) -> None:
    edited = edit_first_passage(serving(index), sentences=[{"start": 0, "end": 3, "keys": ["file:bone"]}] * 2)
    assert set(verified(index)) == {f"fault: a sentence of passage {edited['id']} lies outside it"}


def test_verify_finds_a_passage_of_no_document(index: Path) -> None:
    edited = edit_first_passage(serving(index), document_id="gone")
    assert f"fault: passage {edited['id']} belongs to no document" in verified(index)


def test_verify_finds_an_unknown_source(index: Path) -> None:
    write(serving(index) / "sources.json", "{}")
    assert "fault: unknown source 'file:bone' in bone" in verified(index)


def test_verify_finds_a_passage_missing_from_chroma(index: Path) -> None:
    client = open_chroma(serving(index) / ".")
    collection = client.get_collection(COLLECTION, embedding_function=None)
    collection.delete(ids=collection.get(limit=1)["ids"])
    client.close()
    assert verified(index) == ["fault: Chroma holds 3 passages, the files 4"]


def test_verify_finds_vectors_of_another_length(index: Path) -> None:
    path = serving(index) / "vectors.npy"
    np.save(path, np.load(path) * 2)
    assert verified(index) == ["fault: a vector is not of unit length"]
    np.save(path, np.load(path)[:, :100])
    assert verified(index) == ["fault: the vectors have the shape (4, 100)"]


def test_verify_finds_a_lost_bm25_index(index: Path) -> None:
    shutil.rmtree(serving(index) / "lexical")
    assert verified(index) == ["fault: the BM25 index has another number of passages"]


@pytest.mark.parametrize("arguments", [("status",), ("verify",), ("search", "marrow")])
def test_a_missing_index_names_the_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    index = tmp_path / "none"
    done = command("index", *arguments, "--index", index)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"error: {index} holds no index: run `python -m index build --index {index}`.\n"
    (index / "generations").mkdir(parents=True)
    done = command("index", *arguments, "--index", index)
    assert done.err == f"error: {index} holds only an unfinished build: run `python -m index build --index {index}`.\n"
    assert done.code == 2


def test_a_file_is_no_index(tmp_path: Path) -> None:
    done = command("index", "status", "--index", write(tmp_path / "file", "text"))
    assert done.code == 2
    assert done.err == f"error: {tmp_path / 'file'} is no folder of an index (Not a directory); give another --index.\n"


def test_another_embedder_is_refused_with_both_names(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSC_EMBEDDER", "other")
    done = command("index", "search", "marrow", "--index", index)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: the index was built with all-MiniLM-L6-v2 (384 dimensions), the settings ask for other: "
        "run `python -m index build`, or set MSC_EMBEDDER=all-MiniLM-L6-v2.\n"
    )


def test_an_embedder_that_does_not_exist(tmp_path: Path, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSC_EMBEDDER", str(tmp_path / "no-such-model"))
    done = command("index", "build", texts, "--index", tmp_path / "index")
    assert done.code == 2
    assert f"error: the embedder '{tmp_path / 'no-such-model'}' cannot be loaded (" in done.err
    assert not (tmp_path / "index" / "CURRENT").exists()


@pytest.mark.parametrize(("arguments", "says"), [
    (("search", "  "), "the question is empty; write what to search for."),
    (("search", "marrow", "--k", "0"), "Invalid value for '--k': Input should be greater than or equal to 1"),
])  # fmt: skip
def test_wrong_use(index: Path, arguments: tuple[str, ...], says: str) -> None:
    done = command("index", *arguments, "--index", index)
    assert done.code == 2
    assert says in done.err
