"""Questions about approvals are answered from the register, in its words."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answer import Answer, Turn
from assistant.pipeline import Assistant

RYONCIL = (
    "Ryoncil (remestemcel-L-rknd) was approved in the United States on 18 December 2024 by the FDA for "
    "steroid-refractory acute graft-versus-host disease in children from 2 months of age."
)
US = (Turn("user", "Is Ryoncil approved in the US?"), Turn("assistant", "Yes."))


def from_register(answer: Answer) -> list[str]:
    """The claims that rest on the register."""
    registers = {c.marker for c in answer.citations if c.document_id.startswith("register-")}
    return [claim.text for claim in answer.claims if registers & set(claim.citations)]


def test_is_it_approved(assistant: Assistant) -> None:
    answer = assistant.ask("Is Ryoncil approved in the US?")
    assert answer.claims[0].text == f"Yes: {RYONCIL}"
    assert answer.citations[0].quote == RYONCIL
    assert answer.citations[0].document_id == "register-us"
    assert answer.citations[0].evidence == "regulator"


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("Since when is Ryoncil approved in the US?", ()),
        ("When was Ryoncil approved by the FDA?", ()),
        ("since when?", US),
    ],
)
def test_since_when(assistant: Assistant, question: str, history: tuple[Turn, ...]) -> None:
    assert assistant.ask(question, history).claims[0].text == RYONCIL


@pytest.mark.parametrize(
    "question", ["What is approved in Japan?", "what is approved in Japan", "Which MSC products are approved in Japan?"]
)
def test_what_is_approved_in_a_country(assistant: Assistant, question: str) -> None:
    claims = [claim.text for claim in assistant.ask(question).claims]
    starts = [
        "Temcell HS (human allogeneic bone-marrow MSC) was approved in Japan on 18 September 2015",
        "Stemirac (autologous bone-marrow MSC) was given conditional approval in Japan on 28 December 2018",
        "Alofisel (darvadstrocel) was approved in Japan on 27 September 2021",
        "Akuugo (vandefitemcel) was given conditional approval in Japan on 31 July 2024",
        "No other approval of an MSC product in Japan is known up to December 2025.",
    ]
    assert [claim[: len(start)] for claim, start in zip(claims, starts, strict=False)] == starts


def test_a_question_about_the_past_is_answered_for_then(assistant: Assistant) -> None:
    then = assistant.ask("Was Alofisel approved in 2019?", country="EU")
    assert then.claims[0].text.startswith(
        "Yes: Alofisel (darvadstrocel) was approved in the European Union on 23 March 2018"
    )
    before = assistant.ask("Was Alofisel approved in 2017?", country="EU")
    assert before.claims[0].text == "Alofisel has no approval in the European Union, as far as is known."
    anywhere = assistant.ask("Was Alofisel approved in 2019?")
    assert any("in the European Union on 23 March 2018" in text for text in from_register(anywhere))
    assert not any("in Japan" in text for text in from_register(anywhere))


def test_as_of_moves_the_day(assistant: Assistant) -> None:
    question = "Is Ryoncil approved in the US?"
    assert assistant.ask(question, as_of=date(2024, 12, 18)).claims[0].text == f"Yes: {RYONCIL}"
    refused = assistant.ask(question, as_of=date(2024, 12, 17)).claims[0].text
    assert refused.startswith("Ryoncil (remestemcel-L-rknd) was refused approval in the United States in August 2023")


def test_an_ended_approval_is_told_from_start_to_end(assistant: Assistant) -> None:
    claims = [claim.text for claim in assistant.ask("Is Alofisel approved in the EU?").claims]
    assert claims[0].startswith("Alofisel (darvadstrocel) was approved in the European Union on 23 March 2018")
    assert claims[1].startswith("The approval of Alofisel (darvadstrocel) in the European Union")
    assert "was withdrawn on 13 December 2024" in claims[1]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "Is Alofisel approved in the US?",
            "Alofisel has no approval in the United States, as far as known up to 22 June 2026.",
        ),
        (
            "What is approved in Australia?",
            "No MSC product is approved in Australia, as far as known up to December 2024.",
        ),
        (
            "Are MSCs approved for ALS in the US?",
            "No MSC product is approved in the United States for amyotrophic lateral sclerosis, as far as known up to 22 June 2026.",
        ),
    ],
)
def test_what_is_not_approved_is_said_with_its_date(assistant: Assistant, question: str, first: str) -> None:
    assert assistant.ask(question).claims[0].text == first


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Is Ryoncil approved in the US?", "Yes: Ryoncil"),
        ("Is Ryoncil approved for children in the US?", "Yes: Ryoncil"),
        ("Is Prochymal approved in Canada?", "Yes, conditionally: Prochymal"),
        ("Is any MSC product approved in the US?", "Yes: Ryoncil"),
        ("Is MSC therapy approved for acute GvHD in the US?", "Yes: Ryoncil"),
        ("Is Ryoncil approved for adults in the US?", ""),
        ("Is Ryoncil approved for knee osteoarthritis in the US?", ""),
        ("Are exosomes approved by the FDA?", ""),
        ("Are fat-derived stem cells approved in the US?", ""),
        ("Was Ryoncil rejected by the FDA?", ""),
        ("Is Alofisel banned in Japan?", ""),
        ("Is Ryoncil unapproved in the US?", ""),
        ("Is Alofisel approved in the EU?", ""),
        ("Is JointStem approved in Korea?", ""),
    ],
)
def test_a_yes_only_to_what_was_asked(assistant: Assistant, question: str, yes: str) -> None:
    said = [claim.text for claim in assistant.ask(question).claims if claim.text.startswith("Yes")]
    assert len(said) == bool(yes)
    assert all(text.startswith(yes) for text in said)


def test_an_approval_of_cells_is_none_of_exosomes(assistant: Assistant) -> None:
    assert not from_register(assistant.ask("Are exosomes approved by the FDA?"))
