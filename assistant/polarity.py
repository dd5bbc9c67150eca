"""Whether a claim points the same way as its quotes: what they negate it negates, and no word becomes its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from corpus.lexicon import STOP_WORDS
from index.lexical import stem_set, stems

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|nobody|nothing|nowhere|without|cannot|lack(?:s|ed|ing)?|fail(?:s|ed)?|miss(?:ed|es)"
    r"|refus\w+|withdr\w+|denied|reject\w+|forbid\w*|unapproved|unproven|unlikely|unclear|unknown|uncertain|wrongly)\b|n't\b",
    re.I,
)
_NEGATIVE = re.compile(
    _NEGATION.pattern
    + r"|\b(?:missing|absen(?:t|ce)|failure|den(?:y|ies)|prohibit\w*|ban(?:s|ned)?|rul(?:e|ed|es) out|"
    r"turn(?:s|ed)? down|exclude[sd]?|prevent\w*|stop(?:s|ped)?|unblinded|uncontrolled|unauthorised|unsafe|unable|"
    r"impossible|ineligible|incapable|rarely|hardly|barely|little|few(?:er)?|limited|disagree\w*|differ\w*|far from|"
    r"instead of|rather than|other than|free of|too (?!much)\w+ (?:and too \w+ )?to|only|except|falsely)\b"
    r"|\bnon-?\w+|\b\w+-free\b",
    re.I,
)
"""Everything that may say in other words what a `not` says."""
_CLAUSE = re.compile(r"[,;:()]|\s[-–—]\s|\b(?:but|while|whereas|although|though|because|which|who|and)\b", re.I)
DENIED = 0.6
"""Share of a negated clause's words from which a claim is about the same."""
DENYING = 0.5
"""Share of a claim's negated clause from which a quote is about the same."""

_OPPOSITES = """
more greater higher larger bigger longer above exceed* increas* rise rises rising rose risen raise* gain* grew upper
| less fewer lower smaller shorter below decreas* fall falls falling fell fallen reduc* declin* drop* lowered lowers

most highest largest longest biggest greatest maximum | least lowest smallest shortest fewest minimum lesser
high | low
met reached achieved succeeded | missed failed
improv* better benefit* | wors* deteriorat* harm*
best | worst
early earlier | late later latest
before | after
many much | few little
majority | minority
strong* strength* | weak*
severe severest serious | mild* minor
safe safely safer | unsafe dangerous*
older over elderly | younger under
children child paediatric pediatric kids boys girls infants teenagers | adult adults
men man male males | women woman female females
promot* encourag* stimulat* activat* enhanc* boost* | inhibit* suppress* block* curb* dampen* hinder* hamper*
fast* quick* rapid* | slow*
common* often* frequent* | rare* uncommon seldom
easy easier easily | hard harder difficult*
narrower narrow | wider wide broad*
acute | chronic
likely | unlikely
clear clearer | unclear
public | private
inside within | outside beyond
opened opens | closed closes
mandatory compulsory required obligatory | voluntary optional
add* includ* | remov* omit* exclud*
free unpaid | paid charge*
gained won | lost
supported upheld | overturned
part partly | whole entire* fully
similar* alike equal* | differ differs differed different unlike
allow* permit* | forbid* prohibit* ban banned
approved authorised licensed | refused rejected unapproved unlicensed
autologous own | allogeneic donor donated
fresh | frozen thawed
random* | non-randomised uncontrolled unrandomised
positive* | negative*
thin | thick
tiny small | huge large
long | short
expensive dearer costlier | cheap cheaper
started began begun opened | stopped ended halted closed
"""
"""Words of one side, a bar, words of the other; a star stands for any ending."""
AROUND = 5
"""Content words on each side of a word that tell what it is said of."""
SHARED = 3
"""How many of them a word and its opposite have in common where they are said of the same."""
_COMPARES = re.compile(
    r"(?:more|less|fewer|over|under|above|below|within)(?= (?:than )?(?:\d|half|a |one |two |three ))", re.I
)
_WORD = re.compile(r"[A-Za-z0-9][\w'-]*(?:[.,]\d+)*%?")


def negates(text: str) -> bool:
    """Whether a text has a word that negates."""
    return bool(_NEGATION.search(text))


def contradictions(claim: str, quotes: Sequence[str]) -> list[str]:
    """What a claim says the other way round than its quotes, each in a few words."""
    found = ["negated in the quotes alone"] if _denied(claim, quotes) else []
    if _denies(claim, quotes):
        found.append("negated in the claim alone")
    return found + [f"“{mine}” for “{theirs}”" for mine, theirs in _opposed(claim, quotes)]


