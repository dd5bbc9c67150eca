"""A build after a change costs what the change costs, and leaves what a build of everything would leave."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import bm25s
import numpy as np
import pytest
from front_door import write
from instant import InstantEmbedder

import corpus.documents
import index.build
import index.loading
from corpus.knowledge import load_knowledge
from index.build import BuildReport, build
from index.config import IndexSettings
from index.inspect import faults_of
from index.lexical import LexicalIndex, stems
from index.segments import MOST
from index.serving import open_current
from index.store import CHUNK, DOCUMENT, Generation

KNOWLEDGE = load_knowledge()
WORDS = [
    f"{a}{b}{c}" for a in ("ba", "co", "di", "fu") for b in ("la", "me", "ni", "ro") for c in ("st", "x", "ng", "rt")
]


def sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=12)).capitalize() + "."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dice = random.Random(7)
    for number in range(40):
        text = " ".join(sentence(dice) for _ in range(30))
        write(tmp_path / "texts" / f"d{number:02}.md", f"# Title {number}\n\n## Part\n\n{text}\n")
    return tmp_path / "texts"


def run(index_dir: Path, folder: Path, embedder: InstantEmbedder | None = None, **how: bool) -> BuildReport:
    settings = IndexSettings(index_dir=index_dir, embedder="instant")
    return build(settings, KNOWLEDGE, embedder or InstantEmbedder(), [folder], **how)


def held_by(generation: Generation) -> dict[str, object]:
    """Everything that a generation holds, in a form in which two can be compared."""
    contents = generation.contents
    return {
        "documents": [DOCUMENT.dump_json(document) for document in contents.documents],
        "passages": [CHUNK.dump_json(chunk) for chunk in contents.chunks],
        "sources": contents.sources,
        "listing": generation.listing,
        "vectors": contents.vectors.tobytes(),
        "sentences": [generation.sentences_at(row).tobytes() for row in range(len(contents.chunks))],
        "words": Counter(generation.word_counts),
        "chroma": generation.dense.ids(),
    }


def assert_as_built_anew(index_dir: Path, folder: Path, tmp_path: Path) -> None:
    run(tmp_path / "anew", folder, fresh=True)
    ours, anew = open_current(index_dir), open_current(tmp_path / "anew")
    assert held_by(ours) == held_by(anew)
    assert ours.lexical.same_as(anew.lexical)
    assert faults_of(ours) == []


def test_changed_added_renamed_and_removed(folder: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "own", folder).embedded == 40 * 3
    changed = folder / "d07.md"
    write(changed, changed.read_text() + "\nA zeppelin came by.\n")
    write(folder / "a-new.md", "# New\n\nA submarine came by.\n")
    (folder / "d09.md").rename(folder / "z09.md")
    (folder / "d11.md").unlink()
    embedder = InstantEmbedder()
    report = run(tmp_path / "own", folder, embedder)
    assert (report.documents, report.changed, report.embedded) == (40, True, 2)
    assert embedder.embedded == 2
    assert embedder.cut == 3
    assert_as_built_anew(tmp_path / "own", folder, tmp_path)
    generation = open_current(tmp_path / "own")
    assert {document.id for document in generation.contents.documents} >= {"a-new", "z09"}
    assert "zeppelin" in generation.speller._frequencies
    row = int(np.argmax(generation.lexical.scores("zeppelin")))
    assert generation.contents.chunks[row].document_id == "d07"


def test_an_unchanged_file_is_not_parsed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path / "own", folder)
    parsed = []
    monkeypatch.setattr(
        index.loading, "read_all", lambda path: parsed.append(path.name) or corpus.documents.read_all(path)
    )
    assert run(tmp_path / "own", folder).changed is False
    write(folder / "d07.md", "# Title 7\n\nA zeppelin came by.\n")
    assert run(tmp_path / "own", folder).changed is True
    assert parsed == ["d07.md"]


def test_an_unchanged_text_is_not_tokenised(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path / "own", folder)
    write(folder / "d07.md", "# Title 7\n\nA zeppelin came by.\n")
    read = []
    monkeypatch.setattr("index.lexical.stems", lambda text: read.append(text) or stems(text))
    run(tmp_path / "own", folder)
    assert read == ["Title 7\nA zeppelin came by."]


def test_another_version_of_the_readers_reads_all_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "own", folder)
    for module in (index.build, index.loading):
        monkeypatch.setattr(module, "READING_VERSION", 99)
    embedder = InstantEmbedder()
    report = run(tmp_path / "own", folder, embedder)
    assert (report.changed, report.embedded, embedder.cut) == (True, 0, 40)


def test_nothing_changed_needs_no_model(folder: Path, tmp_path: Path) -> None:
    class Named(InstantEmbedder):
        @property
        def dimensions(self) -> int:  # type: ignore[override]
            raise AssertionError("the model was loaded")

    run(tmp_path / "own", folder)
    assert run(tmp_path / "own", folder, Named()).changed is False


def test_many_small_builds(folder: Path, tmp_path: Path) -> None:
    run(tmp_path / "own", folder)
    for number in range(MOST + 3):
        write(folder / "d07.md", f"# Title 7\n\nZeppelin {number} came by.\n")
        assert run(tmp_path / "own", folder).embedded == 1
    files = sorted(path.name for path in (open_current(tmp_path / "own").folder / "sentences").iterdir())
    assert files == ["0001.npy", "0002.npy", "0003.npy", "0004.npy"]
    assert_as_built_anew(tmp_path / "own", folder, tmp_path)


def test_most_documents_gone(folder: Path, tmp_path: Path) -> None:
    run(tmp_path / "own", folder)
    for number in range(30):
        (folder / f"d{number:02}.md").unlink()
    assert run(tmp_path / "own", folder).embedded == 0
    assert len(list((open_current(tmp_path / "own").folder / "sentences").iterdir())) == 1
    assert_as_built_anew(tmp_path / "own", folder, tmp_path)


def test_no_fault_is_sealed_into_the_next_generation(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.seals.SMALL", 0)  # or a file as small as here is hashed when it is opened
    run(tmp_path / "own", folder)
    path = open_current(tmp_path / "own").folder / "vectors.npy"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    write(folder / "d07.md", "# Title 7\n\nA zeppelin came by.\n")
    assert run(tmp_path / "own", folder).embedded == 39 * 3 + 1
    assert_as_built_anew(tmp_path / "own", folder, tmp_path)


def test_scores_are_those_of_lucene() -> None:
    dice = random.Random(3)
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(0, 90))) for _ in range(400)]
    ours = LexicalIndex.build(texts)
    lucene = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    lucene.index([stems(text) for text in texts], show_progress=False)
    for _ in range(50):
        asked = dice.choices(WORDS, k=6)
        query = " ".join([*asked, asked[0], "unheard"])
        theirs = lucene.get_scores([stem for stem in stems(query) if stem in lucene.vocab_dict])
        np.testing.assert_allclose(ours.scores(query), theirs, rtol=1e-5, atol=1e-6)
    assert max(ours.scores("unheard")) == 0


def test_rarity_after_a_term_is_gone() -> None:
    before = LexicalIndex.build(["marrow hip", "marrow", "liver"])
    after = before.updated(np.array([0, 1, -1]), ["marrow"])
    assert (before.knows("liver"), after.knows("liver")) == (True, False)
    assert after.rarity("liver") == LexicalIndex.build(["marrow hip", "marrow", "marrow"]).rarity("liver")
