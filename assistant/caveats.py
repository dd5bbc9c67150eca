"""The caveats that an answer needs: rules over what the question names, what the answer cites, and the status."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Caveat, Citation, Kind
from assistant.cues import about_clinics, about_harm, about_joining_trials, about_reporting, own_care
from assistant.question import Request, Subject
from assistant.regulation import Regulation, Standing, begins
from assistant.triage import Triage
from corpus.documents import Document
from corpus.knowledge import EVIDENCE, Authorisation, Knowledge, Source
from corpus.lexicon import Lexicon, names
from corpus.register import day, on

_POSITIVE = re.compile(
    r"\b(?:improved|better (?:than|with)|significant(?:ly)?|benefit(?:ed)?|favou?red|superior|higher response|met its)\b",
    re.I,
)
_NEGATIVE = re.compile(
    r"\b(?:no (?:better|difference|significant|benefit|effect|gain)|not (?:better|met|significant|superior|differ)|did not|missed|failed|"
    r"no more|none (?:was|were) (?:better|superior)|little or no)\b",
    re.I,
)
_STUDY_GRADES = ("meta-analysis", "rct", "single-arm", "observational")
_WEAK_GRADES = ("single-arm", "case-report", "preclinical", "company")

CLINIC_SOURCE = {
    "US": "fda-2021-patient-information",
    "EU": "ema-2025-unregulated-atmp",
    "CA": "health-canada-2019-unauthorized-cell-therapies",
    "AU": "tga-2024-stem-cell-quick-guide",
}
"""The warning that each country's regulator gives; elsewhere the FDA's is named as the FDA's."""
TRIAL_SOURCE = "nlm-2026-clinicaltrials-disclaimer"


@dataclass(frozen=True, slots=True)
class CaveatInput:
    """What the rules look at: the question, what the answer cites, and the documents cited."""

    kind: Kind
    triage: Triage
    request: Request
    subject: Subject
    citations: tuple[Citation, ...]
    documents: tuple[Document, ...]

    def rests_on(self, caveat: str) -> bool:
        """Whether the first document cited, or a third of all citations, declare a caveat."""
        declares = [caveat in document.caveats for document in self.documents]
        return bool(declares) and (declares[0] or sum(declares) * 3 >= len(declares))

    @property
    def conditions(self) -> tuple[str, ...]:
        """Ids of the conditions asked about; where the question names none, of the document on a condition most cited."""
        named = tuple(term.id for term in self.subject.conditions if term.covered)
        if named or self.subject.conditions or self.subject.products or not self.documents:
            return named
        counts = Counter(document.id for document in self.documents if document.topic == "conditions")
        if not counts:
            return ()
        most, count = counts.most_common(1)[0]
        document = next(document for document in self.documents if document.id == most)
        return document.conditions[:1] if count * 3 >= len(self.documents) else ()


