"""The index of the bundled corpus: every offset holds, and people's words find what they look for."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from front_door import command

from index.config import IndexSettings
from index.embedding import TextEmbedder
from index.retriever import HybridRetriever
from index.serving import open_current
from index.store import Generation


@pytest.fixture(scope="module")
def generation(bundled_index: Path) -> Generation:
    return open_current(bundled_index)


def test_verify_finds_nothing(bundled_index: Path, generation: Generation) -> None:
    done = command("index", "verify", "--index", bundled_index)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{generation.manifest.id}: {generation.manifest.passages} passages checked, 0 faults\n"


def test_every_offset_holds(generation: Generation) -> None:
    ids = set()
    for chunk in generation.contents.chunks:
        document = generation.documents[chunk.document_id]
        ids.add(document.id)
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert (chunk.sentences[0].start, chunk.sentences[-1].end) == (chunk.start, chunk.end)
        for before, after in itertools.pairwise(chunk.sentences):
            assert before.end <= after.start
            assert document.text[before.end : after.start].strip() == ""
        for sentence in chunk.sentences:
            text = document.text[sentence.start : sentence.end]
            assert text == text.strip()
            assert text
            assert set(sentence.keys) <= set(generation.contents.sources)
    assert ids == set(generation.documents)


def test_passages_hold_each_word_once(generation: Generation) -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for chunk in generation.contents.chunks:
        spans.setdefault(chunk.document_id, []).append((chunk.start, chunk.end))
    for identity, document in generation.documents.items():
        inside = [text for start, end in spans[identity] for text in document.text[start:end].split()]
        assert inside == [word for block in document.blocks for word in document.text[block.start : block.end].split()]


def test_no_passage_crosses_a_section(generation: Generation) -> None:
    for chunk in generation.contents.chunks:
        document = generation.documents[chunk.document_id]
        holding = [s for s in document.sections if s.start <= chunk.start < s.end]
        assert len(holding) == 1
        assert chunk.end <= holding[0].end
        assert chunk.section == holding[0].title
        assert chunk.start >= holding[0].start + len(chunk.section)


def test_every_passage_fits_its_budget(generation: Generation) -> None:
    embedder = TextEmbedder()
    chunks = generation.contents.chunks
    pieces = embedder.count_tokens([chunk.text for chunk in chunks])
    too_long = [
        c.id
        for c, n in zip(chunks, pieces, strict=True)
        if n > generation.manifest.passage_tokens and len(c.sentences) > 1
    ]
    assert too_long == []


def test_every_document_is_there_with_the_register(generation: Generation) -> None:
    from corpus.locations import DOCUMENTS_DIR

    ids = {path.stem for path in DOCUMENTS_DIR.glob("*.md")}
    registers = {identity for identity in generation.documents if identity.startswith("register-")}
    assert set(generation.documents) - registers == ids
    assert {"register-us", "register-eu", "register-uk", "register-jp", "register-kr"} <= registers


@pytest.fixture(scope="module")
def retriever(bundled_index: Path) -> HybridRetriever:
    settings = IndexSettings(index_dir=bundled_index)
    return HybridRetriever(settings=settings, embedder=TextEmbedder(settings.embedder), k=5)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("remestemcel-L FDA approval children steroid-refractory acute GvHD", "register-us"),
        ("is there any approved stem cell treatment for my sons autism", "autism-and-cerebral-palsy"),
        ("ISCT minimal criteria CD73 CD90 CD105", "isct-criteria"),
    ],
)
def test_a_question_finds_its_document(retriever: HybridRetriever, query: str, document: str) -> None:
    passages = retriever.search(query)
    assert document in [passage.document_id for passage in passages]
    scores = [passage.score for passage in passages]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    for passage in passages:
        assert passage.sources
        assert not any(source.retracted for source in passage.sources)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("does osteoarthriits hurt", "does osteoarthritis hurt"),
        ("mesenchimal cells", "mesenchymal cells"),
        ("is the infusoin safe", "is the infusion safe"),
        ("can I pay the mortgage of my grandmother", "can I pay the mortgage of my grandmother"),
        ("please recommend a restaurant", "please recommend a restaurant"),
        ("I saw Doctor Mesenchimal", "I saw Doctor Mesenchimal"),
        ("MESENCHIMAL", "MESENCHIMAL"),
        ("xqzwvbn", "xqzwvbn"),
        ("teh", "teh"),
    ],
)
def test_unknown_words_are_put_right_and_english_is_left_alone(
    retriever: HybridRetriever, written: str, meant: str
) -> None:
    assert retriever.spelled(written) == meant
