"""Drafts an answer from sentences of the passages: no model, nothing but their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.draft import DraftClaim, Evidence
from assistant.evidence import Quote
from assistant.question import Subject
from corpus.lexicon import Lexicon

PATIENT_SENTENCES = 6
CLINICIAN_SENTENCES = 10

_DANGLING = re.compile(
    r"^(?:it|its|this|that|these|those|they|their|he|she|such|however|moreover|furthermore|therefore|thus|also|but|"
    r"in addition|in contrast|by contrast|for example|for instance|as a result|similarly|consequently|while these|despite these)\b",
    re.I,
)
_DEFINES = re.compile(
    r"^(?:\s*\([^)]*\))?(?:,[^,.]{3,60},)?\s+(?:(?:is|are) (?:an?|the (?!only)|all|any|one|made|cells?|tiny|small|those|what)|"
    r"means?|refers? to|stands? for)\b",
    re.I,
)
_FIGURE = re.compile(r"\d")
_REASON = re.compile(
    r"\b(?:because|since|so that|due to|by (?:secret|releas|send|calm|mak)\w+|through|work by|therefore)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What a sentence's score is made of; found by random search on the `tune` split of the gold cases.

    `similarity`, `coverage`, `passage` and `document` weigh the cosine to the question, the share of
    its terms, the fused scores of the passage and of the document's best passage; `neighbour` the
    cosine of the sentence beside it, `nearest` the reciprocal rank by cosine. The others are added
    where they apply. `redundancy` is taken off for likeness to what is already chosen, beyond
    a cosine of 0.5; `same` is the cosine from which two sentences say the same; `floor` is the share
    of the best score below which a sentence is not worth saying.
    """

    similarity: float = 1.35
    coverage: float = 0.7
    passage: float = 0.6
    document: float = 0.19
    neighbour: float = 0.22
    nearest: float = 0.08
    opens: float = 0.04
    shape: float = 0.28
    defines: float = 0.6
    in_short: float = 0.055
    figure: float = 0.19
    other_place: float = -0.31
    not_here: float = -0.09
    dangling: float = -0.06
    evidence: float = -0.008
    redundancy: float = 0.33
    same: float = 0.985
    floor: float = 0.5


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
        score += weights.passage * quote.passage_score + weights.document * quote.document_score
        score += weights.evidence * quote.sources[0].strength
        score += weights.shape if self._fits(quote, subject.shape) else 0.0
        score += weights.defines if subject.shape == "definition" and self._defines(quote, subject) else 0.0
        score += weights.dangling if _DANGLING.match(quote.text) else 0.0
        score += weights.neighbour * quote.neighbour + weights.nearest / quote.rank
        score += weights.opens if quote.opens else 0.0
        if evidence.request.audience == "clinician":
            score += weights.figure if _FIGURE.search(quote.text) else 0.0
        else:
            score += weights.in_short if quote.section == "In short" else 0.0
        return score + self._place(quote, evidence)

    def _place(self, quote: Quote, evidence: Evidence) -> float:
        """What is taken off for a sentence about another country than the one asked about, or asked from."""
        subject = evidence.subject
        if subject.places:
            parts = (quote.title, quote.section, quote.text)
            places = {place for part in parts for place in self._lexicon.countries(part)}
            return self._weights.other_place if places and not places & set(subject.places) else 0.0
        named = self._lexicon.countries(quote.text)
        elsewhere = named and subject.place != "other" and subject.place not in named
        return self._weights.not_here if elsewhere else 0.0

    def _defines(self, quote: Quote, subject: Subject) -> bool:
        """Whether a sentence opens with what is asked about and goes on to say what it is."""
        asked = {term.id for term in subject.named}
        opening = next(iter(self._lexicon.mentions(quote.text)), None)
        if opening is None or opening.term.id not in asked or opening.start > len("The “"):
            return False
        return bool(_DEFINES.match(quote.text[opening.end :].lstrip('”"')))

    @staticmethod
    def _fits(quote: Quote, shape: str) -> bool:
        """Whether a sentence has the look of the answer asked for: a figure, a reason."""
        if shape == "number":
            return bool(_FIGURE.search(quote.text))
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
