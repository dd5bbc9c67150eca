"""Finds what a turn of a conversation names, with or without a table that has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.places import COMMON_PLACES, places_in
from corpus.lexicon import FIELD, STOP_WORDS, Lexicon, Mention, tokens_of
from index.english import english_count

TREATMENTS = ("product", "cell-source", "route", "concept")
"""Kinds of names that say what is given."""
SETTINGS = ("place", "people", "time", "agency")
"""Kinds of names that narrow a question down and are hardly ever what it is about."""

_PEOPLE = re.compile(
    r"\b(?:(?:young(?:er)?|old(?:er)?|pregnant|little|teenage|elderly) )?"
    r"(?:adults?|grown[- ]?ups?|children|child|kids?|toddlers?|babies|infants?|teen(?:ager)?s|adolescents"
    r"|the elderly|seniors|women|men|animals|mice|dogs|horses)\b"
    r"(?: (?:under|over) (?:the age of )?\d+)?"
)
_TIME = re.compile(
    r"\b(?:(?:at|after|by|in|within) )?(?:(?:week|month|day|year)s? \d+|(?:a|an|one|two|three|four|five"
    r"|six|ten|twelve|\d+) (?:days?|weeks?|months?|years?))\b"
    r"|\b(?:19|20)\d\d\b(?!\s*(?:patients|people))",
    re.I,
)
_CAPITALS = re.compile(
    r"\b(?:[A-Z][A-Z0-9]{4,}|[A-Z]{3,}[A-Z0-9]*(?:-[A-Z0-9]+)+)(?:-[A-Za-z0-9]+)*(?: (?:I{1,3}|IV)\b)?|\bNCT\d{6,}\b"
)
_BEFORE_TRIAL = re.compile(r"\b([A-Za-z][\w-]{3,40}(?: (?:I{1,3}|IV))?) (?:trial|study)\b")
_OWNER = re.compile(
    r"\b(?:(?:made|sold|run|developed|sponsored|marketed|licensed|produced|announced|offered) (?:by|to)"
    r"|company|firm|maker|sponsor|manufacturer)"
    r"(?: called| named| is| was|,)? ((?:[A-Z][\w&-]*)(?: [A-Z][\w&-]*){0,3})"
)
_FROM = re.compile(r"\b(?:by|from) ([A-Z][\w-]{0,40}[a-z][\w-]{0,40})\b")
_FIRM = re.compile(
    r"\b((?:[\w&'-]+ ){1,3})(pharmaceuticals?|therapeutics|biotherapeutics|biologics|institute|university"
    r"|biotech|inc|ltd|labs|laboratories|clinic|hospital)\b",
    re.I,
)
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]+(?:(?: (?:of|the|and|de))? [A-Z][\w'’.-]+)*")
_DEFINED = re.compile(
    r"^(?:(?:so|and|ok(?:ay)?|please|can you|could you)[ ,]+)*"
    r"(?:what(?:['’]?s| is| are| was| were)|who(?:['’]?s| is| was| were| are)|(?:tell"
    r"|teach) me (?:more )?about|describe|explain|define|let['’]?s talk about"
    r"|how (?:do|does|did) (?=.{3,40} (?:work|start|form|develop)\W*$))\s+(?P<what>.+)$",
    re.I,
)
_NO_SUBJECT = re.compile(
    r"the (?:results?|outcomes?|data|chances?|risks?|odds|evidence|success|survival|rate|cost|price)\b", re.I
)
_OF = re.compile(r"^(?:the |an? |some |different |main )*[a-z][a-z ,-]*? (?:of|about|on|between) (?=\D)", re.I)
_NO_TOPIC = re.compile(
    r"\b(?:it|its|they|them|their|theirs|this|that|these|those|there|you|my|your|our|i|he|she|is|are|was|were|do|does"
    r"|did|can|could|will|would|should|has|have|had|one|ones|best|most|same|other|others)\b",
    re.I,
)
_CELLS = re.compile(r"\b(?:the|these|those|such|donor|own) cells\b", re.I)
_BODY = re.compile(
    r"\b(?:teeth|hips?|shoulders?|ankles?|elbows?|wrists?|back|spine|neck|eyes?|lungs?|livers?|kidneys?"
    r"|hearts?|brain|skin|hands|feet|muscles|nerves)\b",
    re.I,
)
_NO_FIRM = frozenset(
    "stem cell cells unproven dodgy good bad the my her his our this that local private same any".split()
)
TOPIC_WORDS = 6
"""Longest wording, in words, that is taken for the name of a topic."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a text names: its kind, the name to write for it, what tells it from others, and where it stands.

    `kind` is a kind of the lexicon's terms, or field, place, people, time, trial, company, name or topic.
    """

    kind: str
    name: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=2_000)
def names_in(text: str, lexicon: Lexicon) -> tuple[Named, ...]:
    """What a text names, from left to right; none inside another."""
    found: list[Named] = []
    for one in (
        *_trials(text, lexicon),
        *_firms(text, lexicon),
        *_topics(text, lexicon),
        *_terms(text, lexicon),
        *_places(text, lexicon),
        *_settings(text),
        *_capitalised(text),
    ):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def distinct(names: Iterable[Named]) -> list[Named]:
    """The names without repetitions, in order."""
    return list({(one.kind, one.key): one for one in reversed(list(names))}.values())[::-1]


def body_part(text: str) -> Named | None:
    """A part of the body that a short question names alone: `hips?` after a question on knees."""
    match = _BODY.fullmatch(re.sub(r"^(?:in|for|on|with) (?:the |my )?|^(?:the|my) ", "", text, flags=re.I))
    return Named("condition", match.group(), match.group().lower(), 0, len(text)) if match else None


def mended(text: str, lexicon: Lexicon) -> str:
    """A short text with misspelt names of conditions, products and places put right."""
    for token in reversed(tokens_of(text)):
        small = text[token.start : token.end] == token.text
        if small and len(token.text) >= 5 and token.text.isalpha() and not _known(token.text, lexicon):
            near = _nearest(token.text, lexicon)
            if near:
                text = text[: token.start] + near + text[token.end :]
    return text


def _known(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.vocabulary or english_count(word) > 0 or bool(lexicon.countries(word))


def _nearest(word: str, lexicon: Lexicon) -> str:
    """The nearest word of a table with the same first letter, one or (from seven letters) two edits away."""
    near = [known for known in (*lexicon.vocabulary, *COMMON_PLACES) if known[0] == word[0]]
    limit = 2 if len(word) >= 7 else 1
    found = process.extractOne(word, sorted(near), scorer=DamerauLevenshtein.distance, score_cutoff=limit)
    if not found:
        return ""
    return str(found[0]).title() if found[0] in COMMON_PLACES else str(found[0])


def _terms(text: str, lexicon: Lexicon) -> Iterator[Named]:
    for mention in lexicon.mentions(text):
        kind = "field" if mention.term.id == FIELD else mention.term.kind
        name = _written(mention, text[mention.start : mention.end])
        yield Named(kind, name, mention.term.id, mention.start, mention.end)
    for match in _CELLS.finditer(text):
        yield Named("field", "mesenchymal stromal cells", FIELD, match.start(), match.end())


def _written(mention: Mention, words: str) -> str:
    """A term's name; its own words for a concept, or cells such as `Wharton's jelly`."""
    term = mention.term
    if term.kind == "concept" and mention.entry in term.synonyms and not re.search("[A-Z]{2}", mention.entry):
        return words
    own = term.kind == "cell-source" and mention.entry in term.synonyms and not re.search("[A-Z]{2}", mention.entry)
    shared = {token.text for token in tokens_of(mention.entry)} & {token.text for token in tokens_of(term.name)}
    return mention.entry if own and not shared and " " in mention.entry else term.name.split(" (")[0]


def _trials(text: str, lexicon: Lexicon) -> Iterator[Named]:
    """Names of trials: words in capitals, and what stands before `trial` or `study` and is no English word."""
    if text.upper() == text and " " in text:
        return
    whole = {(mention.start, mention.end) for mention in lexicon.mentions(text)}
    for match in _CAPITALS.finditer(text):
        inside = lexicon.mentions(match.group())
        if match.span() in whole or any(one.term.id == FIELD or one.term.kind == "product" for one in inside):
            continue
        if not lexicon.countries(match.group()) and not (inside and "-" not in match.group()):
            yield _named("trial", match.group(), match.start())
    for match in _BEFORE_TRIAL.finditer(text):
        word = match.group(1)
        capital = word[0].isupper() and match.start() > 0
        strange = any(map(str.isdigit, word)) or english_count(word.lower()) == 0
        if (capital or strange) and not lexicon.mentions(word) and not lexicon.countries(word):
            yield _named("trial", word, match.start())


def _firms(text: str, lexicon: Lexicon) -> Iterator[Named]:
    """Companies, clinics and institutes: by their last word, or by standing where a maker stands."""
    for match in _OWNER.finditer(text):
        words = match.group(1)
        if not lexicon.countries(words) and not lexicon.terms(words, "agency"):
            yield _named("company", words, match.start(1))
    for match in _FROM.finditer(text):
        word = match.group(1)
        strange = english_count(word.lower()) == 0 or bool(re.search("[a-z][A-Z]", word))
        if strange and not lexicon.countries(word) and not lexicon.terms(word, "agency", "condition", "concept"):
            yield _named("company", word, match.start(1))
    for match in _FIRM.finditer(text):
        words = match.group(1).split()
        while words and (words[0].lower() in STOP_WORDS | _NO_FIRM or not words[0][0].isalpha()):
            words.pop(0)
        if words and not any(word.lower() in STOP_WORDS for word in words):
            name = " ".join([*words, match.group(2)])
            known = lexicon.terms(name, "concept", "agency") or ("clinic" in name.lower() and lexicon.mentions(name))
            if not known or name.istitle() or name.split()[0].isupper():
                yield _named("company", name, match.end() - len(name))


def _places(text: str, lexicon: Lexicon) -> Iterator[Named]:
    for name, start, end in places_in(text, lexicon):
        yield Named("place", name, name, start, end)


def _settings(text: str) -> Iterator[Named]:
    for kind, pattern in (("people", _PEOPLE), ("time", _TIME)):
        for match in pattern.finditer(text):
            yield _named(kind, match.group(), match.start())


def _topics(text: str, lexicon: Lexicon) -> Iterator[Named]:
    """What a question asks the meaning of: `throat cancer` in `What is throat cancer?`."""
    last = re.split(r"(?<=[?.!]) ", text.strip())[0]
    match = _DEFINED.match(last)
    if not match or _NO_SUBJECT.match(match.group("what")):
        return
    start, what = match.start("what"), re.split(r"[?!,;:]|\.(?!\w)", match.group("what"))[0].rstrip()
    while of := _OF.match(what):
        start, what = start + of.end(), what[of.end() :]
    what = re.sub(r"\s+(?:work|start|form|develop|like|for|about)$", "", what)
    bare = re.sub(r"^(?:an?|the|some)\s+", "", what)
    start += len(what) - len(bare)
    definite = what.startswith("the ") and bare == bare.lower() and bare.count(" ") < 2
    if not bare or definite or len(bare.split()) > TOPIC_WORDS or _NO_TOPIC.search(bare):
        return
    kinds = {"condition", "product", "cell-source", "concept", "route", "agency"}
    if any(mention.term.kind in kinds and mention.term.id != FIELD for mention in lexicon.mentions(bare)):
        return
    if {token.text for token in tokens_of(bare)} & {"trial", "study", "difference", "differences"}:
        return
    if not lexicon.mentions(bare) or re.search(r"\b(?:laws?|rules?|acts?|polic\w+)\b", bare, re.I):
        yield _named("topic", bare, start)


def _capitalised(text: str) -> Iterator[Named]:
    """Names that only their capitals tell: inside a sentence, two or more in a row, or of no English word."""
    if text.upper() == text or text.istitle():
        return
    for match in _CAPITALISED.finditer(text):
        words = match.group().rstrip(".'’")
        if words.lower() in _NO_NAME:
            continue
        opens = match.start() == 0 or bool(re.search(r"[.!?:\"“]\s*$", text[: match.start()]))
        if opens:
            first, _, rest = words.partition(" ")
            camel = bool(re.match("[A-Z][a-z]+[A-Z]", first))
            if (english_count(first.lower()) and not camel) or first.lower() in STOP_WORDS or "'" in first:
                if not rest or not rest[0].isupper() or first.lower() not in STOP_WORDS | _OPENERS:
                    continue
                match_start, words = match.start() + len(first) + 1, rest
                yield _named("name", words, match_start)
                continue
        if len(words) > 3 or (words != words.upper() and len(words) > 2):
            yield _named("name", words, match.start())


_NO_NAME = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday christmas".split()
)
_OPENERS = frozenset("describe explain compare does tell how why give show is are was were did has".split())


def _named(kind: str, words: str, start: int) -> Named:
    return Named(kind, words, words.lower(), start, start + len(words))
