"""Answers questions about approvals from the register: the product table's sentences, quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.agegroups import groups_asked
from assistant.draft import DraftClaim
from assistant.evidence import Quote
from assistant.question import Request, Subject
from assistant.regulation import Regulation, Standing, begins
from corpus.documents import Document
from corpus.knowledge import NotApproval
from corpus.lexicon import names
from corpus.register import NOT_APPROVALS, day
from index.retriever import cited
from index.store import Generation

MAX_SENTENCES = 8

NOT_MSC = ("exosomes", "secretome", "hsct", "prp")
"""Concepts that are offered in the place of MSC: an approval of an MSC product says nothing of them."""

_MEANS = re.compile(
    r"\b(?:mean\w*|same|equals?|equivalent|counts? as|amounts? to|as good as|impl(?:y|ies)|proves?)\b", re.I
)
_CONCLUDES = re.compile(
    r"\b(?:makes? (?:it|them|this|that)|so|then|therefore|is (?:it|this|that)|are they)\b|"
    r"\bapprov(?:al|ed)\b(?: (?:by|in|from|of) [\w ]+)?[\w ,']{0,25}\W*$",
    re.I,
)
_WH = re.compile(r"^\W*(?:(?:on|in|for|at|to|from|by|under) )?(?:what|which|when|whom?|how|why|where)\b", re.I)
_OPEN_YES_NO = re.compile(r"\b(?:any\w*|products?|treatments?|therap\w+|drugs?|medicines?|cells?|MSCs?)\b", re.I)
_FOR_SOMETHING = re.compile(
    r"\bfor (?!(?:sale|use|me|us|him|her|them|people|patients|adults|children|kids|treatment|medical|human)\b)",
    re.I,
)
_DENIES = re.compile(
    r"\b(?:not|never|un(?:approved|licensed|authori[sz]ed)|illegal\w*|withdr\w+|refus\w+|reject\w+|bann\w+|denied)\b|n't\b",
    re.I,
)


_APPROVED = re.compile(
    r"approv|authori[sz]|licen[sc]|\b(?:on|onto|to) the market|\bcleared|\bartg\b|\bon sale\b|\bgreen light|\bgo-ahead|"
    r"\b(?:has|have) the \w+ passed|\bpassed (?:by )?(?:a |the |any )|"
    r"\b(?:products?|medicines?|drugs?|therap(?:y|ies)|treatments?)\b.{0,40}\b(?:allowed|permitted|legal|registered|available)\b",
    re.I,
)
"""What asks for all that is approved, where neither a product nor a condition is named."""


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
        named = bool(subject.conditions or subject.products)
        taken_for_approval = self._no_approvals(subject, generation)
        if taken_for_approval and taken_for_approval[0].text.startswith("No: "):
            subject = replace(subject, yes_no=False)
            first, last = taken_for_approval, []
        else:
            first, last = [], taken_for_approval
        if not named and (taken_for_approval or not self._asks_what_is_approved(subject)):
            return taken_for_approval
        claims: list[DraftClaim] = []
        for place in places:
            claims += self._in_place(subject, place, generation, first=place == places[0])
        if not self._open(subject, places):
            if subject.products:
                last += self._held_no_approvals(subject, generation)
            if not places or named:
                claims += self._elsewhere(subject, places, generation)
        claims = _distinct(claims)[: MAX_SENTENCES + 2 * max(0, len(places) - 1)]
        return _distinct([*first, *claims, *last])

    def _no_approvals(self, subject: Subject, generation: Generation) -> list[DraftClaim]:
        """What the question names that is no approval; `No` where it asks whether it is one."""
        asks = self._asks_what_is_approved(subject) and not _WH.search(subject.text)
        alone = not (subject.conditions or subject.products)
        equates = asks and (_MEANS.search(subject.text) or (alone and _CONCLUDES.search(subject.text)))
        claims = self._not_approved(self._regulation.named_not_approvals(subject.text), generation)
        return [replace(claims[0], text=f"No: {claims[0].text}"), *claims[1:]] if claims and equates else claims

    def _held_no_approvals(self, subject: Subject, generation: Generation) -> list[DraftClaim]:
        """What the products asked about have in the place asked about that is no approval."""
        places = subject.places or (subject.place,)
        return self._not_approved(
            self._regulation.held_not_approvals(subject.products, places, subject.day), generation
        )

    @staticmethod
    def _not_approved(rows: Sequence[NotApproval], generation: Generation) -> list[DraftClaim]:
        quotes = [_quoted(generation, NOT_APPROVALS, row.text) for row in rows]
        return [DraftClaim(quote.text, (quote,), computed=True) for quote in quotes if quote]

    @staticmethod
    def _asks_what_is_approved(subject: Subject) -> bool:
        return bool(_APPROVED.search(subject.text))

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

    def _in_place(
        self, subject: Subject, place: str, generation: Generation, *, first: bool = True
    ) -> Iterator[DraftClaim]:
        """What is approved in a place, then what was when a source was last read, then what is not.

        Only the `first` place of a question gets a yes: the others are named beside it.
        """
        standings = self._standings(subject, place)
        relevant = [one for one in standings if one.for_msc or subject.products]
        held = [one for one in relevant if one.open]
        unknown = [one for one in relevant if one.unknown]
        ended = [one for one in relevant if not one.open and not one.unknown]
        for one in held:
            about = not subject.conditions or any(
                self._regulation.matches(one.held.condition, term.id) for term in subject.conditions
            )
            yield from self._claims(subject, one, generation, self._lead(subject, one) if about and first else "")
        for one in unknown:
            yield from self._claims(subject, one, generation, "")
        if not held and not unknown and not (subject.products and ended):
            yield from self._none_here(subject, place, generation)
        if subject.products or subject.conditions:
            for one in ended:
                yield from self._claims(subject, one, generation, "")
        elif held or unknown or self._regulation.says_none(place):
            yield from self._closing(place, generation)
        for one in standings:
            if one not in relevant:
                yield from self._claims(subject, one, generation, "")

    def _lead(self, subject: Subject, one: Standing) -> str:
        """The yes or no of a question, as narrow as the approval is; empty where a bare yes would say too much."""
        asked, covers = groups_asked(subject.text), set(one.held.covers)
        if asked and covers and not asked & covers:
            return f"Not for {' and '.join(sorted(asked))}: "
        if not subject.yes_no or subject.cells or _DENIES.search(subject.text) or (asked and not covers):
            return ""
        if _WH.search(subject.text):
            return ""
        named = subject.products or subject.conditions
        if not named and (_FOR_SOMETHING.search(subject.text) or not _OPEN_YES_NO.search(subject.text)):
            return ""
        if asked - covers:
            return (
                f"Yes, for {' and '.join(sorted(asked & covers))} and not for {' and '.join(sorted(asked - covers))}: "
            )
        if one.status == "conditional":
            return "Yes, conditionally: "
        part = all(self._regulation.narrower(one.held.condition, term.id) for term in subject.conditions)
        return "Yes, for a narrower use: " if subject.conditions and part else "Yes: "

    def _claims(self, subject: Subject, one: Standing, generation: Generation, lead: str) -> Iterator[DraftClaim]:
        """The decisive event of a standing; before it the first approval where the two differ.

        Beside them stands up to when the status is known: in the first place where a product is asked about and the
        approval was last looked up too long ago, because the date alone would read as a yes.
        """
        claims: list[DraftClaim] = []
        for event in dict.fromkeys(event for event in (one.first, one.decisive) if event is not None):
            sentence = self._regulation.event_sentence(one, event)
            quote = _register_quote(generation, one.held.country, sentence)
            if quote:
                claims.append(DraftClaim(sentence if claims else lead + sentence, (quote,), computed=True))
        sentence = self._regulation.known_sentence(one)
        quote = _register_quote(generation, one.held.country, sentence)
        if not quote:
            yield from () if one.unknown else claims
            return
        known = DraftClaim(sentence, (quote,), computed=True)
        if one.unknown:
            yield from (known, *claims) if subject.products else (*claims, known)
        else:
            yield from (*claims, known) if subject.products and lead.startswith("Yes") else claims

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
            if one.held.country not in places and (one.open or subject.products) and (one.for_msc or subject.products):
                yield from self._claims(subject, one, generation, "")


def _known(known_up_to: str, subject: Subject, quote: Quote) -> str:
    """`, as far as known up to …`, in the words of the quote."""
    words = day(known_up_to) if known_up_to else ""
    late = bool(words) and begins(known_up_to) <= subject.day
    return f", as far as known up to {words}" if late and words in quote.text else ", as far as is known"


def _register_quote(generation: Generation, country: str, sentence: str) -> Quote | None:
    return _quoted(generation, f"register-{country.lower()}", sentence)


def _quoted(generation: Generation, name: str, sentence: str) -> Quote | None:
    document = generation.documents.get(name)
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
