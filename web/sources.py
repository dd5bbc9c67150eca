"""Renders the sources panel: for each exchange its citations, each quote marked inside its passage."""

from __future__ import annotations

from markupsafe import Markup

from assistant.answer import Citation
from web.conversation import Conversation, Exchange
from web.markup import NOTHING, file_name, joined, link, publication, web_address
from web.words import Grade, grade_of

EMPTY = "The sources of an answer appear here, with the exact words that it rests on."
HIDDEN = Markup(" hidden")

_PANEL = Markup(
    '<section class="sources" data-latest="{}" aria-labelledby="sources-title">'
    '<h2 id="sources-title">Sources</h2>{}{}</section>'
)
_GROUP = Markup('<div class="group" data-exchange="{}"{}><p class="about"><span>Behind</span> “{}”</p>{}</div>')
_SOURCE = Markup(
    '<details class="source" id="source-{id}">'
    '<summary><span class="number">[{marker}]</span> <span class="source-title">{title}</span>'
    '<span class="published">{published}</span>{badge}</summary>'
    '<blockquote class="passage">{passage}</blockquote>'
    "<dl>{facts}</dl>"
    '<a class="back" href="#answer-{exchange}" data-back="{exchange}-{marker}">Back to the answer</a>'
    "</details>"
)


def panel_html(conversation: Conversation) -> Markup:
    """The whole panel. The group of the latest exchange shows; the script shows others when a marker is followed."""
    latest = conversation.exchanges[-1].number if conversation.exchanges else 0
    groups = [one for one in conversation.exchanges if one.citations]
    cited = bool(groups) and groups[-1].number == latest
    empty = Markup('<p class="quiet empty"{}>{}</p>').format(HIDDEN if cited else NOTHING, EMPTY)
    return _PANEL.format(latest, empty, joined(_group(one, one.number == latest) for one in groups))


def _group(exchange: Exchange, shown: bool) -> Markup:
    cards = joined(source_html(exchange.number, citation) for citation in exchange.citations)
    return _GROUP.format(exchange.number, NOTHING if shown else HIDDEN, exchange.question, cards)


def source_html(exchange: int, citation: Citation) -> Markup:
    """One citation as a card that opens."""
    return _SOURCE.format(
        id=f"{exchange}-{citation.marker}",
        exchange=exchange,
        marker=citation.marker,
        title=citation.source.title,
        published=publication(citation.source),
        badge=badge_html(grade_of(citation.evidence)),
        passage=passage_html(citation),
        facts=_facts(citation),
    )


def badge_html(grade: Grade) -> Markup:
    """A grade of evidence as a labelled badge."""
    meaning = Markup('<span class="unseen">:</span> {}').format(grade.meaning) if grade.meaning else NOTHING
    return Markup('<span class="badge {}"><b>{}</b>{}</span>').format(grade.weight, grade.label, meaning)


def passage_html(citation: Citation) -> Markup:
    """The passage with the quote marked; the quote alone where the passage does not hold it at its place."""
    start = citation.start - citation.passage_start
    end = start + len(citation.quote)
    if start < 0 or citation.passage[start:end] != citation.quote:
        return Markup("<mark>{}</mark>").format(citation.quote)
    return Markup("{}<mark>{}</mark>{}").format(citation.passage[:start], citation.quote, citation.passage[end:])


def _facts(citation: Citation) -> Markup:
    place = f"page {citation.page}" if citation.page else citation.section
    found = f"{citation.title} › {place}" if place else citation.title
    address = web_address(citation.source.url)
    rows = [("Found in", Markup("{}").format(found))]
    if address:
        rows.append(("Read the source", link(address, address)))
    elif file_name(citation.source.url):
        rows.append(("File", Markup("{}").format(file_name(citation.source.url))))
    return joined(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows)
