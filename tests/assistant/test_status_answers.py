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
    claims = [claim.text for claim in assistant.ask(question, as_of=date(2026, 11, 23)).claims]
    starts = [
        "Temcell HS (human allogeneic bone-marrow MSC) was approved in Japan on 18 September 2015",
        "Akuugo (vandefitemcel) was given conditional approval in Japan on 31 July 2024",
        "Stemirac (autologous bone-marrow MSC) was given conditional approval in Japan on 28 December 2018",
        "The status of Stemirac (autologous bone-marrow MSC) in Japan is known to this library up to 25 November 2025",
        "Alofisel (darvadstrocel) was approved in Japan on 27 September 2021",
        "The status of Alofisel (darvadstrocel) in Japan is known to this library up to 17 October 2023",
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
        ("Is Prochymal approved in Canada?", ""),
        ("Is Alofisel approved in the UK?", ""),
        ("Is Hearticellgram approved in Korea?", ""),
        ("Is Cupistem approved in Korea?", ""),
        ("Is Stemirac approved in Japan?", ""),
        ("Is Akuugo approved in Japan?", "Yes, conditionally: Akuugo"),
        ("Is Holoclar approved in the EU?", ""),
        ("Is any MSC product approved in the EU?", ""),
        ("Is MSC therapy approved for GvHD in the US?", "Yes, for a narrower use: Ryoncil"),
        ("Is any MSC product approved for sore joints in India?", "Yes, for a narrower use: Ciplostem"),
        ("Is MSC therapy approved for heart disease in India?", ""),
        ("Is a cell product for cold blue toes licensed in India?", ""),
        ("Is a conditional licence in Japan a fake one?", ""),
        ("On what trial does the US licence for GvHD cells rest, and was there anyone to compare with?", ""),
        ("Is a cell drug for GvHD licensed in Korea? I know the Americans have one for kids.", ""),
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


KNOWN = "The status of {} is known to this library up to {} and not after that."


@pytest.mark.parametrize(
    ("question", "product", "up_to", "was"),
    [
        (
            "Is Alofisel approved in the UK?",
            "Alofisel (darvadstrocel) in the United Kingdom",
            "17 October 2023",
            "Alofisel (darvadstrocel) was approved in the United Kingdom on 23 March 2018",
        ),
        (
            "Is Prochymal approved in Canada?",
            "Prochymal (remestemcel-L) in Canada",
            "15 May 2019",
            "Prochymal (remestemcel-L) was given conditional approval in Canada on 17 May 2012",
        ),
        (
            "Is Hearticellgram approved in Korea?",
            "Hearticellgram-AMI (Cellgram-AMI) in South Korea",
            "21 April 2021",
            "Hearticellgram-AMI (Cellgram-AMI) was approved in South Korea in July 2011",
        ),
        (
            "Is Stemirac approved in Japan?",
            "Stemirac (autologous bone-marrow MSC) in Japan",
            "25 November 2025",
            "Stemirac (autologous bone-marrow MSC) was given conditional approval in Japan on 28 December 2018",
        ),
    ],
)
def test_an_approval_last_looked_up_long_ago_says_so_first(
    assistant: Assistant, question: str, product: str, up_to: str, was: str
) -> None:
    answer = assistant.ask(question, as_of=date(2026, 11, 23))
    assert answer.claims[0].text == KNOWN.format(product, up_to)
    assert answer.claims[1].text.startswith(was)
    assert "investigational" not in {caveat.id for caveat in answer.caveats}


def test_the_same_approval_was_a_yes_when_it_had_been_looked_up(assistant: Assistant) -> None:
    answer = assistant.ask("Is Alofisel approved in the UK?", as_of=date(2023, 10, 17))
    assert answer.claims[0].text.startswith("Yes: Alofisel (darvadstrocel) was approved in the United Kingdom")


def test_a_yes_says_up_to_when_it_is_known(assistant: Assistant) -> None:
    claims = [claim.text for claim in assistant.ask("Is Ryoncil approved in the US?", as_of=date(2026, 11, 23)).claims]
    assert claims[:2] == [
        f"Yes: {RYONCIL}",
        KNOWN.format("Ryoncil (remestemcel-L-rknd) in the United States", "22 June 2026"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Is Ryoncil approved for adults in the US?",
        "I am 45 with acute GvHD, is Ryoncil approved for me in the US?",
        "Is Ryoncil approved for a 60-year-old with GvHD in the US?",
        "Is any MSC product approved in the US for adults with acute GvHD?",
    ],
)
def test_an_approval_for_children_is_none_for_adults(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).claims[0].text == f"Not for adults: {RYONCIL}"


def test_an_approval_for_adults_is_none_for_children(assistant: Assistant) -> None:
    claims = assistant.ask("Was Alofisel approved for children in the EU in 2019?").claims
    assert claims[0].text.startswith("Not for children: Alofisel (darvadstrocel) was approved in the European Union")


@pytest.mark.parametrize(
    ("question", "country", "says"),
    [
        ("Does RMAT mean it is approved?", "US", "An RMAT designation by the FDA"),
        ("Is an orphan designation an approval?", "US", "An orphan designation"),
        ("Is breakthrough designation the same as FDA approval?", "US", "A breakthrough therapy designation"),
        ("They have an IND for it, so it is approved?", "US", "An investigational new drug application (IND)"),
        ("Does the hospital exemption mean it is approved?", "EU", "A hospital exemption"),
        ("Is a treatment plan under Japan's safety act an approval?", "JP", "A treatment plan filed by a clinic"),
        ("Florida law allows stem cells, does that mean they are approved?", "US", "A law of a US state"),
        ("My clinic is registered with the FDA, is it approved then?", "US", "The registration of a clinic"),
        ("The study is listed on ClinicalTrials.gov so it is approved?", "US", "A listing on ClinicalTrials.gov"),
        ("Does orphan status mean that Ryoncil is approved?", "US", "An orphan designation"),
        ("Does expanded access mean approved?", "US", "Expanded access"),
        ("Since Florida legalised them, stem cells there are FDA approved now, correct?", "US", "A law of a US state"),
        ("The clinic has its plan accepted by the ministry, so it is approved, isn't it?", "JP", "A treatment plan"),
    ],
)
def test_what_only_sounds_like_an_approval_is_answered_with_no(
    assistant: Assistant, question: str, country: str, says: str
) -> None:
    answer = assistant.ask(question, country=country)
    assert answer.claims[0].text.startswith(f"No: {says}")
    assert not [claim.text for claim in answer.claims if claim.text.startswith("Yes")]
    assert answer.citations[0].document_id == "register-not-approvals"


@pytest.mark.parametrize(
    ("question", "country", "first", "then"),
    [
        (
            "Is MSC-FFM approved in Germany?",
            "EU",
            "MSC-FFM has no approval in the European Union",
            "A hospital exemption",
        ),
        ("Is AstroStem approved in Japan?", "JP", "AstroStem has no approval in Japan", "A treatment plan filed"),
        (
            "Is JointStem approved in the US?",
            "US",
            "JointStem has no approval in the United States",
            "An RMAT designation",
        ),
    ],
)
def test_what_a_product_has_instead_of_an_approval(
    assistant: Assistant, question: str, country: str, first: str, then: str
) -> None:
    claims = [claim.text for claim in assistant.ask(question, country=country).claims]
    assert claims[0].startswith(first)
    assert any(claim.startswith(then) for claim in claims)


def test_a_question_of_what_a_designation_is_gets_no_no(assistant: Assistant) -> None:
    assert not [c for c in assistant.ask("What is an RMAT designation?").claims if c.text.startswith("No")]


def test_an_application_taken_back_is_told(assistant: Assistant) -> None:
    claims = assistant.ask("Is NurOwn approved in the US?").claims
    assert claims[0].text.startswith("The application to approve NurOwn (debamestrocel) in the United States")


def test_an_approval_of_cells_is_none_of_exosomes(assistant: Assistant) -> None:
    assert not from_register(assistant.ask("Are exosomes approved by the FDA?"))
