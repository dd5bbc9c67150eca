"""The status of products in a place at a time, as a report: what is approved, what ended, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.lookup import Lookup, Place
from assistant.regulation import Regulation, Standing, begins, ends, standing, within
from corpus.knowledge import AgeGroup, Authorisation, Knowledge, Product, Source
from corpus.lexicon import Lexicon
from corpus.register import agency_name, day, event_sentence, on, place_name

STATUS_WORDS = {
    "approved": "approved",
    "conditional": "conditionally approved",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
    "refused": "refused",
    "application-withdrawn": "not approved, the application was withdrawn",
    "none": "never filed, as far as known",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about; empty parts ask about all."""

    condition: str = ""
    product: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The status of one product for one use in one country.

    `known_up_to` is the last day for which a source was read; `approved_on` the first approval, `decided_on` the last
    decision, `until` the end of a time-limited approval. `covers` names the age groups that the approval names.
    """

    product: str
    name: str
    country: str
    place: str
    condition: str
    use: str
    population: str
    covers: tuple[AgeGroup, ...]
    status: str
    words: str
    text: str
    approved_on: str
    decided_on: str
    until: str
    terms: str
    known_up_to: str
    cultured_msc: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A decision, or the end of a term, between two dates."""

    date: str
    product: str
    name: str
    country: str
    place: str
    event: str
    text: str
    known_up_to: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class NotAnApproval:
    """A designation, exemption, plan or permission that a product has and that is no approval."""

    product: str
    name: str
    country: str
    place: str
    kind: str
    date: str
    condition: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the whole answer, with its sources."""

    text: str
    known_up_to: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What the product table says about a product, condition and country at a day; `changes` since another day."""

    asked: Asked
    as_of: str
    since: str
    lines: tuple[StatusLine, ...]
    changes: tuple[Change, ...]
    not_approvals: tuple[NotAnApproval, ...]
    remarks: tuple[Remark, ...]


