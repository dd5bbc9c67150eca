"""Places that a text names, and how to write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.lexicon import Lexicon, tokens_of

_PLACE_ADJECTIVES = {
    "german": "Germany", "french": "France", "italian": "Italy", "spanish": "Spain", "dutch": "the Netherlands",
    "swedish": "Sweden", "danish": "Denmark", "austrian": "Austria", "belgian": "Belgium", "irish": "Ireland",
    "greek": "Greece", "polish": "Poland", "portuguese": "Portugal", "british": "the UK", "scottish": "Scotland",
    "welsh": "Wales", "american": "the US", "korean": "South Korea", "japanese": "Japan", "chinese": "China",
    "indian": "India", "canadian": "Canada", "australian": "Australia", "european": "Europe",
}  # fmt: skip
COMMON_PLACES = (
    "canada", "japan", "korea", "china", "india", "australia", "germany", "france", "italy", "spain", "europe",
    "britain", "england", "america", "florida", "texas", "california", "mexico", "panama", "thailand", "turkey",
)  # fmt: skip
"""Names of places that a short question may misspell."""
_PLACE_OPENERS = frozenset("south north new northern great united puerto republic".split())
_US_IN_SMALL_LETTERS = re.compile(r"\b(?:in|the) us\b(?! (?:know|all|both|to)\b)")


def places_in(text: str, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """Countries, states and cities, the longest name first at each place: the name to write, and where it stands."""
    tokens = tokens_of(text)
    for match in _US_IN_SMALL_LETTERS.finditer(text):
        yield "the US", match.end() - 2, match.end()
    taken = -1
    for position, first in enumerate(tokens):
        for length in (3, 2, 1):
            last = tokens[min(position + length, len(tokens)) - 1]
            words = text[first.start : last.end]
            codes = lexicon.countries(words) if first.start >= taken else ()
            if codes and _exact(words, lexicon):
                yield _place_name(words), first.start, last.end
                taken = last.end
                break


def _exact(words: str, lexicon: Lexicon) -> bool:
    """Whether every one of the words is needed to name the place, or belongs before the rest: `South Korea`."""
    tokens = tokens_of(words)
    if len(tokens) == 1:
        return True
    if lexicon.countries(words[: tokens[-2].end]):
        return False
    return tokens[0].text in _PLACE_OPENERS or not lexicon.countries(words[tokens[1].start :])


def _place_name(words: str) -> str:
    small = words.lower()
    if small in _PLACE_ADJECTIVES:
        return _PLACE_ADJECTIVES[small]
    if small in ("us", "u.s", "usa", "united states", "america", "americans", "states", "the states"):
        return "the US"
    if small in ("uk", "united kingdom"):
        return "the UK"
    if small in ("korea", "koreans", "republic of korea"):
        return "South Korea"
    if small == "eu":
        return "the EU"
    return words.title() if words == small else words


def is_adjective(words: str) -> bool:
    """Whether words name a place by an adjective, as in `the European market`."""
    return words.lower() in _PLACE_ADJECTIVES
