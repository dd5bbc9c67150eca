"""Encoders: texts in, the vectors of their word pieces and of the whole out. One for each way to run a model."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from logging import ERROR, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vector = NDArray[np.float32]
BATCH_TOKENS = 1536
"""Word pieces, padding included, that the ONNX encoder takes at once: what stays in the cache of a small processor."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text: its unit vector (dimensions,), and of each word piece the vector (pieces, dimensions) and the span.

    `spans` (pieces, 2) holds offsets into the text; those of special pieces are empty.
    """

    vector: Vector
    pieces: Vector
    spans: NDArray[np.int64]


class Encoder(Protocol):
    """Anything that runs a model."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the special ones."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Every text, cut to the model's window, in order."""
        ...


class OnnxEncoder:
    """A BERT with mean pooling, run by onnxruntime: about twice as fast as by torch, and ready in a second."""

    def __init__(self, folder: Path) -> None:
        """Load the model in a folder that sentence-transformers has written."""
        from tokenizers import Tokenizer

        from index.bert import bert_session

        self._session, self.dimensions = bert_session(folder)
        window = int(json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"])
        self._whole: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._whole.no_padding()
        self._whole.no_truncation()
        self._cut: Tokenizer = Tokenizer.from_str(self._whole.to_str())
        self._cut.enable_truncation(window)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the special ones."""
        return [len(found.ids) for found in self._whole.encode_batch_fast(list(texts), add_special_tokens=False)]

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Every text, cut to the model's window, in order; run in batches of like length."""
        found = self._cut.encode_batch(list(texts))
        encoded: dict[int, Encoded] = {}
        for rows in _batches([len(one.ids) for one in found]):
            batch = [found[row] for row in rows]
            for row, one, pieces in zip(rows, batch, self._run([one.ids for one in batch]), strict=True):
                encoded[row] = Encoded(unit(pieces.mean(axis=0)), pieces, np.array(one.offsets, dtype=np.int64))
        return [encoded[row] for row in range(len(texts))]

    def _run(self, ids: Sequence[Sequence[int]]) -> list[Vector]:
        """The vectors of each text's word pieces."""
        lengths = np.array([len(one) for one in ids], dtype=np.int32)
        padded = np.zeros((len(ids), lengths.max()), dtype=np.int32)
        for row, one in enumerate(ids):
            padded[row, : len(one)] = one
        (pieces,) = self._session.run(None, {"ids": padded, "lengths": lengths})
        return [one[:length] for one, length in zip(pieces, lengths, strict=True)]


class SentenceTransformerEncoder:
    """Any model that sentence-transformers loads."""

    def __init__(self, name: str) -> None:
        """Load the model.

        Raises:
            EmbedderUnavailable: it is not cached and cannot be fetched, or does not exist.
        """
        self._model = _sentence_transformer(name)

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the special ones."""
        return [len(ids) for ids in self._pieces(texts, add_special_tokens=False)["input_ids"]]

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Every text, cut to the model's window, in order."""
        features = self._model.encode(list(texts), output_value=None, show_progress_bar=False)
        offsets = self._pieces(texts, return_offsets_mapping=True, truncation=True)["offset_mapping"]
        return [_encoded(feature, spans) for feature, spans in zip(features, offsets, strict=True)]

    def _pieces(self, texts: Sequence[str], **how: Any) -> Any:
        return self._model.tokenizer(list(texts), verbose=False, **how)


def unit(vector: NDArray[Any]) -> Vector:
    """The vector at length one."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)


def _batches(lengths: Sequence[int]) -> Iterable[list[int]]:
    """Rows in groups that hold about `BATCH_TOKENS` when padded to their longest, long ones first."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _encoded(feature: Any, spans: Sequence[tuple[int, int]]) -> Encoded:
    pieces = np.asarray(feature["token_embeddings"].float().cpu().numpy(), dtype=np.float32)[: len(spans)]
    return Encoded(unit(feature["sentence_embedding"].float().cpu().numpy()), pieces, np.array(spans, dtype=np.int64))


def _sentence_transformer(name: str) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    getLogger("huggingface_hub").setLevel(ERROR)
    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:  # the library raises many unrelated types for a model it cannot load
        raise EmbedderUnavailable(
            f"the embedder '{name}' cannot be loaded ({type(error).__name__}); "
            "check its name, or leave MSC_EMBEDDER unset to use the one that comes along."
        ) from error
