"""A generation of the index on disk, and the pointer to the one that serves."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.documents import Document
from corpus.knowledge import Source
from corpus.lexicon import tokens_of
from index.encoding import Vector
from index.errors import IndexDamaged, IndexMissing
from index.lexical import LexicalIndex
from index.passages import Chunk
from index.spelling import Speller

FORMAT = 1
POINTER = "CURRENT"
GENERATIONS = "generations"
CHROMA = "chroma"
COLLECTION = "passages"
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
"""Graph parameters: wider than Chroma's defaults (100, 100, 16), which miss near neighbours."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """What the manifest keeps of a document: enough to see that it has not changed."""

    id: str
    path: str
    content_hash: str
    passages: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from and with."""

    format: int
    id: str
    created: str
    embedder: str
    dimensions: int
    passage_tokens: int
    chunking_version: int
    corpus_version: str
    documents: tuple[IndexedDocument, ...]
    passages: int
    sentences: int


_MANIFEST = TypeAdapter(Manifest)
_DOCUMENTS = TypeAdapter(Document)
_CHUNKS = TypeAdapter(Chunk)
_SOURCES = TypeAdapter(dict[str, Source])


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a generation holds. Row i of `vectors` belongs to `chunks[i]`.

    `sentence_vectors` holds the sentences of all chunks one after the other.
    """

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    sources: dict[str, Source]
    vectors: Vector
    sentence_vectors: NDArray[np.float16]


