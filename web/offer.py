"""Renders what was found in the text of somebody who offers treatments, each finding with its words and its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assistant.advert import Words
from assistant.clinicreport import ClaimFound, ClinicReport, Contacts, LeftOut, StatusFound
from assistant.redflags import Found
from corpus.knowledge import Source
from corpus.register import day
from web.markup import NOTHING, joined, link, source_line
from web.words import VERDICTS, sentence

SHOWN_SOURCES = 2

_FOUND = Markup('<div class="found" id="found" tabindex="-1" role="region" aria-label="What was found">{}</div>')
_PART = Markup('<section class="part {}"><h2>{}</h2>{}</section>')
_FLAG = Markup('<li class="flag"><h3>{}{}</h3>{}<p>{}</p>{}</li>')
_LIKE = Markup('<span class="like">reads like: </span>')
_SAID = Markup('<blockquote class="said">{}</blockquote>')


def findings_html(report: ClinicReport, text: str) -> Markup:
    """Red flags first, then what is approved, the claims, what is left out, whom to ask, and the text with marks."""
    flags = report.red_flags
    parts = (
        _part("flags", _counted(len(flags)), _list(map(_flag, flags)) if flags else _none()),
        _part("statuses", f"What is approved in {report.place}", _list(map(_status, report.statuses))),
        _part("claims", "Its claims, and what the library says", _list(map(_claim, _settled(report.claims)))),
        _part(
            "questions",
            "What it leaves out, and what to ask",
            _list(map(_question, report.left_out)),
        ),
        _part("where", "Where to check and to report", _where(report.where)) if report.where else NOTHING,
        _part("text", "The text, red flags marked", _marked(text, [one for flag in flags for one in flag.words])),
        Markup('<p class="quiet">{}</p>').format(report.closing),
    )
    return _FOUND.format(joined(parts))


def error_html(message: str) -> Markup:
    """Why a text could not be checked."""
    return Markup('<div class="error" role="alert"><p>{}</p></div>').format(sentence(message))


def _part(name: str, title: str, content: Markup) -> Markup:
    return _PART.format(name, title, content) if content else NOTHING


def _counted(flags: int) -> str:
    return f"{flags or 'No'} red flag{'' if flags == 1 else 's'}"


def _none() -> Markup:
    return Markup("<p>None was found in these words. That does not make an offer safe.</p>")


def _list(items: Iterable[Markup]) -> Markup:
    found = joined(items)
    return Markup("<ul>{}</ul>").format(found) if found else NOTHING


def _flag(flag: Found) -> Markup:
    said = joined(_SAID.format(one.text) for one in flag.words)
    return _FLAG.format(NOTHING if flag.certain else _LIKE, flag.name, said, flag.why, _sources(flag.sources))


def _status(status: StatusFound) -> Markup:
    known = f"Known up to {day(status.known_up_to)}." if status.known_up_to else ""
    known_html = Markup('<p class="from">{}</p>').format(known) if known else NOTHING
    return Markup("<li><p>{}</p>{}{}</li>").format(status.text, known_html, _sources(status.sources))


def _settled(claims: Iterable[ClaimFound]) -> list[ClaimFound]:
    """The claims of which there is something to show."""
    return [claim for claim in claims if claim.quotes or claim.verdict != "nothing found"]


def _claim(claim: ClaimFound) -> Markup:
    why = Markup("<p>{}</p>").format(sentence(claim.why)) if claim.verdict != "nothing found" and claim.why else NOTHING
    quotes = joined(Markup("<p>“{}”</p>{}").format(quote.quote, _sources((quote.source,))) for quote in claim.quotes)
    verdict = Markup('<p class="verdict {}">{}</p>').format(claim.verdict.replace(" ", "-"), VERDICTS[claim.verdict])
    return Markup("<li>{}{}{}{}</li>").format(_SAID.format(claim.words.text), verdict, why, quotes)


def _question(one: LeftOut) -> Markup:
    return Markup("<li>{}</li>").format(one.ask)


def _where(where: Contacts) -> Markup:
    rows = [Markup("<li>{}</li>").format(link(where.regulator_url, where.regulator))]
    for what, contact in (("Report harm", where.report), ("Look up trials", where.trials)):
        if contact.name or contact.url:
            reached = link(contact.url, contact.name or contact.url)
            rows.append(Markup("<li>{}: {} {}</li>").format(what, reached, contact.phone))
    return _list(rows)


def _sources(sources: Sequence[Source]) -> Markup:
    return joined(Markup('<p class="from">{}</p>').format(source_line(source)) for source in sources[:SHOWN_SOURCES])


def _marked(text: str, words: Iterable[Words]) -> Markup:
    """The text with words marked; where two overlap, as one mark."""
    pieces, end = [], 0
    for one in sorted(words, key=lambda word: (word.start, -word.end)):
        if one.end <= end:
            continue
        start = max(one.start, end)
        pieces += [Markup("{}").format(text[end:start]), Markup("<mark>{}</mark>").format(text[start : one.end])]
        end = one.end
    return Markup('<div class="passage">{}</div>').format(joined([*pieces, Markup("{}").format(text[end:])]))
