"""Checks what somebody who offers treatments says: what is approved of it, red flags, what is left out, what is known.

It never says that a clinic is safe or a fraud: it says what was found in its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from assistant.advert import Advert, Words
from assistant.agegroups import groups_asked
from assistant.evidence import Quote, quotes_of
from assistant.lookup import Lookup, Place
from assistant.overview import Overview
from assistant.polarity import contradictions, negates
from assistant.redflags import Found, RedFlags
from assistant.soundoffer import left_out
from assistant.verify import Verifier
from corpus.knowledge import Contact, Knowledge, Source
from corpus.lexicon import Lexicon
from index.embedding import Embedder
from index.lexical import stem_set, stems
from index.retriever import HybridRetriever

PASSAGES = 5
"""Passages in which a claim is looked up."""
QUOTES = 2
"""Quotes that are shown to a claim."""
NEAR = 0.55
"""Cosine of a sentence of the library to a claim from which it is on the same thing."""
SAID = 0.9
"""Share of a claim's words that a quote has to have to decide on it; the quote that has most decides first."""
MOST_CLAIMS = 12
MOST_CONDITIONS = 8
CLOSING = "This says what was found in the text and in the library. It is no judgement of whoever wrote it."

_CLAIMS = re.compile(
    r"\b(?:is|are|was|were|can|will|may|has|have|helps?|treats?|cures?|heals?|reduces?|reverses?|repairs?|regenerates?|improves?|"
    r"relieves?|restores?|stops?|prevents?|works?|turns?|becomes?|travels?|finds?|approved|proven|shown|safe)\b",
    re.I,
)
_APPROVED = re.compile(r"\b(?:approv|licen[cs]|authori[sz]|clear(?:ed|ance))\w*", re.I)


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that a text offers, by the name that the library has for it, and the words that name it."""

    kind: str
    name: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class StatusFound:
    """What the product table says of something offered."""

    about: str
    text: str
    known_up_to: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that a sound offer states and the text does not, and what to ask."""

    id: str
    name: str
    ask: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LibraryQuote:
    """A sentence of the library, where it stands, and its strongest source."""

    quote: str
    document_id: str
    title: str
    section: str
    start: int
    end: int
    source: Source


