"""Turns a follow-up question into one that stands on its own, without a model."""

from __future__ import annotations

import re

from assistant.answer import Turn
from corpus.knowledge import Term
from corpus.lexicon import Lexicon

_LEAD = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|great|i see|right|sure|hm+|oh|alright|cool|interesting)[,.!]*\s+)+",
    re.I,
)
_NEW_SUBJECT = re.compile(
    r"\b(?:tell me about|let'?s talk about|something else|another (?:question|topic|subject)|different (?:question|topic|subject)|"
    r"new (?:question|topic|subject)|change of (?:topic|subject)|instead|unrelated)\b",
    re.I,
)
_FRAGMENT = re.compile(r"^(?:and|but|so|or)?\s*(?:what about|how about|and|in|for|with|by|at|on|only)\b", re.I)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|it's|this|that|they|them|their|theirs|these|those|there|he|she|one|ones|the same|either|both|"
    r"the (?:trial|study|product|treatment|therapy|drug|cells?|injection|approval|company|results?|effect|first|second|other|latter|former))\b",
    re.I,
)
_PRONOUN = re.compile(
    r"\b(it's|its|their|theirs|it|they|them|this|that|these|those)\b(?!\s+(?:is|was)\s+(?:true|ok|okay|fine|a\b))", re.I
)
_ASIDE = re.compile(r"^(?:and|but|so|or|what about|how about|then)\b[ ,]*", re.I)
_CLAUSE = re.compile(
    r"^(?:what|who|which)\b.*\b(?:it|its|they|their)\b|\b(?:is|are|does|do|can|did|was|were|has|have|will|should|would|could)\b",
    re.I,
)
_DEFINITION = re.compile(r"^what(?:'s| is| are) (?!it\b|its\b|they\b|their\b|this\b|that\b|these\b|those\b)", re.I)
_MORE = re.compile(
    r"^(?:please )?(?:tell me more|go on|continue|(?:some |any )?more(?: (?:details?|information|info|please))*)[ .!?]*(?:please)?[ .!?]*$",
    re.I,
)
_BARE_QUESTION = re.compile(r"^(?:since |until |from )?(?:when|why|where|how|who)\b", re.I)
SHORT_WORDS = 4


def standalone(question: str, history: tuple[Turn, ...], lexicon: Lexicon) -> str:
    """The question in words that need no history; the question itself where it stands alone already."""
    past: str | None = None
    for turn in history:
        if turn.role == "user" and turn.content.strip():
            past = _resolve(turn.content.strip(), past, lexicon)
    return _resolve(question, past, lexicon)


def _resolve(question: str, past: str | None, lexicon: Lexicon) -> str:
    """One step: the question, given the previous question as it stands alone."""
    plain = _LEAD.sub("", question).strip() or question
    if past is None:
        return question
    named = _subjects(plain, lexicon)
    if (_NEW_SUBJECT.search(plain) or _DEFINITION.match(plain)) and (named or lexicon.terms(plain)):
        return plain
    carried = _subjects(past, lexicon)
    words = plain.rstrip("?!. ").split()
    fragment = (
        bool(_FRAGMENT.match(plain))
        and len(words) <= 8
        and not re.search(r"\b(?:is|are|does|do|can|did|was|were|has|have|will)\b", plain, re.I)
    )
    terse = len(words) <= SHORT_WORDS and not _CLAUSE.search(plain)
    if _MORE.match(plain) and not named and carried:
        return f"Tell me more about {_topic(carried)}"
    if fragment or (terse and (not named or _same_kind(named, carried))):
        return _with_fragment(past, plain, named, lexicon)
    points_back = bool(_POINTS_BACK.search(plain))
    if not carried or (named and not points_back) or not (points_back or not named):
        return plain
    return _with_subject(plain, [term for term in carried if not _same_kind([term], named)] or carried)


def _subjects(text: str, lexicon: Lexicon) -> list[Term]:
    """What a question is about: the terms that it names, general words for the whole field left out."""
    return [term for term in lexicon.terms(text) if term.id != "msc" and term.kind != "agency"]


def _same_kind(some: list[Term], others: list[Term]) -> bool:
    return bool({term.kind for term in some} & {term.kind for term in others})


def _with_fragment(past: str, plain: str, named: list[Term], lexicon: Lexicon) -> str:
    """The previous question with what the fragment names put in the place of its like, or added."""
    fragment = _ASIDE.sub("", _ASIDE.sub("", plain)).rstrip("?!. ")
    base = past.rstrip("?!. ")
    if _BARE_QUESTION.match(fragment):
        return f"{base}: {fragment}?"
    kinds = {term.kind for term in named}
    mentions = [m for m in lexicon.mentions(base) if m.term.kind in kinds and m.term.id != "msc"]
    if mentions and len(named) == 1:
        last = mentions[-1]
        put = base[: last.start] + named[0].name + base[last.end :]
        where = re.search(r"\bin\s.+$", fragment)
        if where and lexicon.countries(where.group()):
            put = f"{_without_places(put, lexicon)} {where.group()}"
        return f"{put}?"
    places = lexicon.countries(fragment)
    if places:
        base = _without_places(base, lexicon)
    bare = re.sub(r"^(?:the|its|their)\s+", "", fragment, flags=re.I)
    if re.match(r"(?:in|for|with|by|at|on|after|before|over|under|from|without|among)\b", fragment, re.I):
        return f"{base} {fragment[0].lower()}{fragment[1:]}?"
    if places:
        return f"{base} in {re.sub(r'^in ', '', bare)}?"
    carried = _subjects(past, lexicon)
    return f"What about {bare} of {_topic(carried)}?" if carried and not named else f"{base}: {bare}?"


def _without_places(text: str, lexicon: Lexicon) -> str:
    """The text without `in <country>` where it names one."""
    for match in list(re.finditer(r"\s+in (?:the )?[A-Z][\w.]*(?:\s[A-Z]\w+)*", text))[::-1]:
        if lexicon.countries(match.group()):
            text = text[: match.start()] + text[match.end() :]
    return text


def _with_subject(plain: str, carried: list[Term]) -> str:
    """The question with its first pronoun replaced by what it points to, or the subject added in brackets."""
    topic = _topic(carried)
    match = _PRONOUN.search(plain)
    if not match:
        return f"{plain.rstrip('?!. ')} ({topic})?"
    word = match.group().lower()
    if word in ("its", "their", "theirs"):
        return f"{plain[: match.start()]}the{plain[match.end() :].rstrip('?!. ')} of {topic}?"
    put = f"{topic} is" if word == "it's" else topic
    after = plain[match.end() :]
    if word in ("this", "that", "these", "those") and re.match(
        r"\s+(?!is|are|was|were|do|does|did|can|will|has|have|in|for)\w+", after
    ):
        return f"{plain.rstrip('?!. ')} ({topic})?"
    return plain[: match.start()] + put + after


def _topic(carried: list[Term]) -> str:
    """What was talked about: `Ryoncil for acute GvHD`; a condition alone is talked about as one that MSC are given for."""
    treatment = _joined([term for term in carried if term.kind != "condition"])
    condition = _joined([term for term in carried if term.kind == "condition"])
    return f"{treatment or 'MSC therapy'} for {condition}" if condition else treatment


def _joined(terms: list[Term]) -> str:
    return " and ".join(term.name for term in terms[:2])
