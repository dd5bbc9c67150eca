"""How common a word is in English."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib.resources import files

from spellchecker import SpellChecker

REMEMBERED = 50_000
"""Words that are remembered: about the vocabulary of a library."""
COMMONEST = 2e7
"""Occurrences of about the commonest content word in the English word list; see `rarity`."""


@lru_cache(maxsize=1)
def _english() -> SpellChecker:
    """pyspellchecker's English, loaded once; its words are in lower case, and are taken as they are.

    As `language="en"` every word would be put into lower case again, which takes as long as reading them.
    """
    words = files("spellchecker") / "resources" / "en.json.gz"
    return SpellChecker(language=None, local_dictionary=str(words), distance=1, case_sensitive=True)


_DIGRAPH = re.compile(r"[ao]e(?=[a-z]{3})")
_ALWAYS = (
    (_DIGRAPH, "e"),
    (re.compile(r"(?<=h)oea$|(?<=h)oea(?=l)"), "ea"),
    (re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
)
"""British spellings and the American ones, which the word list has oftener."""
_UNLISTED = (
    (re.compile(r"our(?=(?:s|ed|ing|ite|ites|able|ful|less)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{2})re(?=s?$)"), "er"),
    (re.compile(r"ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"mme(?=s?$)"), "m"),
    (re.compile(r"ence(?=s?$)"), "ense"),
)
"""The same, for words that the list does not have: `our` and `filled` are no British `or` and `filed`."""


@lru_cache(maxsize=REMEMBERED)
def american(word: str) -> str:
    """A word (lower case) as it is spelt in America; itself where it is not known to be, and does not look, British."""
    listed = _listed(word)
    patterns = _ALWAYS if listed else (*_ALWAYS, *_UNLISTED)
    spelt = [pattern.sub(put, word) for pattern, put in patterns if pattern.search(word)]
    best = max(spelt, key=_listed, default=word)
    if _listed(best) > listed:
        return best
    return word if listed else _DIGRAPH.sub("e", word)


@lru_cache(maxsize=REMEMBERED)
def english_count(word: str) -> int:
    """How often a word (lower case) occurs in pyspellchecker's English word list, in either spelling; 0 if in none."""
    return _listed(word) or _listed(american(word))


@lru_cache(maxsize=REMEMBERED)
def beside(word: str) -> str | None:
    """The commonest English word one edit away that starts with the same letter; None if there is none."""
    known = [other for other in _english().known(_english().edit_distance_1(word)) if other[:1] == word[:1]]
    return max(known, key=_listed, default=None)


def _listed(word: str) -> int:
    return int(_english().word_frequency[word])


def rarity(word: str) -> float:
    """How rare a word is in English: near 0 for common ones, about 0.75 for one that the word list does not have."""
    return max(0.02, math.log(COMMONEST / (english_count(word) + 20)) / math.log(1e6) - 0.25)


RARE = 0.5
"""`rarity` from which a word counts in full."""


def specificity(word: str) -> float:
    """How much a word (lower case) says, from near 0 for one that everybody uses to 1 for rare ones and numbers."""
    return 1.0 if word.isdigit() else min(1.0, rarity(word) / RARE)
