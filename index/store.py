"""A generation of the index on disk: complete, unchanging, read as it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.documents import Document
from corpus.knowledge import Source
from index.arrays import open_array
from index.chroma import DenseIndex, EmbeddedChroma
from index.config import ChromaServer
from index.encoding import Vector
from index.errors import VectorsElsewhere, damaged
from index.lexical import LexicalIndex
from index.locks import hold
from index.manifest import LISTING, MANIFEST, IndexedDocument, read_manifest
from index.packed import Packed
from index.passages import Chunk
from index.seals import broken, broken_at_a_glance
from index.segments import Segments
from index.server import ServedChroma
from index.spelling import Speller
from index.stretches import Stretches, stretches_of

SENTENCES = "sentences"
ROW = np.dtype([("id", "S20"), ("vector_key", "S20"), ("end", "<i8"), ("sentence", "<i8"), ("sentences", "<i4")])
"""What is kept of each passage beside its line: where the line ends, the row of its first sentence's vector, and how
many sentences it has."""


DOCUMENT = TypeAdapter(Document)
CHUNK = TypeAdapter(Chunk)
SOURCES = TypeAdapter(dict[str, Source])


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a generation holds, read from disk as it is asked for. Row i of `vectors` belongs to `chunks[i]`.

    The sentences of chunk i have the rows of `sentence_vectors` from `sentence_rows[i]` on.
    """

    documents: Packed[Document]
    chunks: Packed[Chunk]
    sources: dict[str, Source]
    vectors: Vector
    sentence_vectors: Segments


