"""Puts a piece of a question into the question before it: `and in children?`, `what about Europe?`"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.discourse import Asked, Talk, kinds_of, past_conditions, phrase, without
from assistant.mentions import Named, body_part, distinct, mended
from assistant.places import is_adjective
from corpus.lexicon import STOP_WORDS, tokens_of
from index.english import english_count

VERB = re.compile(
    r"\b(?:is|are|am|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might|must|isn't|aren't|doesn't|don't|didn't|can't|won't|whats|hows|works?|makes?|made|happens|happened|mean|tell|explain|describe|compare|give|show|list)\b",
    re.I,
)
_BARE_QUESTION = re.compile(r"^(?:since |until |from |for )?(?:when|why|where|how|who|what|which)\b", re.I)
_PREPOSITION = re.compile(
    r"^(?:in|for|with|by|at|on|after|before|over|under|from|without|among|during|to|into|compared (?:to|with)|vs\.?|versus|against|through|via|per)\b",
    re.I,
)
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )(?:\bover )?\bthere\b(?! (?:is|are|was|were|any|an?|been)\b)",
    re.I,
)
_OTHER = re.compile(r"^(?:the |any |an)?other (?:one|product|drug|treatment)\b", re.I)
LAY_LETTERS = 4
"""Letters of the longest abbreviation that could pass for a plain word."""


def put_in(piece: str, talk: Talk, correction: bool = False) -> Asked:
    """The question before with a piece in the place of its like, or with the piece added."""
    assert talk.asked is not None
    piece = mended(put_place(piece, (), talk), talk.lexicon)
    names = talk.names(piece)
    if _OTHER.match(piece) and "product" in kinds_of(talk.focus):
        return _other(piece, talk)
    part = body_part(piece) if not names else None
    if part and "condition" in kinds_of(talk.focus):
        names = (part,)
    past = talk.asked
    if _BARE_QUESTION.match(piece):
        return Asked(f"{past.text.rstrip('?!. ')}: {piece}?", past.about)
    if not names and correction and not _PREPOSITION.match(piece):
        return Asked(f"{past.text.rstrip('?!. ')} ({piece})?", past.about)
    if names and kinds_of(names) == {"field"} and "field" not in kinds_of(talk.names(past.text)):
        return Asked(
            f"{past.text.rstrip('?!. ')} ({piece})?" if correction else f"What about {piece}?",
            past.about if correction else talk.subjects,
        )
    if not names:
        return _add(piece, talk)
    leftover = words_beside(piece, names)
    if leftover and not correction and _asks_aspect(piece, names, leftover, talk):
        return Asked(f"{piece}?", without(talk.subjects, names))
    return _replaced(piece, names, talk, bool(leftover))


def _asks_aspect(piece: str, names: tuple[Named, ...], leftover: list[str], talk: Talk) -> bool:
    """Whether a piece asks something of its own of what it names: `price in Japan`, `lupus side effects`."""
    if _PREPOSITION.match(piece):
        return False
    before = tokens_of(piece[: names[0].start])
    joined = any(token.text in leftover for token in before) and before[-1].text in STOP_WORDS
    after = any(token.text in leftover for token in tokens_of(piece[names[0].end :]))
    alike = any(name.kind in kinds_of(talk.focus) or name.kind in ("people", "time", "place") for name in names)
    return joined or after or not alike


def _other(piece: str, talk: Talk) -> Asked:
    """The question before on a product that is only described: `the other product, the Korean one`."""
    assert talk.asked is not None
    text, about = (
        talk.asked.text.rstrip("?!. "),
        without(talk.asked.about, [name for name in talk.focus if name.kind == "product"]),
    )
    for name in reversed([name for name in talk.names(text) if name.kind == "product"][-1:]):
        text = f"{text[: name.start]}{piece}{text[name.end :]}"
    condition = past_conditions(talk) if "condition" not in kinds_of(talk.names(text)) else ()
    return Asked(f"{text}?", tuple(distinct((*about, *condition))))


def words_beside(piece: str, names: Iterable[Named]) -> list[str]:
    """The words of a piece, small ones apart, that belong to no name."""
    spans = [(name.start, name.end) for name in names]
    return [
        token.text
        for token in tokens_of(piece)
        if token.text
        not in STOP_WORDS
        | {
            "patients",
            "people",
            "cells",
            "disease",
            "therapy",
            "treatment",
            "too",
            "also",
            "compared",
            "product",
            "one",
            "ones",
            "version",
            "thing",
        }
        and not any(start <= token.start < end for start, end in spans)
    ]


def _add(piece: str, talk: Talk) -> Asked:
    """A piece that names nothing: after the question before if it starts with a preposition, else asked of its subject."""
    assert talk.asked is not None
    past = talk.asked
    if _PREPOSITION.match(piece):
        return Asked(f"{past.text.rstrip('?!. ')} {piece[0].lower()}{piece[1:]}?", past.about)
    if re.search(r"\d", piece):
        return Asked(f"{past.text.rstrip('?!. ')} ({piece})?", past.about)
    bare = re.sub(r"^(?:the|its|their|his|her)\s+", "", piece, flags=re.I)
    subjects = talk.subjects
    if subjects and len(bare.split()) <= 3 and not re.search(r"(?:ed|ing)$", bare):
        return Asked(f"What about {bare} of {phrase(subjects)}?")
    if subjects:
        return Asked(f"{bare}?", subjects)
    return Asked(f"{past.text.rstrip('?!. ')}: {bare}?", past.about)


def _replaced(piece: str, names: tuple[Named, ...], talk: Talk, leftover: bool) -> Asked:
    """The question before with each name of the piece in the place of the last one of its kind, or added to it."""
    assert talk.asked is not None
    text, about = talk.asked.text.rstrip("?!. "), talk.asked.about
    groups = [name for name in names if name.kind != "field"]
    same = len(kinds_of(groups)) == 1 and len(groups) > 1 and groups[0].kind == "condition"
    for name in groups[:1] if same else groups:
        verbatim = (
            same
            or (leftover and name.kind in ("cell-source", "route"))
            or (name.kind == "condition" and (leftover or _lay(piece[name.start : name.end], name)))
        )
        put = (
            (_without_preposition(piece) if same or leftover else piece[name.start : name.end])
            if verbatim
            else name.name
        )
        done = _swap(text, name, put, talk)
        if done:
            text = done
        elif any(one.kind == name.kind for one in about):
            about = (*(one for one in about if one.kind != name.kind), replace(name, name=put))
        else:
            text = _appended(text, name, piece)
    return Asked(f"{text}?", about)


def _lay(words: str, name: Named) -> bool:
    """Whether a condition is called by plain words that share nothing with its name: `asthma`, `wrinkles`."""
    shared = {token.text for token in tokens_of(words)} & {token.text for token in tokens_of(name.name)}
    return not shared and len(words) > LAY_LETTERS and all(english_count(token.text) for token in tokens_of(words))


def _without_preposition(piece: str) -> str:
    return re.sub(r"^(?:in|for|with|about|at|on|of)\s+(?:the )?", "", piece, flags=re.I)


def _swap(text: str, name: Named, put: str, talk: Talk) -> str:
    """The text with the last name of the same kind replaced; empty if it has none."""
    alike = [one for one in talk.names(text) if one.kind == name.kind]
    if not alike and name.kind == "place":
        return _swap_agency(text, name, talk)
    if not alike:
        return ""
    last = alike[-1]
    before, after = text[: last.start], text[last.end :]
    if last.kind == "place":
        before = re.sub(r"\bthe $", "", before) if put.startswith("the ") or last.name.startswith("the ") else before
        if is_adjective(text[last.start : last.end]):
            return f"{before.rstrip()} {after.strip()}".strip() + f" in {put}"
    if last.kind == "time":
        before = (
            before
            if not put.split()[0][0].isdigit() or re.search(r"\b(?:in|at|by|since|after) $", before)
            else f"{before}in "
        )
    if last.kind == "people":
        before = re.sub(r"\b(?:in|for) $", "", before) if re.match(r"(?:in|for) ", put) else before
    return before + put + after


def _swap_agency(text: str, place: Named, talk: Talk) -> str:
    """`Did the FDA approve it` with the place in the agency's stead."""
    agencies = [one for one in talk.names(text) if one.kind == "agency"]
    if not agencies or not re.search(r"\bapprov|\ballow|\blicen|\bauthori", text):
        return ""
    before = re.sub(r"\bthe $", "", text[: agencies[-1].start])
    return before + place.name + text[agencies[-1].end :]


def _appended(text: str, name: Named, piece: str) -> str:
    """The text with a name that it has no like of: with its own preposition, or the usual one for its kind."""
    if _PREPOSITION.match(piece):
        return f"{text} {piece[0].lower()}{piece[1:]}"
    if name.kind == "product" and re.search(r"\b(?:any|some)thing\b", text):
        return re.sub(r"\b(?:any|some)thing\b", name.name, text, count=1)
    if name.kind in ("place", "people"):
        return f"{text} in {name.name}"
    if name.kind == "time":
        return f"{text} {'in ' if name.name[0].isdigit() else ''}{name.name}"
    return f"{text} ({piece})"


def put_place(plain: str, named: tuple[Named, ...], talk: Talk) -> str:
    """`there` replaced by the last place, where one was named."""
    match = _THERE.search(plain)
    place = talk.latest("place")
    if not match or place is None or "place" in kinds_of(named):
        return plain
    if talk.asked and len(plain.split()) > 1 and not VERB.search(plain) and place in talk.names(talk.asked.text):
        return f"{plain[: match.start()].rstrip()}{plain[match.end() :]}"
    return f"{plain[: match.start()]}in {place.name}{plain[match.end() :]}"
