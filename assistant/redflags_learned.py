"""How alike a sentence is to labelled examples of red flags: a linear model over vectors, fitted by `eval/redflags.py`.

The patterns of `redflags.yaml` are sure of what they name; whoever sells finds other words. For each red flag there is
a logistic regression over the unit vector that the bundled embedder gives a sentence, whatever embedder an index uses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EXAMPLES = Path(__file__).with_name("redflag_examples.yaml")
WEIGHTS = Path(__file__).with_name("redflag_weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """The digest of the examples, the flags' ids, and for each its bias and its weights, shape (flags, dimensions)."""

    examples: str
    flags: tuple[str, ...]
    biases: NDArray[np.float32]
    rows: NDArray[np.float32]


def likeness(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The probability (0 to 1) of each red flag for each vector, shape (vectors, flags)."""
    held = weights()
    return np.asarray(1 / (1 + np.exp(-(vectors @ held.rows.T + held.biases))), dtype=np.float32)


def flag_ids() -> Sequence[str]:
    """The ids of the columns of `likeness`."""
    return weights().flags


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights as they were fitted."""
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    flags = read["flags"]
    return Weights(
        read["examples"],
        tuple(flags),
        np.array([row[0] for row in flags.values()], dtype=np.float32),
        np.array([row[1:] for row in flags.values()], dtype=np.float32),
    )
