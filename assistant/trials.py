"""Links that open the right trial registry's own search, filled in where the registry takes a filled-in address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.lookup import Lookup, Place
from corpus.knowledge import Knowledge, Source, Term
from corpus.lexicon import Lexicon

CELLS = "mesenchymal"
"""The word searched for beside the condition: entries say mesenchymal stem or mesenchymal stromal cells."""

ENDORSEMENT = (
    "A listing in a trial registry is no endorsement: sponsors enter their own studies. Ask for the ethics board, the "
    "regulator's permission and whether you would have to pay."
)
ENDORSEMENT_SOURCE = "nlm-2026-clinicaltrials-disclaimer"

LOOK_FOR = (
    "Recruiting: the status, and the day on which the entry was last updated.",
    "Who may join: age, stage of the disease, treatments tried before.",
    "What is compared: placebo or usual care beside the cells, or no comparison group at all.",
    "The cells: from which tissue and donor, how many, by which route.",
    "Who runs it and who pays: a sound trial does not charge people for the treatment under study.",
    "The ethics board and the regulator's permission: ask the contact named in the entry for both.",
)
"""What to look for in an entry."""

Query = Callable[[str, str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Registry:
    """A trial registry: its search page, and how a search is written into an address where it takes one.

    `query` makes the fields from the condition and the country's name; `by_hand` says what is left to do there.
    """

    id: str
    name: str
    address: str
    query: Query | None = None
    by_hand: str = ""

    def link(self, condition: str, country: str) -> str:
        """The address of the search, filled in if the registry takes that."""
        return f"{self.address}?{urlencode(self.query(condition, country))}" if self.query else self.address


# The forms of the addresses, and where each is described:
# ClinicalTrials.gov: cond, intr, locn and aggFilters=status:rec are the fields that the site itself writes into the
#   address of a search; the library asks for links that search anew, https://clinicaltrials.gov/about-site/link-to
#   (https://clinicaltrials.gov/ct2/about-site/link-to for the classic site).
# ISRCTN: q is the text searched for, https://www.isrctn.com/page/search-tips; the form of the address is the one in
#   the manual of ctrdata, https://cran.r-project.org/package=ctrdata.
# ANZCTR: searchTxt with isBasic=True is the registry's basic search, described at
#   http://www.anzctr.org.au/searchDescription.aspx: words in quotes are found as a phrase, others one by one.
# CTIS: a search cannot be opened by an address. The manual of ctrdata says that CTIS accepts one only with a browser
#   extension: https://rdrr.io/cran/ctrdata/man/ctrOpenSearchPagesInBrowser.html. Its search page is documented at
#   https://euclinicaltrials.eu/search-tips-and-guidance/.
# ICTRP: https://www.who.int/tools/clinical-trials-registry-platform/the-ictrp-search-portal/search-tips describes what
#   to type and no address.
# jRCT, CRIS, ChiCTR and CTRI: no description of a filled-in address was found; CTRI's form asks for a picture code.
REGISTRIES = {
    registry.id: registry
    for registry in (
        Registry(
            "clinicaltrials.gov",
            "ClinicalTrials.gov",
            "https://clinicaltrials.gov/search",
            lambda condition, country: {
                "cond": condition,
                "intr": CELLS,
                **({"locn": country} if country else {}),
                "aggFilters": "status:rec",
            },
        ),
        Registry(
            "ctis",
            "EU Clinical Trials Information System (CTIS)",
            "https://euclinicaltrials.eu/search-for-clinical-trials/",
            by_hand="type the words into “Contain all of these terms”, then choose country and status",
        ),
        Registry(
            "isrctn",
            "ISRCTN registry",
            "https://www.isrctn.com/search",
            lambda condition, country: {"q": f'"{condition}" AND {CELLS}'},
        ),
        Registry(
            "jrct",
            "Japan Registry of Clinical Trials (jRCT)",
            "https://jrct.mhlw.go.jp/en-search",
            by_hand="type the words into the free text field",
        ),
        Registry(
            "cris",
            "Clinical Research Information Service (CRIS)",
            "https://cris.nih.go.kr/cris/index/index.do",
            by_hand="choose English, then type the words into the search field",
        ),
        Registry(
            "chictr",
            "Chinese Clinical Trial Registry (ChiCTR)",
            "https://www.chictr.org.cn/searchprojEN.html",
            by_hand="type the condition into “Target disease” and the word for the cells into “Public title”",
        ),
        Registry(
            "ctri",
            "Clinical Trials Registry - India (CTRI)",
            "https://ctri.nic.in/Clinicaltrials/advancesearchmain.php",
            by_hand="type the words into the keyword field, and the code that the page shows",
        ),
        Registry(
            "anzctr",
            "Australian New Zealand Clinical Trials Registry (ANZCTR)",
            "https://www.anzctr.org.au/TrialSearch.aspx",
            lambda condition, country: {"searchTxt": f'"{condition}"', "isBasic": "True"},
            by_hand=f"look in the results for “{CELLS}” or “stem cells”: the basic search takes one phrase",
        ),
        Registry(
            "ictrp",
            "WHO trial search portal (ICTRP)",
            "https://trialsearch.who.int/",
            by_hand="type the words into the search field; it searches the registries of many countries at once",
        ),
    )
}

BY_COUNTRY = {
    "US": ("clinicaltrials.gov",),
    "EU": ("ctis", "clinicaltrials.gov"),
    "UK": ("isrctn", "clinicaltrials.gov"),
    "JP": ("jrct", "clinicaltrials.gov"),
    "KR": ("cris", "clinicaltrials.gov"),
    "CN": ("chictr", "clinicaltrials.gov"),
    "IN": ("ctri", "clinicaltrials.gov"),
    "CA": ("clinicaltrials.gov",),
    "AU": ("anzctr", "clinicaltrials.gov"),
    "NZ": ("anzctr", "clinicaltrials.gov"),
}
"""The registries of each country, the first one first; everywhere the WHO's portal comes last."""


