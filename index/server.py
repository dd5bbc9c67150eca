"""The dense index in a Chroma server, shared by several processes and machines."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4
from weakref import finalize

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from index.chroma import Batches, vectors_in
from index.config import ChromaServer
from index.encoding import Vector
from index.errors import ServerFault

TOKEN = "MSC_CHROMA_TOKEN"  # noqa: S105 (the name of a variable)
"""The environment variable with the server's token. No file and no command line has it."""
IDENTITY = "ID"
"""The file in the folder of an index by which two indexes on one server are kept apart."""
GRAPH = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
CONNECT_S = 10.0
ANSWER_S = 60.0
PAGE = 300
"""Passages that are asked for or sent at a time: what a hosted Chroma allows."""
SPARE = 20
"""Passages asked for beyond those wanted: the collection also holds those of other generations."""


def connect(server: ChromaServer) -> ClientAPI:
    """A client of a Chroma server.

    Raises:
        ServerFault: it does not answer, or refuses.
    """
    address = httpx.URL(server.url)
    headers = {"Authorization": f"Bearer {os.environ[TOKEN]}"} if os.environ.get(TOKEN) else {}
    with _asking(server):  # first by ourselves: Chroma's client waits for an answer without end
        httpx.get(address.join("/api/v2/heartbeat"), headers=headers, timeout=CONNECT_S).raise_for_status()
        client = chromadb.HttpClient(
            host=address.host,
            port=address.port or (443 if address.scheme == "https" else 80),
            ssl=address.scheme == "https",
            headers=headers,
            settings=ChromaSettings(anonymized_telemetry=False),
            tenant=server.tenant,
            database=server.database,
        )
        client._server._session.timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)  # type: ignore[attr-defined]
        return client


@contextmanager
def _asking(server: ChromaServer) -> Iterator[None]:
    """Turns what a request raises into `ServerFault`."""
    try:
        yield
    except NotFoundError as error:
        raise ServerFault(
            f"the Chroma server at {server.url} does not have what the index needs ({_line(error)}): "
            "run `python -m index build --fresh`, or check MSC_CHROMA_URL."
        ) from error
    except (httpx.HTTPError, ChromaError, ValueError, OSError) as error:
        raise ServerFault(
            f"the Chroma server at {server.url} cannot be used ({_line(error)}): start it, or check "
            f"MSC_CHROMA_URL and {TOKEN}."
        ) from error


def _line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def collection_name(index_dir: Path, embedder: str, dimensions: int) -> str:
    """The name of the collection for an index and an embedder: one for all generations of both."""
    return f"msc-{_identity(index_dir)}-{hashlib.sha256(f'{embedder}/{dimensions}'.encode()).hexdigest()[:8]}"


def _identity(index_dir: Path) -> str:
    """The id of an index, made at the first build that needs it."""
    path = index_dir / IDENTITY
    if not path.exists():
        path.write_text(uuid4().hex[:16] + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


class ServedChroma:
    """One generation's part of a collection that holds the passages of all generations of an index.

    A passage's id is made from its content, so a generation adds what is new and leaves the rest alone; a reader drops
    what is not in its own generation. Every member raises ServerFault; the next call tries again.
    """

    def __init__(self, server: ChromaServer, collection: str, own: Collection[str]) -> None:
        """Args: own: the ids of the generation's passages."""
        self._server = server
        self._name = collection
        self._own = own
        self._held: chromadb.Collection | None = None

    def nearest(self, vector: Vector, count: int) -> list[str]:
        """Ids of the passages nearest to a unit vector by cosine, best first; it asks deeper until it has enough."""
        wanted = min(count, len(self._own))
        depth = wanted + SPARE
        with self._collection() as collection:
            while True:
                found = collection.query(query_embeddings=[vector.tolist()], n_results=depth, include=[])["ids"][0]
                ours = [identity for identity in found if identity in self._own]
                if len(ours) >= wanted or len(found) < depth:
                    return ours[:wanted]
                depth *= 2

    def ids(self) -> set[str]:
        """The ids of the generation's passages that the server holds."""
        return self.stored() & set(self._own)

    def stored(self) -> set[str]:
        """The ids of all the passages in the collection."""
        stored: set[str] = set()
        with self._collection() as collection:
            while page := collection.get(limit=PAGE, offset=len(stored), include=[])["ids"]:
                stored.update(page)
        return stored

    def vectors(self, ids: Sequence[str]) -> Vector:
        """The vectors of passages, in order."""
        with self._collection() as collection:
            pages = [vectors_in(collection, ids[first : first + PAGE]) for first in range(0, len(ids), PAGE)]
        return np.concatenate(pages)

    def create(self) -> None:
        """Make the collection, if it is not there."""
        client = connect(self._server)
        with _asking(self._server):
            client.get_or_create_collection(self._name, embedding_function=None, configuration={"hnsw": GRAPH})  # type: ignore[arg-type]

    def put(self, batches: Batches) -> None:
        """Send passages; one that is there already is written over with the same."""
        with self._collection() as collection:
            for ids, vectors in batches:
                for first in range(0, len(ids), PAGE):
                    part = slice(first, first + PAGE)
                    collection.upsert(ids=list(ids[part]), embeddings=vectors[part])  # type: ignore[arg-type]

    def remove(self, ids: Sequence[str]) -> None:
        """Delete passages that no generation holds."""
        with self._collection() as collection:
            for first in range(0, len(ids), PAGE):
                collection.delete(ids=list(ids[first : first + PAGE]))

    @contextmanager
    def _collection(self) -> Iterator[chromadb.Collection]:
        """The collection; after a failure the next use connects anew."""
        try:
            with _asking(self._server):
                if self._held is None:
                    client = connect(self._server)
                    finalize(self, client.close)  # type: ignore[attr-defined]
                    self._held = client.get_collection(self._name, embedding_function=None)
                yield self._held
        except ServerFault:
            self._held = None
            raise


def drop_collections(server: ChromaServer, index_dir: Path, used: Collection[str]) -> None:
    """Delete the collections of an index that none of its generations uses any longer."""
    client = connect(server)
    with _asking(server):
        names = [held if isinstance(held, str) else held.name for held in client.list_collections()]
        for name in names:
            if name.startswith(f"msc-{_identity(index_dir)}-") and name not in used:
                client.delete_collection(name)
