"""Libraries of any size, made of the sentences and the vectors of a real index, to time what growth costs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding import ChunkVectors, TextEmbedder
from index.encoding import Vector
from index.passages import Chunk
from index.store import Generation

NAME = "made-up vectors"
NOISE = 0.6
"""Length of the noise on a vector of length one: a made-up passage is about as near to its model (cosine 0.86) as two
passages on the same subject are to each other."""
SENTENCES = 4
"""Sentences of a made-up passage, as of most real ones."""


def write_library(folder: Path, sentences: Sequence[str], documents: int, passages: int) -> None:
    """Write Markdown documents of so many passages each, of sentences drawn at random with a fixed seed."""
    rng = np.random.default_rng(documents)
    folder.mkdir(parents=True)
    for number in range(documents):
        parts = [f"# Document {number}"]
        for part in range(passages):
            drawn = rng.integers(0, len(sentences), SENTENCES)
            parts.append(f"## Part {part}\n\n{' '.join(sentences[at] for at in drawn)}")
        (folder / f"{number}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def sentences_of(generation: Generation) -> list[str]:
    """Every sentence of an index."""
    return [
        chunk.text[sentence.start - chunk.start : sentence.end - chunk.start]
        for chunk in generation.contents.chunks
        for sentence in chunk.sentences
    ]


class MadeEmbedder:
    """Gives passages made-up vectors at no cost, and questions the real model's."""

    name = NAME

    def __init__(self, models: NDArray[np.float32], real: TextEmbedder) -> None:
        """Make vectors like `models`, unit vectors of shape (vectors, dimensions); questions get those of `real`."""
        self._models = models
        self._real = real

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._real.dimensions

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About the number of word pieces of each text: five to four words."""
        return [len(text.split()) * 5 // 4 for text in texts]

    def query(self, text: str) -> Vector:
        """The unit vector of a question."""
        return self._real.query(text)

    def texts(self, texts: Sequence[str]) -> Vector:
        """Made-up unit vectors, the same for the same text."""
        return np.stack([self._made(text, 1)[0] for text in texts])

    def chunks(self, chunks: Sequence[Chunk]) -> Iterator[ChunkVectors]:
        """Made-up vectors of chunks and their sentences."""
        for chunk in chunks:
            vectors = self._made(chunk.embedded, 1 + len(chunk.sentences))
            yield ChunkVectors(vectors[0], vectors[1:])

    def _made(self, text: str, count: int) -> Vector:
        rng = np.random.default_rng(zlib.crc32(text.encode()))
        noise = rng.standard_normal((count, self._models.shape[1]), dtype=np.float32)
        noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
        made = self._models[rng.integers(0, len(self._models), count)] + noise
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)
