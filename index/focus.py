"""What a long message asks: its vector leans towards the sentences that say something rare."""

from __future__ import annotations

import numpy as np

from corpus.lexicon import STOP_WORDS, words_of
from corpus.sentences import sentence_spans
from index.encoding import Encoded, Vector, unit
from index.english import specificity

USUAL = 2
"""Common words that are added to each sentence, so that a single rare one does not carry it alone."""


def focused(text: str, encoded: Encoded) -> Vector:
    """The unit vector of a question: of one sentence the plain one, of a message the mean of that and a weighed one.

    The weighed one is the mean of the sentences' vectors, taken from the same pass of the encoder, each
    by the square of the mean rarity of its words: greetings and thanks count little, symptoms and names much.
    """
    spans = sentence_spans(text, 0, len(text))
    if len(spans) < 2:
        return encoded.vector
    starts, ends = encoded.spans.T
    weighed = np.zeros_like(encoded.vector)
    for start, end in spans:
        inside = (starts >= start) & (ends <= end) & (ends > starts)
        if inside.any():
            weighed += _weight(text[start:end]) * unit(encoded.pieces[inside].mean(axis=0))
    return unit(encoded.vector + unit(weighed))


def _weight(sentence: str) -> float:
    words = [word for word in words_of(sentence) if word not in STOP_WORDS]
    rare = sum(specificity(word) ** 2 for word in words)
    return (rare / (len(words) + USUAL)) ** 2
