"""What an index holds, and whether it fits together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.documents import content_hash
from index.lexical import stems
from index.store import Generation, IndexedDocument, open_current


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """A summary of the generation that serves. `changed` names files that differ from what was indexed."""

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
        documents=len(held.documents),
        passages=held.passages,
        sentences=held.sentences,
        bytes_on_disk=sum(file.stat().st_size for file in generation.folder.rglob("*") if file.is_file()),
        changed=_changed_files(held.documents),
    )


def _changed_files(documents: Iterable[IndexedDocument]) -> tuple[str, ...]:
    """The files that are no longer as indexed, each once; a file may hold many documents."""
    indexed = dict.fromkeys((d.path, d.content_hash) for d in documents if not d.id.startswith("register-"))
    return tuple(dict.fromkeys(path for path, digest in indexed if _changed(path, digest)))


def _changed(path: str, digest: str) -> bool:
    try:
        return content_hash(Path(path).read_bytes()) != digest
    except OSError:
        return True


def faults_of(generation: Generation) -> list[str]:
    """Everything in a generation that does not fit; empty for a sound one.

    Raises:
        IndexDamaged: a file is missing or unreadable.
    """
    faults = []
    held = generation.contents
    stored = generation.stored_in_chroma()
    if stored != len(held.chunks):
        faults.append(f"Chroma holds {stored} passages, the files {len(held.chunks)}")
    if held.vectors.shape != (len(held.chunks), generation.manifest.dimensions):
        faults.append(f"the vectors have the shape {held.vectors.shape}")
    elif len(held.vectors) and not np.allclose(np.linalg.norm(held.vectors, axis=1), 1, atol=1e-3):
        faults.append("a vector is not of unit length")
    if generation.lexical.passages != len(held.chunks) and any(stems(chunk.embedded) for chunk in held.chunks):
        faults.append("the BM25 index has another number of passages")
    for chunk in held.chunks:
        document = generation.documents.get(chunk.document_id)
        if document is None:
            faults.append(f"passage {chunk.id} belongs to no document")
        elif document.text[chunk.start : chunk.end] != chunk.text:
            faults.append(f"passage {chunk.id} is not at its offsets in {chunk.document_id}")
        for sentence in chunk.sentences:
            if not chunk.start <= sentence.start < sentence.end <= chunk.end:
                faults.append(f"a sentence of passage {chunk.id} lies outside it")
            faults += [
                f"unknown source '{key}' in {chunk.document_id}" for key in sentence.keys if key not in held.sources
            ]
    return faults