class Overview:
    """Makes reports from the product table alone."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._lexicon = Lexicon(knowledge)
        self._regulation = Regulation(knowledge, self._lexicon)
        self._lookup = Lookup(knowledge, self._lexicon)

    def report(
        self, as_of: date, *, condition: str = "", product: str = "", country: str = "", since: date | None = None
    ) -> StatusReport:
        """The report on what is named, in people's words or by id, at a day.

        Raises:
            UnknownName: a name is not in the tables.
        """
        asked = Asked(
            self._lookup.condition(condition) if condition else "", self._lookup.product(product) if product else ""
        )
        place = self._lookup.country(country) if country else None
        if place:
            asked = Asked(asked.condition, asked.product, place.code)
        lines = tuple(self._lines(asked, place, as_of))
        return StatusReport(
            asked=asked,
            as_of=as_of.isoformat(),
            since=since.isoformat() if since else "",
            lines=lines,
            changes=tuple(self._changes(asked, since, as_of)) if since else (),
            not_approvals=tuple(self._not_approvals(asked, as_of)),
            remarks=tuple(self._remarks(asked, place, lines)),
        )

    def _lines(self, asked: Asked, place: Place | None, as_of: date) -> Iterator[StatusLine]:
        standings = self._regulation.standings(
            as_of,
            country=asked.country or None,
            conditions=[asked.condition] if asked.condition else (),
            products=[asked.product] if asked.product else (),
        )
        yield from (self._line(one, as_of) for one in standings)
        if not (asked.product or (asked.condition and place)):
            return
        found = {one.product.id for one in standings}
        for product in self._about(asked):
            if product.id not in found:
                yield self._never(product, asked, place)

    def _about(self, asked: Asked) -> Iterator[Product]:
        """The products that a report is about: the one asked for, else all tried for the condition."""
        for product in self._knowledge.products.values():
            uses = [held.condition for held in product.authorisations]
            uses += [one.condition for one in product.designations if one.condition]
            tried = any(self._lexicon.related(use, asked.condition) for use in uses)
            if product.id == asked.product or (not asked.product and tried):
                yield product

    def _line(self, one: Standing, as_of: date) -> StatusLine:
        held, decisive = one.held, one.decisive
        assert decisive is not None
        ended_by_term = one.status == "lapsed" and decisive.event != "lapsed"
        words = STATUS_WORDS[one.status]
        if one.unknown:
            words = f"unknown after {day(one.known_up_to)}; {STATUS_WORDS[one.last_known]} until then"
        elif one.open and decisive.until:
            words += f" until {day(decisive.until)}"
        elif ended_by_term:
            words = f"lapsed, limited in time until {day(decisive.until or '')}"
        elif not one.open:
            words += f" {on(decisive.date)}"
        return StatusLine(
            product=one.product.id,
            name=one.product.full_name,
            country=held.country,
            place=place_name(self._knowledge, held.country),
            condition=held.condition,
            use=held.indication,
            population=held.population,
            covers=held.covers,
            status=one.status,
            words=words,
            text=self._regulation.sentence(one),
            approved_on=one.first.date if one.first else "",
            decided_on=decisive.date,
            until=decisive.until or "",
            terms=decisive.terms,
            known_up_to=one.known_up_to,
            cultured_msc=one.for_msc,
            sources=self._knowledge.cited(decisive.sources),
        )

    def _never(self, product: Product, asked: Asked, place: Place | None) -> StatusLine:
        """A product on which no decision is known there; `unknown` where the tables don't describe the country."""
        country = self._knowledge.countries.get(asked.country) if place and asked.country != "other" else None
        status = "none" if country or not place else "unknown"
        where = place.name if place else "any country"
        use = self._knowledge.terms[asked.condition].name if asked.condition else ""
        about = f" for {use}" if use else ""
        words, text = STATUS_WORDS[status], f"No decision on {product.full_name}{about} in {where} is known."
        if status == "unknown":
            words = "unknown"
            text = f"This library holds no source on approvals in {where}: ask the medicines regulator there."
        known = country.approvals if country else None
        sources = self._knowledge.cited(known.sources if known else () if place else product.note_sources)
        newest = max((source.issued for source in sources if source.issued), default="")
        return StatusLine(
            product=product.id,
            name=product.full_name,
            country=asked.country,
            place=where,
            condition=asked.condition,
            use=use,
            population="",
            covers=(),
            status=status,
            words=words,
            text=text,
            approved_on="",
            decided_on="",
            until="",
            terms="",
            known_up_to=known.known_up_to if known else newest,
            cultured_msc=product.cells.cultured_msc,
            sources=sources,
        )

    def _changes(self, asked: Asked, since: date, as_of: date) -> list[Change]:
        """Decisions and ends of terms from one day to another; a date known to the month counts where it may fall."""
        found = []
        for product, held in self._held(asked):
            place = place_name(self._knowledge, held.country)
            for event in held.events:
                if ends(event.date) >= since and begins(event.date) <= as_of:
                    text = event_sentence(product, held, event, place, agency_name(self._knowledge, held.country))
                    found.append(self._change(product, held, event.date, event.event, text, event.sources))
            now = standing(product, held, as_of)
            until = now.decisive.until if now.decisive else None
            if until and not now.open and now.decisive and since <= ends(until) < as_of:
                sentence = f"The time-limited approval of {product.full_name} in {place} for {held.indication}"
                known = "" if now.status == "lapsed" else "; what followed is not known to this library"
                text = f"{sentence} ran to its end {on(until)}{known}."
                found.append(self._change(product, held, until, "term-ended", text, now.decisive.sources))
        return sorted(found, key=lambda change: change.date)

    def _held(self, asked: Asked) -> Iterator[tuple[Product, Authorisation]]:
        seen = set()
        for product in self._knowledge.products.values():
            for held in product.authorisations:
                wanted = not asked.condition or self._lexicon.related(held.condition, asked.condition)
                wanted = wanted and asked.product in ("", product.id) and asked.country in ("", held.country)
                key = (product.id, held.country, held.events)
                if wanted and key not in seen:
                    seen.add(key)
                    yield product, held

    def _change(
        self, product: Product, held: Authorisation, when: str, event: str, text: str, sources: Iterable[str]
    ) -> Change:
        return Change(
            date=when,
            product=product.id,
            name=product.full_name,
            country=held.country,
            place=place_name(self._knowledge, held.country),
            event=event,
            text=text,
            known_up_to=held.known_up_to,
            sources=self._knowledge.cited(tuple(sources)),
        )

    def _not_approvals(self, asked: Asked, as_of: date) -> Iterator[NotAnApproval]:
        if not (asked.product or asked.condition):
            return
        for product in self._about(asked):
            for one in product.designations:
                if asked.country and within(one.country) != asked.country and one.country != asked.country:
                    continue
                if one.date and begins(one.date) > as_of:
                    continue
                if asked.condition and one.condition and not self._lexicon.related(one.condition, asked.condition):
                    continue
                row = self._knowledge.not_approvals[one.kind]
                yield NotAnApproval(
                    product=product.id,
                    name=product.full_name,
                    country=one.country,
                    place=place_name(self._knowledge, one.country),
                    kind=row.name,
                    date=one.date or "",
                    condition=one.condition,
                    text=row.text,
                    sources=self._knowledge.cited((*one.sources, *row.sources)),
                )

    def _remarks(self, asked: Asked, place: Place | None, lines: tuple[StatusLine, ...]) -> Iterator[Remark]:
        """What holds for the country as a whole: that nothing is approved for the use, or up to when it is known."""
        if place is None:
            return
        country = self._knowledge.countries.get(place.code)
        if country is None or place.code == "other":
            if place.code == "other":
                text = f"This library holds no list of approvals in {place.name}: ask the medicines regulator there."
                yield Remark(text, "", ())
            return
        approved = [line for line in lines if line.status in ("approved", "conditional") and line.cultured_msc]
        unknown = [line for line in lines if line.status == "unknown" and line.cultured_msc]
        known = country.approvals.known_up_to
        sources = self._knowledge.cited(country.approvals.sources)
        if asked.product:
            return
        if approved:
            yield Remark(f"No other approval of an MSC product in {country.name} is known.", known, sources)
            return
        use = f" for {self._knowledge.terms[asked.condition].name}" if asked.condition else ""
        beyond = " beyond those whose status is unknown" if unknown else ""
        yield Remark(f"No MSC product is known to be approved in {country.name}{use}{beyond}.", known, sources)
