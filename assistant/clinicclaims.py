"""Checks what somebody who offers treatments says: what is approved of it, red flags, what is left out, what is known.

It never says that a clinic is safe or a fraud: it says what was found in its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.advert import Advert
from assistant.claimjudge import ClaimJudge
from assistant.clinicreport import ClinicReport, Contacts, LeftOut, Offered, StatusFound
from assistant.lookup import Lookup, Place
from assistant.overview import Overview
from assistant.redflags import RedFlags
from assistant.soundoffer import left_out
from corpus.knowledge import Knowledge
from corpus.lexicon import Lexicon
from index.config import DEFAULT_EMBEDDER
from index.embedding import TextEmbedder
from index.retriever import HybridRetriever

MOST_CONDITIONS = 8


class ClinicCheck:
    """Checks texts against the tables and an index."""

    def __init__(self, knowledge: Knowledge, retriever: HybridRetriever) -> None:
        """Take the tables and an index; red flags need the bundled embedder, whatever embedder the index has."""
        self._knowledge = knowledge
        self._lexicon = Lexicon(knowledge)
        self._overview = Overview(knowledge)
        self._lookup = Lookup(knowledge, self._lexicon)
        bundled = retriever.embedder.name == DEFAULT_EMBEDDER
        self._flags = RedFlags(knowledge, retriever.embedder if bundled else TextEmbedder())
        self._judge = ClaimJudge(knowledge, self._lexicon, self._overview, retriever)

    def report(self, advert: Advert, as_of: date, country: str = "") -> ClinicReport:
        """What is found in a text, for the country given, or the one that it names most.

        Raises:
            UnknownName: no country goes by this name.
            IndexMissing, IndexDamaged, EmbedderMismatch: the index cannot be used.
        """
        place = self._lookup.country(country or advert.place or "other")
        return ClinicReport(
            as_of=as_of.isoformat(),
            country=place.code,
            place=place.name,
            offers=tuple(self._offers(advert)),
            statuses=tuple(self._statuses(advert, place, as_of)),
            red_flags=tuple(self._flags.find(advert)),
            left_out=tuple(self._left_out(advert)),
            claims=tuple(self._judge.claims(advert, place, as_of)),
            where=self._where(place.code),
        )

    def _offers(self, advert: Advert) -> Iterator[Offered]:
        for kind in ("condition", "product", "cell-source", "route"):
            for term, words in advert.named(kind).items():
                yield Offered(kind, self._knowledge.terms[term].name, tuple(words))
        concepts = advert.named("concept")
        for concept in ("exosomes", "secretome", "prp"):
            if concept in concepts:
                yield Offered("product", self._knowledge.terms[concept].name, tuple(concepts[concept]))
        if advert.prices:
            yield Offered("price", advert.prices[0].text, tuple(advert.prices))

    def _statuses(self, advert: Advert, place: Place, as_of: date) -> Iterator[StatusFound]:
        """For each product and condition named, what is approved there; once for all where nothing is named."""
        products = [term for term in advert.named("product") if term in self._knowledge.products]
        conditions = list(advert.named("condition"))[:MOST_CONDITIONS]
        none_for, none_known = [], None
        for condition in conditions or [""]:
            report = self._overview.report(as_of, condition=condition, country=place.code)
            name = self._knowledge.terms[condition].name if condition else "any MSC product"
            approved = [line for line in report.lines if line.status != "none"]
            yield from (StatusFound(name, line.text, line.known_up_to, line.sources) for line in approved)
            if condition and not approved:
                none_for.append(name)
                none_known = none_known or next(iter(report.remarks), None)
            else:
                yield from (StatusFound(name, one.text, one.known_up_to, one.sources) for one in report.remarks)
        if none_known:
            listed = " or ".join(filter(None, (", ".join(none_for[:-1]), none_for[-1])))
            text = f"No MSC product is known to be approved in {place.name} for {listed}."
            if place.code == "other":
                text = none_known.text
            yield StatusFound(listed, text, none_known.known_up_to, none_known.sources)
        for product in products:
            for line in self._overview.report(as_of, product=product, country=place.code).lines:
                yield StatusFound(line.name, line.text, line.known_up_to, line.sources)

    def _left_out(self, advert: Advert) -> Iterator[LeftOut]:
        for one in left_out(advert.flowing):
            yield LeftOut(one.id, one.name, one.ask, self._knowledge.cited(one.sources))

    def _where(self, code: str) -> Contacts | None:
        country = self._knowledge.countries.get(code)
        if country is None:
            return None
        return Contacts(country.agency.full or country.agency.name, country.agency.url, country.report, country.trials)
