"""Drafts an answer from sentences of the passages: no model, nothing but their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.draft import DraftClaim, Evidence
from assistant.evidence import Quote
from corpus.lexicon import Lexicon

PATIENT_SENTENCES = 5
CLINICIAN_SENTENCES = 9

_DANGLING = re.compile(
    r"^(?:it|its|this|that|these|those|they|their|he|she|such|however|moreover|furthermore|therefore|thus|also|but|"
    r"in addition|in contrast|by contrast|for example|for instance|as a result|similarly|consequently|while these|despite these)\b",
    re.I,
)
_DEFINES = re.compile(r"\b(?:is|are|means|refers? to|stands? for|called)\b", re.I)
_FIGURE = re.compile(r"\d")
_REASON = re.compile(r"\b(?:because|since|so that|due to|by (?:secret|releas|send|calm|mak)\w+|through|work by|therefore)\b", re.I)


@dataclass(frozen=True, slots=True)
class Weights:
    """What a sentence's score is made of; set on the `tune` split of the gold cases.

    `similarity`, `coverage` and `passage` weigh the cosine to the question, the share of its terms,
    and the rank of the passage. The others are added where they apply.
    """

    similarity: float = 1.0
    coverage: float = 0.55
    passage: float = 0.25
    shape: float = 0.07
    in_short: float = 0.05
    off_subject: float = -0.25
    other_place: float = -0.15
    dangling: float = -0.06
    evidence: float = -0.008
    redundancy: float = 0.35
    same: float = 0.93
    floor: float = 0.62


class ExtractiveAnswerer:
    """Selects the sentences that answer best and orders them so that they read as an answer."""

    name = "extractive"
    model = ""

    def __init__(self, lexicon: Lexicon, weights: Weights = Weights()) -> None:
        self._lexicon = lexicon
        self._weights = weights

    def draft(self, evidence: Evidence) -> Iterator[DraftClaim]:
        """The claims of the answer, in reading order; each is one sentence of the corpus and cites itself."""
        for quote in self._reading_order(self.select(evidence), evidence.quotes):
            yield DraftClaim(quote.text, (quote,))

    def select(self, evidence: Evidence) -> list[Quote]:
        """The sentences that answer best, best first, none twice in other words (maximal marginal relevance)."""
        quotes = evidence.quotes
        if not quotes:
            return []
        limit = CLINICIAN_SENTENCES if evidence.request.audience == "clinician" else PATIENT_SENTENCES
        scores = np.array([self.score(quote, evidence) for quote in quotes])
        vectors = np.stack([quote.vector for quote in quotes if quote.vector is not None])
        alike = vectors @ vectors.T
        chosen: list[int] = []
        best = float(scores.max())
        open_rows = set(range(len(quotes)))
        while open_rows and len(chosen) < limit:
            rows = sorted(open_rows)
            worth = [scores[i] - self._redundancy(alike[i, chosen]) for i in rows]
            top = rows[int(np.argmax(worth))]
            if scores[top] < self._weights.floor * best:
                break
            chosen.append(top)
            open_rows = {i for i in open_rows - {top} if alike[i, top] < self._weights.same}
        return [quotes[i] for i in chosen]

    def _redundancy(self, alike: np.ndarray) -> float:
        return self._weights.redundancy * max(0.0, float(alike.max()) - 0.5) if len(alike) else 0.0

    def score(self, quote: Quote, evidence: Evidence) -> float:
        """How well a sentence answers the question; comparable within one question only."""
        weights, subject = self._weights, evidence.subject
        score = weights.similarity * quote.similarity + weights.coverage * quote.coverage
        score += weights.passage * quote.passage_score + weights.evidence * quote.sources[0].strength
        if self._fits(quote, subject.shape):
            score += weights.shape
        if _DANGLING.match(quote.text):
            score += weights.dangling
        if evidence.request.audience == "clinician":
            score += weights.in_short if _FIGURE.search(quote.text) else 0.0
        elif quote.section == "In short":
            score += weights.in_short
        where = (quote.title, quote.section, quote.text)
        wanted = [*subject.conditions, *subject.products]
        if wanted:
            held = {term.id for part in where for term in self._lexicon.terms(part)}
            if not any(self._lexicon.related(term.id, other) for term in wanted for other in held):
                score += weights.off_subject
        if subject.places:
            places = {place for part in where for place in self._lexicon.countries(part)}
            if places and not places & set(subject.places):
                score += weights.other_place
        return score

    @staticmethod
    def _fits(quote: Quote, shape: str) -> bool:
        """Whether a sentence has the look of the answer asked for: a figure, a definition, a reason."""
        if shape == "number":
            return bool(_FIGURE.search(quote.text))
        if shape == "definition":
            return bool(_DEFINES.search(quote.text[:80]))
        if shape == "why":
            return bool(_REASON.search(quote.text))
        return False

    def _reading_order(self, chosen: Sequence[Quote], everything: Sequence[Quote]) -> list[Quote]:
        """The best sentence first, the others by document and place; a dangling one behind its predecessor."""
        if not chosen:
            return []
        rank: dict[str, int] = {}
        for quote in chosen:
            rank.setdefault(quote.document_id, len(rank))
        rest = sorted(chosen[1:], key=lambda quote: (rank[quote.document_id], quote.start))
        ordered: list[Quote] = []
        for quote in (chosen[0], *rest):
            if _DANGLING.match(quote.text):
                before = _predecessor(quote, everything)
                if before and before.key not in {q.key for q in ordered} and before.key not in {q.key for q in rest}:
                    ordered.append(before)
            if quote.key not in {q.key for q in ordered}:
                ordered.append(quote)
        return ordered


def _predecessor(quote: Quote, everything: Sequence[Quote]) -> Quote | None:
    """The sentence right before one, in the same passage."""
    same = [q for q in everything if q.document_id == quote.document_id and q.passage_start == quote.passage_start]
    before = [q for q in same if q.start < quote.start]
    return max(before, key=lambda q: q.start) if before else None
