"""Whether a figure of a claim is said of what the quotes say it of, or has been taken from its neighbour."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.quantities import Quantity, quantities, same
from corpus.lexicon import STOP_WORDS
from index.lexical import stems

NEAR = 2
"""Content words on each side of a number that tell what it is of; the second one counts half."""
CLOSER = 0.7
"""How much more the words around another number have to fit: 0.28 of the figures that were taken from another place
of a quote are found so, at 0.01 of true claims (`eval/claims`, `tune`)."""

_WORD = re.compile(r"[A-Za-z][\w'-]*")


def misplaced(claim: str, quotes: Sequence[str]) -> list[Quantity]:
    """The numbers of a claim that the quotes have, but of something else; years and dates are left out."""
    held = [(quantity, _around(quote, quantity)) for quote in quotes for quantity in _figures(quote)]
    found = []
    for claimed in _figures(claim):
        near = _around(claim, claimed)
        own = [_fit(near, around) for quantity, around in held if same(claimed, quantity)]
        others = [
            _fit(near, around)
            for quantity, around in held
            if quantity.unit == claimed.unit and not same(claimed, quantity)
        ]
        if own and others and max(others) - max(own) >= CLOSER:
            found.append(claimed)
    return found


def _figures(text: str) -> list[Quantity]:
    return [one for one in quantities(text) if one.unit != "date" and not (not one.unit and 1900 < one.value < 2100)]


def _around(text: str, quantity: Quantity) -> dict[str, float]:
    """The stems beside a number and how near each is: 1 for the next content word, 1/2 for the one after it."""
    behind = quantity.start + len(quantity.text)
    sides = _content(text[: quantity.start])[::-1], _content(text[behind:])
    near: dict[str, float] = {}
    for side in sides:
        for place, stem in enumerate(side[:NEAR], start=1):
            near[stem] = max(near.get(stem, 0.0), 1 / place)
    return near


def _content(text: str) -> list[str]:
    words = (match.group().lower() for match in _WORD.finditer(text))
    return [stem for word in words if word not in STOP_WORDS for stem in stems(word)]


def _fit(some: dict[str, float], others: dict[str, float]) -> float:
    """How much the words around two numbers agree, from 0 to 3."""
    return sum(min(near, others.get(stem, 0.0)) for stem, near in some.items())
