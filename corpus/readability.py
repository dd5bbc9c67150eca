"""How hard a text is to read."""

from __future__ import annotations

from functools import lru_cache

import pyphen

from corpus.lexicon import tokens_of
from corpus.sentences import sentence_spans


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade level: US school years that a reader needs.

    0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid et al. 1975, Research
    Branch Report 8-75). Syllables are pyphen's hyphenation points plus one. 0.0 for an empty text.
    """
    words = [token.text for token in tokens_of(text)]
    sentences = sentence_spans(text)
    if not words or not sentences:
        return 0.0
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


@lru_cache(maxsize=1)
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1
