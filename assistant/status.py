"""Answers questions about approvals from the register: the product table's sentences, quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.draft import DraftClaim
from assistant.evidence import Quote
from assistant.question import Request, Subject
from assistant.regulation import Regulation, Standing, begins
from corpus.documents import Document
from corpus.lexicon import names
from index.retriever import cited
from index.store import Generation

MAX_SENTENCES = 5

NOT_MSC = ("exosomes", "secretome", "hsct", "prp")
"""Concepts that are offered in the place of MSC: an approval of an MSC product says nothing of them."""

_ADULTS = re.compile(r"\badults?\b", re.I)
_CHILDREN = re.compile(r"\b(?:child(?:ren)?|kids?|bab(?:y|ies)|infants?|pa?ediatric|teenagers?)\b", re.I)
_DENIES = re.compile(
    r"\b(?:not|never|un(?:approved|licensed|authori[sz]ed)|illegal\w*|withdr\w+|refus\w+|reject\w+|bann\w+|denied)\b|n't\b",
    re.I,
)


class StatusAnswerer:
    """Claims about what is approved where, each resting on sentences of the register."""

    def __init__(self, regulation: Regulation) -> None:
        self._regulation = regulation

    def draft(self, subject: Subject, request: Request, generation: Generation) -> list[DraftClaim]:
        """The claims that answer a question about status; empty where it is none, or the index has no register."""
        if not subject.asks_status or "register-us" not in generation.documents:
            return []
        if not subject.products and any(term.id in NOT_MSC for term in subject.concepts):
            return []
        places = [place for place in (subject.places or (subject.place,)) if place != "other"]
        if not (subject.conditions or subject.products or self._asks_what_is_approved(subject)):
            return []
        claims: list[DraftClaim] = []
        for place in places:
            claims += self._in_place(subject, place, generation)
        if not places or (not self._open(subject, places) and (subject.conditions or subject.products)):
            claims += self._elsewhere(subject, places, generation)
        return _distinct(claims)[: MAX_SENTENCES + 2 * max(0, len(places) - 1)]

    @staticmethod
    def _asks_what_is_approved(subject: Subject) -> bool:
        lowered = subject.text.lower()
        return any(word in lowered for word in ("approv", "authori", "licen", "on the market", "cleared"))

    def _standings(self, subject: Subject, place: str | None) -> list[Standing]:
        found = self._regulation.standings(
            subject.day,
            country=place,
            conditions=[term.id for term in subject.conditions],
            products=[term.id for term in subject.products],
        )
        if not found and subject.products and subject.conditions:
            found = self._regulation.standings(subject.day, country=place, products=[t.id for t in subject.products])
        return found

    def _open(self, subject: Subject, places: Sequence[str]) -> bool:
        return any(one.open for place in places for one in self._standings(subject, place))

    def _in_place(self, subject: Subject, place: str, generation: Generation) -> Iterator[DraftClaim]:
        standings = self._standings(subject, place)
        held = [one for one in standings if one.open]
        if held or not standings:
            if not held:
                yield from self._none_here(subject, place, generation)
            for one in held:
                about = not subject.conditions or any(
                    self._regulation.matches(one.held.condition, term.id) for term in subject.conditions
                )
                yield from self._claims(one, generation, _lead(subject, one) if about else "")
        else:
            for one in standings:
                yield from self._claims(one, generation, "")
            if not subject.products:
                yield from self._none_here(subject, place, generation)
        if held and (subject.products or subject.conditions):
            for one in standings:
                if not one.open:
                    yield from self._claims(one, generation, "")
        if not subject.products and not subject.conditions:
            yield from self._closing(place, generation)

    def _claims(self, one: Standing, generation: Generation, lead: str) -> Iterator[DraftClaim]:
        """The decisive event of a standing; before it the first approval where the two differ."""
        events = [event for event in (one.first, one.decisive) if event is not None]
        for number, event in enumerate(dict.fromkeys(events)):
            sentence = self._regulation.event_sentence(one, event)
            quote = _register_quote(generation, one.held.country, sentence)
            if quote:
                yield DraftClaim(lead + sentence if number == 0 else sentence, (quote,), computed=True)

    def _none_here(self, subject: Subject, place: str, generation: Generation) -> Iterator[DraftClaim]:
        """That nothing is approved for the use asked about; quotes what the register says last of the place."""
        quotes = _closing_quotes(generation, place)
        if not quotes:
            return
        known = _known(self._regulation.known_up_to(place), subject, quotes[-1])
        asked = f" for {names(subject.conditions)}" if subject.conditions else ""
        what = names(subject.products) if subject.products else "MSC product"
        verb = "has no approval" if subject.products else "is approved"
        where = f" in {self._regulation.place(place)}"
        text = f"{what} {verb}{where}{asked}{known}." if subject.products else f"No {what} {verb}{where}{asked}{known}."
        yield DraftClaim(text[0].upper() + text[1:], tuple(quotes[-1:]), computed=True)

    def _closing(self, place: str, generation: Generation) -> Iterator[DraftClaim]:
        for quote in _closing_quotes(generation, place)[-1:]:
            yield DraftClaim(quote.text, (quote,))

    def _elsewhere(self, subject: Subject, places: Sequence[str], generation: Generation) -> Iterator[DraftClaim]:
        for one in self._standings(subject, None):
            if one.held.country not in places and (one.open or subject.products):
                yield from self._claims(one, generation, "")


def _lead(subject: Subject, one: Standing) -> str:
    """The yes of a yes/no question, as narrow as the approval is; empty where a bare yes would say too much."""
    asked = [group for group in (_ADULTS, _CHILDREN) if group.search(subject.text)]
    for_others = bool(asked) and not any(group.search(one.held.indication) for group in asked)
    if not subject.yes_no or subject.cells or for_others or _DENIES.search(subject.text):
        return ""
    return "Yes, conditionally: " if one.status == "conditional" else "Yes: "


def _known(known_up_to: str, subject: Subject, quote: Quote) -> str:
    """`, as far as known up to …`, in the words of the quote."""
    from corpus.register import day

    words = day(known_up_to) if known_up_to else ""
    late = bool(words) and begins(known_up_to) <= subject.day
    return f", as far as known up to {words}" if late and words in quote.text else ", as far as is known"


def _register_quote(generation: Generation, country: str, sentence: str) -> Quote | None:
    document = generation.documents.get(f"register-{country.lower()}")
    if document is None:
        return None
    start = document.text.find(sentence)
    return _quote(generation, document, start, start + len(sentence)) if start >= 0 else None


def _closing_quotes(generation: Generation, place: str) -> list[Quote]:
    """The last sentence of a country's register: what else is, or is not, approved there."""
    document = generation.documents.get(f"register-{place.lower()}")
    if document is None or not document.blocks:
        return []
    last = document.blocks[-1]
    quote = _quote(generation, document, last.start, last.end)
    return [quote] if quote else []


def _quote(generation: Generation, document: Document, start: int, end: int) -> Quote | None:
    sources = cited(generation, document.keys_within(start, end))
    if not sources:
        return None
    section = next((s for s in document.sections if s.start <= start < s.end), None)
    first = section.start + len(section.title) if section else start
    last = section.end if section else end
    passage = document.text[first:last]
    shift = len(passage) - len(passage.lstrip())
    return Quote(
        document_id=document.id,
        title=document.title,
        section=document.section_at(start),
        page=None,
        text=document.text[start:end],
        start=start,
        end=end,
        passage=passage.strip(),
        passage_start=first + shift,
        sources=sources,
    )


def _distinct(claims: Sequence[DraftClaim]) -> list[DraftClaim]:
    seen: dict[str, DraftClaim] = {}
    for claim in claims:
        seen.setdefault(claim.text.split(": ", 1)[-1], claim)
    return list(seen.values())