@dataclass(frozen=True, slots=True)
class TrialLink:
    """A registry's search for a condition; `by_hand` is what is left to do there.

    Where the address is not `filled_in`, `to_type` are the words to type.
    """

    registry: str
    name: str
    url: str
    filled_in: bool
    to_type: str
    by_hand: str


@dataclass(frozen=True, slots=True)
class TrialSearch:
    """Where to find trials for a condition in a country, what to look for, and what a listing does not mean."""

    condition: str
    condition_name: str
    country: str
    place: str
    links: tuple[TrialLink, ...]
    look_for: tuple[str, ...]
    warning: str
    warning_source: Source | None


def trial_search(knowledge: Knowledge, condition: str, country: str) -> TrialSearch:
    """The searches for a condition in a country, both in people's own words.

    Raises:
        UnknownName: the condition or the country is not in the tables.
    """
    lookup = Lookup(knowledge, Lexicon(knowledge))
    term = knowledge.terms[lookup.condition(condition)]
    place = lookup.country(country)
    searched = search_words(term)
    registries = [REGISTRIES[name] for name in (*BY_COUNTRY.get(place.code, ("clinicaltrials.gov",)), "ictrp")]
    return TrialSearch(
        condition=term.id,
        condition_name=term.name,
        country=place.code,
        place=place.name,
        links=tuple(_link(registry, searched, _location(place, country)) for registry in registries),
        look_for=LOOK_FOR,
        warning=ENDORSEMENT,
        warning_source=knowledge.sources.get(ENDORSEMENT_SOURCE),
    )


def search_words(term: Term) -> str:
    """A condition as registries write it."""
    return SEARCHED_AS.get(term.id, term.name)


SEARCHED_AS = {
    "joints": "osteoarthritis",
    "crohns-fistula": "perianal fistula Crohn",
    "cartilage-defect": "cartilage defect",
    "heart-attack": "myocardial infarction",
    "limb-ischaemia": "limb ischemia",
    "anti-ageing": "ageing",
    "brain-and-nerves": "neurological disease",
    "heart-and-circulation": "cardiovascular disease",
    "soft-tissue-defect": "soft tissue defect",
    "bone-fracture": "fracture nonunion",
}
"""Words to search for where a condition's name is not the one that registries use."""


def _location(place: Place, asked: str) -> str:
    """The country as ClinicalTrials.gov writes it; the member state where one was named, none for the whole Union."""
    if place.code == "EU":
        return "" if asked.strip().lower() in ("eu", "eea", "europe", "european union", "other") else asked.strip()
    return "" if place.name == "other countries" else place.name.removeprefix("the ")


def _link(registry: Registry, condition: str, country: str) -> TrialLink:
    return TrialLink(
        registry=registry.id,
        name=registry.name,
        url=registry.link(condition, country),
        filled_in=registry.query is not None,
        to_type="" if registry.query else f"{CELLS} {condition}",
        by_hand=registry.by_hand,
    )
