"""What the cases of a run come to together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

import numpy as np

from assistant.answer import KINDS
from eval.figures import Figure, quantile_figure, ratio_figure
from eval.metrics import LATENCIES, METRICS
from eval.results import CaseResult, CaveatCount, Group, StageLatency

GROUPED_BY = ("kind", "topic", "wording")


def figures_of(cases: Sequence[CaseResult]) -> tuple[Figure, ...]:
    """Every headline figure with its interval."""
    shares = (ratio_figure(name, [c.scores[name] for c in cases if name in c.scores]) for name in METRICS)
    times = [case.ms for case in cases if not case.error]
    return (*shares, *(quantile_figure(name, times, quantile) for name, quantile in LATENCIES.items()))


def confusion(cases: Iterable[CaseResult]) -> dict[str, dict[str, int]]:
    """For each kind wanted, how many answers were of each kind; `crash` for those that there are not."""
    counts = Counter((case.case.kind, case.kind) for case in cases)
    return {wanted: {said: counts[wanted, said] for said in (*KINDS, "crash")} for wanted in KINDS}


def caveat_counts(cases: Iterable[CaseResult]) -> tuple[CaveatCount, ...]:
    """How each caveat that any case names fared, in order of its id."""
    tallies: dict[str, Counter[str]] = {}
    for result in cases:
        carried = {caveat.id for caveat in result.answer.caveats} if result.answer else set()
        for name in result.case.caveats.must:
            tallies.setdefault(name, Counter()).update(wanted=1, carried=int(name in carried))
        for name in result.case.caveats.must_not:
            tallies.setdefault(name, Counter()).update(unwanted=1, wrong=int(name in carried))
    return tuple(
        CaveatCount(name, tally["wanted"], tally["carried"], tally["unwanted"], tally["wrong"])
        for name, tally in sorted(tallies.items())
    )


def stage_latencies(cases: Iterable[CaseResult]) -> tuple[StageLatency, ...]:
    """Median and 95th percentile of each stage that answers report, in the order of the longest way."""
    reported = [result.answer.timings_ms for result in cases if result.answer]
    times: dict[str, list[float]] = {}
    for timings in sorted(reported, key=len, reverse=True):
        for stage, ms in timings.items():
            times.setdefault(stage, []).append(ms)
    return tuple(
        StageLatency(stage, len(held), float(np.quantile(held, 0.5)), float(np.quantile(held, 0.95)))
        for stage, held in times.items()
    )


def groups_of(cases: Sequence[CaseResult]) -> tuple[Group, ...]:
    """The cases by kind, by topic and by wording."""
    return tuple(_grouped(cases))


def _grouped(cases: Sequence[CaseResult]) -> Iterator[Group]:
    for field in GROUPED_BY:
        for value in sorted({getattr(result.case, field) for result in cases}):
            held = [result for result in cases if getattr(result.case, field) == value]
            facts = [result.scores["facts_found"].value for result in held if "facts_found" in result.scores]
            accuracy = fmean(result.scores["kind_accuracy"].value for result in held)
            yield Group(field, value, len(held), accuracy, fmean(facts) if facts else None)
