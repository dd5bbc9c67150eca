"""What a question names and which shape of answer it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.answer import Audience, Turn
from assistant.errors import BadQuestion
from corpus.knowledge import ASKER_COUNTRIES, Term
from corpus.lexicon import Lexicon

MAX_CHARACTERS = 8_000
"""Longest question taken: about two pages; the embedder reads the first 256 word pieces of it."""

Shape = Literal["status", "yes-no", "number", "comparison", "list", "definition", "why", "general"]

_AGENCY = (
    r"(?:fda|ema|mhra|tga|pmda|mhlw|mfds|kfda|nmpa|cdsco|cdscos|health canada|regulators?|agenc(?:y|ies)|authorit(?:y|ies)|"
    r"government|ministry)"
)
_STATUS = re.compile(
    r"\b(approv\w*|licen[sc]e[ds]?|authori[sz]\w*|legal\w*|illegal\w*|permitted|allowed|cleared|marketing authori\w+|"
    r"withdrawn|withdrew|(?:on|onto|to) the market|available|refused|rejected|banned|register of|on sale|artg|purple book|"
    r"registered(?! (?:at|on|as|trial|stud|nurse|clinic|practition|charit))|green light|go-ahead|be prescribed|"
    rf"{_AGENCY} (?:has |have |had )?(?:ever |yet |already |so far )?(?:passed|let|okayed|accepted|said yes)|"
    rf"passed (?:by )?(?:a |the |any )?{_AGENCY}|"
    r"(?:regulatory|approval|licen[cs]ing) status|status of)\b",
    re.I,
)
_GETS = re.compile(
    r"\b(?:can|could|may) (?:i|he|she|we|they|you|people|someone|(?:my|our|a) [\w-]+) (?:still |already |now |also )?"
    r"(?:have|get|buy|receive|be given|be treated with)\b",
    re.I,
)
"""What asks, of a product that it names, whether one may have it."""
_COMPARISON = re.compile(
    r"\b(versus|vs\.?|compared? (?:to|with)|better than|or (?:from )?|difference between|differ)\b", re.I
)
_NUMBER = re.compile(
    r"\b(how (?:many|much|often|long|big|large|old|strong)|what (?:percentage|percent|share|proportion|rate|dose|number|year|date)"
    r"|when (?:was|did|is|were|will)|since when|response rate|p[- ]value)\b",
    re.I,
)
_LIST = re.compile(
    r"\b(which|what) (?:\w+ ){0,3}?(risks?|harms?|side effects?|dangers|products?|sources?|types?|kinds|signs|"
    r"conditions|diseases|countries|questions|molecules|factors|criteria|markers|trials|mechanisms|steps|options)\b|"
    r"\b(list|name) (?:the|all|some|of)\b|\bwhat (?:are|can go wrong)\b|\bwhere do\b",
    re.I,
)
_DEFINITION = re.compile(
    r"^(?:so )?(?:what(?:'s| is| are| does)|who (?:is|are)|define|explain|tell me (?:about|what))\b", re.I
)
_WHY = re.compile(r"\b(why|how come|how do(?:es)?|how would|mechanism)\b", re.I)
_YES_NO = re.compile(
    r"(?:^|[,.;:!?] |\bplease )(?:so |but |and |then )?(is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|may|might)"
    r"(?:n't)?\b",
    re.I,
)
_YEAR = re.compile(
    r"\b(?:in|as of|during|back in|at the end of|until|by) (?:(\d{1,2}) )?(?:([a-z]{3,9}) )?(20\d\d)\b", re.I
)
_TAKES_TIME = re.compile(r"\b(was|were|had|did|used to|back then|at that time|as of)\b", re.I)


_ORIGIN = re.compile(
    r"\bwhere\b.{0,60}\b(?:come|comes|came|coming|taken|got|gotten|obtained|harvested|collected)(?: \w+)? from\b", re.I
)


def search_words(text: str) -> str:
    """The words by which a question is looked up: "where do they come from" asks for their sources."""
    return f"{text} sources" if _ORIGIN.search(text) else text


@dataclass(frozen=True, slots=True)
class Request:
    """A question as it came in. `country` is the asker's."""

    question: str
    history: tuple[Turn, ...] = ()
    country: str = "other"
    audience: Audience = "patient"
    as_of: date = date.min


