"""Renders the product table into documents, one a country, so that a status can be quoted word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.approvals import OPEN
from corpus.documents import Document, SourceSpan, content_hash
from corpus.knowledge import Authorisation, Country, Event, Knowledge, Product
from corpus.plaintext import Block, Section

MONTHS = ("January February March April May June July August September October November December").split()

_VERBS = {
    "approved": "was approved",
    "conditional": "was given conditional approval",
    "renewed": "had its approval renewed",
    "refused": "was refused approval",
}

_DECIDED_BY = {"EU": "the European Commission", "UK": ""}
"""Who decides where it is not the agency of `countries.yaml`; empty where a decision came from elsewhere."""


def day(date: str) -> str:
    """A partial date in words: `18 December 2024`, `May 2012`, `2016`."""
    parts = date.split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def on(date: str) -> str:
    """A partial date with its preposition: `on 18 December 2024`, `in May 2012`."""
    return ("on " if date.count("-") == 2 else "in ") + day(date)


def event_sentence(product: Product, held: Authorisation, event: Event, place: str, agency: str) -> str:
    """One dated decision as a sentence that stands alone."""
    if event.event in ("withdrawn", "lapsed"):
        ended = "was withdrawn" if event.event == "withdrawn" else "ran out"
        sentence = f"The approval of {product.full_name} in {place} for {held.indication} {ended} {on(event.date)}"
    elif event.event == "application-withdrawn":
        applied = f"The application to approve {product.full_name} in {place} for {held.indication}"
        sentence = f"{applied} was withdrawn {on(event.date)}"
    else:
        by = f" by {agency}" if agency else ""
        sentence = f"{product.full_name} {_VERBS[event.event]} in {place} {on(event.date)}{by} for {held.indication}"
    if event.until:
        sentence += f", limited in time until {day(event.until)}"
    if event.terms:
        sentence += f" ({event.terms.rstrip('.')})"
    return sentence[0].upper() + sentence[1:] + "."


def known_sentence(product: Product, known_up_to: str, place: str) -> str:
    """Up to when the status of a product's approvals in a country is known, as a sentence that stands alone."""
    status = f"The status of {product.full_name} in {place}"
    return f"{status} is known to this library up to {day(known_up_to)} and not after that."


NOT_APPROVALS = "register-not-approvals"
"""Id of the document that says what is no approval."""
PRODUCTS = "register-products"
"""Id of the document that says what each product is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of a register document. One that is not `found` can be quoted and is no passage of the index."""

    heading: str
    sentence: str
    keys: tuple[str, ...]
    found: bool = True


def register_documents(knowledge: Knowledge) -> list[Document]:
    """One document for each country in which a product was decided upon, or which the tables describe; one of what is
    no approval; one of what each product is.
    """
    codes = dict.fromkeys(
        [code for code in knowledge.countries if code != "other"]
        + [held.country for product in knowledge.products.values() for held in product.authorisations]
    )
    documents = [_country_register(knowledge, code) for code in codes]
    title = "What is not an approval: designations, exemptions, registrations and listings"
    kinds = [
        Line(row.name[0].upper() + row.name[1:], row.text, row.sources) for row in knowledge.not_approvals.values()
    ]
    documents.append(_document(knowledge, NOT_APPROVALS, title, kinds, "notapprovals.yaml"))
    documents.append(
        _document(knowledge, PRODUCTS, "What each MSC product is made of", _made_of(knowledge), "products.yaml")
    )
    return [document for document in documents if document is not None]


def place_name(knowledge: Knowledge, code: str) -> str:
    """A country's name as it reads after `in`."""
    country = knowledge.countries.get(code)
    return country.name if country else OTHER_PLACES.get(code, code)


OTHER_PLACES = {
    "NZ": "New Zealand",
    "CH": "Switzerland",
    "IL": "Israel",
    "RS": "Serbia",
    "DE": "Germany",
}
"""Countries of the product table from which no question comes."""


