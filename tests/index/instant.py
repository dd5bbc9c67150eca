"""An embedder that costs nothing: the vector of a text is drawn by its hash. For tests of what is stored, not of what is found by meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from index.embedding import ChunkVectors
from index.encoding import Vector
from index.passages import Chunk


class InstantEmbedder:
    """Counts what it embeds, and the texts whose tokens it counts."""

    name = "instant"
    dimensions = 512  # so many that two texts of chance are never near

    def __init__(self) -> None:
        self.embedded = 0
        self.cut = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        self.cut += 1
        return [len(text.split()) for text in texts]

    def query(self, text: str) -> Vector:
        return drawn(text, 1)[0]

    def texts(self, texts: Sequence[str]) -> Vector:
        return np.stack([self.query(text) for text in texts])

    def chunks(self, chunks: Sequence[Chunk]) -> Iterator[ChunkVectors]:
        for chunk in chunks:
            self.embedded += 1
            vectors = drawn(chunk.embedded, 1 + len(chunk.sentences))
            yield ChunkVectors(vectors[0], vectors[1:])


def drawn(text: str, count: int) -> Vector:
    """Unit vectors that depend on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    vectors = np.random.default_rng(seed).standard_normal((count, InstantEmbedder.dimensions)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
