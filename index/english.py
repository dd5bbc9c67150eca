"""How common a word is in English."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from spellchecker import SpellChecker

COMMONEST = 2e7
"""Occurrences of about the commonest content word in the English word list; see `rarity`."""


@lru_cache(maxsize=1)
def _english() -> SpellChecker:
    return SpellChecker(language="en")


_BRITISH = (
    (re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"our(?=(?:s|ed|ing|ite|ites|able|ful|less)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{2})re(?=s?$)"), "er"),
    (re.compile(r"ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"[ao]e(?=[a-z]{3})"), "e"),
    (re.compile(r"mme(?=s?$)"), "m"),
    (re.compile(r"ence(?=s?$)"), "ense"),
)
"""British spellings and the American ones that the word list has."""


@lru_cache(maxsize=4096)
def english_count(word: str) -> int:
    """How often a word (lower case) occurs in pyspellchecker's English word list, which spells American.

    A word that it does not have counts as its American spelling does; 0 for one that is neither.
    """
    frequency = _english().word_frequency
    american = (pattern.sub(put, word) for pattern, put in _BRITISH if pattern.search(word))
    return int(frequency[word]) or max((int(frequency[other]) for other in american), default=0)


def rarity(word: str) -> float:
    """How rare a word is in English: near 0 for common ones, about 0.75 for one that the word list does not have."""
    return max(0.02, math.log(COMMONEST / (english_count(word) + 20)) / math.log(1e6) - 0.25)


RARE = 0.5
"""`rarity` from which a word counts in full."""


def specificity(word: str) -> float:
    """How much a word (lower case) says, from near 0 for one that everybody uses to 1 for rare ones and numbers."""
    return 1.0 if word.isdigit() else min(1.0, rarity(word) / RARE)
