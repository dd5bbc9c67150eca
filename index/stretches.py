"""Stretches of documents: up to sixteen passages that follow each other, what a passage is read in the light of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LENGTH = 16
"""Passages of a stretch: the whole of an article, a chapter's part of a book."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretch i holds the passages from `bounds[i]` up to `bounds[i + 1]`; passage r is in stretch `of_passage[r]`."""

    bounds: NDArray[np.int64]
    of_passage: NDArray[np.int32]


def stretches_of(first_passages: NDArray[np.int64]) -> Stretches:
    """The stretches of documents of which document i holds the passages from `first_passages[i]` on.

    A long document is cut into stretches of about the same length.
    """
    sizes = np.diff(first_passages)
    parts = -(-sizes // LENGTH)
    document = np.repeat(np.arange(len(sizes)), parts)
    part = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    starts = first_passages[document] + part * sizes[document] // parts[document]
    bounds = np.concatenate([starts, first_passages[-1:]]).astype(np.int64)
    return Stretches(bounds, np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(bounds)))
