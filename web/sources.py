"""Renders the sources panel: for each exchange its citations, each quote marked inside its passage."""

from __future__ import annotations

from markupsafe import Markup

from assistant.answer import Citation
from web.conversation import Conversation, Exchange
from web.markup import NOTHING, joined, link, publication, web_address
from web.words import Grade, grade_of

EMPTY = Markup('<p class="quiet">The sources of an answer appear here, with the exact words that it rests on.</p>')

_PANEL = Markup('<section class="sources" aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>{}</section>')
_GROUP = Markup('<div class="group" data-exchange="{}"{}><p class="about"><span>Behind</span> “{}”</p>{}</div>')
_SOURCE = Markup(
    '<details class="source" id="source-{id}">'
    '<summary><span class="number">[{marker}]</span> <span class="source-title">{title}</span>{badge}</summary>'
    '<blockquote class="passage">{passage}</blockquote>'
    "<dl>{facts}</dl>"
    '<a class="back" href="#answer-{exchange}" data-back="{exchange}-{marker}">Back to the answer</a>'
    "</details>"
)


def panel_html(conversation: Conversation) -> Markup:
    """The whole panel. The group of the latest exchange with citations shows; the script shows others."""
    groups = [one for one in conversation.exchanges if one.citations]
    return _PANEL.format(joined(_group(one, one is groups[-1]) for one in groups) if groups else EMPTY)


def _group(exchange: Exchange, shown: bool) -> Markup:
    cards = joined(source_html(exchange.number, citation) for citation in exchange.citations)
    return _GROUP.format(exchange.number, NOTHING if shown else Markup(" hidden"), exchange.question, cards)


def source_html(exchange: int, citation: Citation) -> Markup:
    """One citation as a card that opens."""
    return _SOURCE.format(
        id=f"{exchange}-{citation.marker}",
        exchange=exchange,
        marker=citation.marker,
        title=citation.source.title,
        badge=badge_html(grade_of(citation.evidence)),
        passage=passage_html(citation),
        facts=_facts(citation),
    )


def badge_html(grade: Grade) -> Markup:
    """A grade of evidence as a labelled badge."""
    return Markup('<span class="badge {}"><b>{}</b>{}</span>').format(
        grade.weight, grade.label, f": {grade.meaning}" if grade.meaning else ""
    )


def passage_html(citation: Citation) -> Markup:
    """The passage with the quote marked; the quote alone where the passage does not hold it at its place."""
    start = citation.start - citation.passage_start
    end = start + len(citation.quote)
    if start < 0 or citation.passage[start:end] != citation.quote:
        return Markup("<mark>{}</mark>").format(citation.quote)
    return Markup("{}<mark>{}</mark>{}").format(citation.passage[:start], citation.quote, citation.passage[end:])


def _facts(citation: Citation) -> Markup:
    source = citation.source
    place = f"page {citation.page}" if citation.page else citation.section
    document = Markup("{}{}").format(citation.title, Markup(" <span class='place'>› {}</span>").format(place) if place else "")
    rows = [("Found in", document), ("Source", link(source.url, source.title)), ("Published", Markup("{}").format(publication(source)))]
    address = web_address(source.url)
    if address:
        rows.append(("Address", Markup("<span class='address'>{}</span>").format(address)))
    return joined(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows)
