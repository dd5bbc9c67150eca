"""Results as tables for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.figures import Figure
from eval.results import Results

MAX_LISTED = 20


def print_results(results: Results, console: Console) -> None:
    """Print the figures of a run, its confusion matrix, its caveats, its stages and what was missed most."""
    for table in (_figures(results), _kinds(results), _caveats(results), _stages(results)):
        if table.row_count:
            console.print(table)
    console.print(_missed(results))


def number(value: float | None) -> str:
    """A figure to four places; a dash where there is none."""
    return "–" if value is None else f"{value:.4f}"


def interval(figure: Figure) -> str:
    """The 95% interval of a figure, to three places."""
    return "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"


def _figures(results: Results) -> Table:
    table = Table("metric", "figure", "95% interval", "cases", title=f"{len(results.cases)} cases")
    for figure in results.figures:
        table.add_row(figure.name, number(figure.value), interval(figure), str(figure.cases))
    return table


def _kinds(results: Results) -> Table:
    said = list(next(iter(results.kinds.values())))
    table = Table("wanted \\ said", *said, title="kinds")
    for wanted, counts in results.kinds.items():
        table.add_row(wanted, *(str(counts[kind]) for kind in said))
    return table


def _caveats(results: Results) -> Table:
    table = Table("caveat", "carried", "wanted", "wrongly carried", "unwanted", title="caveats")
    for count in results.caveats:
        table.add_row(count.id, str(count.carried), str(count.wanted), str(count.wrong), str(count.unwanted))
    return table


def _stages(results: Results) -> Table:
    table = Table("stage", "median ms", "p95 ms", "cases", title="latency by stage")
    for stage in results.stages:
        table.add_row(stage.stage, f"{stage.median_ms:.1f}", f"{stage.p95_ms:.1f}", str(stage.cases))
    return table


def _missed(results: Results) -> Text:
    """How many cases missed something, and the first of those of the wrong kind or with an error."""
    lines = [f"{sum(bool(case.missed) for case in results.cases)} of {len(results.cases)} cases missed something"]
    wrong = [case for case in results.cases if case.kind != case.case.kind]
    for case in wrong[:MAX_LISTED]:
        lines.append(f"  {case.case.id}: {case.error or f'wanted {case.case.kind}, got {case.kind}'}")
    if len(wrong) > MAX_LISTED:
        lines.append(f"  and {len(wrong) - MAX_LISTED} more")
    return Text("\n".join(lines))
