"""A damaged, missing or foreign index: one sentence that says what to do, and never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from front_door import command, write
from small_index import built, found, sealed_anew, serving

from index.chroma import COLLECTION, open_chroma
from index.seals import seals_of

DAMAGED = "run `python -m index build --fresh`.\n"


def drop_manifest(generation: Path) -> str:
    (generation / "manifest.json").unlink()
    return "its manifest is missing or unreadable"


def spoil_manifest(generation: Path) -> str:
    write(generation / "manifest.json", '{"format": 1')
    return "its manifest is missing or unreadable"


def drop_generation(generation: Path) -> str:
    shutil.rmtree(generation)
    return "its manifest is missing or unreadable"


def spoil_pointer(generation: Path) -> str:
    write(generation.parent.parent / "CURRENT", b"\xff\xfe\x00")
    return "its manifest is missing or unreadable"


def cut_vectors(generation: Path) -> None:
    halve(generation / "vectors.npy")


def flip_vectors(generation: Path) -> None:
    """A byte that nothing but a hash can find wrong, and a document that makes the build copy it."""
    flip(generation / "vectors.npy")
    write(generation / "listing.json", (generation / "listing.json").read_bytes().replace(b'"bone"', b'"bony"'))
    sealed_anew(generation)
    flip(generation / "vectors.npy")


def spoil_bm25(generation: Path) -> str:
    for path in (generation / "lexical").iterdir():
        write(path, b"\x00")
    sealed_anew(generation)
    return "its BM25 index cannot be read"


def fewer_vectors(generation: Path) -> str:
    np.save(generation / "vectors.npy", np.load(generation / "vectors.npy")[:-1])
    sealed_anew(generation)
    return "the manifest says 4 passages and 6 sentences, the files hold 4, 3 vectors and 6"


def spoil_passages(generation: Path) -> str:
    path = generation / "passages.jsonl"
    write(path, b"?" * path.stat().st_size)
    sealed_anew(generation)
    return "of passages.jsonl cannot be read"


def drop_chroma(generation: Path) -> str:
    shutil.rmtree(generation / "chroma")
    return " is missing"


def drop_chroma_files(generation: Path) -> str:
    write(generation / "chroma" / "chroma.sqlite3", b"rubbish" * 100)
    return "chroma/chroma.sqlite3 has 700 bytes instead of "


def other_chroma(generation: Path) -> str:
    shutil.rmtree(generation / "chroma")
    open_chroma(generation).close()
    sealed_anew(generation)
    return "Chroma cannot open it"


def file_for_chroma(generation: Path) -> str:
    shutil.rmtree(generation / "chroma")
    write(generation / "chroma", "no folder")
    return " is missing"


def cut_chroma(generation: Path) -> str:
    path = generation / "chroma" / "chroma.sqlite3"
    write(path, path.read_bytes()[:5000])
    return "chroma/chroma.sqlite3 has 5000 bytes instead of "


CHROMA_BREAKS = [drop_chroma, drop_chroma_files, file_for_chroma, cut_chroma]
BREAKS = [
    drop_manifest, spoil_manifest, drop_generation, spoil_pointer, fewer_vectors, spoil_passages,
    spoil_bm25, other_chroma, *CHROMA_BREAKS,
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


@pytest.mark.parametrize("damage", [drop_manifest, drop_generation, cut_vectors, flip_vectors, spoil_pointer])
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


def edit_first_passage(generation: Path, **changes: object) -> dict:
    path = generation / "passages.jsonl"
    first, *others = path.read_text(encoding="utf-8").splitlines()
    edited = json.loads(first) | changes
    lines = [json.dumps(edited), *others]
    write(path, "\n".join(lines) + "\n")
    rows = np.load(generation / "rows.npy")
    rows["end"] = np.cumsum([len(line) + 1 for line in lines])
    np.save(generation / "rows.npy", rows)
    sealed_anew(generation)
    return edited


def verified(index: Path) -> list[str]:
    done = command("index", "verify", "--index", index)
    assert (done.code, done.err) == (1, "")
    *faults, last = done.out.splitlines()
    assert last == f"{serving(index).name}: 4 passages checked, {len(faults)} faults"
    return faults


def test_verify_finds_an_edited_text(index: Path) -> None:
    edited = edit_first_passage(serving(index), text="Marrow is drawn from the nose.")
    assert f"fault: passage {edited['id']} is not at its offsets in bone" in verified(index)


def test_verify_finds_a_sentence_outside_its_passage(index: Path) -> None:
    edited = edit_first_passage(serving(index), sentences=[{"start": 0, "end": 3, "keys": ["file:bone"]}] * 2)
    assert verified(index) == [f"fault: a sentence of passage {edited['id']} lies outside it"] * 2


def test_verify_finds_a_passage_of_no_document(index: Path) -> None:
    edited = edit_first_passage(serving(index), document_id="gone")
    assert verified(index) == [f"fault: passage {edited['id']} belongs to no document"]


def test_verify_finds_an_unknown_source(index: Path) -> None:
    write(serving(index) / "sources.json", "{}")
    sealed_anew(serving(index))
    assert "fault: unknown source 'file:bone' in bone" in verified(index)


def test_verify_finds_a_passage_missing_from_chroma(index: Path) -> None:
    client = open_chroma(serving(index) / ".")
    collection = client.get_collection(COLLECTION, embedding_function=None)
    collection.delete(ids=collection.get(limit=1)["ids"])
    client.close()
    sealed_anew(serving(index))
    assert verified(index) == ["fault: Chroma holds 3 passages, the files 4: 1 are missing there, 0 too many"]


def test_verify_finds_another_vector_in_chroma(index: Path) -> None:
    client = open_chroma(serving(index) / ".")
    collection = client.get_collection(COLLECTION, embedding_function=None)
    identity = collection.get(limit=1)["ids"][0]
    collection.update(ids=[identity], embeddings=[[1.0] + [0.0] * 383])
    client.close()
    sealed_anew(serving(index))
    assert verified(index) == [f"fault: Chroma holds another vector for passage {identity}"]


def test_verify_finds_vectors_of_another_length(index: Path) -> None:
    path = serving(index) / "vectors.npy"
    np.save(path, np.load(path) * 2)
    sealed_anew(serving(index))
    assert "fault: a vector is not of unit length" in verified(index)
    np.save(path, np.load(path)[:, :100])
    sealed_anew(serving(index))
    assert verified(index) == ["fault: the vectors have the shape (4, 100)"]


def test_verify_finds_another_bm25_index_and_other_words(index: Path) -> None:
    counts = serving(index) / "lexical" / "counts.npy"
    np.save(counts, np.load(counts) + 1)
    write(serving(index) / "words.json", '{"marrow": 1}')
    sealed_anew(serving(index))
    assert verified(index) == [
        "fault: the BM25 index does not fit the passages",
        "fault: the speller's words are not those of the passages",
    ]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.unlink()  # a file that generations share is not to be changed in all of them
    write(path, bytes(data))


def halve(path: Path) -> None:
    write(path, path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip, halve, Path.unlink], ids=["flipped", "halved", "deleted"])
def test_verify_names_whatever_file_is_damaged(index: Path, texts: Path, damage: Callable[[Path], None]) -> None:
    built(index, texts, write(texts.parent / "one-more.txt", "Cells are counted twice."))
    whole = serving(index)
    kept = index.with_name("kept")
    shutil.copytree(whole, kept)
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and path.stat().st_size)
    assert len(files) >= 18
    for name in files:
        damage(whole / name)
        done = command("index", "verify", "--index", index)
        assert done.code in (1, 2), name
        assert "Traceback" not in done.err
        assert name.name in done.out + done.err or "its manifest is missing or unreadable" in done.err, name
        shutil.copy2(kept / name, whole / name)
    assert command("index", "verify", "--index", index).code == 0


def test_a_flipped_byte_in_the_pointer(index: Path) -> None:
    flip(index / "CURRENT")
    done = command("index", "verify", "--index", index)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: the index in ")
    assert done.err.endswith(DAMAGED)


def test_reading_changes_no_byte(index: Path) -> None:
    seals = seals_of(serving(index))
    for _ in range(3):
        found(index, "marrow from the hip")
    assert seals_of(serving(index)) == seals


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


def test_an_index_of_another_version_says_so_and_is_built_anew(index: Path, texts: Path) -> None:
    manifest = serving(index) / "manifest.json"
    write(manifest, json.dumps(json.loads(manifest.read_text()) | {"format": 99}))
    done = command("index", "search", "marrow", "--index", index)
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("has format 99, this version reads 2: run `python -m index build`.\n")
    assert command("index", "build", texts, "--index", index).code == 0
    assert command("index", "search", "marrow", "--index", index).code == 0