@dataclass(frozen=True, slots=True)
class ClaimFound:
    """A claim of the text: `supported`, `contradicted` or `nothing found`, and the library's nearest words."""

    words: Words
    verdict: str
    why: str
    quotes: tuple[LibraryQuote, ...]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where to check and to report in a country."""

    regulator: str
    regulator_url: str
    report: Contact
    trials: Contact


@dataclass(frozen=True, slots=True)
class ClinicReport:
    """Everything that was found. `country` is a code; `other` where the text is from none that the tables describe."""

    as_of: str
    country: str
    place: str
    offers: tuple[Offered, ...]
    statuses: tuple[StatusFound, ...]
    red_flags: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]
    claims: tuple[ClaimFound, ...]
    questions: tuple[str, ...]
    where: Contacts | None
    closing: str = CLOSING


class ClinicCheck:
    """Checks texts against the tables and an index."""

    def __init__(self, knowledge: Knowledge, retriever: HybridRetriever, bundled: Embedder) -> None:
        """Take the tables, an index, and the bundled embedder, whatever embedder the index has."""
        self._knowledge = knowledge
        self._lexicon = Lexicon(knowledge)
        self._overview = Overview(knowledge)
        self._lookup = Lookup(knowledge, self._lexicon)
        self._flags = RedFlags(knowledge, bundled)
        self._verifier = Verifier(self._lexicon)
        self._retriever = retriever

    def report(self, advert: Advert, as_of: date, country: str = "") -> ClinicReport:
        """What is found in a text, for the country given, or the one that it names most.

        Raises:
            UnknownName: no country goes by this name.
            IndexMissing, IndexDamaged, EmbedderMismatch: the index cannot be used.
        """
        place = self._lookup.country(country or advert.place or "other")
        missing = tuple(self._left_out(advert))
        return ClinicReport(
            as_of=as_of.isoformat(),
            country=place.code,
            place=place.name,
            offers=tuple(self._offers(advert)),
            statuses=tuple(self._statuses(advert, place, as_of)),
            red_flags=tuple(self._flags.find(advert)),
            left_out=missing,
            claims=tuple(self._claims(advert, place, as_of)),
            questions=tuple(one.ask for one in missing),
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

    def _claims(self, advert: Advert, place: Place, as_of: date) -> Iterator[ClaimFound]:
        """The sentences that say something of cells, products or diseases, held against the library."""
        held = 0
        for sentence in advert.sentences:
            if held < MOST_CLAIMS and self._is_claim(sentence):
                held += 1
                yield self._judged(sentence, place, as_of)

    def _is_claim(self, sentence: Words) -> bool:
        named = self._lexicon.terms(sentence.text)
        about = any(term.kind in ("condition", "product", "cell-source", "concept") for term in named)
        return about and bool(_CLAIMS.search(sentence.text)) and not sentence.text.endswith("?")

    def _judged(self, sentence: Words, place: Place, as_of: date) -> ClaimFound:
        """A claim on an approval is held against the product table, any other against the library's own words."""
        near = self._near(sentence.text)
        shown = tuple(_shown(quote) for quote in near[:QUOTES])
        if _APPROVED.search(sentence.text):
            verdict, why = self._approval(sentence.text, place, as_of)
            return ClaimFound(sentence, verdict, why, shown)
        said = stem_set(sentence.text)
        for quote in sorted(near, key=lambda one: -len(said & stem_set(one.text))):
            if len(said & stem_set(quote.text)) < SAID * len(said):
                break
            if against := contradictions(sentence.text, [quote.text]):
                return ClaimFound(sentence, "contradicted", "; ".join(against), (_shown(quote),))
            if self._verifier.judge(sentence.text, [quote.text]).supported:
                return ClaimFound(sentence, "supported", "", (_shown(quote),))
        return ClaimFound(sentence, "nothing found", "", shown)

    def _approval(self, text: str, place: Place, as_of: date) -> tuple[str, str]:
        """The verdict on a claim that something is approved, and the sentence of the product table behind it."""
        codes = self._lexicon.countries(text)
        country = codes[0] if codes else place.code
        products = [term.id for term in self._lexicon.terms(text, "product") if term.id in self._knowledge.products]
        conditions = [term.id for term in self._lexicon.terms(text, "condition")]
        if negates(text) or country == "other" or not (products or conditions):
            return "nothing found", ""
        product, condition = (products or [""])[0], (conditions or [""])[0]
        report = self._overview.report(as_of, product=product, condition=condition, country=country)
        standing = [line for line in report.lines if line.status in ("approved", "conditional") and line.cultured_msc]
        asked = groups_asked(text)
        covering = [line for line in standing if not line.covers or not asked or set(asked) <= set(line.covers)]
        if standing:
            return ("supported", covering[0].text) if covering else ("contradicted", standing[0].text)
        if any(line.status == "unknown" for line in report.lines):
            return "nothing found", report.lines[0].text
        known = [line.text for line in report.lines if product] + [remark.text for remark in report.remarks]
        return ("contradicted", known[0]) if known else ("nothing found", "")

    def _near(self, text: str) -> list[Quote]:
        """The sentences of the library that are on the same thing, nearest first."""
        generation = self._retriever.generation
        words = self._lexicon.expanded(text)
        passages = self._retriever.search(words, PASSAGES, text, generation)
        quotes = quotes_of(generation, passages, self._retriever.vector(words), stems(text))
        order = np.argsort([-quote.similarity for quote in quotes])
        return [quotes[at] for at in order if quotes[at].similarity >= NEAR]

    def _where(self, code: str) -> Contacts | None:
        country = self._knowledge.countries.get(code)
        if country is None:
            return None
        return Contacts(country.agency.full or country.agency.name, country.agency.url, country.report, country.trials)


def _shown(quote: Quote) -> LibraryQuote:
    source = quote.sources[0]
    return LibraryQuote(quote.text, quote.document_id, quote.title, quote.section, quote.start, quote.end, source)
