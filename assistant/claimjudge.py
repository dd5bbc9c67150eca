"""Holds what a text claims of an approval against the product table, and anything else against the library's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from assistant.advert import Advert, Words
from assistant.agegroups import groups_asked
from assistant.clinicreport import ClaimFound, LibraryQuote
from assistant.evidence import Quote, quotes_of
from assistant.lookup import Place
from assistant.overview import Overview
from assistant.polarity import contradictions, negates
from assistant.verify import Verifier
from corpus.knowledge import Knowledge
from corpus.lexicon import Lexicon
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

_CLAIMS = re.compile(
    r"\b(?:is|are|was|were|can|will|may|has|have|helps?|treats?|cures?|heals?|reduces?|reverses?|repairs?|regenerates?|improves?|"
    r"relieves?|restores?|stops?|prevents?|works?|turns?|becomes?|travels?|finds?|approved|proven|shown|safe)\b",
    re.I,
)
_APPROVED = re.compile(r"\b(?:approv|licen[cs]|authori[sz]|clear(?:ed|ance))\w*", re.I)


class ClaimJudge:
    """Judges the sentences of a text that claim something."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon, overview: Overview, retriever: HybridRetriever) -> None:
        """Take the tables and an index."""
        self._knowledge = knowledge
        self._lexicon = lexicon
        self._overview = overview
        self._verifier = Verifier(lexicon)
        self._retriever = retriever

    def claims(self, advert: Advert, place: Place, as_of: date) -> Iterator[ClaimFound]:
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
        if standing and not product:  # another product's approval says nothing of the cells that are offered
            return "nothing found", ""
        if standing:
            return ("supported", covering[0].text) if covering else ("contradicted", standing[0].text)
        if any(line.status == "unknown" for line in report.lines):
            return "nothing found", ""
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


def _shown(quote: Quote) -> LibraryQuote:
    source = quote.sources[0]
    return LibraryQuote(quote.text, quote.document_id, quote.title, quote.section, quote.start, quote.end, source)
