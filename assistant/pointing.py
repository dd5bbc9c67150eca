"""Puts names in the place of `the second one`, `both`, `that trial` and other words that point at one of several."""

from __future__ import annotations

import re

from assistant.discourse import Talk, kinds_of
from assistant.mentions import distinct

_TYPED = re.compile(
    r"\b(?P<det>that|this|the|these|those) (?P<noun>trials?|stud(?:y|ies)|company|maker|manufacturer|firm|country)\b",
    re.I,
)
_ENDS_PHRASE = re.compile(
    r"\s*(?:$|[?.,;!]|(?:is|are|was|were|does|do|did|has|have|had|can|will|find|found|show|showed|fail"
    r"|failed|work|worked|help|cost|say|said|stop|stopped|run|finish|finished|compare|comparing|make|made"
    r"|still|ever|called)\b)",
    re.I,
)
_DESCRIBED = re.compile(r"\s+(?:of|in|for|with|that|which|called|behind|on|from|by|about)\b", re.I)
_ORDINAL = re.compile(
    r"\b(?:the )?(?:(first|second|third|last|other|latter|former)(?: (?:one|product|drug|trial|company"
    r"|study))?|(\w+) one)\b(?!-)",
    re.I,
)
_ORDER = {"first": 0, "former": 0, "second": 1, "latter": -1, "third": 2, "last": -1}
_SORTS = {
    "trial": ("trial",),
    "study": ("trial",),
    "product": ("product",),
    "drug": ("product",),
    "company": ("company",),
}
_BOTH = re.compile(r"\b(?:they )?both\b(?: of (?:them|these|those))?(?! (?:\S+ ){1,3}and\b)", re.I)
_OF_THOSE = re.compile(r"\bof (?:those|these|them|the (?:two|three))\b", re.I)


def picked_out(plain: str, talk: Talk) -> tuple[str, bool]:
    """The question with `the second one`, `both` or `that trial` replaced by names, and whether any was."""
    before = plain
    for put in (_put_ordinal, _put_all, _put_typed):
        plain = put(plain, talk)
    return plain, plain != before


def _put_ordinal(plain: str, talk: Talk) -> str:
    for match in _ORDINAL.finditer(plain):
        name = _one_of(match, talk)
        if name:
            return plain[: match.start()] + name + plain[match.end() :]
    return plain


def _one_of(match: re.Match[str], talk: Talk) -> str:
    """The name that `the other one` or `the Korean one` stands for; empty if none is known."""
    order, adjective = (match.group(1) or "").lower(), match.group(2)
    if order:
        choice = talk.choice(*_SORTS.get(match.group().lower().split()[-1], ()))
        ends = match.group().lower().endswith(" one") or _ENDS_PHRASE.match(match.string, match.end())
        if not match.group().lower().startswith("the ") or not ends:
            choice = []
        if order == "other":
            focus = {name.key for name in talk.focus}
            left = [name for name in choice if name.key not in focus]
            return left[0].name if len(left) == 1 or (left and len(choice) > len(left)) else ""
        if order in ("first", "former", "second", "latter", "third", "last") and len(choice) > abs(_ORDER[order]):
            return choice[_ORDER[order]].name
        return ""
    places = [name for name in talk.names(adjective or "") if name.kind == "place"]
    product = talk.of_place(places[0]) if places else None
    return f"{product.name} in {places[0].name}" if product else ""


def _put_all(plain: str, talk: Talk) -> str:
    """`both` and `which of those` with the names that were listed."""
    match = _BOTH.search(plain)
    if match and len(talk.choice()) > 1 and not kinds_of(talk.names(plain)) & kinds_of(talk.choice()):
        first, second = _last_two(talk)
        return f"{plain[: match.start()]}both {first} and {second}{plain[match.end() :]}"
    match = _OF_THOSE.search(plain)
    listed = distinct(name for name in talk.said if name.kind == "product")
    listed = listed if len(listed) > 1 else talk.choice()[-2:]
    if match and len(listed) > 1:
        words = ", ".join(name.name for name in listed[:-1]) + f" and {listed[-1].name}"
        return f"{plain[: match.start()]}of {words}{plain[match.end() :]}"
    return plain


def _last_two(talk: Talk) -> tuple[str, str]:
    """The last two things of the kind that was listed, in the order in which they were named."""
    kind = talk.choice()[0].kind
    latest = distinct(name for name in reversed(talk.heard) if name.kind == kind)[:2]
    return latest[1].name, latest[0].name


def _put_typed(plain: str, talk: Talk) -> str:
    """`that trial` and `the company` with the name of the last one that was spoken of."""
    for match in _TYPED.finditer(plain):
        noun = match.group("noun").lower()
        kind = "trial" if noun.startswith(("trial", "stud")) else "place" if noun == "country" else "company"
        definite = match.group("det").lower() == "the" and bool(_DESCRIBED.match(plain, match.end()))
        name = talk.latest(kind) or (talk.latest("name") if kind == "company" else None)
        if definite or name is None or any(one.kind == kind for one in talk.names(plain)):
            continue
        put = f"the {name.name} {noun}" if kind == "trial" else name.name
        return plain[: match.start()] + put + plain[match.end() :]
    return plain
