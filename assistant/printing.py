"""Reports as plain text for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.overview import Change, NotAnApproval, StatusLine, StatusReport
from assistant.trials import TrialSearch
from corpus.knowledge import Source
from corpus.register import day

SHOWN_SOURCES = 2
"""Sources named beside each line; `--json` has them all."""


def render_status(report: StatusReport) -> str:
    """A report on status, a paragraph a line, each with its sources and the day up to which it is known."""
    parts = [f"Status on {day(report.as_of)}"]
    parts += ["\n".join(_status(line)) for line in report.lines]
    parts += ["\n".join((remark.text, *_known(remark.known_up_to, remark.sources))) for remark in report.remarks]
    if not report.lines and not report.remarks:
        parts.append("No decision is known that this is about.")
    if report.since:
        parts.append(f"What changed from {day(report.since)} to {day(report.as_of)}")
        parts += ["\n".join(_change(change)) for change in report.changes] or ["Nothing that is known."]
    if report.not_approvals:
        parts.append("Not approvals")
        parts += ["\n".join(_not_approval(one)) for one in report.not_approvals]
    return "\n\n".join(parts)


def render_trials(found: TrialSearch) -> str:
    """Where to find trials, as plain text."""
    parts = [f"Trials of mesenchymal cells for {found.condition_name} in {found.place}"]
    for link in found.links:
        lines = [link.name, f"  {link.url}"]
        if not link.filled_in:
            lines.append(f"  This registry takes no filled-in address: {link.by_hand}.")
            lines.append(f"  Words to type: {link.to_type}")
        elif link.by_hand:
            lines.append(f"  There, {link.by_hand}.")
        parts.append("\n".join(lines))
    parts.append("What to look for in an entry\n" + "\n".join(f"- {line}" for line in found.look_for))
    source = [found.warning_source] if found.warning_source else []
    parts.append("\n".join((f"! {found.warning}", *_sources(source))))
    return "\n\n".join(parts)


def _status(line: StatusLine) -> Iterator[str]:
    yield f"{line.name} in {line.place}: {line.words}"
    yield f"  {line.text}"
    if line.covers:
        others = "" if len(line.covers) > 1 else f"; not {'adults' if line.covers == ('children',) else 'children'}"
        yield f"  for whom: {line.population}{others}"
    elif line.population:
        yield f"  for whom: {line.population}"
    if not line.cultured_msc:
        yield "  not a product of cultured MSC"
    yield from _known(line.known_up_to, line.sources)


def _change(change: Change) -> Iterator[str]:
    yield f"{day(change.date)}: {change.text}"
    yield from _known(change.known_up_to, change.sources)


def _not_approval(one: NotAnApproval) -> Iterator[str]:
    since = f", {day(one.date)}" if one.date else ""
    yield f"{one.name} in {one.place}{since}: {one.kind}"
    yield f"  {one.text}"
    yield from _sources(one.sources)


def _known(known_up_to: str, sources: Iterable[Source]) -> Iterator[str]:
    if known_up_to:
        yield f"  known up to {day(known_up_to)}"
    yield from _sources(sources)


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    for source in list(sources)[:SHOWN_SOURCES]:
        issued = f", {source.issued}" if source.issued else ""
        yield f"  source: {source.title}, {source.publisher}{issued} ({source.evidence}) {source.url}"