class Generation:
    """A complete, unchanging index in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)

    @cached_property
    def contents(self) -> Contents:
        """The generation's documents, passages, sources and vectors.

        Raises:
            IndexDamaged: a file is missing or does not fit the manifest.
        """
        try:
            contents = Contents(
                documents=tuple(_read_lines(self.folder / "documents.jsonl", _DOCUMENTS)),
                chunks=tuple(_read_lines(self.folder / "passages.jsonl", _CHUNKS)),
                sources=_SOURCES.validate_json((self.folder / "sources.json").read_bytes()),
                vectors=np.load(self.folder / "vectors.npy"),
                sentence_vectors=np.load(self.folder / "sentences.npy"),
            )
        except (OSError, ValueError) as error:
            raise damaged(self.folder, str(error).split("\n")[0]) from error
        counts = (len(contents.chunks), len(contents.vectors), sum(len(c.sentences) for c in contents.chunks))
        held = self.manifest
        if counts != (held.passages, held.passages, len(contents.sentence_vectors)):
            raise damaged(self.folder, f"the manifest says {held.passages} passages, the files hold {counts[0]}")
        return contents

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents by id."""
        return {document.id: document for document in self.contents.documents}

    @cached_property
    def sentence_rows(self) -> NDArray[np.int64]:
        """For passage i its sentences' vectors are rows `sentence_rows[i]` to `sentence_rows[i + 1]`."""
        counts = [len(chunk.sentences) for chunk in self.contents.chunks]
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The generation's BM25 index."""
        try:
            return LexicalIndex.load(self.folder / "lexical", self.manifest.passages)
        except Exception as error:  # bm25s lets through whatever numpy and json raise at a broken file
            raise damaged(self.folder, f"its BM25 index cannot be read: {error}") from error

    @cached_property
    def speller(self) -> Speller:
        """Corrects spelling against the words of the passages."""
        frequencies: Counter[str] = Counter()
        for chunk in self.contents.chunks:
            frequencies.update({token.text for token in tokens_of(chunk.embedded)})
        return Speller(frequencies)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each passage by its id."""
        return {chunk.id: row for row, chunk in enumerate(self.contents.chunks)}

    @cached_property
    def _collection(self) -> chromadb.Collection:
        with self._chroma_read("Chroma cannot open it"):
            if not (self.folder / CHROMA).is_dir():  # Chroma would make an empty one
                raise FileNotFoundError("its folder is missing")
            return open_chroma(self.folder).get_collection(COLLECTION, embedding_function=None)

    def nearest(self, vector: Vector, count: int) -> list[int]:
        """Rows of the passages nearest to a unit vector by cosine, best first, from Chroma.

        Raises:
            IndexDamaged: Chroma cannot be read, or holds a passage that the files do not.
        """
        count = min(count, self.manifest.passages)
        if count == 0:
            return []
        collection = self._collection
        with self._chroma_read("Chroma cannot search it"):
            found = collection.query(query_embeddings=[vector.tolist()], n_results=count, include=[])
            return [self.row_of[identity] for identity in found["ids"][0]]

    def stored_in_chroma(self) -> int:
        """The number of passages in the generation's Chroma collection.

        Raises:
            IndexDamaged: Chroma cannot be read.
        """
        collection = self._collection
        with self._chroma_read("Chroma cannot count it"):
            return collection.count()

    @contextmanager
    def _chroma_read(self, what: str) -> Iterator[None]:
        """Turns what Chroma raises at a broken database into `IndexDamaged`: its own, sqlite's and Rust's errors."""
        try:
            yield
        except Exception as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise damaged(self.folder, f"{what}: {why}") from error


def open_chroma(folder: Path) -> ClientAPI:
    """The Chroma database of a generation."""
    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
    return chromadb.PersistentClient(path=str(folder / CHROMA), settings=settings)


def damaged(folder: Path, why: str) -> IndexDamaged:
    """The error for a generation that cannot be used."""
    return IndexDamaged(f"the index in {folder} is damaged ({why}): run `python -m index build --fresh`.")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexDamaged: it is missing, unreadable, or of another format.
    """
    try:
        manifest = _MANIFEST.validate_json((folder / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        raise damaged(folder, "its manifest is missing or unreadable") from error
    if manifest.format != FORMAT:
        raise damaged(folder, f"it has format {manifest.format}, this version reads {FORMAT}")
    return manifest


def current_name(index_dir: Path) -> str | None:
    """The name of the generation that serves; None if there is none."""
    try:
        return (index_dir / POINTER).read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexMissing(f"{index_dir} is no folder of an index ({error.strerror}); give another --index.") from error


def open_current(index_dir: Path) -> Generation:
    """The generation that serves.

    Raises:
        IndexMissing: nothing was built there, or a first build never finished.
        IndexDamaged: the pointer leads nowhere, or what it leads to cannot be used.
    """
    name = current_name(index_dir)
    if name is None:
        state = "holds only an unfinished build" if (index_dir / GENERATIONS).exists() else "holds no index"
        raise IndexMissing(f"{index_dir} {state}: run `python -m index build --index {index_dir}`.")
    return Generation(index_dir / GENERATIONS / name)


def write_generation(folder: Path, manifest: Manifest, contents: Contents) -> None:
    """Write every file of a generation but Chroma's; the manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_lines(folder / "documents.jsonl", _DOCUMENTS, contents.documents)
    _write_lines(folder / "passages.jsonl", _CHUNKS, contents.chunks)
    (folder / "sources.json").write_bytes(_SOURCES.dump_json(contents.sources))
    np.save(folder / "vectors.npy", contents.vectors)
    np.save(folder / "sentences.npy", contents.sentence_vectors)
    LexicalIndex.build([chunk.embedded for chunk in contents.chunks]).save(folder / "lexical")
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def write_chroma(folder: Path, chunks: Sequence[Chunk], vectors: Vector, removed: Iterable[str], fresh: bool) -> None:
    """Add chunks to a generation's Chroma database and take removed ids out of it."""
    client = open_chroma(folder)
    try:
        collection = (
            client.create_collection(COLLECTION, embedding_function=None, configuration={"hnsw": HNSW})  # type: ignore[arg-type]
            if fresh
            else client.get_collection(COLLECTION, embedding_function=None)
        )
        size = client.get_max_batch_size()
        gone = list(removed)
        for first in range(0, len(gone), size):
            collection.delete(ids=gone[first : first + size])
        for first in range(0, len(chunks), size):
            batch = chunks[first : first + size]
            collection.add(
                ids=[chunk.id for chunk in batch],
                embeddings=vectors[first : first + size],  # type: ignore[arg-type]
                documents=[chunk.text for chunk in batch],
                metadatas=[{"document_id": c.document_id, "section": c.section, "title": c.title} for c in batch],
            )
    finally:
        client.close()  # type: ignore[attr-defined]


def point_to(index_dir: Path, name: str) -> None:
    """Make a generation the one that serves, in one atomic step."""
    new = index_dir / f"{POINTER}.new"
    with new.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(index_dir / POINTER)


def _read_lines(path: Path, adapter: TypeAdapter[Any]) -> Iterable[Any]:
    with path.open("rb") as file:
        for line in file:
            yield adapter.validate_json(line)


def _write_lines(path: Path, adapter: TypeAdapter[Any], rows: Iterable[Any]) -> None:
    with path.open("wb") as file:
        for row in rows:
            file.write(adapter.dump_json(row) + b"\n")
