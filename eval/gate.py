"""Thresholds that a run has to keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ConfigDict

from corpus.tables import load_rows
from eval.errors import ThresholdFault
from eval.metrics import METRIC_NAMES
from eval.printed import number
from eval.results import Results


def _known(name: str) -> str:
    if name not in METRIC_NAMES:
        raise ValueError(f"unknown metric; use one of {', '.join(METRIC_NAMES)}")
    return name


def _given(reason: str) -> str:
    if not reason.strip():
        raise ValueError("must say why")
    return reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A bound that a metric has to keep, and why."""

    __pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)

    metric: Annotated[str, AfterValidator(_known)]
    at_least: float | None = None
    at_most: float | None = None
    reason: Annotated[str, AfterValidator(_given)]

    @property
    def bound(self) -> str:
        """The bound in signs."""
        return f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"

    def kept_by(self, value: float | None) -> bool:
        """Whether a figure keeps the bound; one that no case measures does not."""
        if value is None:
            return False
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A threshold and the figure held against it."""

    threshold: Threshold
    value: float | None

    @property
    def passed(self) -> bool:
        """Whether the threshold is kept."""
        return self.threshold.kept_by(self.value)

    def __str__(self) -> str:
        figure = "not measured by any case" if self.value is None else number(self.value)
        line = f"{'pass' if self.passed else 'FAIL'}  {self.threshold.metric} {figure} {self.threshold.bound}"
        return line if self.passed else f"{line}  ({self.threshold.reason})"


def load_thresholds(path: Path) -> list[Threshold]:
    """The thresholds in a file.

    Raises:
        TableFault: the file is missing, is no YAML list, or has an unknown metric or field.
        ThresholdFault: it has no threshold, or one without exactly one bound.
    """
    rows = load_rows(path, Threshold)
    for threshold, line in rows:
        if (threshold.at_least is None) == (threshold.at_most is None):
            raise ThresholdFault(f"{path}:{line}: '{threshold.metric}' needs at_least or at_most, and not both.")
    if not rows:
        raise ThresholdFault(f"{path}: has no threshold; add one, or a gate lets everything through.")
    return [threshold for threshold, _ in rows]


def verdicts(results: Results, thresholds: list[Threshold]) -> list[Verdict]:
    """Each threshold with the figure of a run."""
    return [Verdict(threshold, results.figure(threshold.metric).value) for threshold in thresholds]