class CaveatRules:
    """Applies every rule; most important first, each id once."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon, regulation: Regulation) -> None:
        self._knowledge = knowledge
        self._lexicon = lexicon
        self._regulation = regulation

    def caveats(self, given: CaveatInput) -> tuple[Caveat, ...]:
        """The caveats of an answer, most important first."""
        rules = (
            self._emergency(given),
            self._report(given),
            self._status(given),
            self._clinics(given),
            self._trials(given),
            self._evidence(given),
            self._own_care(given),
            self._out_of_date(given),
        )
        found: dict[str, Caveat] = {}
        for rule in rules:
            for caveat in rule:
                found.setdefault(caveat.id, caveat)
        return tuple(found.values())

    def _first(self, keys: Sequence[str]) -> Source | None:
        known = self._knowledge.cited(tuple(keys))
        return known[0] if known else None

    def _emergency(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind != "emergency":
            return
        country = self._knowledge.countries[given.request.country]
        text = f"In an emergency call {country.emergency.number} first. No answer here can replace that call."
        yield Caveat("emergency", text, country.code, "", self._first(country.emergency.sources))

    def _report(self, given: CaveatInput) -> Iterator[Caveat]:
        asked = given.kind != "abstain" and about_harm(given.request.question)
        rests = about_reporting(given.request.question) and given.rests_on("report-adverse-event")
        if not (given.kind == "emergency" or asked or rests):
            return
        country = self._knowledge.countries[given.request.country]
        scheme = country.report
        phone = f", {scheme.phone}" if scheme.phone else ""
        text = f"Harm after a treatment can be reported to {scheme.name} ({scheme.url}{phone}); reports protect others."
        if given.kind == "emergency":
            text = "Afterwards: " + text[0].lower() + text[1:]
        yield Caveat("report-adverse-event", text, country.code, "", self._first(scheme.sources))

    def _status(self, given: CaveatInput) -> Iterator[Caveat]:
        """Whether the use asked about is approved in the asker's country, at the day asked about."""
        if given.kind not in ("answer", "redirect"):
            return
        subject = given.subject
        conditions, products = given.conditions, tuple(term.id for term in subject.products)
        if products and not self._standings(subject, None, conditions, products):
            conditions = ()
        if not conditions and not products:
            return
        home = given.request.country
        place = subject.place if home == "other" else home
        here: list[Standing] = []
        if place != "other":
            here = self._standings(subject, place, conditions, products)
            yield from self._status_in(subject, place, conditions, here)
        for one in self._standings(subject, None, conditions, products):
            if one.held.country in subject.places and one.status in ("withdrawn", "lapsed"):
                yield self._withdrawn(one)
        elsewhere = [one for one in self._standings(subject, None, conditions, products) if one.held.country != place]
        if not any(one.open for one in here) and (subject.asks_status or products or set(subject.places) - {place}):
            named_first = sorted(elsewhere, key=lambda one: one.held.country not in subject.places)
            yield from (self._elsewhere(one, place) for one in named_first if one.open or one.unknown)

    def _standings(
        self, subject: Subject, place: str | None, conditions: tuple[str, ...], products: tuple[str, ...]
    ) -> list[Standing]:
        return self._regulation.standings(subject.day, country=place, conditions=conditions, products=products)

    def _status_in(
        self, subject: Subject, place: str, conditions: tuple[str, ...], standings: list[Standing]
    ) -> Iterator[Caveat]:
        held = [one for one in standings if one.open]
        yield from (self._withdrawn(one) for one in standings if one.status in ("withdrawn", "lapsed"))
        uses = conditions or self._uses(subject)
        if not held and uses:
            held = [one for one in self._standings(subject, place, uses, ()) if one.open]
        yield from (self._narrowly(one) for one in held)
        unknown = [one for one in standings if one.unknown]
        yield from (self._once_approved(one) for one in unknown)
        if not held and not unknown:
            yield self._investigational(subject, place, uses)

    def _withdrawn(self, one: Standing) -> Caveat:
        text = self._regulation.sentence(one)
        if one.status == "lapsed" and one.decisive and one.decisive.event != "lapsed":
            where = self._regulation.place(one.held.country)
            text = f"The approval of {one.product.full_name} in {where} was limited in time and has run out."
        return self._about("withdrawn", text, one)

    def _narrowly(self, one: Standing) -> Caveat:
        where = self._regulation.place(one.held.country)
        since = f" {on(one.first.date)}" if one.first else ""
        how = "conditionally approved" if one.status == "conditional" else "approved"
        text = (
            f"{one.product.full_name} was {how} in {where}{since} only for {one.held.indication}; its status is known "
            f"up to {day(one.known_up_to)}. The approval covers no one else."
        )
        return self._about("approved-narrowly", text, one)

    def _once_approved(self, one: Standing) -> Caveat:
        """An approval that was last looked up too long ago to say that it stands."""
        text = f"{self._regulation.sentence(one).removesuffix('.')}; its status after {day(one.known_up_to)} is not known to this library."
        return self._about("approved-narrowly", text, one)

    def _uses(self, subject: Subject) -> tuple[str, ...]:
        """What the products asked about were decided upon for, anywhere."""
        return tuple(held.condition for term in subject.products for held in self._authorisations(term.id)[:1])

    def _investigational(self, subject: Subject, place: str, uses: tuple[str, ...]) -> Caveat:
        known = self._regulation.known_up_to(place)
        asked = min(begins(known), subject.day) if known else subject.day
        terms = [self._knowledge.terms[name] for name in dict.fromkeys(uses) if name in self._knowledge.terms]
        what = f"no MSC product is known to be approved for {names(terms)}"
        if not terms:
            what = f"{names(subject.products)} is not known to be approved"
        text = f"In {self._regulation.place(place)} {what} (known up to {_written(asked)}): there it is experimental."
        country = self._knowledge.countries.get(place)
        source = self._first(country.approvals.sources if country else ())
        return Caveat("investigational", text, place, known, source)

    def _authorisations(self, product: str) -> tuple[Authorisation, ...]:
        held = self._knowledge.products.get(product)
        return held.authorisations if held else ()

    def _elsewhere(self, one: Standing, place: str) -> Caveat:
        where = "your country" if place == "other" else self._regulation.place(place)
        verb = "was approved" if one.unknown else "is approved"
        text = (
            f"{one.product.full_name} {verb} in {self._regulation.place(one.held.country)} for "
            f"{one.held.indication} (known up to {day(one.known_up_to)}); that does not make it approved in {where}."
        )
        return self._about("other-jurisdiction", text, one)

    def _about(self, name: str, text: str, one: Standing) -> Caveat:
        """A caveat that rests on the decisive event of a standing."""
        source = self._first(one.decisive.sources if one.decisive else ())
        return Caveat(name, text, one.held.country, one.known_up_to, source)

    def _clinics(self, given: CaveatInput) -> Iterator[Caveat]:
        asked = about_clinics(f"{given.request.question} {given.subject.text}")
        sent = given.triage.reason in ("which-clinic", "do-it-yourself")
        if given.kind not in ("answer", "redirect") or not (asked or sent or given.rests_on("unapproved-clinics")):
            return
        place = given.subject.place
        source = self._first([CLINIC_SOURCE.get(place, CLINIC_SOURCE["US"])])
        text = (
            "Clinics sell stem cell and exosome treatments that no regulator has approved; people have been infected, "
            "blinded and killed. Being registered, or listed in a trial registry, is no approval."
        )
        yield Caveat("unapproved-clinics", text, place, str(source.issued or "") if source else "", source)

    def _trials(self, given: CaveatInput) -> Iterator[Caveat]:
        asked = about_joining_trials(given.request.question) or about_joining_trials(given.subject.text)
        if given.kind not in ("answer", "redirect") or not (asked or given.rests_on("trial-not-endorsement")):
            return
        source = self._first([TRIAL_SOURCE])
        text = (
            "A listing in a trial registry is no endorsement: sponsors enter their own studies. Ask for the ethics board, "
            "the regulator's permission and whether you would have to pay."
        )
        yield Caveat(
            "trial-not-endorsement", text, given.subject.place, str(source.issued or "") if source else "", source
        )

    def _evidence(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind != "answer" or not given.subject.conditions or not given.citations:
            return
        studies = [c for c in given.citations if c.evidence in _STUDY_GRADES]
        positive = [c for c in studies if _POSITIVE.search(c.quote) and not _NEGATIVE.search(c.quote)]
        negative = [c for c in studies if _NEGATIVE.search(c.quote)]
        if {c.source.key for c in positive} and {c.source.key for c in negative} - {c.source.key for c in positive}:
            text = "The studies cited here disagree: some found a benefit, others found none."
            yield Caveat("conflicting-evidence", text, "", "", negative[0].source)
        best = min(EVIDENCE.index(c.evidence) for c in given.citations)
        if EVIDENCE[best] in _WEAK_GRADES:
            text = "The evidence cited here is early: nothing in it compares people treated with people not treated."
            yield Caveat("early-evidence", text, "", "", given.citations[0].source)

    def _own_care(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind == "redirect" or (given.kind == "answer" and own_care(given.request.question)):
            text = "This is general information, not advice for one person: please talk it over with a doctor who knows the case."
            yield Caveat("not-medical-advice", text, given.request.country, "", None)

    def _out_of_date(self, given: CaveatInput) -> Iterator[Caveat]:
        for document, citation in zip(given.documents, given.citations, strict=True):
            if document.review_by and document.review_by < given.request.as_of:
                due = _written(document.review_by)
                text = f"“{document.title}” was to be reviewed by {due} and may be out of date."
                yield Caveat("out-of-date", text, "", document.review_by.isoformat(), citation.source)


def _written(when: date) -> str:
    return day(when.isoformat())
