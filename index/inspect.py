"""What an index holds, and whether it fits together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.documents import content_hash
from index.lexical import LexicalIndex, word_counts
from index.manifest import IndexedDocument
from index.serving import generation_names, open_current
from index.store import Generation

BATCH = 1000
"""Vectors that are asked of Chroma at a time."""
SAME = 1e-5
"""Up to this difference two components count as the same: Chroma may scale a vector anew."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """A summary of the generation that serves.

    `vectors_in` is the collection of a Chroma server, or the folder; `generations` are all that are there, oldest
    first; `changed` names files that differ from what was indexed.
    """

    generation: str
    folder: str
    created: str
    embedder: str
    dimensions: int
    passage_tokens: int
    corpus_version: str
    documents: int
    passages: int
    sentences: int
    bytes_on_disk: int
    vectors_in: str
    generations: tuple[str, ...]
    changed: tuple[str, ...]


def status_of(index_dir: Path) -> IndexStatus:
    """The status of the index in a folder.

    Raises:
        IndexMissing, IndexDamaged: there is none, or it cannot be read.
    """
    generation = open_current(index_dir)
    held = generation.manifest
    return IndexStatus(
        generation=held.id,
        folder=str(generation.folder),
        created=held.created,
        embedder=held.embedder,
        dimensions=held.dimensions,
        passage_tokens=held.passage_tokens,
        corpus_version=held.corpus_version,
        documents=held.documents,
        passages=held.passages,
        sentences=held.sentences,
        bytes_on_disk=sum(file.stat().st_size for file in generation.folder.rglob("*") if file.is_file()),
        vectors_in=f"collection {held.collection} of a Chroma server" if held.collection else "the folder",
        generations=tuple(generation_names(index_dir)),
        changed=_changed_files(generation.listing),
    )


def _changed_files(documents: Iterable[IndexedDocument]) -> tuple[str, ...]:
    """The files that are no longer as indexed, each once; a file may hold many documents."""
    indexed = dict.fromkeys((document.path, document.content_hash) for document in documents if document.from_file)
    return tuple(dict.fromkeys(path for path, digest in indexed if _changed(path, digest)))


def _changed(path: str, digest: str) -> bool:
    try:
        return content_hash(Path(path).read_bytes()) != digest
    except OSError:
        return True


def faults_of(generation: Generation) -> list[str]:
    """Everything in a generation that does not fit; empty for a sound one.

    Raises:
        IndexDamaged: what the files hold cannot be read, although it is what was written.
    """
    return generation.broken_files() or [
        *_faults_of_documents(generation),
        *_faults_of_passages(generation),
        *_faults_of_dense(generation),
        *_faults_of_words(generation),
    ]


def _faults_of_documents(generation: Generation) -> Iterator[str]:
    held, listing = generation.manifest, generation.listing
    passages = int(generation.first_passages[-1])
    if (len(listing), passages) != (held.documents, held.passages):
        found = f"the listing {len(listing)} and {passages}"
        yield f"the manifest says {held.documents} documents and {held.passages} passages, {found}"
    for listed, document in zip(listing, generation.contents.documents, strict=True):
        if listed.id != document.id:
            yield f"document {document.id} is listed as {listed.id}"


def _faults_of_passages(generation: Generation) -> Iterator[str]:
    held = generation.contents
    for row, chunk in enumerate(held.chunks):
        kept = generation.rows[row]
        if (kept["id"].decode(), kept["vector_key"].decode()) != (chunk.id, chunk.vector_key):
            yield f"passage {chunk.id} is kept as {kept['id'].decode()}"
        if len(chunk.sentences) != kept["sentences"] or kept["sentence"] + kept["sentences"] > len(
            held.sentence_vectors
        ):
            yield f"passage {chunk.id} has another number of sentences than vectors of them"
        document = generation.documents.get(chunk.document_id)
        if document is None:
            yield f"passage {chunk.id} belongs to no document"
        elif document.text[chunk.start : chunk.end] != chunk.text:
            yield f"passage {chunk.id} is not at its offsets in {chunk.document_id}"
        for sentence in chunk.sentences:
            if not chunk.start <= sentence.start < sentence.end <= chunk.end:
                yield f"a sentence of passage {chunk.id} lies outside it"
            for key in sentence.keys:
                if key not in held.sources:
                    yield f"unknown source '{key}' in {chunk.document_id}"


def _faults_of_dense(generation: Generation) -> Iterator[str]:
    """Compares the vectors with each other and with Chroma's."""
    vectors = generation.contents.vectors
    if vectors.shape != (len(generation.rows), generation.manifest.dimensions):
        yield f"the vectors have the shape {vectors.shape}"
        return
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
        yield "a vector is not of unit length"
    ids, stored = list(generation.row_of), generation.dense.ids()
    if stored != set(ids):
        lost, more = len(set(ids) - stored), len(stored - set(ids))
        yield f"Chroma holds {len(stored)} passages, the files {len(ids)}: {lost} are missing there, {more} too many"
        return
    for first in range(0, len(ids), BATCH):
        part = slice(first, first + BATCH)
        other = np.abs(generation.dense.vectors(ids[part]) - vectors[part]).max(axis=1) > SAME
        yield from (f"Chroma holds another vector for passage {ids[first + row]}" for row in np.flatnonzero(other))


def _faults_of_words(generation: Generation) -> Iterator[str]:
    """Compares BM25's postings and the speller's words with a count of the passages' words made anew."""
    texts = [chunk.embedded for chunk in generation.contents.chunks]
    if not generation.lexical.same_as(LexicalIndex.build(texts)):
        yield "the BM25 index does not fit the passages"
    if Counter(generation.word_counts) != word_counts(Counter(), (), texts):
        yield "the speller's words are not those of the passages"
