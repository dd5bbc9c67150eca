"""Does a phrase stand in a sentence, letter case, punctuation and white space apart?"""

from __future__ import annotations

import re
import unicodedata

GAP = "…"
"""Stands for any words between two parts of a phrase."""

_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")


def flat(text: str) -> str:
    """A text's words in lower case with one space between; `0.42` and `10,000` are one word each."""
    plain = _THOUSANDS.sub("", _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text)))
    return " ".join(_WORD.findall(plain.casefold()))


def stands_in(phrase: str, text: str) -> bool:
    """Whether all parts of a phrase stand in a text as whole words, in order; `…` parts them."""
    held = f" {flat(text)} "
    position = 0
    for part in filter(None, map(flat, phrase.split(GAP))):
        found = held.find(f" {part} ", position)
        if found < 0:
            return False
        position = found + len(part) + 1
    return position > 0
