"""Rules of the product table: what contradicts itself, with the line of the entry at fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from corpus.approvals import OPEN, begins, ends, standing
from corpus.faults import Fault
from corpus.knowledge import Authorisation, Knowledge, Product
from corpus.register import OTHER_PLACES
from corpus.tables import Lines, lines_of

_STATUS_ENDS = {"approved": "open", "conditional": "open", "renewed": "open", "withdrawn": "shut", "lapsed": "shut"}


@dataclass(frozen=True, slots=True)
class _Product:
    """A product with the means to say where in the table something of it stands."""

    knowledge: Knowledge
    product: Product
    lines: Lines

    def fault(self, rule: str, message: str, *where: int | str) -> Fault:
        line = self.lines(self.product.id, where)
        return Fault(self.knowledge.folder / "products.yaml", line, rule, f"'{self.product.id}': {message}")


def product_faults(knowledge: Knowledge, today: date) -> Iterator[Fault]:
    """Every broken rule of products.yaml, and of what countries.yaml says of approvals, as of a day."""
    lines = lines_of(knowledge.folder / "products.yaml")
    codes = {*knowledge.countries, *OTHER_PLACES} - {"other"}
    for product in knowledge.products.values():
        entry = _Product(knowledge, product, lines)
        fault = entry.fault
        if product.id not in knowledge.terms:
            yield fault("unknown-product", "is not in conditions.yaml; add its names there")
        if product.note and not product.note_sources:
            yield fault("no-source", "its note has no source; add note_sources")
        for number, held in enumerate(product.authorisations):
            if held.country not in codes:
                message = f"'{held.country}' is no country of countries.yaml; use one of {', '.join(sorted(codes))}"
                yield fault("unknown-country", message, "authorisations", number, "country")
            if held.condition not in knowledge.terms:
                message = f"'{held.condition}' is not in conditions.yaml; add it there"
                yield fault("unknown-condition", message, "authorisations", number, "condition")
            yield from _event_faults(entry, number, held, today)
        yield from _repeated_uses(entry)
        for number, designation in enumerate(product.designations):
            where = ("designations", number)
            if designation.country not in codes:
                yield fault("unknown-country", f"'{designation.country}' is no country of countries.yaml", *where)
            if designation.kind not in knowledge.not_approvals:
                message = f"'{designation.kind}' is not in notapprovals.yaml; add what it is there"
                yield fault("unknown-kind", message, *where, "kind")
    yield from _none_approved_faults(knowledge, today)


def _event_faults(entry: _Product, number: int, held: Authorisation, today: date) -> Iterator[Fault]:
    def fault(rule: str, message: str, event: int) -> Fault:
        return entry.fault(rule, message, "authorisations", number, "events", event)

    for (_, before), (second, after) in pairwise(enumerate(held.events)):
        if after.date < before.date:
            message = f"the events in {held.country} are not in order of date: {after.date} stands after {before.date}"
            yield fault("event-order", message, second)
        if after.date == before.date:
            yield fault("two-statuses", f"two events in {held.country} on {after.date}; keep one", second)
    state = "shut"
    for index, event in enumerate(held.events):
        if state == "shut" and event.event in ("withdrawn", "lapsed", "renewed"):
            yield fault("event-order", f"{event.event} in {held.country} on {event.date} before any approval", index)
        state = _STATUS_ENDS.get(event.event, state)
        if event.until and ends(event.until) < begins(event.date):
            yield fault("term-order", f"a term until {event.until} is over before {event.date}, when it begins", index)
        if begins(event.date) > ends(held.known_up_to):
            message = f"an event of {event.date}, but known up to {held.known_up_to}; say up to when sources were read"
            yield fault("known-up-to", message, index)
    if begins(held.known_up_to) > today:
        message = f"known up to {held.known_up_to}, which is in the future"
        yield entry.fault("known-up-to", message, "authorisations", number, "known_up_to")


def _repeated_uses(entry: _Product) -> Iterator[Fault]:
    """Two entries for one use in one country: what one of them says on a day, the other contradicts or repeats."""
    seen: set[tuple[str, str, str]] = set()
    for number, held in enumerate(entry.product.authorisations):
        use = (held.country, held.condition, held.indication)
        if use in seen:
            message = f"'{held.indication}' in {held.country} stands twice; put its events into one entry"
            yield entry.fault("two-statuses", message, "authorisations", number)
        seen.add(use)


def _none_approved_faults(knowledge: Knowledge, today: date) -> Iterator[Fault]:
    """A country said to have no approved MSC product, in which the product table has one."""
    lines = lines_of(knowledge.folder / "countries.yaml", "code")
    for product in knowledge.products.values():
        for held in product.authorisations:
            country = knowledge.countries.get(held.country)
            if country is None or not country.none_approved or not product.cells.cultured_msc:
                continue
            now = standing(product, held, today)
            if now.status in OPEN:
                message = f"'{country.code}': none_approved, but '{product.id}' is {now.status} in products.yaml"
                line = lines(country.code, ("none_approved",))
                yield Fault(knowledge.folder / "countries.yaml", line, "none-approved", message)
