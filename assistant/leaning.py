"""A whole question that leans on the ones before it: what its pointing words stand for is put into it or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.discourse import Asked, Talk, kinds_of, past_conditions, phrase, without
from assistant.mentions import SETTINGS, TREATMENTS, Named
from assistant.pieces import put_place

ASIDE = re.compile(
    r"^(?:(?:and|but|so|or|n|&|also|then|ok(?:ay)?|now|what about|what abt|how about|wat about|(?:is it|is that|does (?:that|it|this)) (?:the same|also|go|hold|apply)(?: (?:true|so))?(?= (?:for|in|to)\b)|same (?:question )?for|only|just|even|especially|maybe|perhaps)\b[ ,]*)+",
    re.I,
)
_AND = re.compile(r"^(?:and|but|so|n|&|also|then)\b[ ,]+(?!what about|how about)", re.I)
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
_NO_PUT = re.compile(r"\b(?:ran|run|funded|published|publish|sponsored|funds|runs)\b", re.I)
_ALIKE = re.compile(r"\b(?:similar|the same|like that|like this)\b", re.I)
OWN_WORDS = 14
"""Words from which a question that points nowhere is taken as it stands."""


def is_statement(text: str) -> bool:
    """Whether the words tell something rather than ask."""
    return bool(
        _STATEMENT.match(text) and not _QUESTION.search(text) and len(text.split()) > 2
    ) or text.lower().endswith("i think")


def lean(plain: str, talk: Talk, picked: bool) -> Asked:
    """A question with a verb of its own: as it is, or with what its pointing words mean."""
    named = talk.names(plain)
    subjects = talk.subjects
    if is_statement(plain) and not _POINTS_BACK.search(plain):
        return Asked(plain, without(subjects, named))
    if not _depends(plain, named, talk, picked):
        return Asked(plain)
    carried = without(subjects, named)
    if _ALIKE.search(plain) and kinds_of(named) - {*SETTINGS}:
        carried = tuple(name for name in carried if name.kind not in ("trial", "product", "company", "name"))
    if "place" in kinds_of(named) and _ANOTHER.search(plain) and "condition" in kinds_of(past_conditions(talk)):
        carried = without((*past_conditions(talk),), named)
    elif not carried and not (kinds_of(named) - set(SETTINGS)):
        carried = tuple(name for name in [talk.latest("condition", *TREATMENTS, "topic", "name", "field")] if name)
    plain = put_place(ASIDE.sub("", plain) if _AND.match(plain) else plain, named, talk)
    if picked:
        return Asked(
            plain,
            tuple(name for name in carried if name.kind == "condition") if "product" in kinds_of(named) else carried,
        )
    if _ELSE.search(plain) and not own_names(named) and "condition" not in kinds_of(carried):
        carried = (*carried, *past_conditions(talk))
    if _COMPARES.search(plain) and not own_names(named) and len(talk.choice()) > 1:
        carried = (*without(carried, talk.choice()), *talk.choice()[-2:])
    if (
        _JOINS.search(plain)
        and "trial" not in kinds_of(carried)
        and re.search(r"\b(?:trials?|study)\b", talk.asked.text if talk.asked else "")
    ):
        return _with_place(Asked(plain, (Named("name", "trial", "trial", 0, 0), *carried)), named, talk)
    plain, used = _put_pronoun(plain, named, carried)
    left = () if used else carried
    return _with_place(Asked(plain, left), named, talk)


def own_names(named: Iterable[Named]) -> list[Named]:
    """The names that say what a question is about, its settings left out."""
    return [name for name in named if name.kind not in SETTINGS]


def _depends(plain: str, named: tuple[Named, ...], talk: Talk, picked: bool) -> bool:
    """Whether a question needs what was said before it."""
    own = [name for name in named if name.kind not in SETTINGS]
    points = _outside(plain, named)
    if picked:
        return not (kinds_of(own) & {"company"})
    if (
        own
        and kinds_of(own) <= {"field", "route", "cell-source"}
        and _UNFINISHED.search(plain)
        and "condition" in kinds_of(talk.focus)
    ):
        return True
    if own:
        return points
    if "agency" in kinds_of(named) and len(plain.split()) > 6 and not points:
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


def _put_pronoun(plain: str, named: tuple[Named, ...], carried: tuple[Named, ...]) -> tuple[str, bool]:
    """The question with its first pronoun replaced by what it points to, and whether that could be done."""
    topic = _pronoun_topic(carried)
    for match in _PRONOUN.finditer(plain):
        word = match.group().lower()
        if not topic or _EXPLETIVE.search(plain) or (_NO_PUT.search(plain) and "product" not in kinds_of(carried)):
            break
        if word in ("its", "their"):
            return _possessive(plain, match, topic) if word == "its" or _plural(carried) else (plain, False)
        if word in ("they", "them") and _PEOPLE_DO.search(plain):
            return plain, False
        if word in ("they", "them"):
            return (
                (_put(plain, match, _plural_name(carried)), "condition" not in kinds_of(carried))
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
    if len(treatments) > 1 or len(others) > 1 or (others and (treatments or kinds_of(carried) & {"condition"})):
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
    if not places or kinds_of(named) & {"place", "agency"} or not _WANTS_PLACE.search(asked.text):
        return asked
    if any(name.kind == "place" for name in talk.names(asked.text)) or _ANYWHERE.search(asked.text):
        return asked
    if asked.about:
        return Asked(asked.text, (*asked.about, places[-1]))
    return Asked(f"{asked.text.rstrip('?!. ')} in {places[-1].name}?")
