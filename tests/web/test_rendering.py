"""What the page makes of answers, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import ANSWER, CITATION, COUNTRIES, TRIAL, Elements, answered

from assistant.answer import Caveat, Claim, Stage
from corpus.knowledge import ASKER_COUNTRIES, Source
from web.conversation import Conversation
from web.sources import panel_html, passage_html, source_html
from web.transcript import (
    Transcript,
    ask_buttons,
    caveats_html,
    claims_html,
    emergency_line,
    marker_html,
    message_html,
    plain_text,
)
from web.words import CAVEATS, EXAMPLES


def test_a_sentence_carries_its_markers() -> None:
    html = claims_html(2, [Claim("None was <better>.", (1, 7))], [CITATION])
    assert html == (
        '<div class="claims"><p>None was &lt;better&gt;.'
        '\u00a0<a class="marker" id="marker-2-1" href="#source-2-1" data-source="2-1"'
        ' aria-label="Source 1: Nature, Randomised trial">[1]</a>\u00a0[7]</p></div>'
    )


def test_a_source_shows_its_quote_inside_its_passage() -> None:
    assert passage_html(CITATION) == "A trial. <mark>None was better.</mark> It ended."
    assert source_html(2, CITATION) == (
        '<details class="source" id="source-2-1">'
        '<summary><span class="number">[1]</span> <span class="source-title">Cell &amp; steroid</span>'
        '<span class="published">Nature, 2 November 2023</span>'
        '<span class="badge strong"><b>Randomised trial</b><span class="unseen">:</span> '
        "groups made by chance, then compared</span></summary>"
        '<blockquote class="passage">A trial. <mark>None was better.</mark> It ended.</blockquote>'
        "<dl><div><dt>Found in</dt><dd>MSCs for knees › What was tried</dd></div>"
        '<div><dt>Read the source</dt><dd><a href="https://n.example/1" target="_blank" rel="noopener noreferrer">'
        "https://n.example/1</a></dd></div></dl>"
        '<a class="back" href="#answer-2" data-back="2-1">Back to the answer</a></details>'
    )


@pytest.mark.parametrize("wrong", [{"passage": ""}, {"passage_start": 100}, {"passage_start": 500}])
def test_a_quote_that_its_passage_does_not_hold_stands_alone(wrong: dict[str, object]) -> None:
    assert passage_html(replace(CITATION, **wrong)) == "<mark>None was better.</mark>"  # type: ignore[arg-type]


def test_a_page_number_takes_the_place_of_the_section() -> None:
    assert "MSCs for knees › page 12<" in source_html(1, replace(CITATION, page=12))


def test_a_caveat_stands_with_its_source_and_date() -> None:
    caveat = Caveat("investigational", "It is experimental.", "US", "2026-06-22", TRIAL)
    assert caveats_html([caveat]) == (
        '<aside class="caveats" aria-label="Keep in mind"><h4>Keep in mind</h4><ul>'
        '<li data-caveat="investigational"><p><b>Still experimental.</b> It is experimental.</p>'
        '<p class="from"><a href="https://n.example/1" target="_blank" rel="noopener noreferrer">'
        "Cell &amp; steroid</a>, Nature, 2 November 2023 · as of 22 June 2026</p></li></ul></aside>"
    )
    assert caveats_html([]) == ""
    assert caveats_html([Caveat("new", "Words.", "", "", None)]).count("<p") == 1


def test_an_answer_is_complete_without_its_script() -> None:
    html = Transcript(COUNTRIES).html(answered(ANSWER))
    Elements(html)
    assert '<article class="exchange kind-answer" id="exchange-1" data-number="1">' in html
    assert '<p class="asked-for">United States · Plain words</p>' in html
    assert '<button type="button" data-ask="And hips?">And hips?</button>' in html
    assert 'role="log" aria-live="polite"' in html


def test_a_followup_says_how_it_was_read() -> None:
    html = Transcript(COUNTRIES).html(answered(replace(ANSWER, standalone_question="Do they help knees in Japan?")))
    assert "United States · Plain words · read as “Do they help knees in Japan?”</p>" in html


def test_only_the_last_answer_offers_questions() -> None:
    html = Transcript(COUNTRIES).html(answered(ANSWER).asked("And hips?", "US", "patient").after(ANSWER))
    assert html.count("data-ask=") == 1


def test_an_emergency_says_the_number_first() -> None:
    number = Source(
        key="n", title="When to call", publisher="NHS", url="https://nhs.example", issued=None, evidence="news"
    )
    urgent = replace(
        ANSWER,
        kind="emergency",
        claims=(),
        citations=(),
        suggestions=(),
        message="This may be an emergency.",
        caveats=(
            Caveat("emergency", "Call first.", "UK", "", number),
            Caveat("report-adverse-event", "Afterwards: report it.", "UK", "", None),
        ),
    )
    html = Transcript(COUNTRIES).html(answered(urgent, "UK"))
    assert (
        '<div class="emergency" role="alert"><p class="first">Call 999 now</p>'
        '<p><a class="call" href="tel:999">Call 999</a></p><p>This may be an emergency.</p>'
        '<p class="from">Number from <a href="https://nhs.example" target="_blank" rel="noopener noreferrer">'
        "When to call</a>, NHS, undated</p></div>"
    ) in html
    assert 'data-caveat="report-adverse-event"' in html
    assert 'data-caveat="emergency"' not in html
    elsewhere = Transcript(COUNTRIES).html(answered(urgent, "other"))
    assert '<p class="first">Call your local emergency number now</p>' in elsewhere
    assert '<a class="call" href="tel:112">Call 112 from a mobile phone</a>' in elsewhere


@pytest.mark.parametrize("code", ASKER_COUNTRIES)
def test_every_country_has_a_number_to_call(code: str) -> None:
    line = emergency_line(COUNTRIES, code)
    assert line.startswith('<p class="in-emergency">In an emergency, call <b>')
    assert "<b></b>" not in line
    assert line == emergency_line(COUNTRIES, code)


def test_an_abstention_and_a_redirect_are_named() -> None:
    abstains = replace(ANSWER, kind="abstain", claims=(), citations=(), message="Not here.")
    assert message_html(abstains) == '<div class="message"><h4>Not in the library</h4><p>Not here.</p></div>'
    html = Transcript(COUNTRIES).html(answered(abstains))
    assert "data-copy" not in html
    assert "A question for a person who knows you" in message_html(replace(abstains, kind="redirect"))
    assert message_html(ANSWER) == ""


def test_notices_are_shown() -> None:
    html = Transcript(COUNTRIES).html(answered(replace(ANSWER, notices=("the model <x> failed.",))))
    assert '<p class="notice">The model &lt;x&gt; failed.</p>' in html


def test_the_stage_is_told_until_nothing_is_going_on() -> None:
    working = Conversation().asked("Why?", "US", "patient")
    transcript = Transcript(COUNTRIES)
    assert "Reading your question" in transcript.html(working)
    assert "Searching the library" in transcript.html(working.after(Stage("retrieve")))
    assert "Checking each sentence" in transcript.html(working.after(Stage("verify")))
    assert "Reading your question" in transcript.html(working.after(Stage("unheard of")))
    stopped = transcript.html(working.after(CITATION).after(ANSWER.claims[0]).stopped())
    assert "Stopped. This answer is not complete." in stopped
    assert "None was better." in stopped
    assert 'role="status"' not in stopped
    assert 'role="status"' not in transcript.html(answered(ANSWER))


def test_an_error_is_a_message_in_the_conversation() -> None:
    html = Transcript(COUNTRIES).html(Conversation().asked("Why?", "US", "patient").failed("the index <x> is gone."))
    assert (
        '<div class="error" role="alert"><p><b>No answer this time.</b> The index &lt;x&gt; is gone.</p></div>' in html
    )


def test_the_copied_text_holds_caveats_and_sources() -> None:
    caveat = Caveat("x", "Be careful.", "US", "", None)
    assert plain_text(replace(ANSWER, caveats=(caveat,))) == (
        "Do they help knees?\n\nNone was better. [1]\n\nKeep in mind:\n- Be careful.\n\n"
        "Sources:\n[1] Cell & steroid. Nature, 2 November 2023. Randomised trial. https://n.example/1"
    )


def test_the_panel_shows_the_latest_exchange_only() -> None:
    empty = panel_html(Conversation())
    assert '<p class="quiet empty">' in empty
    two = panel_html(answered(ANSWER).asked("And hips?", "US", "patient").after(ANSWER))
    assert '<div class="group" data-exchange="1" hidden>' in two
    assert '<div class="group" data-exchange="2">' in two
    assert '<p class="quiet empty" hidden>' in two
    waiting = panel_html(answered(ANSWER).asked("And hips?", "US", "patient"))
    assert '<div class="group" data-exchange="1" hidden>' in waiting
    assert '<p class="quiet empty">' in waiting


def test_a_marker_without_its_citation_is_plain() -> None:
    assert marker_html(1, 3, None) == "\u00a0[3]"


def test_buttons_ask_what_they_say() -> None:
    assert ask_buttons(['a "b"']) == (
        '<ul class="asks"><li><button type="button" data-ask="a &#34;b&#34;">a &#34;b&#34;</button></li></ul>'
    )
    assert ask_buttons([]) == ""
    assert len(EXAMPLES) == len(set(EXAMPLES)) == 6
    assert set(CAVEATS) >= {"investigational", "approved-narrowly", "withdrawn", "emergency"}