def agency_name(knowledge: Knowledge, code: str) -> str:
    """Who decides on approvals in a country, as it reads after `by`; empty where that is not known."""
    if code in _DECIDED_BY:
        return _DECIDED_BY[code]
    country = knowledge.countries.get(code)
    if country is None:
        return ""
    return f"the {country.agency.name}" if country.agency.name.isupper() else country.agency.name


def _country_register(knowledge: Knowledge, code: str) -> Document | None:
    place = place_name(knowledge, code)
    country = knowledge.countries.get(code)
    lines = [*_sections(knowledge, code, place), *_known(knowledge, code, place), *_closing(country)]
    title = f"Approvals of MSC products in {place}, by date"
    return _document(knowledge, f"register-{code.lower()}", title, lines, "products.yaml")


def _document(knowledge: Knowledge, name: str, title: str, lines: Iterable[Line], table: str) -> Document | None:
    """The lines as a document of sections; None where there are none."""
    text = ""
    sections: list[Section] = []
    blocks: list[Block] = []
    spans: list[SourceSpan] = []
    for line in lines:
        if not sections or sections[-1].title != line.heading:
            text += "\n\n" if text else ""
            sections.append(Section(line.heading, len(text), len(text)))
            text += line.heading
        text += "\n\n"
        start = len(text)
        text += line.sentence
        if line.found:
            blocks.append(Block(start, len(text)))
        spans.append(SourceSpan(start, len(text), line.keys))
    if not text:
        return None
    ends = [section.start for section in sections[1:]] + [len(text)]
    return Document(
        id=name,
        title=title,
        text=text,
        sections=tuple(Section(s.title, s.start, end) for s, end in zip(sections, ends, strict=True)),
        blocks=tuple(blocks),
        topic="regulation",
        source_spans=tuple(spans),
        path=str(knowledge.folder / table),
        content_hash=content_hash(text.encode()),
    )


def _sections(knowledge: Knowledge, code: str, place: str) -> Iterator[Line]:
    """Every decision on each product in a country."""
    agency = agency_name(knowledge, code)
    for product in knowledge.products.values():
        for held in product.authorisations:
            if held.country == code:
                for event in held.events:
                    sentence = event_sentence(product, held, event, place, agency)
                    yield Line(f"{product.full_name} in {place}", sentence, event.sources)


def _made_of(knowledge: Knowledge) -> Iterator[Line]:
    """What each product of cultured MSC is, in a sentence that rests on the sources of its first decision."""
    for product in knowledge.products.values():
        events = [event for held in product.authorisations for event in held.events]
        if events and product.cells.cultured_msc:
            donor = {"allogeneic": "donated", "autologous": "the patient's own"}.get(product.cells.donor, "")
            cells = f"mesenchymal stromal cells (MSC) from {donor} {product.cells.tissue}".replace("  ", " ")
            sentence = f"{product.full_name} is a product made of {cells}, by {product.company}."
            yield Line(f"What {product.full_name} is", sentence, events[0].sources)


def _known(knowledge: Knowledge, code: str, place: str) -> Iterator[Line]:
    """Up to when the status of each product that was approved in a country is known.

    No passages of the index: they name a product and a country, and answer no question but the one on status, whose
    answer quotes them by itself.
    """
    for product in knowledge.products.values():
        known: dict[str, tuple[str, ...]] = {}
        for held in product.authorisations:
            if held.country == code and any(event.event in OPEN for event in held.events):
                keys = (*known.get(held.known_up_to, ()), *held.events[-1].sources)
                known[held.known_up_to] = tuple(dict.fromkeys(keys))
        for known_up_to, sources in known.items():
            sentence = known_sentence(product, known_up_to, place)
            yield Line(f"Up to when approvals in {place} are known", sentence, sources, found=False)


def _closing(country: Country | None) -> Iterator[Line]:
    if country is None or country.code == "other":
        return
    heading = f"Which MSC products are approved in {country.name}"
    if country.none_approved:
        yield Line(heading, country.none_approved, country.approvals.sources)
    else:
        known = day(country.approvals.known_up_to)
        sentence = f"No other approval of an MSC product in {country.name} is known up to {known}."
        yield Line(heading, sentence, country.approvals.sources)
