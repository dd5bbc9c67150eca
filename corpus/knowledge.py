"""Typed access to the tables beside the documents."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict

from corpus.locations import CORPUS_DIR
from corpus.tables import Row, load_rows

_STRICT = ConfigDict(extra="forbid")
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

EVIDENCE = (
    "regulator",
    "guideline",
    "meta-analysis",
    "rct",
    "single-arm",
    "observational",
    "case-report",
    "preclinical",
    "review",
    "company",
    "news",
    "unspecified",
)
"""Grades of evidence, strongest first."""

SECONDARY = ("review", "news", "unspecified")
"""Grades that report what others found; every other grade is a primary source."""

ASKER_COUNTRIES = ("US", "EU", "UK", "JP", "KR", "CN", "IN", "CA", "AU", "other")
"""Codes that a question may carry."""


def _check_partial_date(value: str) -> str:
    if not _PARTIAL_DATE.fullmatch(value):
        raise ValueError("must be YYYY, YYYY-MM or YYYY-MM-DD")
    if value.count("-") == 2:
        date.fromisoformat(value)
    return value


PartialDate = Annotated[str, BeforeValidator(str), AfterValidator(_check_partial_date)]
"""A date as exact as it is known: `2017`, `2017-06` or `2017-06-02`; compares as text."""

Evidence = Literal[
    "regulator",
    "guideline",
    "meta-analysis",
    "rct",
    "single-arm",
    "observational",
    "case-report",
    "preclinical",
    "review",
    "company",
    "news",
    "unspecified",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A published text that statements rest on."""

    __pydantic_config__ = _STRICT

    key: str
    title: str
    publisher: str
    url: str
    issued: PartialDate | None
    accessed: PartialDate | None = None
    evidence: Evidence
    doi: str | None = None
    retracted: bool = False

    @property
    def primary(self) -> bool:
        """Whether it is a first-hand account: a regulator, a study, a company about its own product."""
        return self.evidence not in SECONDARY

    @property
    def strength(self) -> int:
        """Rank of its grade of evidence; 0 is the strongest."""
        return EVIDENCE.index(self.evidence)


EventKind = Literal["approved", "conditional", "renewed", "withdrawn", "lapsed", "refused", "application-withdrawn"]
AgeGroup = Literal["children", "adults"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated decision on a product."""

    __pydantic_config__ = _STRICT

    date: PartialDate
    event: EventKind
    until: PartialDate | None = None
    terms: str = ""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """What a regulator decided about a product for one condition, in order of date.

    `covers` names the age groups that the decision names; it is empty where the sources do not say.
    `known_up_to` is the last day for which a source on its status was read.
    """

    __pydantic_config__ = _STRICT

    country: str
    condition: str
    population: str = ""
    covers: tuple[AgeGroup, ...] = ()
    indication: str
    route: str = ""
    known_up_to: PartialDate
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """A status that is no approval: RMAT, orphan, breakthrough, IND, hospital exemption and the like.

    `kind` is the id of a row of `notapprovals.yaml`.
    """

    __pydantic_config__ = _STRICT

    country: str
    kind: str
    date: PartialDate | None = None
    condition: str = ""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What a product is made of. `cultured_msc` is false for look-alikes."""

    __pydantic_config__ = _STRICT

    tissue: str
    donor: str
    cultured_msc: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A cell product and what regulators decided about it."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    generic: str
    company: str
    cells: Cells
    note: str = ""
    note_sources: tuple[str, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    designations: tuple[Designation, ...] = ()

    @property
    def full_name(self) -> str:
        """Brand name, with the generic name in brackets where it differs."""
        return f"{self.name} ({self.generic})" if self.generic and self.generic != self.name else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApproval:
    """Something that sounds like an approval and is none. `patterns` find it in a question; `text` says what it is."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    patterns: tuple[str, ...]
    text: str
    sources: tuple[str, ...]


TermKind = Literal["condition", "product", "agency", "route", "cell-source", "concept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A condition, product, agency, route, cell source or concept, and the words people use for it.

    `covered` is false for a condition that people ask about and no document is about: known by
    name so that an answer on it is not made up from what is said of others.
    """

    __pydantic_config__ = _STRICT

    id: str
    kind: TermKind
    name: str
    parent: str = ""
    covered: bool = True
    synonyms: tuple[str, ...] = ()
    lay: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Every way of writing it, the name first."""
        return tuple(dict.fromkeys((self.name, *self.synonyms, *self.lay, *self.misspellings)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A country's medicines regulator."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    full: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Up to which day a country's approvals are known, and where they can be looked up."""

    __pydantic_config__ = _STRICT

    known_up_to: PartialDate
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An emergency number, a reporting scheme or a registry."""

    __pydantic_config__ = _STRICT

    name: str = ""
    number: str = ""
    url: str = ""
    phone: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A jurisdiction that a question may come from."""

    __pydantic_config__ = _STRICT

    code: str
    name: str
    words: tuple[str, ...]
    agency: Agency
    approvals: Approvals
    none_approved: str = ""
    emergency: Contact
    report: Contact
    trials: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """Something that unproven clinics say or do, and why it is a warning.

    `only_sold` is true of what is a warning only where a treatment is for sale, and not in a trial that is free.
    """

    __pydantic_config__ = _STRICT

    id: str
    name: str
    patterns: tuple[str, ...] = ()
    why: str
    only_sold: bool = False
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """The tables of a corpus folder, keyed by id; `lines` holds (file, line) of each row."""

    folder: Path
    sources: dict[str, Source]
    products: dict[str, Product]
    terms: dict[str, Term]
    countries: dict[str, Country]
    red_flags: dict[str, RedFlag]
    not_approvals: dict[str, NotApproval]
    lines: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)
    repeated: tuple[tuple[str, str, int], ...] = ()

    @cached_property
    def version(self) -> str:
        """A short digest of the tables: changes whenever one of them does."""
        digest = hashlib.sha256()
        for name in TABLES:
            digest.update((self.folder / name).read_bytes())
        return digest.hexdigest()[:12]

    def cited(self, keys: tuple[str, ...]) -> tuple[Source, ...]:
        """The sources of these keys that may be cited, strongest evidence first; retracted ones left out."""
        known = [self.sources[key] for key in keys if key in self.sources]
        return tuple(sorted((s for s in known if not s.retracted), key=lambda source: source.strength))


TABLES = ("sources.yaml", "products.yaml", "conditions.yaml", "countries.yaml", "redflags.yaml", "notapprovals.yaml")


def load_knowledge(folder: Path = CORPUS_DIR) -> Knowledge:
    """The tables of a corpus folder.

    Raises:
        TableFault: a table is missing or has a fault; the message names file and line.
    """
    lines: dict[tuple[str, str], int] = {}
    repeated: list[tuple[str, str, int]] = []

    def keyed(name: str, row_type: type[Row], key: str = "id") -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for row, line in load_rows(folder / name, row_type):
            identity = getattr(row, key)
            if identity in rows:
                repeated.append((name, identity, line))
            rows[identity] = row
            lines[name, identity] = line
        return rows

    return Knowledge(
        folder=folder,
        sources=keyed("sources.yaml", Source, "key"),
        products=keyed("products.yaml", Product),
        terms=keyed("conditions.yaml", Term),
        countries=keyed("countries.yaml", Country, "code"),
        red_flags=keyed("redflags.yaml", RedFlag),
        not_approvals=keyed("notapprovals.yaml", NotApproval),
        lines=lines,
        repeated=tuple(repeated),
    )
