"""What is suggested next: real questions, each answered when it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Turn
from assistant.config import Settings
from assistant.pipeline import Assistant
from assistant.suggestions import STARTERS, Suggester

ASKED = [
    ("What are mesenchymal stromal cells?", "US"),
    ("Do stem cell injections help knee arthritis?", "US"),
    ("do stem cels help my bad nee", "UK"),
    ("Is Ryoncil approved in the US?", "US"),
    ("Is Alofisel still approved?", "EU"),
    ("Which MSC products are approved in my country?", "JP"),
    ("What are the risks of stem cell clinics?", "other"),
    ("How are MSCs frozen?", "CA"),
    ("What did the TREASURE trial in stroke find?", "JP"),
    ("Can MSCs help with Crohn's disease fistulas?", "EU"),
    ("Tell me about lupus", "KR"),
    ("Does it work for autism?", "IN"),
    ("What does stem cell treatment cost?", "AU"),
    ("Are exosomes approved by the FDA?", "US"),
    ("Can MSCs cause cancer?", "other"),
    ("How many cells are in a dose?", "CN"),
    ("Can I stop my prednisone if I get stem cells?", "UK"),
    ("Which clinic should I go to for my knee?", "US"),
    ("Who won the football world cup in 2018?", "other"),
    ("Do MSCs cure migraine?", "US"),
    ("What is the price of Bitcoin?", "KR"),
    ("Do MSCs help hip arthritis?", "KR"),
]


@pytest.mark.parametrize(("question", "country"), ASKED)
def test_every_suggestion_is_answered_when_it_is_asked(assistant: Assistant, question: str, country: str) -> None:
    answer = assistant.ask(question, country=country)
    assert 2 <= len(answer.suggestions) <= 3
    history = (Turn("user", question), Turn("assistant", answer.text))
    for suggestion in answer.suggestions:
        assert suggestion.endswith("?")
        assert suggestion[0].isupper()
        assert len(suggestion) <= 140
        assert suggestion != question
        assert assistant.ask(suggestion, country=country).kind == "answer", suggestion
        assert assistant.ask(suggestion, history, country=country).kind == "answer", suggestion


def test_a_conversation_is_not_led_in_a_circle(assistant: Assistant) -> None:
    question, history, asked = "Does MSC therapy help with lupus?", (), []
    for _ in range(4):
        asked.append(question)
        answer = assistant.ask(question, history, country="US")
        assert not set(answer.suggestions) & set(asked)
        history = (*history, Turn("user", question), Turn("assistant", answer.text))
        question = answer.suggestions[0]
    assert len(set(asked)) == 4


def test_an_answer_on_evidence_leads_to_what_is_approved_where_one_lives(assistant: Assistant) -> None:
    asked = "Do stem cell injections help knee arthritis?"
    korea, elsewhere = (assistant.ask(asked, country=country).suggestions for country in ("KR", "other"))
    assert korea[0] == "Which MSC products are approved for knee osteoarthritis in South Korea?"
    assert elsewhere[0] == "Which MSC products are approved for knee osteoarthritis?"
    told = assistant.ask(korea[0], country="KR")
    assert "Cartistem" in told.text
    assert not any("approved for knee osteoarthritis" in question for question in told.suggestions)


def test_off_the_subject_the_questions_to_start_with_are_offered(assistant: Assistant) -> None:
    assert assistant.ask("Who won the football world cup in 2018?").suggestions == STARTERS


def test_a_document_of_ones_own_is_asked_about_by_its_name(assistant: Assistant, zelvocel: tuple[Path, Path]) -> None:
    reader = Assistant(Settings(index_dir=zelvocel[1]), assistant.knowledge, assistant.retriever.embedder)
    answer = reader.ask("How many people were in the Tallow trial?")
    assert answer.suggestions == ("What does “zelvocel-report.txt” say?",)
    assert reader.ask(answer.suggestions[0]).kind == "answer"
    for suggestion in reader.ask("Who won the football world cup in 2018?").suggestions:
        assert reader.ask(suggestion).kind == "answer"


@pytest.mark.parametrize(
    ("section", "question"),
    [
        ("", "Does MSC therapy help with lupus and lupus nephritis?"),
        ("In short", "Does MSC therapy help with lupus and lupus nephritis?"),
        ("What was tried", "What have trials of MSC therapy for lupus and lupus nephritis found?"),
        ("What regulators say", "What do regulators say about MSC therapy for lupus and lupus nephritis?"),
        ("What the TREASURE trial in stroke found", "What did the TREASURE trial in stroke find?"),
        ("The trial behind Ryoncil (MSB-GVHD001)", "What did the trial behind Ryoncil (MSB-GVHD001) find?"),
        ("Risks of MSC injection into a joint", "What are the risks of MSC injection into a joint?"),
        ("How MSCs are frozen and stored", "How are MSCs frozen and stored?"),
        ("How many MSCs fat holds", "Can you explain how many MSCs fat holds?"),
        ("Where to report harm in the United States", "Where can I report harm in the United States?"),
        ("Are donor MSCs “immune privileged”?", "Are donor MSCs “immune privileged”?"),
        ("Products approved for Crohn's fistula", "Which products are approved for Crohn's fistula?"),
        ('Red flag: "it is legal here"', "Why is “it is legal here” a red flag?"),
        ("Health Canada's warning about clinics", "What is known about Health Canada's warning about clinics?"),
        ("Step 1: get the name and source of the cell product", ""),
        ("Cord blood is not cord tissue", ""),
    ],
)
def test_a_heading_becomes_the_question_that_its_section_answers(
    assistant: Assistant, section: str, question: str
) -> None:
    title = "MSC therapy for lupus (systemic lupus erythematosus, SLE) and lupus nephritis"
    assert Suggester(assistant.knowledge, assistant.lexicon).question_of(title, section) == question
