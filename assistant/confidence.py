"""Does the corpus hold an answer? How sure is that?"""

from __future__ import annotations

import math
import re

from assistant.draft import Evidence
from corpus.lexicon import STOP_WORDS, Lexicon, tokens_of, words_of
from index.english import english_count, rarity
from index.lexical import LexicalIndex, stems

THRESHOLD = 0.41
"""Confidence below which the assistant abstains: loses about 4% of the answerable questions of the `tune` split."""

SENTENCE_WEIGHT, PASSAGE_WEIGHT, UNKNOWN_WEIGHT, NAMED_WEIGHT, BIAS = 9.0, 4.1, -4.1, -0.7, -4.36
"""A logistic model over four figures, fitted on the `tune` split of the gold cases (classes weighed alike): the cosines
of the nearest sentence and of the best passage to the question, the share of the question's words that the index does
not know, and whether the question names anything of the field: what does so is near to some sentence even where none
answers it."""

REGISTER_UNKNOWN = 0.4
"""Share of unknown words from which a question about status is about something that the register does not hold."""

SHORTEST_NAME = 4
"""Letters of a word that may be a name; shorter ones are misspelt or abbreviated."""

_NOT_IN_A_LIBRARY = re.compile(
    r"\b(?:tomorrow|next (?:week|month|quarter|earnings)|(?:phone|mobile|telephone|fax) (?:number|no)|home address|"
    r"e-?mail address|opening hours|(?:stock|share) price|shares? (?:be )?worth|(?:stock|shares) a (?:buy|sell)|"
    r"(?:be|who is|which is) the next (?:one )?to|going to (?:decide|announce|rule)|"
    r"name of the (?:nurse|patient|victim|woman|man))\b",
    re.I,
)
"""What documents cannot hold: the future, prices of shares, private persons."""


def confidence_of(evidence: Evidence, from_register: bool, lexicon: Lexicon) -> tuple[float, bool]:
    """The confidence (0 to 1) that the evidence answers the question, and whether it is enough.

    What the register says is certain: it was looked up, not searched for. A question that names
    conditions or products, none of which any sentence found speaks of, is not answered from others.
    """
    if _NOT_IN_A_LIBRARY.search(evidence.subject.text):
        return THRESHOLD / 2, False
    if from_register:
        about = evidence.subject.products or evidence.subject.conditions
        covered = evidence.subject.products or any(term.covered for term in evidence.subject.conditions)
        plain = not evidence.unknown_names
        held = bool(covered and plain) or (evidence.unknown_share < REGISTER_UNKNOWN and bool(about or plain))
        return (0.95, True) if held else (THRESHOLD / 2, False)
    if not evidence.quotes:
        return 0.0, False
    named = NAMED_WEIGHT * bool(evidence.subject.named)
    nearest = SENTENCE_WEIGHT * max(quote.similarity for quote in evidence.quotes)
    best = PASSAGE_WEIGHT * evidence.passages[0].dense
    confidence = _logistic(nearest + best + UNKNOWN_WEIGHT * evidence.unknown_share + named + BIAS)
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


def unknown_names(text: str, lexical: LexicalIndex, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of a text that are neither English nor in a passage or table: names of what is not in the library."""
    words = [word for word in words_of(text) if len(word) >= SHORTEST_NAME and not any(map(str.isdigit, word))]
    strange = [word for word in words if not english_count(word) and not all(map(lexical.knows, stems(word)))]
    return tuple(word for word in strange if word not in lexicon.vocabulary and not lexicon.countries(word))


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
