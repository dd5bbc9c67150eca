"""Regulatory status in a place at a time, computed from the dated events of the product table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from corpus.approvals import OPEN, Standing, Status, begins, ends, standing
from corpus.knowledge import Event, Knowledge, NotApproval, Term
from corpus.lexicon import Lexicon
from corpus.register import agency_name, event_sentence, known_sentence, place_name

EU_MEMBERS = ("DE",)
"""Members of the European Union that the product table names apart: for a national exemption."""

MOST_HELD = 2
"""How many designations of a product an answer explains."""

__all__ = ["OPEN", "Regulation", "Standing", "Status", "begins", "ends", "standing"]


class Regulation:
    """Answers questions about approvals from the product table alone."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self._knowledge = knowledge
        self._lexicon = lexicon
        self._not_approvals = [
            (row, tuple(re.compile(pattern, re.I) for pattern in row.patterns))
            for row in knowledge.not_approvals.values()
        ]

    def standings(
        self,
        day: date,
        *,
        country: str | None = None,
        conditions: Iterable[str] = (),
        products: Iterable[str] = (),
    ) -> list[Standing]:
        """Every decision up to a day, in a country (or anywhere), about any of some conditions or products.

        A condition matches what lies above or below it: `gvhd` finds `acute-gvhd`. Those that are open come first, then
        those whose status is unknown at that day. Where a product has one and the same decision on two conditions that
        match, the one worded more narrowly stands for both.
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
        found = _each_decision_once(found)
        return sorted(found, key=_most_current)

    def matches(self, held: str, asked: str) -> bool:
        """Whether a condition decided upon is one asked about, or lies above or below it."""
        return self._lexicon.related(held, asked)

    def narrower(self, held: str, asked: str) -> bool:
        """Whether a condition decided upon is only a part of the one asked about."""
        return held != asked and asked in self._lexicon.ancestors(held)

    def named_not_approvals(self, text: str) -> list[NotApproval]:
        """What a text names that sounds like an approval and is none, in the order of the table."""
        return [row for row, patterns in self._not_approvals if any(pattern.search(text) for pattern in patterns)]

    def held_not_approvals(self, products: Iterable[Term], places: Iterable[str], day: date) -> list[NotApproval]:
        """What products have in some places by a day that sounds like an approval and is none."""
        codes = set(places)
        rows = {
            designation.kind: self._knowledge.not_approvals[designation.kind]
            for term in products
            if (product := self._knowledge.products.get(term.id))
            for designation in product.designations
            if within(designation.country) in codes and not (designation.date and begins(designation.date) > day)
        }
        return list(rows.values())[:MOST_HELD]

    def sentence(self, one: Standing) -> str:
        """The decisive event as the register says it."""
        return self.event_sentence(one, one.decisive) if one.decisive else ""

    def event_sentence(self, one: Standing, event: Event) -> str:
        """An event of a standing as the register says it."""
        place = place_name(self._knowledge, one.held.country)
        return event_sentence(one.product, one.held, event, place, agency_name(self._knowledge, one.held.country))

    def known_sentence(self, one: Standing) -> str:
        """Up to when a standing is known, as the register says it."""
        return known_sentence(one.product, one.known_up_to, place_name(self._knowledge, one.held.country))

    def known_up_to(self, country: str) -> str:
        """The last day for which a country's approvals are known; empty for one that the tables don't describe."""
        known = self._knowledge.countries.get(country)
        return known.approvals.known_up_to if known else ""

    def says_none(self, country: str) -> bool:
        """Whether the tables say of a country as a whole that no MSC product is approved there."""
        known = self._knowledge.countries.get(country)
        return bool(known and known.none_approved)

    def place(self, country: str) -> str:
        """A country's name as it reads after `in`."""
        return place_name(self._knowledge, country)


def _most_current(one: Standing) -> tuple[bool, bool, bool, str]:
    """What is approved first, then what is unknown; look-alikes behind products of cultured MSC; then by date."""
    return not one.open, not one.unknown, not one.for_msc, one.decisive.date if one.decisive else ""


def within(code: str) -> str:
    """The jurisdiction that a country's approvals belong to: Germany's are those of the European Union."""
    return "EU" if code in EU_MEMBERS else code


def _each_decision_once(standings: list[Standing]) -> list[Standing]:
    """The standings without those that repeat one decision for a second condition."""
    once: dict[tuple[str, str, tuple[Event, ...]], Standing] = {}
    for one in standings:
        key = (one.product.id, one.held.country, one.held.events)
        if key not in once or len(one.held.indication) > len(once[key].held.indication):
            once[key] = one
    return list(once.values())
