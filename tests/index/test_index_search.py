"""Searching: through the command line and as a LangChain retriever."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from front_door import command, write
from langchain_core.documents import Document as LangChainDocument
from langchain_core.runnables import RunnableLambda
from small_index import TEXTS, built, found, put_texts, serving, status

from corpus.knowledge import load_knowledge
from index.build import build
from index.config import IndexSettings
from index.embedding import TextEmbedder
from index.errors import EmbedderMismatch
from index.retriever import HybridRetriever, cited
from index.spelling import Speller

HIP = "Marrow is drawn from the hip bone with a needle. The hip hurts for 3 days."


@pytest.fixture(scope="module")
def embedder() -> TextEmbedder:
    return TextEmbedder()


def retriever_of(index: Path, embedder: TextEmbedder, k: int = 10) -> HybridRetriever:
    return HybridRetriever(settings=IndexSettings(index_dir=index), embedder=embedder, k=k)


def test_search_as_json(small_index: Path, texts: Path) -> None:
    passages = found(small_index, "does drawing marrow from the hip hurt", 2)
    assert len(passages) == 2
    best = passages[0]
    assert (best["document_id"], best["title"], best["section"]) == ("bone", "Cells from bone marrow", "Taking them")
    assert best["text"] == HIP
    assert best["end"] - best["start"] == len(HIP)
    assert [HIP[s["start"] - best["start"] : s["end"] - best["start"]] for s in best["sentences"]] == [
        "Marrow is drawn from the hip bone with a needle.",
        "The hip hurts for 3 days.",
    ]
    assert [(source["key"], source["url"], source["evidence"]) for source in best["sources"]] == [
        ("file:bone", "bone.md", "unspecified")
    ]
    assert best["page"] is None
    assert best["score"] == pytest.approx(1.0)
    assert best["score"] > passages[1]["score"]


def test_search_in_words(small_index: Path) -> None:
    done = command("index", "search", "liquid nitrogen", "--k", 1, "--index", small_index)
    assert done.code == 0
    assert done.out == (
        "1. 1.000  cold.txt — Freezing\n   Cells are kept in liquid nitrogen. They are thawed in a warm water bath.\n\n"
    )


def test_a_question_in_words_that_no_passage_has(small_index: Path) -> None:
    passages = found(small_index, "hepatic fibrosis", 1)
    assert passages[0]["document_id"] == "liver"
    assert passages[0]["lexical"] == 0


def test_status(small_index: Path, texts: Path) -> None:
    held = status(small_index)
    files = sum(path.stat().st_size for path in serving(small_index).rglob("*") if path.is_file())
    assert {name: held[name] for name in held if name not in ("created", "bytes_on_disk")} == {
        "generation": serving(small_index).name,
        "folder": str(serving(small_index)),
        "embedder": "all-MiniLM-L6-v2",
        "dimensions": 384,
        "passage_tokens": 160,
        "corpus_version": load_knowledge().version,
        "documents": 3,
        "passages": 4,
        "sentences": 6,
        "vectors_in": "the folder",
        "generations": [serving(small_index).name],
        "changed": [],
    }
    assert held["bytes_on_disk"] == files
    shown = command("index", "status", "--index", small_index).out
    assert "embedder: all-MiniLM-L6-v2\n" in shown
    assert "passages: 4\n" in shown


def joined(documents: list[LangChainDocument]) -> str:
    return " / ".join(f"{d.metadata['document_id']}:{d.metadata['section']}" for d in documents)


def test_in_a_langchain_chain(small_index: Path, embedder: TextEmbedder) -> None:
    chain = retriever_of(small_index, embedder, k=1) | RunnableLambda(joined)
    assert chain.invoke("drawing marrow from the hip") == "bone:Taking them"
    assert asyncio.run(chain.ainvoke("liquid nitrogen")) == "cold:Freezing"
    assert chain.batch(["liquid nitrogen", "cirrhosis"]) == ["cold:Freezing", "liver:Cirrhosis"]


def test_a_langchain_document(small_index: Path, embedder: TextEmbedder) -> None:
    document = retriever_of(small_index, embedder).invoke("drawing marrow from the hip")[0]
    assert document.page_content == HIP
    assert document.metadata["sources"] == ["file:bone"]
    assert document.metadata["end"] - document.metadata["start"] == len(HIP)


def test_an_open_retriever_sees_the_next_build(tmp_path: Path, embedder: TextEmbedder) -> None:
    folder, index = put_texts(tmp_path / "texts"), tmp_path / "index"
    built(index, folder)
    retriever = retriever_of(index, embedder, k=1)
    assert retriever.search("liquid nitrogen")[0].document_id == "cold"
    first = retriever.generation
    write(folder / "cold.txt", "Freezing\n\nCells are kept in a zeppelin.\n")
    built(index, folder)
    assert retriever.search("zeppelin")[0].text == "Cells are kept in a zeppelin."
    assert retriever.generation.manifest.id != first.manifest.id
    assert first.nearest(retriever.vector("liquid nitrogen"), 1) == [2]


def test_a_retriever_with_another_embedder_is_refused(small_index: Path) -> None:
    retriever = retriever_of(small_index, TextEmbedder("bge-small"))
    with pytest.raises(EmbedderMismatch, match=r"built with all-MiniLM-L6-v2 \(384 dimensions\).*ask for bge-small"):
        _ = retriever.generation


SOURCE = """\
- key: {key}
  title: t
  publisher: p
  url: https://example.org/
  issued: 2020
  evidence: {evidence}
  retracted: {retracted}
"""


def test_a_retracted_source_is_never_cited(tmp_path: Path, embedder: TextEmbedder) -> None:
    rows = (("good-news", "news", "false"), ("gone-trial", "rct", "true"), ("good-rct", "rct", "false"))
    tables = tmp_path / "tables"
    write(tables / "sources.yaml", "".join(SOURCE.format(key=k, evidence=e, retracted=r) for k, e, r in rows))
    for name in ("products", "conditions", "countries", "redflags", "notapprovals"):
        write(tables / f"{name}.yaml", "")
    text = write(
        tmp_path / "texts" / "cure.md",
        "# Cure\n\nCells cured everybody [@gone-trial]. Cells cured nobody [@gone-trial; @good-news; @good-rct].",
    )
    index = tmp_path / "index"
    build(IndexSettings(index_dir=index), load_knowledge(tables), embedder, [text])
    retriever = retriever_of(index, embedder)
    passage = retriever.search("cells cured")[0]
    assert [[source.key for source in cited(retriever.generation, s.keys)] for s in passage.sentences] == [
        [],
        ["good-rct", "good-news"],
    ]
    assert [source.key for source in passage.sources] == ["good-rct", "good-news"]
    write(tables / "sources.yaml", "".join(SOURCE.format(key=k, evidence=e, retracted="true") for k, e, _ in rows))
    report = build(IndexSettings(index_dir=index), load_knowledge(tables), embedder, [text])
    assert (report.embedded, report.changed) == (0, True)
    assert retriever.search("cells cured") == []


def test_pages_of_a_passage(small_index: Path) -> None:
    lines = (serving(small_index) / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["page"] for line in lines] == [None] * 4
    assert len(TEXTS) == 3


def test_the_nearest_word_wins_then_the_commonest() -> None:
    speller = Speller({"mesenchymal": 9, "exosome": 5, "exosomes": 2, "fistula": 3, "fistulas": 1, "grwth": 0})
    assert speller.correct("mesenchimal exosme fistla") == "mesenchymal exosome fistula"
    assert speller.correct("exosomess") == "exosomess"
    assert speller.correct("zebrafish") == "zebrafish"