class DocumentsById(Mapping[str, Document]):
    """The documents of a generation by id; each is read when it is asked for."""

    def __init__(self, documents: Sequence[Document], listing: Sequence[IndexedDocument]) -> None:
        self._documents = documents
        self._places = {listed.id: place for place, listed in enumerate(listing)}

    def __getitem__(self, identity: str) -> Document:
        return self._documents[self._places[identity]]

    def __contains__(self, identity: object) -> bool:
        return identity in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Generation:
    """A complete, unchanging index in a folder; it is not pruned as long as this object lives.

    Every member raises IndexDamaged where a file does not fit.
    """

    def __init__(self, folder: Path, server: ChromaServer | None = None) -> None:
        """Take the generation in a folder, and the server that holds its vectors, if one does."""
        self.folder = folder
        self._server = server
        try:
            self._held = hold(folder / MANIFEST)
        except (OSError, ValueError) as error:
            raise damaged(folder, "its manifest is missing or unreadable") from error
        if self._held is None:
            raise damaged(folder, "it has just been deleted")
        self.manifest = read_manifest(folder)

    def check(self) -> None:
        """Refuse a generation of which a file is lost or cut, before anything, native code least of all, reads it.

        Raises:
            IndexDamaged: names the first such file.
        """
        for fault in broken_at_a_glance(self.folder, self.manifest.files):
            raise damaged(self.folder, fault)

    def broken_files(self, *, sentences: bool = True, others: bool = True) -> list[str]:
        """What is wrong with the bytes of each file: of those of sentence vectors, of the others, by default of all."""
        wanted = {n: seal for n, seal in self.manifest.files.items() if (sentences if _of_sentences(n) else others)}
        return list(broken(self.folder, wanted))

    def let_go(self) -> None:
        """Do not keep the generation from being pruned any longer."""
        if self._held is not None:
            self._held.close()

    @cached_property
    def contents(self) -> Contents:
        """The generation's documents, passages, sources and vectors."""
        with _reading(self.folder):
            contents = Contents(
                documents=Packed(
                    self.folder / "documents.jsonl", DOCUMENT, open_array(self.folder / "documents.npy", mapped=False)
                ),
                chunks=Packed(self.folder / "passages.jsonl", CHUNK, self.rows["end"]),
                sources=SOURCES.validate_json((self.folder / "sources.json").read_bytes()),
                vectors=open_array(self.folder / "vectors.npy"),
                sentence_vectors=Segments(self.folder / SENTENCES),
            )
        held = self.manifest
        counts = (len(self.rows), len(contents.vectors), int(self.rows["sentences"].sum()))
        if counts != (held.passages, held.passages, held.sentences):
            said = f"the manifest says {held.passages} passages and {held.sentences} sentences"
            raise damaged(self.folder, f"{said}, the files hold {counts[0]}, {counts[1]} vectors and {counts[2]}")
        return contents

    @cached_property
    def listing(self) -> tuple[IndexedDocument, ...]:
        """What is kept of each document beside its text, in the order of the documents."""
        with _reading(self.folder):
            return LISTING.validate_json((self.folder / "listing.json").read_bytes())

    @cached_property
    def rows(self) -> NDArray[np.void]:
        """What is kept of each passage beside its line; see `ROW`."""
        with _reading(self.folder):
            rows: NDArray[np.void] = open_array(self.folder / "rows.npy", mapped=False)
            if rows.dtype != ROW:
                raise ValueError("rows.npy has other columns")
            return rows

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The documents by id."""
        return DocumentsById(self.contents.documents, self.listing)

    @cached_property
    def first_passages(self) -> NDArray[np.int64]:
        """For document i its passages are rows `first_passages[i]` to `first_passages[i + 1]`."""
        return np.concatenate([[0], np.cumsum([d.passages for d in self.listing])]).astype(np.int64)

    @cached_property
    def stretches(self) -> Stretches:
        """Where each passage stands in its document."""
        return stretches_of(self.first_passages)

    @property
    def sentence_rows(self) -> NDArray[np.int64]:
        """For each passage the row of its first sentence's vector; those of its other sentences follow."""
        rows: NDArray[np.int64] = self.rows["sentence"]
        return rows

    def sentences_at(self, row: int) -> NDArray[np.float16]:
        """The vectors of the sentences of the passage in a row."""
        first = int(self.rows["sentence"][row])
        return self.contents.sentence_vectors[first : first + int(self.rows["sentences"][row])]

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The generation's BM25 index."""
        try:
            return LexicalIndex.load(self.folder / "lexical", self.manifest.passages)
        except (OSError, ValueError, TypeError) as error:
            raise damaged(self.folder, f"its BM25 index cannot be read: {error}") from error

    @cached_property
    def word_counts(self) -> dict[str, int]:
        """How many passages hold each word."""
        with _reading(self.folder):
            return dict(json.loads((self.folder / "words.json").read_bytes()))

    @cached_property
    def speller(self) -> Speller:
        """Corrects spelling against the words of the passages."""
        return Speller(self.word_counts)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each passage by its id."""
        return {identity.decode(): row for row, identity in enumerate(self.rows["id"].tolist())}

    @cached_property
    def dense(self) -> DenseIndex:
        """Where the vectors are searched.

        Raises:
            VectorsElsewhere: that is not where the settings look for them.
        """
        collection = self.manifest.collection
        if collection and self._server is None:
            raise VectorsElsewhere(
                f"the index in {self.folder} has its vectors in a Chroma server: set MSC_CHROMA_URL to its address, "
                "or run `python -m index build` to have them in the folder."
            )
        if self._server is None:
            return EmbeddedChroma(self.folder)
        if not collection:
            raise VectorsElsewhere(
                f"the index in {self.folder} has its vectors in the folder and MSC_CHROMA_URL asks for those in "
                f"{self._server.url}: run `python -m index build` to put them there, or unset MSC_CHROMA_URL."
            )
        return ServedChroma(self._server, collection, self.row_of)

    def nearest(self, vector: Vector, count: int) -> list[int]:
        """Rows of the passages nearest to a unit vector by cosine, best first."""
        count = min(count, self.manifest.passages)
        if count == 0:
            return []
        try:
            return [self.row_of[identity] for identity in self.dense.nearest(vector, count)]
        except KeyError as error:
            raise damaged(self.folder, f"Chroma holds a passage that the files do not: {error}") from error


def _of_sentences(name: str) -> bool:
    return name.startswith(f"{SENTENCES}/")


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Turns what broken files raise into `IndexDamaged`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise damaged(folder, str(error).split("\n")[0]) from error
