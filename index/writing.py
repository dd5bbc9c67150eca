"""Writes a generation: what the previous one holds is taken over stretch by stretch, the rest is put in between."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document
from corpus.knowledge import Source
from index.arrays import open_array
from index.chroma import CHROMA, write_chroma
from index.embedding import ChunkVectors
from index.journal import Journal
from index.lexical import LexicalIndex, word_counts
from index.manifest import LISTING, IndexedDocument
from index.packed import NEW, stretches, write_packed, write_rows
from index.passages import Chunk
from index.seals import Seal, seals_of
from index.segments import next_segment
from index.server import ServedChroma
from index.store import CHUNK, DOCUMENT, ROW, SENTENCES, SOURCES, Generation

BATCH = 5000
"""Passages that are given to Chroma at a time: it takes 5,461 at most, and writes its graph after each batch."""


@dataclass(frozen=True)
class Draft:
    """A generation to be written.

    `documents` and `passages` say for each document and passage the row of the previous generation that it is taken
    over from, or `NEW`; the new ones follow in `new_documents` and `new_passages`, in order.
    """

    listing: Sequence[IndexedDocument]
    documents: NDArray[np.int64]
    new_documents: Sequence[Document]
    passages: NDArray[np.int64]
    new_passages: Sequence[Chunk]
    sources: dict[str, Source]
    previous: Generation | None

    @cached_property
    def old_rows(self) -> dict[str, int]:
        """For the vector key of each new passage that the previous generation has a vector for: its row there."""
        if self.previous is None or not self.new_passages:
            return {}
        wanted = {piece.vector_key.encode() for piece in self.new_passages}
        keys = self.previous.rows["vector_key"].tolist()
        return {key.decode(): row for row, key in enumerate(keys) if key in wanted}

    @cached_property
    def removed(self) -> NDArray[np.int64]:
        """The rows of the previous generation that are not taken over."""
        gone = np.ones(len(self.previous.rows) if self.previous else 0, dtype=bool)
        gone[self.passages[self.passages != NEW]] = False
        return np.flatnonzero(gone)

    @cached_property
    def rewrites_sentences(self) -> bool:
        """Whether the previous generation's files of sentence vectors cannot, or had better not, be shared."""
        if self.previous is None:
            return True
        living = int(self.previous.rows["sentences"][self.passages[self.passages != NEW]].sum())
        return self.previous.contents.sentence_vectors.worn(living)

    def seals(self, folder: Path) -> dict[str, Seal]:
        """The seals of the files written; a shared file keeps the one that it has, so that no fault is sealed in."""
        if self.previous is None or self.rewrites_sentences:
            return seals_of(folder)
        shared = {name: seal for name, seal in self.previous.manifest.files.items() if name.startswith(SENTENCES)}
        return seals_of(folder, *shared) | shared


