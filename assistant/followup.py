"""Turns a follow-up question into one that stands on its own, without a model.

The conversation is walked from its start: each question of the user is put into words that need nothing before it,
and those words are what the next one is read against. Where a word can be put in the place of the one that points
back, it is; where that would not be a sentence, what is meant is added in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.answer import Turn
from assistant.discourse import Asked, Talk, phrase
from assistant.mentions import SETTINGS, TREATMENTS, Named, body_part, distinct, is_adjective, mended
from assistant.pointing import picked_out
from corpus.lexicon import STOP_WORDS, Lexicon, tokens_of
from index.english import english_count

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
_ASIDE = re.compile(
    r"^(?:(?:and|but|so|or|n|&|also|then|ok(?:ay)?|now|what about|what abt|how about|wat about|(?:is it|is that|does (?:that|it|this)) (?:the same|also|go|hold|apply)(?: (?:true|so))?(?= (?:for|in|to)\b)|same (?:question )?for|only|just|even|especially|maybe|perhaps)\b[ ,]*)+",
    re.I,
)
_AND = re.compile(r"^(?:and|but|so|n|&|also|then)\b[ ,]+(?!what about|how about)", re.I)
_TAIL = re.compile(r"(?:[, ]+(?:too|as well|then|though|either|also|please|pls|i mean|same question|same))+$", re.I)
_VERB = re.compile(
    r"\b(?:is|are|am|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might|must|isn't|aren't|doesn't|don't|didn't|can't|won't|whats|hows|works?|makes?|made|happens|happened|mean|tell|explain|describe|compare|give|show|list)\b",
    re.I,
)
_BARE_QUESTION = re.compile(r"^(?:since |until |from |for )?(?:when|why|where|how|who|what|which)\b", re.I)
_PREPOSITION = re.compile(
    r"^(?:in|for|with|by|at|on|after|before|over|under|from|without|among|during|to|into|compared (?:to|with)|vs\.?|versus|against|through|via|per)\b",
    re.I,
)
_AUX_NAME = re.compile(
    r"^(?:(?:and|or|but) )?(?:is|are|was|does|did|do|has|can) (\S+(?: \S+){0,2}?)(?: too| as well| also)?\W*$", re.I
)
"""`is Temcell?` after `Is Ryoncil approved?`"""
_STATEMENT = re.compile(
    r"^(?:(?:and|but|so|well)\s+)?(?:i|we|he|she|my|our|his|her|they|someone|somebody|it|it's|the|a|an)\b(?!.*\?)", re.I
)
_QUESTION = re.compile(
    r"\?|^(?:(?:and|but|so|ok)\s+)*(?:what|whats|who|which|when|where|why|how|hows|is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|tell|explain|describe|compare)\b",
    re.I,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|does|did|would|will|can|might)(?:n't)? it (?:be )?(?:take|matter|true|possible|snow\w*|rain\w*|(?:\w+ )?\w+ (?:to|that|if)\b)|\bit(?:'s| is| was)? (?:\w+ )?(?:\w+ (?:to|that)\b|takes?\b)",
    re.I,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|it's|this|they|them|their|theirs|these|those|he|she|him|his|one|ones|the same|same|either|both|similar|the others?|others|another one|any others?|else|neither"
    r"|the (?:trial|study|paper|product|treatment|therapy|drug|cells?|injections?|approval|company|maker|results?|effect|law|first|second|third|last|latter|former|clinic)s?\b(?! (?:of|in|on|for|about|that|which|called|from|with|against)\b))\b"
    r"|\bthen\W*$"
    r"|\bthat\b(?! (?:\w+ )?(?:is|are|was|were|has|have|can|will|do|does|MSCs?|stem)\b)|\bthat (?:is|was|does|has)\b|(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )\bthere\b(?! (?:is|are|was|were|any|an?|been)\b)",
    re.I,
)
_PRONOUN = re.compile(r"\b(its|it's|it|their|they|them|this|that|these|those)\b", re.I)
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )(?:\bover )?\bthere\b(?! (?:is|are|was|were|any|an?|been)\b)",
    re.I,
)
_WANTS_PLACE = re.compile(
    r"\b(?:approv\w*|licen[sc]\w*|legal\w*|illegal|allowed|valid|laws?|rules?|authori[sz]\w*|withdrawn|sold|market|permitted|banned|that trial|that one\w*|those)\b",
    re.I,
)
_ANYWHERE = re.compile(r"\b(?:countr\w+|(?:any|else|no|every)?where|outside|abroad|world\w*|first)\b", re.I)
_ANOTHER = re.compile(r"\b(?:something|anything|any(?: \w+)?|another|others?|else)\b", re.I)
_COMPARES = re.compile(
    r"\b(?:differen(?:ce|t)|compare|better|cheaper|safer|in common|similar|which (?:one|of))\b", re.I
)
_ELSE = re.compile(r"\b(?:else|alternatives?|options|other (?:options?|products?|treatments?))\b", re.I)
_JOINS = re.compile(
    r"\b(?:join|enrol\w*|sign up|recruit\w*|randomi[sz]ed|blinded|take part|apply for|participate)\b", re.I
)
_PEOPLE_DO = re.compile(
    r"\bthey (?:\w+ )?(?:have to|need to|tell|get|give|take|make|sell|charge|say|said|use|test|check|do\b|inject|collect|find|found|compare|measure|know|store|freeze|approve|publish|stop|run|want|know|allow|ask|offer)|\b(?:sue|ask|tell|trust|pay|call|report) them\b",
    re.I,
)
"""What people do, not cells: `how do they get the cells`."""
_UNFINISHED = re.compile(
    r"\b(?:help|work|do anything|do something|good|used|tried|an option|worth it|worth trying|treat|any use|enough|better|safer|cheaper|possible|necessary|best)\W*$",
    re.I,
)
_OTHER = re.compile(r"^(?:the |any |an)?other (?:one|product|drug|treatment)\b", re.I)
_NO_PUT = re.compile(r"\b(?:ran|run|funded|published|publish|sponsored|funds|runs)\b", re.I)
_ALIKE = re.compile(r"\b(?:similar|the same|like that|like this)\b", re.I)
_CHOICE = re.compile(
    r"^(?:and |so |but )?which (?:one |of (?:the two|them|those) )?(?:is|are|was|works|has|would|costs?)\b.{0,25}$",
    re.I,
)
SHORT_WORDS = 4
"""Words up to which a question without a verb is read as a piece of the one before it, whatever it names."""
FRAGMENT_WORDS = 8
SHORT_TEXT = 200
"""Characters below which a text is looked at for a correction."""
LAY_LETTERS = 4
"""Letters of the longest abbreviation that could pass for a plain word."""
OWN_WORDS = 14
"""Words from which a question that points nowhere is taken as it stands."""


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
    return _question(plain, talk, picked)


def _names(text: str, talk: Talk) -> tuple[Named, ...]:
    return talk.names(text)


def _kinds(names: Iterable[Named]) -> set[str]:
    return {name.kind for name in names}


def _without(names: Iterable[Named], others: Iterable[Named]) -> tuple[Named, ...]:
    """The names that are of no kind of the others; a product is left out beside another source of cells too."""
    kinds = _kinds(others) | ({"disease"} if "condition" in _kinds(others) else set())
    keys = {name.key for name in others}
    return tuple(name for name in names if name.kind not in kinds and name.key not in keys)


# readings of a question, each for one kind


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
    return Asked(f"{talk.asked.text.rstrip('?!. ')}: {_ASIDE.sub('', text) or text}?", talk.asked.about)


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
        _NOT_THAT.sub("", _ASIDE.sub("", plain[match.end() :].rstrip("?!. "))).strip(),
        flags=re.I,
    )
    if not right or _VERB.search(right):
        return None
    return _put_in(right, talk, correction=True)


def _instead(plain: str, talk: Talk) -> Asked | None:
    """`tell me about bone marrow instead`: the question before about that, else a plain one."""
    match = _INSTEAD.match(plain)
    if not match or not _names(match.group("what"), talk):
        return None
    what = match.group("what")
    field = tuple(name for name in talk.heard if name.kind == "field")[:1]
    return Asked(
        f"Tell me about {what}", field if _kinds(_names(what, talk)) <= {*TREATMENTS, "condition"} - {"product"} else ()
    )


def _chosen(plain: str, talk: Talk) -> Asked | None:
    """`which is safer?`: the question or the statement before, which says between what."""
    assert talk.asked is not None
    past = talk.asked.text
    if _CHOICE.match(plain) and not _names(plain, talk) and re.search(r"\bor\b|\bvs\b|\bversus\b", past):
        return _with_past(plain, talk)
    return None


def _fragment(plain: str, talk: Talk) -> Asked | None:
    """`and in Japan?`, `n alzhimers?`, `side effects?`: a piece that goes into the question before."""
    short = _AUX_NAME.match(plain)
    if short and _names(short[1], talk) and not _leftover(short[1], _names(short[1], talk)):
        plain = short[1]
    words = plain.rstrip("?!. ").split()
    piece = _TAIL.sub("", _ASIDE.sub("", _TAIL.sub("", plain.rstrip("?!. ")))).strip()
    if len(words) > FRAGMENT_WORDS or not piece or _VERB.search(piece) or _statement(plain):
        return None
    if len(piece.split()) > 2 and re.search(r"\b(?:it|they|them)\b", piece):
        return None
    if re.match(r"who \w+ \w+", piece):
        return None
    if re.match(r"(?:tell|explain|describe|compare)\b|(?:any|some)(?:thing)?\b", piece, re.I):
        return None
    return _put_in(piece, talk)


def _statement(text: str) -> bool:
    """Whether the words tell something rather than ask."""
    return bool(
        _STATEMENT.match(text) and not _QUESTION.search(text) and len(text.split()) > 2
    ) or text.lower().endswith("i think")


def _put_in(piece: str, talk: Talk, correction: bool = False) -> Asked:
    """The question before with a piece in the place of its like, or with the piece added."""
    assert talk.asked is not None
    piece = mended(_put_place(piece, (), talk), talk.lexicon)
    names = _names(piece, talk)
    if _OTHER.match(piece) and "product" in _kinds(talk.focus):
        return _other(piece, talk)
    part = body_part(piece) if not names else None
    if part and "condition" in _kinds(talk.focus):
        names = (part,)
    past = talk.asked
    if _BARE_QUESTION.match(piece):
        return Asked(f"{past.text.rstrip('?!. ')}: {piece}?", past.about)
    if not names and correction and not _PREPOSITION.match(piece):
        return Asked(f"{past.text.rstrip('?!. ')} ({piece})?", past.about)
    if names and _kinds(names) == {"field"} and "field" not in _kinds(_names(past.text, talk)):
        return Asked(
            f"{past.text.rstrip('?!. ')} ({piece})?" if correction else f"What about {piece}?",
            past.about if correction else talk.subjects,
        )
    if not names:
        return _add(piece, talk)
    leftover = _leftover(piece, names)
    if leftover and not correction and _asks_aspect(piece, names, leftover, talk):
        return Asked(f"{piece}?", _without(talk.subjects, names))
    return _replaced(piece, names, talk, bool(leftover))


def _asks_aspect(piece: str, names: tuple[Named, ...], leftover: list[str], talk: Talk) -> bool:
    """Whether a piece asks something of its own of what it names: `price in Japan`, `lupus side effects`."""
    if _PREPOSITION.match(piece):
        return False
    before = tokens_of(piece[: names[0].start])
    joined = any(token.text in leftover for token in before) and before[-1].text in STOP_WORDS
    after = any(token.text in leftover for token in tokens_of(piece[names[0].end :]))
    alike = any(name.kind in _kinds(talk.focus) or name.kind in ("people", "time", "place") for name in names)
    return joined or after or not alike


def _other(piece: str, talk: Talk) -> Asked:
    """The question before on a product that is only described: `the other product, the Korean one`."""
    assert talk.asked is not None
    text, about = (
        talk.asked.text.rstrip("?!. "),
        _without(talk.asked.about, [name for name in talk.focus if name.kind == "product"]),
    )
    for name in reversed([name for name in _names(text, talk) if name.kind == "product"][-1:]):
        text = f"{text[: name.start]}{piece}{text[name.end :]}"
    condition = _past_conditions(talk) if "condition" not in _kinds(_names(text, talk)) else ()
    return Asked(f"{text}?", tuple(distinct((*about, *condition))))


def _leftover(piece: str, names: Iterable[Named]) -> list[str]:
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
    same = len(_kinds(groups)) == 1 and len(groups) > 1 and groups[0].kind == "condition"
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
    alike = [one for one in _names(text, talk) if one.kind == name.kind]
    if not alike and name.kind == "place":
        return _swap_agency(text, name, talk)
    if not alike:
        return ""
    last = alike[-1]
    before, after = text[: last.start], text[last.end :]
    if last.kind == "place":
        before = re.sub(r"\bthe $", "", before) if put.startswith("the ") or last.name.startswith("the ") else before
        if is_adjective(text, last):
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
    agencies = [one for one in _names(text, talk) if one.kind == "agency"]
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


# whole questions


def _question(plain: str, talk: Talk, picked: bool) -> Asked:
    """A question with a verb of its own: as it is, or with what its pointing words mean."""
    named = _names(plain, talk)
    subjects = talk.subjects
    if _statement(plain) and not _POINTS_BACK.search(plain):
        return Asked(plain, _without(subjects, named))
    if not _depends(plain, named, talk, picked):
        return Asked(plain)
    carried = _without(subjects, named)
    if _ALIKE.search(plain) and _kinds(named) - {*SETTINGS}:
        carried = tuple(name for name in carried if name.kind not in ("trial", "product", "company", "name"))
    if "place" in _kinds(named) and _ANOTHER.search(plain) and "condition" in _kinds(_past_conditions(talk)):
        carried = _without((*_past_conditions(talk),), named)
    elif not carried and not (_kinds(named) - set(SETTINGS)):
        carried = tuple(name for name in [talk.latest("condition", *TREATMENTS, "topic", "name", "field")] if name)
    plain = _put_place(_ASIDE.sub("", plain) if _AND.match(plain) else plain, named, talk)
    if picked:
        return Asked(
            plain,
            tuple(name for name in carried if name.kind == "condition") if "product" in _kinds(named) else carried,
        )
    if _ELSE.search(plain) and not own_names(named) and "condition" not in _kinds(carried):
        carried = (*carried, *_past_conditions(talk))
    if _COMPARES.search(plain) and not own_names(named) and len(talk.choice()) > 1:
        carried = (*_without(carried, talk.choice()), *talk.choice()[-2:])
    if (
        _JOINS.search(plain)
        and "trial" not in _kinds(carried)
        and re.search(r"\b(?:trials?|study)\b", talk.asked.text if talk.asked else "")
    ):
        return _with_place(Asked(plain, (Named("name", "trial", "trial", 0, 0), *carried)), named, talk)
    plain, used = _put_pronoun(plain, named, carried)
    left = () if used else carried
    return _with_place(Asked(plain, left), named, talk)


def own_names(named: Iterable[Named]) -> list[Named]:
    """The names that say what a question is about, its settings left out."""
    return [name for name in named if name.kind not in SETTINGS]


def _past_conditions(talk: Talk) -> tuple[Named, ...]:
    name = talk.latest("condition")
    return (name,) if name else ()


def _depends(plain: str, named: tuple[Named, ...], talk: Talk, picked: bool) -> bool:
    """Whether a question needs what was said before it."""
    own = [name for name in named if name.kind not in SETTINGS]
    points = _outside(plain, named)
    if picked:
        return not (_kinds(own) & {"company"})
    if (
        own
        and _kinds(own) <= {"field", "route", "cell-source"}
        and _UNFINISHED.search(plain)
        and "condition" in _kinds(talk.focus)
    ):
        return True
    if own:
        return points
    if "agency" in _kinds(named) and len(plain.split()) > 6 and not points:
        return False
    return points or len(plain.split()) < OWN_WORDS


def _outside(plain: str, named: tuple[Named, ...]) -> bool:
    """Whether a word points to something that the question itself does not name before it."""
    for match in _POINTS_BACK.finditer(plain):
        word = match.group().lower()
        before = [name for name in named if name.end <= match.start()]
        if word == "there" and any(name.kind == "place" for name in before):
            continue
        if (
            word in ("it", "its", "they", "them", "their", "it's", "this", "one", "he", "she", "his")
            and _EXPLETIVE.search(plain)
            and word == "it"
        ):
            continue
        clause = (
            re.search(r"[,;.:?!–-]\s|\b(?:and|if|but|because|when|that)\b", plain[before[-1].end : match.start()])
            if before
            else None
        )
        if clause and any(name.kind not in SETTINGS for name in before):
            continue
        return True
    return False


def _put_place(plain: str, named: tuple[Named, ...], talk: Talk) -> str:
    """`there` replaced by the last place, where one was named."""
    match = _THERE.search(plain)
    place = talk.latest("place")
    if not match or place is None or "place" in _kinds(named):
        return plain
    if talk.asked and len(plain.split()) > 1 and not _VERB.search(plain) and place in _names(talk.asked.text, talk):
        return f"{plain[: match.start()].rstrip()}{plain[match.end() :]}"
    return f"{plain[: match.start()]}in {place.name}{plain[match.end() :]}"


def _put_pronoun(plain: str, named: tuple[Named, ...], carried: tuple[Named, ...]) -> tuple[str, bool]:
    """The question with its first pronoun replaced by what it points to, and whether that could be done."""
    topic = _pronoun_topic(carried)
    for match in _PRONOUN.finditer(plain):
        word = match.group().lower()
        if not topic or _EXPLETIVE.search(plain) or (_NO_PUT.search(plain) and "product" not in _kinds(carried)):
            break
        if word in ("its", "their"):
            return _possessive(plain, match, topic) if word == "its" or _plural(carried) else (plain, False)
        if word in ("they", "them") and _PEOPLE_DO.search(plain):
            return plain, False
        if word in ("they", "them"):
            return (
                (_put(plain, match, _plural_name(carried)), "condition" not in _kinds(carried))
                if _plural(carried)
                else (plain, False)
            )
        if word in ("this", "that", "these", "those") and not _stands_alone(plain, match):
            break
        return _put(plain, match, f"{topic} is" if word == "it's" else topic), True
    return plain, False


def _stands_alone(plain: str, match: re.Match[str]) -> bool:
    """Whether `that` is a pronoun here, neither with a noun after it nor joining two clauses."""
    before, after = plain[: match.start()], plain[match.end() :]
    if re.match(r"\s*[?.!,]?\s*$", after):
        return bool(re.search(r"\b(?:for|of|to|with|about|like|from|on|in|do|does|is|get|make|makes|use) $", before))
    return bool(re.search(r"\b(?:is|was|does|did|has|can|will|would|could) $", before, re.I) or not before) and bool(
        re.match(r"\s+(?:in|for|by|still|also|approved|legal|allowed|safe|work|help|cost|cure|hurt|\w+ed)\b", after)
    )


def _pronoun_topic(carried: tuple[Named, ...]) -> str:
    """What `it` stands for: one thing, or a treatment for a condition; empty if it may be one of several."""
    treatments = [name for name in carried if name.kind in TREATMENTS]
    products = [name for name in treatments if name.kind == "product"]
    others = [name for name in carried if name.kind in ("topic", "disease", "name", "company", "trial")]
    if products and len(products) == 1:
        conditions = [name for name in carried if name.kind == "condition"]
        return phrase((*products, *conditions))
    if len(treatments) > 1 or len(others) > 1 or (others and (treatments or _kinds(carried) & {"condition"})):
        return ""
    if others and others[0].kind == "trial":
        return f"the {phrase(tuple(others))}"
    return phrase(carried)


def _plural(carried: tuple[Named, ...]) -> bool:
    names = [name for name in carried if name.kind != "condition"]
    return bool(names) and all(name.kind == "field" or name.name.endswith("s") for name in names)


def _plural_name(carried: tuple[Named, ...]) -> str:
    return "MSCs" if any(name.kind == "field" for name in carried) else phrase(carried)


def _put(plain: str, match: re.Match[str], words: str) -> str:
    return plain[: match.start()] + words + plain[match.end() :]


def _possessive(plain: str, match: re.Match[str], topic: str) -> tuple[str, bool]:
    """`its side effects` as `the side effects of Ryoncil`, where nothing but the noun follows."""
    noun = plain[match.end() :].rstrip("?!. ")
    if len(noun.split()) > 3 or re.search(r"\b(?:in|on|for|and|or|with|at|to|by)\b", noun):
        return plain, False
    return f"{plain[: match.start()]}the{noun} of {topic}?", True


def _with_place(asked: Asked, named: tuple[Named, ...], talk: Talk) -> Asked:
    """The question with the place that was spoken of, where its answer depends on the place and it names none."""
    places = [name for name in talk.focus if name.kind == "place"]
    if not places or _kinds(named) & {"place", "agency"} or not _WANTS_PLACE.search(asked.text):
        return asked
    if any(name.kind == "place" for name in _names(asked.text, talk)) or _ANYWHERE.search(asked.text):
        return asked
    if asked.about:
        return Asked(asked.text, (*asked.about, places[-1]))
    return Asked(f"{asked.text.rstrip('?!. ')} in {places[-1].name}?")
