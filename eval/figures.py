"""Figures over cases, each with its 95% bootstrap interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.outcome import Score

RESAMPLES = 2000
SEED = 20_240_601
"""Any fixed number: the same results give the same interval."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over its cases. `low` and `high` bound the 95% interval; all None where no case has a score."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    cases: int


def ratio_figure(name: str, scores: Sequence[Score]) -> Figure:
    """The sum of the hits over the sum of what they are of."""
    hits, of = np.array([s.hits for s in scores], float), np.array([s.of for s in scores], float)
    if not len(scores):
        return Figure(name, None, None, None, 0)
    draws = _resamples(len(scores))
    return _figure(name, float(hits.sum() / of.sum()), hits[draws].sum(axis=1) / of[draws].sum(axis=1), len(scores))


def quantile_figure(name: str, values: Sequence[float], quantile: float) -> Figure:
    """A quantile (0 to 1) of the values, by linear interpolation."""
    if not values:
        return Figure(name, None, None, None, 0)
    held = np.array(values, float)
    drawn = np.quantile(held[_resamples(len(held))], quantile, axis=1)
    return _figure(name, float(np.quantile(held, quantile)), drawn, len(held))


def _resamples(size: int) -> NDArray[np.int64]:
    """Row numbers of every resample, drawn with replacement (Efron 1979), shape (RESAMPLES, size)."""
    return np.random.default_rng(SEED).integers(0, size, (RESAMPLES, size))


def _figure(name: str, value: float, drawn: NDArray[np.float64], cases: int) -> Figure:
    """The figure with the percentile interval of its resampled values."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(name, value, float(low), float(high), cases)
