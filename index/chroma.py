"""The dense index: Chroma in a folder of the generation."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from weakref import finalize

import chromadb
import chromadb.api.rust  # Chroma loads it at the first use, which is no time to wait
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings

from index.encoding import Vector
from index.errors import damaged

CHROMA = "chroma"
COLLECTION = "passages"
HNSW = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 200,
    "max_neighbors": 32,
    "batch_size": 1,
    "sync_threshold": 1,
}
"""Graph parameters: wider than Chroma's defaults (100, 100, 16), which miss near neighbours.

A new database goes to disk with every write: what never did, Chroma writes anew (with chance bytes) at each search.
"""
PENDING = 100
"""Writes that a database may then keep in its log before its graph is written anew; each reader plays them back."""

_ABANDONED: deque[ClientAPI] = deque()
"""Clients of databases that nobody holds any longer. Only a list: the garbage collector may run in the middle of
anything, of another call of Chroma too, and closing one there has stopped the process for good."""


def _close_abandoned() -> None:
    """Close them, or a server would keep every graph that it ever read."""
    while _ABANDONED:
        _ABANDONED.popleft().close()  # type: ignore[attr-defined]


Batches = Iterable[tuple[Sequence[str], Vector]]
"""Ids of passages and their vectors, some at a time."""


class DenseIndex(Protocol):
    """Where a generation's vectors are searched."""

    def nearest(self, vector: Vector, count: int) -> list[str]:
        """Ids of the passages nearest to a unit vector by cosine, best first."""
        ...

    def ids(self) -> set[str]:
        """The ids of all the passages of this generation that it holds."""
        ...

    def vectors(self, ids: Sequence[str]) -> Vector:
        """The vectors of passages that it holds, in order."""
        ...


class EmbeddedChroma:
    """A Chroma database in a folder, which no reader changes.

    Every member raises IndexDamaged if Chroma cannot read it.
    """

    def __init__(self, folder: Path) -> None:
        """Open the database of a generation in `folder`."""
        self._folder = folder
        with self._reading("Chroma cannot open it"):
            if not (folder / CHROMA).is_dir():  # Chroma would make an empty one
                raise FileNotFoundError("its folder is missing")
            _close_abandoned()
            client = open_chroma(folder)
            finalize(self, _ABANDONED.append, client)
            self._collection = client.get_collection(COLLECTION, embedding_function=None)

    def nearest(self, vector: Vector, count: int) -> list[str]:
        """Ids of the passages nearest to a unit vector by cosine, best first."""
        with self._reading("Chroma cannot search it"):
            found = self._collection.query(query_embeddings=[vector.tolist()], n_results=count, include=[])
            return found["ids"][0]

    def ids(self) -> set[str]:
        """The ids of all the passages that it holds."""
        with self._reading("Chroma cannot list it"):
            return set(self._collection.get(include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> Vector:
        """The vectors of passages that it holds, in order."""
        with self._reading("Chroma cannot read its vectors"):
            return vectors_in(self._collection, ids)

    @contextmanager
    def _reading(self, what: str) -> Iterator[None]:
        """Turns what Chroma raises at a broken database into `IndexDamaged`: its own, sqlite's and Rust's errors."""
        try:
            yield
        except Exception as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise damaged(self._folder, f"{what}: {why}") from error


def vectors_in(collection: chromadb.Collection, ids: Sequence[str]) -> Vector:
    """The vectors of passages in a Chroma collection, in the order of their ids."""
    found = collection.get(ids=list(ids), include=["embeddings"])
    place = {identity: number for number, identity in enumerate(found["ids"])}
    return np.asarray(found["embeddings"], dtype=np.float32)[[place[identity] for identity in ids]]


def open_chroma(folder: Path) -> ClientAPI:
    """The Chroma database of a generation."""
    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
    return chromadb.PersistentClient(path=str(folder / CHROMA), settings=settings)


def write_chroma(folder: Path, added: Batches, removed: Sequence[str], *, fresh: bool) -> None:
    """Add passages to a generation's Chroma database and take removed ids out of it.

    Only ids and vectors are kept there; texts lie beside it, and Chroma would index every three letters of them.
    """
    client = open_chroma(folder)
    try:
        collection = (
            client.create_collection(COLLECTION, embedding_function=None, configuration={"hnsw": HNSW})  # type: ignore[arg-type]
            if fresh
            else client.get_collection(COLLECTION, embedding_function=None)
        )
        size = client.get_max_batch_size()
        for first in range(0, len(removed), size):
            collection.delete(ids=list(removed[first : first + size]))
        for ids, vectors in added:
            collection.add(ids=list(ids), embeddings=vectors)  # type: ignore[arg-type]
        if fresh:
            collection.modify(configuration={"hnsw": {"batch_size": PENDING, "sync_threshold": PENDING}})
    finally:
        client.close()  # type: ignore[attr-defined]
    _freeze(folder / CHROMA / "chroma.sqlite3")


def _freeze(database: Path) -> None:
    """Keep Chroma from writing to its file whenever it opens it, so that the file's hash stays what it is.

    At each opening it puts one row into the table `acquire_write`, only to take sqlite's write lock. The trigger lets
    it take the lock and drops the row.
    """
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER IF NOT EXISTS frozen BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END"
        )