def make_request(
    question: str,
    history: tuple[Turn, ...] = (),
    country: str | None = None,
    audience: str | None = None,
    as_of: date | None = None,
    *,
    today: date,
) -> Request:
    """A checked request.

    Raises:
        BadQuestion: the question is empty or too long, or the country, audience or date is not usable.
    """
    words = _encodable(question).strip()
    if not words:
        raise BadQuestion("the question is empty: write what you would like to know about MSC therapy.")
    if len(words) > MAX_CHARACTERS:
        raise BadQuestion(
            f"the question has {len(words):,} characters, {MAX_CHARACTERS:,} are the most: ask the part that matters."
        )
    code = country or "other"
    known = {name.lower(): name for name in ASKER_COUNTRIES}
    if code.lower() not in known:
        raise BadQuestion(f"unknown country '{code}': use one of {', '.join(ASKER_COUNTRIES)}.")
    if audience not in (None, "patient", "clinician"):
        raise BadQuestion(f"unknown audience '{audience}': use patient or clinician.")
    if as_of and as_of > today:
        raise BadQuestion(f"{as_of} is in the future: give today's date ({today}) or an earlier one.")
    if not re.search(r"\w", words):
        raise BadQuestion("the question has no words: write what you would like to know about MSC therapy.")
    history = tuple(Turn(turn.role, _encodable(turn.content)) for turn in history)
    return Request(
        words, history, known[code.lower()], "clinician" if audience == "clinician" else "patient", as_of or today
    )


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no encoder takes, as question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a standalone question is about.

    `place` is the country whose rules matter: the one that the question names, else the asker's.
    `day` is the date that the question asks about.
    """

    text: str
    shape: Shape
    asks_status: bool
    yes_no: bool
    conditions: tuple[Term, ...]
    products: tuple[Term, ...]
    cells: tuple[Term, ...]
    routes: tuple[Term, ...]
    agencies: tuple[Term, ...]
    concepts: tuple[Term, ...]
    places: tuple[str, ...]
    place: str
    day: date

    @property
    def named(self) -> tuple[Term, ...]:
        """Everything that the question names, countries apart."""
        return (*self.conditions, *self.products, *self.cells, *self.routes, *self.agencies, *self.concepts)


def read_subject(text: str, request: Request, lexicon: Lexicon) -> Subject:
    """The subject of a standalone question."""
    terms = lexicon.terms(text)
    agencies = tuple(term for term in terms if term.kind == "agency")
    products = tuple(term for term in terms if term.kind == "product")
    places = lexicon.countries(text) or [c for c in (AGENCY_COUNTRY.get(term.id) for term in agencies) if c]
    return Subject(
        text=text,
        shape=_shape(text),
        asks_status=bool(_STATUS.search(text) or (products and _GETS.search(text))),
        yes_no=bool(_YES_NO.search(text)) and not _NUMBER.search(text),
        conditions=tuple(term for term in terms if term.kind == "condition"),
        products=products,
        cells=tuple(term for term in terms if term.kind == "cell-source"),
        routes=tuple(term for term in terms if term.kind == "route"),
        agencies=agencies,
        concepts=tuple(term for term in terms if term.kind == "concept"),
        places=tuple(places),
        place=places[0] if places else request.country,
        day=_day_asked(text, request.as_of),
    )


AGENCY_COUNTRY = {
    "fda": "US",
    "ftc": "US",
    "ema": "EU",
    "mhra": "UK",
    "pmda": "JP",
    "mhlw": "JP",
    "mfds": "KR",
    "nmpa": "CN",
    "cdsco": "IN",
    "icmr": "IN",
    "health-canada": "CA",
    "tga": "AU",
}
"""The country for which each agency of `conditions.yaml` decides."""


def _shape(text: str) -> Shape:
    if _STATUS.search(text):
        return "status"
    if _NUMBER.search(text):
        return "number"
    if _COMPARISON.search(text):
        return "comparison"
    if _LIST.search(text):
        return "list"
    if _YES_NO.search(text):
        return "yes-no"
    if _WHY.search(text):
        return "why"
    if _DEFINITION.search(text.strip()):
        return "definition"
    return "general"


def _day_asked(text: str, today: date) -> date:
    """The end of the year (or the day) that a question in the past tense names; else today."""
    match = _YEAR.search(text)
    if not match or not _TAKES_TIME.search(text):
        return today
    year = int(match.group(3))
    return min(today, date(year, 12, 31))
