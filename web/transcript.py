"""Renders the conversation: questions, verified sentences with their markers, caveats, emergencies, suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from markupsafe import Markup

from assistant.answer import Answer, Caveat, Citation, Claim
from corpus.knowledge import Country
from corpus.register import day
from web.conversation import Conversation, Exchange
from web.markup import NOTHING, joined, linked, publication, shown_address, source_line
from web.words import AUDIENCES, CAVEATS, EXAMPLES, HEADINGS, country_names, grade_of, sentence

SCRIPT = (Path(__file__).parent / "transcript.js").read_text(encoding="utf-8")

LONG = 160
"""Characters from which a question is no headline: it is set smaller, and scrolls."""

_SCROLLS = Markup(' data-long tabindex="0"')
_LOG = Markup(
    '<h2 class="unseen">Conversation</h2>'
    '<div id="log" role="log" aria-live="polite" aria-relevant="additions text" aria-label="Conversation">{}</div>{}'
)
_WELCOME = Markup(
    '<div class="welcome"><p class="lead">Ask about mesenchymal stromal cell (MSC) treatments: what was studied, '
    "what is approved where you live, and what to watch out for.</p>"
    '<h3 class="label">For example</h3>{}</div>'
)
_EXCHANGE = Markup(
    '<article class="exchange{kind}" id="exchange-{number}" data-number="{number}">'
    '<h3 class="question"{long}>{question}</h3>'
    '<p class="asked-for">{asked_for}</p>'
    '<div class="answer" id="answer-{number}" tabindex="-1">{body}</div>'
    "</article>"
)
_EMERGENCY = Markup(
    '<div class="emergency" role="alert"><p class="first">{first}</p>{call}<p>{message}</p>{source}</div>'
)

STAY = "\N{NO-BREAK SPACE}"
"""Keeps a marker on the line of the word before it."""
_CALL = Markup('<p><a class="call" href="tel:{}">{}</a></p>')
_MARKER = Markup(
    '{3}<a class="marker" id="marker-{0}-{1}" href="#source-{0}-{1}" data-source="{0}-{1}" aria-label="{2}">[{1}]</a>'
)
_CAVEATS = Markup('<aside class="caveats" aria-label="Keep in mind"><h4>Keep in mind</h4><ul>{}</ul></aside>')
_NEXT = Markup('<div class="next"><h4 class="label">You could ask</h4>{}</div>')
_DOT = Markup(" · ")


class Transcript:
    """Renders conversations; knows the countries for their names and emergency numbers."""

    def __init__(self, countries: Mapping[str, Country]) -> None:
        self._countries = dict(countries)
        self._names = country_names(self._countries)

    def html(self, conversation: Conversation) -> Markup:
        """The whole conversation; examples while there is none."""
        if not conversation.exchanges:
            return _LOG.format(NOTHING, _WELCOME.format(ask_buttons(EXAMPLES)))
        shown = conversation.exchanges
        return _LOG.format(joined(self.exchange(one, one is shown[-1]) for one in shown), NOTHING)

    def exchange(self, one: Exchange, last: bool) -> Markup:
        """A question with what has come of its answer; only the last one offers suggestions."""
        asked_for = f"{self._names.get(one.country, one.country)} · {AUDIENCES.get(one.audience, one.audience)}"
        if one.answer and one.answer.standalone_question.strip().casefold() != one.question.strip().casefold():
            asked_for += f" · read as “{one.answer.standalone_question}”"
        return _EXCHANGE.format(
            kind=f" kind-{one.answer.kind}" if one.answer else "",
            number=one.number,
            question=one.question,
            long=_SCROLLS if len(one.question) > LONG else NOTHING,
            asked_for=asked_for,
            body=self._body(one, last),
        )

    def _body(self, one: Exchange, last: bool) -> Markup:
        if one.answer:
            return self._finished(one.number, one.answer, one.country, last)
        if one.error:
            end = Markup('<div class="error" role="alert"><p><b>No answer this time.</b> {}</p></div>')
            end = end.format(sentence(one.error))
        elif one.stopped:
            end = Markup('<p class="quiet">Stopped. This answer is not complete.</p>')
        else:
            end = status_html(one.doing)
        return claims_html(one.number, one.claims, one.citations) + end

    def _finished(self, number: int, answer: Answer, country: str, last: bool) -> Markup:
        urgent = answer.kind == "emergency"
        caveats = [c for c in answer.caveats if not (urgent and c.id == "emergency")]
        return joined(
            (
                self._emergency(answer, country) if urgent else message_html(answer),
                claims_html(number, answer.claims, answer.citations),
                caveats_html(caveats),
                joined(Markup('<p class="notice">{}</p>').format(sentence(notice)) for notice in answer.notices),
                copy_html(number, answer) if answer.claims else NOTHING,
                suggestions_html(answer.suggestions) if last else NOTHING,
            )
        )

    def _emergency(self, answer: Answer, country: str) -> Markup:
        """The number first, large; then what to say; then where the number comes from."""
        number = self._countries[country].emergency.number if country in self._countries else ""
        digits = re.search(r"\d{2,}", number)
        words = f"Call {number}" if number.isdigit() else "Call 112 from a mobile phone"
        call = _CALL.format(digits.group(), words) if digits else NOTHING
        cited = next((c.source for c in answer.caveats if c.id == "emergency" and c.source), None)
        source = Markup('<p class="from">Number from {}</p>').format(source_line(cited)) if cited else NOTHING
        return _EMERGENCY.format(first=f"Call {_first(number)} now", call=call, message=answer.message, source=source)


def emergency_line(countries: Mapping[str, Country], country: str) -> Markup:
    """The line below the question box: whom to call instead of asking here."""
    number = countries[country].emergency.number if country in countries else ""
    return Markup('<p class="in-emergency">In an emergency, call <b>{}</b> first.</p>').format(_first(number))


def _first(number: str) -> str:
    """The number to call, without the remark in brackets behind it."""
    return number.split(" (")[0] or "your local emergency number"


def status_html(stage: str) -> Markup:
    """The line that says what is going on, below what has come so far."""
    return Markup('<p class="status" role="status">{}<span aria-hidden="true">…</span></p>').format(stage)


def claims_html(exchange: int, claims: Iterable[Claim], citations: Iterable[Citation]) -> Markup:
    """Verified sentences, each behind it the markers that open its sources."""
    cited = {citation.marker: citation for citation in citations}

    def line(claim: Claim) -> Markup:
        markers = joined(marker_html(exchange, marker, cited.get(marker)) for marker in claim.citations)
        return Markup("<p>{}{}</p>").format(claim.text, markers)

    return Markup('<div class="claims">{}</div>').format(joined(map(line, claims)))


def marker_html(exchange: int, marker: int, citation: Citation | None) -> Markup:
    """A marker that opens its citation in the sources panel; plain text where there is no such citation."""
    if citation is None:
        return Markup("{}[{}]").format(STAY, marker)
    label = f"Source {marker}: {citation.source.publisher}, {grade_of(citation.evidence).label}"
    return _MARKER.format(exchange, marker, label, STAY)


def message_html(answer: Answer) -> Markup:
    """What an abstention or a redirect says first."""
    if not answer.message:
        return NOTHING
    heading = HEADINGS.get(answer.kind)
    title = Markup("<h4>{}</h4>").format(heading) if heading else NOTHING
    return Markup('<div class="message">{}<p>{}</p></div>').format(title, answer.message)


def caveats_html(caveats: Iterable[Caveat]) -> Markup:
    """The caveats in a box of their own, each with its source and date."""
    items = joined(_caveat(caveat) for caveat in caveats)
    return _CAVEATS.format(items) if items else NOTHING


def _caveat(caveat: Caveat) -> Markup:
    dated = Markup("as of {}").format(day(caveat.as_of)) if caveat.as_of else NOTHING
    origin = joined((source_line(caveat.source) if caveat.source else NOTHING, dated), _DOT)
    line = Markup('<p class="from">{}</p>').format(origin) if origin else NOTHING
    label = Markup("<b>{}.</b> ").format(CAVEATS[caveat.id]) if caveat.id in CAVEATS else NOTHING
    return Markup('<li data-caveat="{}"><p>{}{}</p>{}</li>').format(caveat.id, label, linked(caveat.text), line)


def copy_html(number: int, answer: Answer) -> Markup:
    """The button that copies an answer, and the text that it copies."""
    return Markup(
        '<p class="tools"><button type="button" class="tool" data-copy="copy-{0}">Copy answer and sources</button></p>'
        '<pre class="copied" id="copy-{0}" hidden>{1}</pre>'
    ).format(number, plain_text(answer))


def plain_text(answer: Answer) -> str:
    """Question, answer, caveats and sources as text to paste elsewhere."""
    parts = [answer.question, answer.text]
    if answer.caveats:
        parts.append("Keep in mind:\n" + "\n".join(f"- {caveat.text}" for caveat in answer.caveats))
    if answer.citations:
        parts.append("Sources:\n" + "\n".join(_reference(citation) for citation in answer.citations))
    return "\n\n".join(parts)


def _reference(citation: Citation) -> str:
    source = citation.source
    parts = (source.title, publication(source), grade_of(citation.evidence).label, shown_address(source.url))
    return f"[{citation.marker}] " + ". ".join(part for part in parts if part)


def suggestions_html(suggestions: Iterable[str]) -> Markup:
    """Questions that can be asked next, as buttons."""
    buttons = ask_buttons(suggestions)
    return _NEXT.format(buttons) if buttons else NOTHING


def ask_buttons(questions: Iterable[str]) -> Markup:
    """Buttons that ask what they say."""
    items = joined(Markup('<li><button type="button" data-ask="{0}">{0}</button></li>').format(q) for q in questions)
    return Markup('<ul class="asks">{}</ul>').format(items) if items else NOTHING
