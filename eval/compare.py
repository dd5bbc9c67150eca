"""What moved between two runs, and whether chance alone would move it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.figures import SEED, ratio_figure
from eval.metrics import LATENCIES, LOWER_IS_BETTER, METRICS
from eval.outcome import Score
from eval.printed import MAX_LISTED, number
from eval.results import CaseResult, Results

FLIPS = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """A metric in both runs over the cases that both scored, and the two-sided p-value of the difference."""

    metric: str
    before: float
    after: float
    p: float
    cases: int

    @property
    def difference(self) -> float:
        """How far it moved, from the first run to the second."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Flip:
    """A case of which a score or the kind changed: what changed, and whether the case fares better."""

    case: str
    direction: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    `only_before` and `only_after` are cases that the other run lacks, `edited` those whose gold answer differs.
    """

    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    edited: tuple[str, ...]


def compare(before: Results, after: Results) -> Comparison:
    """The second run held against the first, case by case."""
    old, new = ({result.case.id: result for result in run.cases} for run in (before, after))
    shared = [(result, new[name]) for name, result in old.items() if name in new]
    changes = [_change(metric, shared) for metric in METRICS]
    changes += [_latency_change(metric, quantile, shared) for metric, quantile in LATENCIES.items()]
    flips = [_flip(first, second) for first, second in shared]
    return Comparison(
        changes=tuple(change for change in changes if change),
        flips=tuple(sorted((flip for flip in flips if flip), key=lambda flip: flip.direction, reverse=True)),
        only_before=tuple(name for name in old if name not in new),
        only_after=tuple(name for name in new if name not in old),
        edited=tuple(first.case.id for first, second in shared if first.case != second.case),
    )


def _change(metric: str, pairs: Sequence[tuple[CaseResult, CaseResult]]) -> Change | None:
    """A metric over the pairs in which both have a score; None if there is no such pair."""
    held = [(a.scores[metric], b.scores[metric]) for a, b in pairs if metric in a.scores and metric in b.scores]
    if not held:
        return None
    before, after = [first for first, _ in held], [second for _, second in held]
    values = [ratio_figure(metric, scores).value or 0.0 for scores in (before, after)]
    return Change(metric, values[0], values[1], p_value(before, after), len(held))


def _latency_change(metric: str, quantile: float, pairs: Sequence[tuple[CaseResult, CaseResult]]) -> Change | None:
    """A quantile of the times over the pairs in which neither crashed, tested as `p_value` does."""
    held = [(a.ms, b.ms) for a, b in pairs if not a.error and not b.error]
    if not held:
        return None
    before, after = np.array(held).T
    swaps = _swaps(len(held)) == 1
    first, second = (
        np.quantile(np.where(swaps, one, other), quantile, axis=1) for one, other in ((after, before), (before, after))
    )
    values = [float(np.quantile(times, quantile)) for times in (before, after)]
    return Change(metric, values[0], values[1], _p(second - first, values[1] - values[0]), len(held))


def p_value(before: Sequence[Score], after: Sequence[Score]) -> float:
    """Paired randomisation test (Fisher; Smucker et al. 2007), two-sided, 10,000 draws, seeded.

    Each draw swaps the two scores of a case with probability one half, which flips the sign of its
    difference, and asks whether the figures then differ at least as much as they really do. The
    observed arrangement counts as one draw, so that p is never 0.
    """
    one = np.array([(score.hits, score.of) for score in before], float)
    two = np.array([(score.hits, score.of) for score in after], float)
    moved = _swaps(len(one)).astype(float) @ (two - one)
    first, second = one.sum(axis=0) + moved, two.sum(axis=0) - moved
    drawn = second[:, 0] / second[:, 1] - first[:, 0] / first[:, 1]
    return _p(drawn, two[:, 0].sum() / two[:, 1].sum() - one[:, 0].sum() / one[:, 1].sum())


def _swaps(size: int) -> NDArray[np.int64]:
    """For each draw and case, 1 where the two runs are swapped."""
    return np.random.default_rng(SEED).integers(0, 2, (FLIPS, size))


def _p(drawn: NDArray[np.float64], seen: float) -> float:
    """The share of draws at least as far from 0 as what was seen, to within rounding."""
    return float((1 + np.count_nonzero(np.abs(drawn) >= abs(seen) - 1e-12)) / (1 + FLIPS))


def _flip(before: CaseResult, after: CaseResult) -> Flip | None:
    changes = [f"kind {before.kind} → {after.kind}"] if before.kind != after.kind else []
    signs = set()
    for metric in METRICS:
        one, two = before.scores.get(metric), after.scores.get(metric)
        if one is None or two is None or metric == "reading_grade" or abs(one.value - two.value) < 1e-9:
            continue
        changes.append(f"{metric} {one.value:.2f} → {two.value:.2f}")
        signs.add((two.value > one.value) != (metric in LOWER_IS_BETTER))
    if not changes:
        return None
    direction = "mixed" if len(signs) != 1 else "better" if signs == {True} else "worse"
    return Flip(before.case.id, direction, tuple(changes))


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print what moved, the cases that flipped, and the cases that cannot be compared."""
    table = Table("metric", "before", "after", "difference", "p", "cases")
    for change in comparison.changes:
        difference = f"{change.difference:+.4f}" if change.difference else "0"
        cells = (number(change.before), number(change.after), difference, f"{change.p:.4f}", str(change.cases))
        table.add_row(change.metric, *cells)
    console.print(table)
    lines = [f"{len(comparison.flips)} cases flipped"]
    lines += [f"  {flip.direction}: {flip.case}: {'; '.join(flip.changes)}" for flip in comparison.flips]
    for names, what in (
        (comparison.only_before, "only in the first run"),
        (comparison.only_after, "only in the second run"),
        (comparison.edited, "with a gold answer that differs"),
    ):
        if names:
            more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
            lines.append(f"{len(names)} cases {what}: {', '.join(names[:MAX_LISTED])}{more}")
    console.print(Text("\n".join(lines)), soft_wrap=True)
