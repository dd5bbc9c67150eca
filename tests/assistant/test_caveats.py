"""The caveats that an answer needs, by question, country and date."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answer import Answer
from assistant.pipeline import Assistant

TODAY = date(2026, 11, 23)
KNEE = "Do MSC injections help knee osteoarthritis?"
SPINE = "Are MSCs used for spinal cord injury?"
FISTULA = "Does Alofisel help fistulas in Crohn's disease?"
CHILDREN = "Do MSC infusions help children with acute GvHD?"


def caveats(answer: Answer) -> dict[str, str]:
    return {caveat.id: caveat.text for caveat in answer.caveats}


@pytest.mark.parametrize(
    ("question", "country", "day", "wanted", "said", "unwanted"),
    [
        (FISTULA, "EU", TODAY, "withdrawn", "withdrawn on 13 December 2024", "approved-narrowly"),
        (FISTULA, "EU", date(2019, 6, 1), "approved-narrowly", "in the European Union on 23 March 2018", "withdrawn"),
        (FISTULA, "EU", date(2017, 6, 1), "investigational", "In the European Union", "approved-narrowly"),
        (CHILDREN, "US", TODAY, "approved-narrowly", "Ryoncil (remestemcel-L-rknd)", "investigational"),
        (CHILDREN, "US", date(2023, 1, 1), "investigational", "acute graft-versus-host disease", "approved-narrowly"),
        (CHILDREN, "JP", TODAY, "approved-narrowly", "Temcell HS", "investigational"),
        (KNEE, "US", TODAY, "investigational", "knee osteoarthritis", "approved-narrowly"),
        (KNEE, "IN", TODAY, "approved-narrowly", "Ciplostem", "investigational"),
        (SPINE, "US", TODAY, "investigational", "spinal cord injury", "approved-narrowly"),
        (SPINE, "JP", TODAY, "approved-narrowly", "Stemirac", "investigational"),
        (SPINE, "JP", date(2018, 12, 27), "investigational", "In Japan", "approved-narrowly"),
        ("Is Alofisel approved in the US?", "US", TODAY, "other-jurisdiction", "Alofisel", "approved-narrowly"),
    ],
)
def test_status_by_country_and_date(
    assistant: Assistant, question: str, country: str, day: date, wanted: str, said: str, unwanted: str
) -> None:
    answer = assistant.ask(question, country=country, as_of=day)
    found = caveats(answer)
    assert wanted in found
    assert said in found[wanted]
    assert unwanted not in found
    caveat = next(caveat for caveat in answer.caveats if caveat.id == wanted)
    assert caveat.source is not None
    assert caveat.as_of
    assert caveat.country == country or wanted == "other-jurisdiction"


def test_an_approval_says_for_whom_and_since_when(assistant: Assistant) -> None:
    text = caveats(assistant.ask(CHILDREN, country="US", as_of=TODAY))["approved-narrowly"]
    assert "children from 2 months of age" in text
    assert "18 December 2024" in text


@pytest.mark.parametrize(
    ("question", "country", "false"),
    [
        # Temcell HS is approved there for it
        ("Is Ryoncil approved in Japan?", "JP", "no MSC product is known to be approved for acute"),
        # Ciplostem is approved there for it
        (
            "Is Ryoncil approved for knee osteoarthritis in India?",
            "IN",
            "no MSC product is known to be approved for knee",
        ),
        # Ryoncil is approved there
        ("What is NurOwn?", "US", "no MSC product is known to be approved ("),
    ],
)
def test_no_caveat_denies_an_approval_of_another_product(
    assistant: Assistant, question: str, country: str, false: str
) -> None:
    texts = caveats(assistant.ask(question, country=country, as_of=TODAY)).values()
    assert not [text for text in texts if false in text]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What does a stem cell clinic in Mexico cost?", "unapproved-clinics"),
        ("Are exosome injections sold by clinics safe?", "unapproved-clinics"),
        ("Is it wise to travel abroad for stem cell treatment?", "unapproved-clinics"),
        ("Which clinic should I book for my knee?", "unapproved-clinics"),
        ("How do I join a clinical trial of MSCs?", "trial-not-endorsement"),
        ("Does a listing on ClinicalTrials.gov mean that a study is good?", "trial-not-endorsement"),
        ("Should I get MSC injections for my knee osteoarthritis?", "not-medical-advice"),
        ("My mother has lupus, can MSCs help her?", "not-medical-advice"),
        ("Can I stop my prednisone if I get stem cells?", "not-medical-advice"),
        ("Where can I report a side effect of a stem cell injection?", "report-adverse-event"),
    ],
)
def test_what_a_question_calls_for(assistant: Assistant, question: str, wanted: str) -> None:
    assert wanted in caveats(assistant.ask(question, country="US", as_of=TODAY))


@pytest.mark.parametrize(
    "question",
    [
        "What are mesenchymal stromal cells?",
        "How do MSCs calm the immune system?",
        "What surface markers define an MSC?",
        "How are MSCs frozen?",
        "What is the secretome?",
        "What is Wharton's jelly?",
        "How is potency of an MSC product tested?",
        "Where do MSCs go after an infusion into a vein?",
        "Can MSCs become bone and cartilage?",
    ],
)
def test_a_question_of_science_needs_no_advice(assistant: Assistant, question: str) -> None:
    found = caveats(assistant.ask(question, country="US", as_of=TODAY))
    assert not {"not-medical-advice", "report-adverse-event", "emergency", "withdrawn"} & set(found)


@pytest.mark.parametrize(("country", "scheme"), [("US", "MedWatch"), ("UK", "Yellow Card"), ("AU", "TGA")])
def test_harm_is_reported_in_the_askers_country(assistant: Assistant, country: str, scheme: str) -> None:
    answer = assistant.ask("Where can I report a side effect of a stem cell injection?", country=country)
    assert scheme in caveats(answer)["report-adverse-event"]


def test_each_caveat_once_and_none_without_words(assistant: Assistant) -> None:
    answer = assistant.ask("Is Alofisel approved in the EU, Japan and the US?", country="EU", as_of=TODAY)
    names = [caveat.id for caveat in answer.caveats]
    assert len(names) == len(set(names))
    assert all(caveat.text.endswith(".") for caveat in answer.caveats)