class Writer:
    """Writes the files of one draft into a folder, all but the manifest."""

    def __init__(
        self, folder: Path, draft: Draft, journal: Journal | None, dimensions: int, served: ServedChroma | None
    ) -> None:
        """The journal holds the vectors of the new passages that the previous generation has none for."""
        self._folder = folder
        self._draft = draft
        self._previous = draft.previous
        self._journal = journal
        self._dimensions = dimensions
        self._served = served

    def write(self) -> None:
        """Write everything."""
        self._folder.mkdir(parents=True)
        self._write_documents()
        rows = self._write_passages()
        self._write_vectors(rows)
        with ThreadPoolExecutor(max_workers=1) as beside:  # Chroma's work is native, and needs no more than the vectors
            dense = beside.submit(self._serve if self._served else self._write_chroma, rows)
            self._write_words()
            dense.result()

    def _write_documents(self) -> None:
        draft = self._draft
        old = self._previous.contents.documents if self._previous else None
        path = self._folder / "documents.jsonl"
        np.save(path.with_suffix(".npy"), write_packed(path, DOCUMENT, draft.documents, old, draft.new_documents))
        (self._folder / "listing.json").write_bytes(LISTING.dump_json(tuple(draft.listing)))
        (self._folder / "sources.json").write_bytes(SOURCES.dump_json(draft.sources))

    def _write_passages(self) -> NDArray[np.void]:
        """Write the passages; returns what is kept of each beside its line, with the sentences' rows still to come."""
        draft = self._draft
        old = self._previous.contents.chunks if self._previous else None
        rows = np.zeros(len(draft.passages), dtype=ROW)
        new = draft.passages == NEW
        if self._previous:
            rows[~new] = self._previous.rows[draft.passages[~new]]
        rows["end"] = write_packed(self._folder / "passages.jsonl", CHUNK, draft.passages, old, draft.new_passages)
        rows["id"][new] = [piece.id for piece in draft.new_passages]
        rows["vector_key"][new] = [piece.vector_key for piece in draft.new_passages]
        rows["sentences"][new] = [len(piece.sentences) for piece in draft.new_passages]
        return rows

    def _write_vectors(self, rows: NDArray[np.void]) -> None:
        shape = (len(rows), self._dimensions)
        write_rows(self._folder / "vectors.npy", shape, np.float32, self._passage_vectors())
        self._write_sentences(rows)
        np.save(self._folder / "rows.npy", rows)

    def _passage_vectors(self) -> Iterator[NDArray[np.float32]]:
        new = iter(self._draft.new_passages)
        for first, last, source in stretches(self._draft.passages):
            if source != NEW and self._previous:
                yield self._previous.contents.vectors[source : source + last - first]
            else:
                for _ in range(first, last):
                    yield self._vectors(next(new)).passage

    def _write_sentences(self, rows: NDArray[np.void]) -> None:
        """Share the previous files of sentence vectors and put the new ones into one more, or write all anew."""
        folder = self._folder / SENTENCES
        folder.mkdir()
        places, start = np.arange(len(rows)), 0
        if self._previous and not self._draft.rewrites_sentences:
            self._previous.contents.sentence_vectors.share(folder)
            places, start = np.flatnonzero(self._draft.passages == NEW), len(self._previous.contents.sentence_vectors)
        counts = rows["sentences"][places]
        ends = np.cumsum(counts)
        rows["sentence"][places] = start + ends - counts
        if len(places):
            shape = (int(ends[-1]), self._dimensions)
            write_rows(next_segment(folder), shape, np.float16, self._sentence_vectors(places))

    def _sentence_vectors(self, places: NDArray[np.int64]) -> Iterator[NDArray[np.generic]]:
        new = iter(self._draft.new_passages)
        for source in self._draft.passages[places].tolist():
            if source != NEW and self._previous:
                yield self._previous.sentences_at(source)
            else:
                yield self._vectors(next(new)).sentences

    def _vectors(self, piece: Chunk) -> ChunkVectors:
        """The vectors of a new passage: the previous generation's for the same words, or the journal's."""
        row = self._draft.old_rows.get(piece.vector_key)
        if row is not None and self._previous:
            sentences = self._previous.sentences_at(row).astype(np.float32)
            return ChunkVectors(self._previous.contents.vectors[row], sentences)
        if self._journal is None:
            raise KeyError(piece.vector_key)
        return self._journal[piece.vector_key]

    def _write_words(self) -> None:
        """Bring BM25's postings and the speller's words up to date: only what came and went is read."""
        draft, previous = self._draft, self._previous
        added = [piece.embedded for piece in draft.new_passages]
        removed = (previous.contents.chunks[int(row)].embedded for row in draft.removed) if previous else ()
        before = previous.lexical if previous else LexicalIndex.build([])
        before.updated(draft.passages, added).save(self._folder / "lexical")
        counts = word_counts(Counter(previous.word_counts if previous else ()), removed, added)
        (self._folder / "words.json").write_text(json.dumps(counts), encoding="utf-8")

    def _write_chroma(self, rows: NDArray[np.void]) -> None:
        """Take the ids that are gone out of a copy of the previous database, and put the new ones in."""
        draft, previous = self._draft, self._previous
        if previous is not None and not previous.manifest.collection:
            shutil.copytree(previous.folder / CHROMA, self._folder / CHROMA)
            gone = {identity.decode() for identity in previous.rows["id"][draft.removed].tolist()}
            places = np.flatnonzero(draft.passages == NEW)
        else:
            previous, gone, places = None, set(), np.arange(len(rows))
        came = {rows["id"][place].decode(): int(place) for place in places}
        added = {identity: place for identity, place in came.items() if identity not in gone}
        write_chroma(self._folder, self._batches(added), sorted(gone - set(came)), fresh=previous is None)

    def _serve(self, rows: NDArray[np.void]) -> None:
        """Send the server what it does not have; all of it, where nothing of before is to be reused."""
        if self._served is None:
            return
        self._served.create()
        stored = self._served.stored() if self._previous else set()
        ids = [identity.decode() for identity in rows["id"].tolist()]
        self._served.put(self._batches({one: row for row, one in enumerate(ids) if one not in stored}))

    def _batches(self, places: dict[str, int]) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Ids and their vectors, which lie in these rows."""
        vectors = open_array(self._folder / "vectors.npy")
        ids = list(places)
        for first in range(0, len(ids), BATCH):
            batch = ids[first : first + BATCH]
            yield batch, vectors[[places[identity] for identity in batch]]
