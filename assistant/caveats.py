"""The caveats that an answer needs: rules over what the question names, what the answer cites, and the status."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Caveat, Citation, Kind
from assistant.question import Request, Subject
from assistant.regulation import Regulation, Standing, begins
from assistant.triage import Triage
from corpus.documents import Document
from corpus.knowledge import EVIDENCE, Knowledge, Source
from corpus.lexicon import Lexicon, names
from corpus.register import day, on

_OWN_CARE_CUES = re.compile(
    r"\b(?:my (?!question|understanding|friend says)\w+|(?:i|we) (?:have|had|am|was|were|got|get|suffer\w*|want|need|paid|took|take|feel|weigh|can|should|could|live|hurt)|"
    r"i'm|i've|im \d+|ive|should i|can i|could i|help me|for me|cure me|treat me|am i|would i|will i|do i)\b",
    re.I,
)
_CLINICS = re.compile(
    r"\b(?:clinics?|exosomes?|abroad|overseas|travel\w*|fly to|medical tourism|tourism|pay(?:s|ing)?|paid|cost\w*|price\w*|charg\w+|"
    r"afford|cheap\w*|expensive|adverti[sz]\w*|facebook|instagram|seminar|tijuana|package|discount|testimonials?|unapproved|unproven|"
    r"wellness|anti-?ag(?:e)?ing|stem cell (?:cure|centre|center)s?|refunds?|insurance)\b",
    re.I,
)
_TRIALS = re.compile(
    r"\b(?:registr(?:y|ies|ered|ation)|clinicaltrials\.gov|NCT\d+|ISRCTN\w*|jRCT\w*|ChiCTR\w*|CTIS|recruit\w*|enrol\w*|volunteer\w*|"
    r"(?:join|joining|take part|taking part|participat\w+|enter|entering|find|finding|get into|sign up|open|ongoing|registered|pay to be) "
    r"(?:\w+ ){0,3}(?:trials?|stud(?:y|ies))|safest (?:path|way|route))\b",
    re.I,
)
_HARM = re.compile(
    r"\b(?:(?:after|since|following) (?:my|his|her|the|an?|our|getting|having|i|he|she) .*(?:inject\w*|infus\w*|treat\w*|stem|cells?|exosomes?|therapy)|"
    r"report\w* (?:\w+ ){0,4}(?:side effects?|harm\w*|reactions?|adverse|problems?|clinic|bad)|adverse event report\w*|where (?:do|can|to) (?:\w+ )?report|"
    r"went wrong|made (?:me|him|her) (?:worse|ill|sick)|harmed (?:me|him|her|by)|got (?:an )?infect\w+)\b",
    re.I | re.S,
)
_POSITIVE = re.compile(r"\b(?:improved|better (?:than|with)|significant(?:ly)?|benefit(?:ed)?|favou?red|superior|higher response|met its)\b", re.I)
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
    """What the rules look at."""

    kind: Kind
    triage: Triage
    request: Request
    subject: Subject
    citations: tuple[Citation, ...]
    claims: tuple[str, ...]


class CaveatRules:
    """Applies every rule; most important first, each id once."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon, regulation: Regulation) -> None:
        self._knowledge = knowledge
        self._lexicon = lexicon
        self._regulation = regulation

    def caveats(self, given: CaveatInput, documents: Callable[[str], Document | None]) -> tuple[Caveat, ...]:
        """The caveats of an answer, most important first."""
        rules = (
            self._emergency(given),
            self._report(given),
            self._status(given),
            self._clinics(given),
            self._trials(given),
            self._evidence(given),
            self._own_care(given),
            self._out_of_date(given, documents),
        )
        found: dict[str, Caveat] = {}
        for rule in rules:
            for caveat in rule:
                found.setdefault(caveat.id, caveat)
        return tuple(found.values())

    def _caveat(self, name: str, text: str, country: str, as_of: str, source: Source | None) -> Caveat:
        return Caveat(id=name, text=text, country=country, as_of=as_of, source=source)

    def _first(self, keys: Sequence[str]) -> Source | None:
        known = self._knowledge.cited(tuple(keys))
        return known[0] if known else None

    def _emergency(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind != "emergency":
            return
        country = self._knowledge.countries[given.request.country]
        text = f"In an emergency call {country.emergency.number} first. No answer here can replace that call."
        yield self._caveat("emergency", text, country.code, "", self._first(country.emergency.sources))

    def _report(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind != "emergency" and not _HARM.search(given.request.question):
            return
        country = self._knowledge.countries[given.request.country]
        scheme = country.report
        phone = f", {scheme.phone}" if scheme.phone else ""
        text = f"Harm after a treatment can be reported to {scheme.name} ({scheme.url}{phone}); reports protect others."
        if given.kind == "emergency":
            text = "Afterwards: " + text[0].lower() + text[1:]
        yield self._caveat("report-adverse-event", text, country.code, "", self._first(scheme.sources))

    def _status(self, given: CaveatInput) -> Iterator[Caveat]:
        """Whether the use asked about is approved in the place asked about, at the day asked about."""
        if given.kind not in ("answer", "redirect"):
            return
        subject = given.subject
        conditions = [term.id for term in subject.conditions if term.covered]
        products = [term.id for term in subject.products]
        if not conditions and not products:
            return
        places = [place for place in (subject.places or (subject.place,)) if place != "other"]
        for place in places:
            yield from self._status_in(subject, place, conditions, products)
        elsewhere = [
            one
            for one in self._regulation.standings(subject.day, conditions=conditions, products=products)
            if one.open and one.held.country not in places
        ]
        here = any(self._open(subject, place, conditions, products) for place in places)
        if elsewhere and not here and (subject.asks_status or products):
            yield self._elsewhere(elsewhere[0], places)

    def _standings(self, subject: Subject, place: str, conditions: list[str], products: list[str]) -> list[Standing]:
        return self._regulation.standings(subject.day, country=place, conditions=conditions, products=products)

    def _open(self, subject: Subject, place: str, conditions: list[str], products: list[str]) -> list[Standing]:
        return [one for one in self._standings(subject, place, conditions, products) if one.open]

    def _status_in(self, subject: Subject, place: str, conditions: list[str], products: list[str]) -> Iterator[Caveat]:
        standings = self._standings(subject, place, conditions, products)
        held = [one for one in standings if one.open]
        where = self._regulation.place(place)
        for one in (one for one in standings if one.status in ("withdrawn", "lapsed")):
            text = self._regulation.sentence(one) if one.status == "withdrawn" else (
                f"The approval of {one.product.full_name} in {where} was limited in time and has run out, "
                f"as far as known up to {day(one.known_up_to)}."
            )
            yield self._caveat("withdrawn", text, place, one.known_up_to, self._first(one.decisive.sources if one.decisive else ()))
            break
        for one in held:
            yield self._narrowly(one, place, where)
            break
        if not held:
            yield self._investigational(subject, place, where)

    def _narrowly(self, one: Standing, place: str, where: str) -> Caveat:
        since = f" {on(one.first.date)}" if one.first else ""
        how = "conditionally approved" if one.status == "conditional" else "approved"
        text = (
            f"{one.product.full_name} is {how} in {where} only for {one.held.indication}: approved{since}, "
            f"status known up to {day(one.known_up_to)}. The approval covers no one else."
        )
        return self._caveat("approved-narrowly", text, place, one.known_up_to, self._first(one.decisive.sources if one.decisive else ()))

    def _investigational(self, subject: Subject, place: str, where: str) -> Caveat:
        known = self._regulation.known_up_to(place)
        asked = min(begins(known), subject.day) if known else subject.day
        asked_about = subject.conditions or tuple(
            self._knowledge.terms[held.condition]
            for term in subject.products
            for held in self._knowledge.products[term.id].authorisations[:1]
            if term.id in self._knowledge.products and held.condition in self._knowledge.terms
        )
        use = f" for {names(asked_about)}" if asked_about else ""
        text = (
            f"In {where} no MSC product is known to be approved{use} (known up to {_written(asked)}): "
            "there it is experimental."
        )
        country = self._knowledge.countries.get(place)
        return self._caveat("investigational", text, place, known, self._first(country.approvals.sources if country else ()))

    def _elsewhere(self, one: Standing, places: list[str]) -> Caveat:
        where = " or ".join(self._regulation.place(place) for place in places) or "your country"
        text = (
            f"{one.product.full_name} is approved in {self._regulation.place(one.held.country)} for "
            f"{one.held.indication}; that does not make it approved in {where}."
        )
        return self._caveat("other-jurisdiction", text, one.held.country, one.known_up_to, self._first(one.decisive.sources if one.decisive else ()))

    def _clinics(self, given: CaveatInput) -> Iterator[Caveat]:
        asked = f"{given.request.question} {given.subject.text}"
        if given.kind not in ("answer", "redirect") or not (
            _CLINICS.search(asked) or given.triage.reason in ("which-clinic", "do-it-yourself")
        ):
            return
        place = given.subject.place
        source = self._first([CLINIC_SOURCE.get(place, CLINIC_SOURCE["US"])])
        text = (
            "Clinics sell stem cell and exosome treatments that no regulator has approved; people have been infected, "
            "blinded and killed. Being registered, or listed in a trial registry, is no approval."
        )
        yield self._caveat("unapproved-clinics", text, place, str(source.issued or "") if source else "", source)

    def _trials(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind not in ("answer", "redirect") or not _TRIALS.search(f"{given.request.question} {given.subject.text}"):
            return
        source = self._first([TRIAL_SOURCE])
        text = (
            "A listing in a trial registry is no endorsement: sponsors enter their own studies. Ask for the ethics board, "
            "the regulator's permission and whether you would have to pay."
        )
        yield self._caveat("trial-not-endorsement", text, given.subject.place, str(source.issued or "") if source else "", source)

    def _evidence(self, given: CaveatInput) -> Iterator[Caveat]:
        if given.kind != "answer" or not given.subject.conditions or not given.citations:
            return
        studies = [c for c in given.citations if c.evidence in _STUDY_GRADES]
        positive = [c for c in studies if _POSITIVE.search(c.quote) and not _NEGATIVE.search(c.quote)]
        negative = [c for c in studies if _NEGATIVE.search(c.quote)]
        if {c.source.key for c in positive} and {c.source.key for c in negative} - {c.source.key for c in positive}:
            text = "The studies cited here disagree: some found a benefit, others found none."
            yield self._caveat("conflicting-evidence", text, "", "", negative[0].source)
        best = min(EVIDENCE.index(c.evidence) for c in given.citations)
        if EVIDENCE[best] in _WEAK_GRADES:
            text = "The evidence cited here is early: nothing in it compares people treated with people not treated."
            yield self._caveat("early-evidence", text, "", "", given.citations[0].source)

    def _own_care(self, given: CaveatInput) -> Iterator[Caveat]:
        question = given.request.question
        if given.kind == "redirect" or (given.kind == "answer" and _OWN_CARE_CUES.search(question)):
            text = "This is general information, not advice for one person: please talk it over with a doctor who knows the case."
            yield self._caveat("not-medical-advice", text, given.request.country, "", None)

    def _out_of_date(self, given: CaveatInput, documents: Callable[[str], Document | None]) -> Iterator[Caveat]:
        for citation in given.citations:
            document = documents(citation.document_id)
            if document and document.review_by and document.review_by < given.request.as_of:
                text = f"“{document.title}” was to be reviewed by {_written(document.review_by)} and may be out of date."
                yield self._caveat("out-of-date", text, "", document.review_by.isoformat(), citation.source)
                return


def _written(when: date) -> str:
    return day(when.isoformat())
