"""What is found in the text of somebody who offers treatments."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.advert import Words
from assistant.redflags import Found
from corpus.knowledge import Contact, Source

CLOSING = "This says what was found in the text and in the library. It is no judgement of whoever wrote it."


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that a text offers, by the name that the library has for it, and the words that name it."""

    kind: str
    name: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class StatusFound:
    """What the product table says of something offered."""

    about: str
    text: str
    known_up_to: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that a sound offer states and the text does not, and what to ask."""

    id: str
    name: str
    ask: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LibraryQuote:
    """A sentence of the library, where it stands, and its strongest source."""

    quote: str
    document_id: str
    title: str
    section: str
    start: int
    end: int
    source: Source


@dataclass(frozen=True, slots=True)
class ClaimFound:
    """A claim of the text: `supported`, `contradicted` or `nothing found`, and the library's nearest words."""

    words: Words
    verdict: str
    why: str
    quotes: tuple[LibraryQuote, ...]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where to check and to report in a country."""

    regulator: str
    regulator_url: str
    report: Contact
    trials: Contact


@dataclass(frozen=True, slots=True)
class ClinicReport:
    """Everything that was found. `country` is a code; `other` where the text is from none that the tables describe."""

    as_of: str
    country: str
    place: str
    offers: tuple[Offered, ...]
    statuses: tuple[StatusFound, ...]
    red_flags: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]
    claims: tuple[ClaimFound, ...]
    where: Contacts | None
    closing: str = CLOSING
