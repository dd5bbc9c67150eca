"""Turns a follow-up question into one that stands on its own, without a model.

The conversation is walked from its start: each question of the user is put into words that need nothing before it,
and those words are what the next one is read against. Where a word can be put in the place of the one that points
back, it is; where that would not be a sentence, what is meant is added in brackets.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answer import Turn
from assistant.discourse import Asked, Talk, kinds_of, phrase
from assistant.leaning import ASIDE, is_statement, lean
from assistant.mentions import TREATMENTS
from assistant.pieces import VERB, put_in, words_beside
from assistant.pointing import picked_out
from corpus.lexicon import Lexicon

_LEAD = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|great|i see|right|sure|hm+|oh|ah|yes|yeah|alright|cool|interesting)\b(?! now\b)[,.!]*\s+)+",
    re.I,
)
_COURTESY = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|cheers|great|good|got it|i see|bye|goodbye|hello|hi|perfect|cool|nice)\b\W*)+$",
    re.I,
)
_YES = re.compile(r"^(?:that['’]?s|this is|that is|it['’]?s) (?:the one|it|right|correct)\b[,.!]*\s+(?=\S)", re.I)
_FRESH = re.compile(
    r"\b(?:never ?mind|something else|(?:another|different|new|unrelated) (?:question|topic|subject|thing|matter)|"
    r"change of (?:topic|subject)|unrelated|forget (?:that|it))\b",
    re.I,
)
_INSTEAD = re.compile(
    r"^(?:(?:and|now|so|but|please) )*(?:tell me|talk|what) (?:more )?about (?P<what>.+?) (?:instead|then|now)\W*$",
    re.I,
)
_MORE = re.compile(
    r"^(?:please )?(?:tell me more|go on|continue|(?:some |any )?more(?: (?:details?|information|info|please))*)[ .!?]*(?:please)?[ .!?]*$",
    re.I,
)
_COMMENT = re.compile(
    r"^(?:(?:and|but|so) )?(?:(?:since |until |from )?(?:when|why|where|how|who)(?: (?:not|so|come|exactly|in the \w+))?\W*$|are you (?:sure|certain)|really\b|says who|how so|how come\W*$|meaning\W*$"
    r"|what (?:do you|does that|does it) mean\W*$|(?:where|when) (?:was|is) (?:that|this)\W*$|why is (?:that|this|it)\W*$|(?:source|evidence|proof|references?|says who)s?\W*$|(?:can you |please )?(?:explain|say|put) (?:that|this|it)\b(?! (?:trial|product|study))|(?:has|did|does|could|can|will) (?:that|this) (?:\w+ )?(?:happen|hurt)|is(?:n't)? (?:that|this) (?:a lot|much|many|high|low|long|short|normal|usual|true|right|correct|good|bad|expensive|cheap|fair|ok(?:ay)?|soon|enough|unusual|rare|common|typical)\W*$)",
    re.I,
)
_CORRECTION = re.compile(
    r"^(?:(?:no|nope|sorry|wait|actually|not that)\b[,.]*\s+)*(?:(?:but )?i (?:mean|meant|was (?:asking|talking|thinking) (?:about|of)|am asking about)\b[:,]*\s*)?",
    re.I,
)
_NOT_THAT = re.compile(
    r"(?:,| -| —)?\s+(?:and |but )?not (?:the |in |for |about )?[\w' -]+$|^not [\w' -]+?(?:,| but)\s+", re.I
)
_I_MEAN = re.compile(r"[, ]+i mean(?:t)?\W*$", re.I)
_NOT_FIRST = re.compile(r"^not [\w' -]+?(?:,| but)\s+\w", re.I)
_TAIL = re.compile(r"(?:[, ]+(?:too|as well|then|though|either|also|please|pls|i mean|same question|same))+$", re.I)
_AUX_NAME = re.compile(
    r"^(?:(?:and|or|but) )?(?:is|are|was|does|did|do|has|can) (\S+(?: \S+){0,2}?)(?: too| as well| also)?\W*$", re.I
)
"""`is Temcell?` after `Is Ryoncil approved?`"""
_CHOICE = re.compile(
    r"^(?:and |so |but )?which (?:one |of (?:the two|them|those) )?(?:is|are|was|works|has|would|costs?)\b.{0,25}$",
    re.I,
)
SHORT_WORDS = 4
"""Words up to which a question without a verb is read as a piece of the one before it, whatever it names."""
FRAGMENT_WORDS = 8
SHORT_TEXT = 200
"""Characters below which a text is looked at for a correction."""


def standalone(question: str, history: tuple[Turn, ...], lexicon: Lexicon) -> str:
    """The question in words that need no history; the question itself where it stands alone already."""
    talk = Talk(lexicon)
    for turn in history:
        if not turn.content.strip():
            continue
        if turn.role == "user" and not (talk.asked and _COURTESY.match(turn.content)):
            said = turn.content.strip()
            talk = talk.after_question(_resolved(said, talk), said)
        elif turn.role == "assistant":
            talk = talk.after_answer(turn.content)
    return _resolved(question, talk).whole


def _resolved(question: str, talk: Talk) -> Asked:
    """The question given the conversation before it; the first of the readings that fits."""
    if talk.asked is None or _COURTESY.match(question):
        return Asked(question)
    plain = _YES.sub("", _LEAD.sub("", question)).strip() or question
    talk = replace(talk, question=plain)
    if _FRESH.search(plain) and len(plain.split()) > SHORT_WORDS:
        return Asked(plain)
    plain, picked = picked_out(plain, talk)
    for reading in (_more, _comment, _corrected, _instead, _chosen, _fragment):
        asked = reading(plain, talk)
        if asked:
            return asked
    return lean(plain, talk, picked)


def _more(plain: str, talk: Talk) -> Asked | None:
    """`tell me more`."""
    assert talk.asked is not None
    if not _MORE.match(plain):
        return None
    subjects = tuple(name for name in talk.subjects if name.kind != "field")
    if subjects:
        return Asked(f"Tell me more about {phrase(subjects)}")
    return _with_past(plain, talk)


def _comment(plain: str, talk: Talk) -> Asked | None:
    """`why?`, `are you sure?`, `is that a lot?`: the question before, kept with it."""
    return _with_past(plain, talk) if _COMMENT.match(plain) else None


def _with_past(plain: str, talk: Talk) -> Asked:
    assert talk.asked is not None
    text = plain.rstrip("?!. ")
    return Asked(f"{talk.asked.text.rstrip('?!. ')}: {ASIDE.sub('', text) or text}?", talk.asked.about)


def _corrected(plain: str, talk: Talk) -> Asked | None:
    """`no, I meant the Korean one`, `sorry, lupus not MS`: the question before with the right thing in it."""
    match = _CORRECTION.match(plain) if len(plain) < SHORT_TEXT else None
    if (
        not match
        or not (match.group().strip() or _NOT_FIRST.match(plain) or _I_MEAN.search(plain))
        or len(plain.split()) > FRAGMENT_WORDS + 4
    ):
        return None
    plain = _I_MEAN.sub("", plain)
    right = re.sub(
        r"^(?:the )?(\w+) one$",
        r"\1",
        _NOT_THAT.sub("", ASIDE.sub("", plain[match.end() :].rstrip("?!. "))).strip(),
        flags=re.I,
    )
    if not right or VERB.search(right):
        return None
    return put_in(right, talk, correction=True)


def _instead(plain: str, talk: Talk) -> Asked | None:
    """`tell me about bone marrow instead`: the question before about that, else a plain one."""
    match = _INSTEAD.match(plain)
    if not match or not talk.names(match.group("what")):
        return None
    what = match.group("what")
    field = tuple(name for name in talk.heard if name.kind == "field")[:1]
    return Asked(
        f"Tell me about {what}", field if kinds_of(talk.names(what)) <= {*TREATMENTS, "condition"} - {"product"} else ()
    )


def _chosen(plain: str, talk: Talk) -> Asked | None:
    """`which is safer?`: the question or the statement before, which says between what."""
    assert talk.asked is not None
    past = talk.asked.text
    if _CHOICE.match(plain) and not talk.names(plain) and re.search(r"\bor\b|\bvs\b|\bversus\b", past):
        return _with_past(plain, talk)
    return None


def _fragment(plain: str, talk: Talk) -> Asked | None:
    """`and in Japan?`, `n alzhimers?`, `side effects?`: a piece that goes into the question before."""
    short = _AUX_NAME.match(plain)
    if short and talk.names(short[1]) and not words_beside(short[1], talk.names(short[1])):
        plain = short[1]
    words = plain.rstrip("?!. ").split()
    piece = _TAIL.sub("", ASIDE.sub("", _TAIL.sub("", plain.rstrip("?!. ")))).strip()
    if len(words) > FRAGMENT_WORDS or not piece or VERB.search(piece) or is_statement(plain):
        return None
    if len(piece.split()) > 2 and re.search(r"\b(?:it|they|them)\b", piece):
        return None
    if re.match(r"who \w+ \w+", piece):
        return None
    if re.match(r"(?:tell|explain|describe|compare)\b|(?:any|some)(?:thing)?\b", piece, re.I):
        return None
    return put_in(piece, talk)
