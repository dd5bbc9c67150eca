"""What a tab remembers, what a browser keeps, and what things are called."""

from __future__ import annotations

import pytest
from samples import ANSWER, COUNTRIES, answered

from assistant.answer import Claim, Turn
from corpus.knowledge import EVIDENCE
from web.conversation import Conversation
from web.preferences import Preferences, control_html, preferences_from
from web.sources import badge_html
from web.words import GRADES, country_names, grade_of


def test_every_grade_of_evidence_has_plain_words() -> None:
    assert tuple(GRADES) == EVIDENCE
    assert len({grade.words for grade in GRADES.values()}) == len(EVIDENCE)
    assert grade_of("single-arm").words == "Single-arm study: no comparison group"
    assert badge_html(grade_of("no such grade")) == '<span class="badge weak"><b>Grade not stated</b></span>'


def test_the_control_offers_every_country_by_its_full_name() -> None:
    assert list(country_names(COUNTRIES).items()) == [
        ("US", "United States"),
        ("EU", "European Union"),
        ("UK", "United Kingdom"),
        ("JP", "Japan"),
        ("KR", "South Korea"),
        ("CN", "China"),
        ("IN", "India"),
        ("CA", "Canada"),
        ("AU", "Australia"),
        ("other", "Another country"),
    ]
    html = control_html({"US": "United <States>"})
    assert '<option value="US">United &lt;States&gt;</option>' in html
    assert html.count('type="radio"') == 2
    assert "${" not in html
    assert "{{" not in html
    assert "`" not in html


@pytest.mark.parametrize("stored", [None, "x", [], {}, {"country": "XX", "audience": 3}, {"country": ["US"]}])
def test_what_a_browser_kept_is_not_trusted(stored: object) -> None:
    assert preferences_from(stored, {"US": "", "other": ""}, "other") == Preferences("other", "patient")


def test_what_a_browser_kept_is_used() -> None:
    kept = {"country": "US", "audience": "clinician"}
    assert preferences_from(kept, {"US": ""}, "other").to_dict() == kept


def test_history_holds_what_was_said_and_nothing_that_failed() -> None:
    conversation = answered(ANSWER).asked("Broken?", "US", "patient").failed("no")
    conversation = conversation.asked("Stopped?", "US", "patient").after(Claim("One.", (1,))).stopped()
    conversation = conversation.asked("Nothing?", "US", "patient").stopped()
    assert conversation.history == (
        Turn("user", "Do they help knees?"),
        Turn("assistant", "None was better. [1]"),
        Turn("user", "Stopped?"),
        Turn("assistant", "One."),
    )
    assert [one.number for one in conversation.exchanges] == [1, 2, 3, 4]
    assert not conversation.busy
    assert conversation.asked("More?", "US", "patient").busy
    assert answered(ANSWER).stopped() == answered(ANSWER)
    assert Conversation().stopped() == Conversation()
