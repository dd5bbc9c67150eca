"""Regulatory status in a place at a time, computed from the dated events of the product table."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.knowledge import Authorisation, Event, Knowledge, Product
from corpus.lexicon import Lexicon
from corpus.register import agency_name, event_sentence, place_name

Status = Literal["approved", "conditional", "withdrawn", "lapsed", "refused", "none"]
OPEN: tuple[Status, ...] = ("approved", "conditional")


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a product, a country and a condition at a date.

    `decisive` is the event that made it so, `first` the first approval; both are None for `none`.
    `known_up_to` is the last day for which a source was read.
    """

    product: Product
    held: Authorisation
    status: Status
    decisive: Event | None
    first: Event | None
    known_up_to: str

    @property
    def open(self) -> bool:
        """Whether the product may be marketed for this use at that date."""
        return self.status in OPEN


def begins(partial: str) -> date:
    """The first day of a partial date."""
    year, month, day = [*partial.split("-"), "1", "1"][:3]
    return date(int(year), int(month), int(day))


def ends(partial: str) -> date:
    """The last day of a partial date."""
    first = begins(partial)
    if partial.count("-") == 2:
        return first
    if partial.count("-") == 1:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first.replace(month=12, day=31)


def standing(product: Product, held: Authorisation, day: date) -> Standing:
    """The standing that follows from the events up to a day.

    A time-limited approval counts as lapsed once its term is over, unless what is known ends before
    that: then the last thing known still stands, and `known_up_to` says how old it is.
    """
    past = [event for event in held.events if begins(event.date) <= day]
    status: Status = "none"
    decisive = first = None
    for event in past:
        if event.event == "renewed":
            decisive = event
            continue
        status, decisive = event.event, event
        if event.event in OPEN and first is None:
            first = event
    ended = decisive.until if decisive and status in OPEN else None
    if ended and ends(ended) < day and ends(ended) <= ends(held.known_up_to):
        status = "lapsed"
    return Standing(product, held, status, decisive, first, held.known_up_to)


class Regulation:
    """Answers questions about approvals from the product table alone."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self._knowledge = knowledge
        self._lexicon = lexicon

    def standings(
        self,
        day: date,
        *,
        country: str | None = None,
        conditions: Iterable[str] = (),
        products: Iterable[str] = (),
    ) -> list[Standing]:
        """Every decision up to a day, in a country (or anywhere), about any of some conditions or products.

        A condition matches what lies above or below it: `gvhd` finds `acute-gvhd`. Those that are open come first.
        """
        wanted_conditions, wanted_products = tuple(conditions), tuple(products)
        found = []
        for product in self._knowledge.products.values():
            if wanted_products and product.id not in wanted_products:
                continue
            for held in product.authorisations:
                if country is not None and held.country != country:
                    continue
                if wanted_conditions and not any(self.matches(held.condition, c) for c in wanted_conditions):
                    continue
                now = standing(product, held, day)
                if now.status != "none":
                    found.append(now)
        return sorted(found, key=lambda one: (not one.open, one.decisive.date if one.decisive else ""))

    def matches(self, held: str, asked: str) -> bool:
        """Whether a condition decided upon is one asked about, or lies above or below it."""
        return self._lexicon.related(held, asked)

    def sentence(self, one: Standing) -> str:
        """The decisive event as the register says it."""
        return self.event_sentence(one, one.decisive) if one.decisive else ""

    def event_sentence(self, one: Standing, event: Event) -> str:
        """An event of a standing as the register says it."""
        place = place_name(self._knowledge, one.held.country)
        return event_sentence(one.product, one.held, event, place, agency_name(self._knowledge, one.held.country))

    def known_up_to(self, country: str) -> str:
        """The last day for which a country's approvals are known; empty for one that the tables don't describe."""
        known = self._knowledge.countries.get(country)
        return known.approvals.known_up_to if known else ""

    def place(self, country: str) -> str:
        """A country's name as it reads after `in`."""
        return place_name(self._knowledge, country)
