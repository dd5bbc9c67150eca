"""Does the corpus hold an answer? How sure is that?"""

from __future__ import annotations

import math

from assistant.draft import Evidence
from corpus.lexicon import STOP_WORDS, Lexicon, tokens_of
from index.lexical import LexicalIndex, stems
from index.spelling import english_count

THRESHOLD = 0.38
"""Confidence below which the assistant abstains: loses about 5% of the answerable questions of the `tune` split."""

SIMILARITY_WEIGHT, UNKNOWN_WEIGHT, BIAS = 9.3, -3.8, -3.5
"""A logistic model over two figures, fitted on the `tune` split of the gold cases (classes weighed alike): the cosine
of the nearest sentence to the question, and the share of the question's words that the index does not know."""

COMMONEST = 2e7
"""Occurrences of about the commonest content word in the English word list; see `rarity`."""


def confidence_of(evidence: Evidence, from_register: bool, lexicon: Lexicon) -> tuple[float, bool]:
    """The confidence (0 to 1) that the evidence answers the question, and whether it is enough.

    What the register says is certain: it was looked up, not searched for. A question that names
    conditions or products, none of which any sentence found speaks of, is not answered from others.
    """
    if from_register:
        return 0.95, True
    if not evidence.quotes:
        return 0.0, False
    nearest = max(quote.similarity for quote in evidence.quotes)
    confidence = _logistic(SIMILARITY_WEIGHT * nearest + UNKNOWN_WEIGHT * evidence.unknown_share + BIAS)
    if not _speaks_of_it(evidence, lexicon):
        confidence = min(confidence, THRESHOLD / 2)
    return confidence, confidence >= THRESHOLD


def unknown_share(text: str, lexical: LexicalIndex) -> float:
    """The share (0 to 1) of a text's content words, weighed by their rarity in English, that no passage holds."""
    weights = {
        stems(token.text)[0]: rarity(token.text)
        for token in tokens_of(text)
        if token.text not in STOP_WORDS and not token.text.isdigit()
    }
    unknown = sum(weight for stem, weight in weights.items() if not lexical.knows(stem))
    return unknown / sum(weights.values()) if weights else 0.0


def rarity(word: str) -> float:
    """How rare a word is in English: near 0 for common ones, about 0.75 for one that the word list does not have."""
    return max(0.02, math.log(COMMONEST / (english_count(word) + 20)) / math.log(1e6) - 0.25)


def _speaks_of_it(evidence: Evidence, lexicon: Lexicon) -> bool:
    """Whether any sentence found names one of the conditions or products asked about, or none is asked about."""
    wanted = [term.id for term in (*evidence.subject.conditions, *evidence.subject.products)]
    if not wanted:
        return True
    held = {
        term.id
        for quote in evidence.quotes
        for part in (quote.title, quote.section, quote.text)
        for term in lexicon.terms(part)
    }
    return any(lexicon.related(one, other) for one in wanted for other in held)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))
