"""Does the corpus hold an answer? How sure is that?"""

from __future__ import annotations

from assistant.draft import Evidence
from assistant.evidence import logistic

THRESHOLD = 0.5
"""Confidence below which the assistant abstains."""

SIMILARITY_WEIGHT, COVERAGE_WEIGHT, BIAS = 9.0, 5.0, -7.0
"""A logistic model over two figures of the best sentences; fitted on the `tune` split of the gold cases."""


def confidence_of(evidence: Evidence, from_register: bool) -> tuple[float, bool]:
    """The confidence (0 to 1) that the evidence answers the question, and whether it is enough.

    What the register says is certain: it was looked up, not searched for.
    """
    if from_register:
        return 0.95, True
    if not evidence.quotes:
        return 0.0, False
    similarity, coverage = features(evidence)
    confidence = logistic(SIMILARITY_WEIGHT * similarity + COVERAGE_WEIGHT * coverage + BIAS)
    return confidence, confidence >= THRESHOLD


def features(evidence: Evidence) -> tuple[float, float]:
    """The best cosine of a sentence, and the best share of the question's terms among the ten nearest sentences."""
    nearest = sorted(evidence.quotes, key=lambda quote: -quote.similarity)[:10]
    return nearest[0].similarity, max(quote.coverage for quote in nearest)