def _denied(claim: str, quotes: Iterable[str]) -> bool:
    """Whether the quotes negate a clause that the claim states, and the claim has no word that could do the same."""
    if _NEGATIVE.search(claim):
        return False
    said = stem_set(claim)
    for quote in quotes:
        for clause in _clauses(quote):
            if _NEGATION.search(clause):
                about = _about(clause)
                if len(about) < 2:  # `but MSCs cannot` denies of another what the rest of the quote says
                    about = _about(quote) if about <= said else frozenset()
                if len(about) > 1 and _share(about, said) >= DENIED:
                    return True
    return False


def _denies(claim: str, quotes: Iterable[str]) -> bool:
    """Whether the claim negates a clause that the quotes state."""
    for clause in _clauses(claim):
        if _NEGATION.search(clause):
            about = _about(clause)
            about = about if len(about) > 1 else stem_set(claim)
            alike = [quote for quote in quotes if _share(about, stem_set(quote)) >= DENYING]
            if alike and not any(_NEGATIVE.search(quote) for quote in alike):
                return True
    return False


def _clauses(text: str) -> list[str]:
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if text[start:end].strip()]


def _about(clause: str) -> frozenset[str]:
    """The stems of a clause but for those of its negation."""
    return frozenset(stem_set(_NEGATION.sub(" ", clause)))


def _share(some: Iterable[str], others: Iterable[str]) -> float:
    wanted = set(some)
    return len(wanted & set(others)) / len(wanted) if wanted else 0.0


def _opposed(claim: str, quotes: Sequence[str]) -> list[tuple[str, str]]:
    """Words of the claim for which the quotes, of the same thing, say the opposite: the claim's word and theirs.

    A word counts as its opposite where it is negated and the other is not.
    """
    theirs = [one for quote in quotes for one in _directions(quote)]
    found = []
    for mine in _directions(claim):
        agreeing, against, opposite = 0, 0, ""
        for other in theirs:
            alike = _alike(mine, other)
            shared = len(mine.around & other.around)
            if alike:
                agreeing = max(agreeing, shared)
            elif alike is False and shared > against:
                against, opposite = shared, other.word
        if against >= SHARED and against > agreeing:
            found.append((mine.word, opposite))
    return found


@dataclass(frozen=True, slots=True)
class _Direction:
    """A word that has an opposite: whether it is negated, its pairs and sides, and the stems around it."""

    word: str
    negated: bool
    sides: frozenset[tuple[int, int]]
    around: frozenset[str]


def _alike(mine: _Direction, other: _Direction) -> bool | None:
    """Whether two words point the same way; None where they have no pair in common, or one denies what both say."""
    for pair, side in mine.sides:
        if (pair, side) in other.sides:
            return True if mine.negated == other.negated else None
        if (pair, 1 - side) in other.sides:
            return mine.negated != other.negated
    return None


def _directions(text: str) -> list[_Direction]:
    words = list(_WORD.finditer(text))
    content = [_stem(match.group().lower()) for match in words]
    found = []
    for place, match in enumerate(words):
        sides = _sides(match.group().lower())
        if not sides or _COMPARES.match(text, match.start()):
            continue
        before = [stem for stem in content[:place] if stem][-AROUND:]
        behind = [stem for stem in content[place + 1 :] if stem][:AROUND]
        clause = _clauses(text[: match.start()] or " ")
        negated = bool(clause and _NEGATION.search(clause[-1]))
        found.append(_Direction(match.group(), negated, sides, frozenset((*before, *behind))))
    return found


def _stem(word: str) -> str:
    """The stem of a word that says something, else nothing."""
    return "" if word in STOP_WORDS else next(iter(stems(word)), "")


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, set[tuple[int, int]]], dict[str, set[tuple[int, int]]]]:
    """The sides of whole words, and those of beginnings of words."""
    whole: dict[str, set[tuple[int, int]]] = {}
    openings: dict[str, set[tuple[int, int]]] = {}
    lines = re.sub(r"\n\|", " |", _OPPOSITES.strip()).splitlines()
    for pair, line in enumerate(filter(None, lines)):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                table = openings if word.endswith("*") else whole
                table.setdefault(word.rstrip("*"), set()).add((pair, side))
    return whole, openings


@lru_cache(maxsize=20_000)
def _sides(word: str) -> frozenset[tuple[int, int]]:
    """For each pair of opposites that a word (lower case) belongs to: the pair and the side, 0 or 1."""
    whole, openings = _table()
    found = set(whole.get(word, ()))
    for length in range(3, len(word) + 1):
        found |= openings.get(word[:length], set())
    return frozenset(found)
