"""Reports as plain text for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.clinicreport import ClaimFound, ClinicReport, Contacts
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


def render_clinic_report(report: ClinicReport) -> str:
    """What was found in an advertisement, red flags first, each with the words that show it."""
    parts = [f"Red flags: {len(report.red_flags)}"]
    for flag in report.red_flags:
        words = "; ".join(f"“{' '.join(one.text.split())}”" for one in flag.words)
        sign = "!" if flag.certain else "? reads like:"
        parts.append("\n".join((f"{sign} {flag.name}: {words}", f"  {flag.why}", *_sources(flag.sources))))
    offers: dict[str, list[str]] = {}
    for one in report.offers:
        offers.setdefault(one.kind, []).append(one.name)
    if offers:
        parts.append("What it names\n" + "\n".join(f"- {kind}: {', '.join(names)}" for kind, names in offers.items()))
    parts.append(f"What is approved in {report.place}, as of {day(report.as_of)}")
    parts += ["\n".join((f"- {one.text}", *_known(one.known_up_to, one.sources))) for one in report.statuses]
    if report.claims:
        parts.append("What the library says of its claims")
        parts += ["\n".join(_claim(one)) for one in report.claims]
    if report.left_out:
        parts.append("What it leaves out\n" + "\n".join(f"- {one.name}" for one in report.left_out))
        parts.append("What to ask\n" + "\n".join(f"- {one.ask}" for one in report.left_out))
    if report.where:
        parts.append("\n".join(("Where to check and to report", *_contacts(report.where))))
    parts.append(report.closing)
    return "\n\n".join(parts)


def _claim(claim: ClaimFound) -> Iterator[str]:
    why = f" ({claim.why})" if claim.why else ""
    yield f"- “{' '.join(claim.words.text.split())}”: {claim.verdict}{why}"
    for quote in claim.quotes:
        yield f"  library: “{quote.quote}”"
        yield from _sources((quote.source,))


def _contacts(where: Contacts) -> Iterator[str]:
    yield f"- {where.regulator}: {where.regulator_url}"
    for what, contact in (("report harm", where.report), ("look up trials", where.trials)):
        if contact.name or contact.url:
            yield f"- {what}: {' '.join(filter(None, (contact.name, contact.phone, contact.url)))}"


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
