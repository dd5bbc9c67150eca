"""Which age groups a question is about: an approval for children is none for adults."""

from __future__ import annotations

import re

from corpus.knowledge import AgeGroup

ADULT_AGE = 18

_ADULTS = re.compile(
    r"\badults?\b|\bgrown[- ]?ups?\b|"
    r"\bmy (?:husband|wife|mother|mum|mom|father|dad|gran\w*|uncle|aunt)\b",
    re.I,
)
_CHILDREN = re.compile(
    r"\b(?:child(?:ren)?|kids?|bab(?:y|ies)|infants?|toddlers?|newborns?|pa?ediatrics?|teenagers?)\b|"
    r"\bmonths?[- ]old\b",
    re.I,
)
_AGE = re.compile(
    r"\b(?:i am|i'm|im|aged?|he is|he's|she is|she's) (\d{1,3})\b(?! (?:months|weeks|days|per|%))|"
    r"\b(\d{1,3})[- ]years?[- ]old\b",
    re.I,
)


def groups_asked(text: str) -> set[AgeGroup]:
    """The age groups that a question is about; empty where it names none."""
    found: set[AgeGroup] = set()
    if _ADULTS.search(text):
        found.add("adults")
    if _CHILDREN.search(text):
        found.add("children")
    for match in _AGE.finditer(text):
        found.add("adults" if int(match[1] or match[2]) >= ADULT_AGE else "children")
    return found
