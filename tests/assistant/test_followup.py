"""A follow-up question is understood by what was asked before."""

from __future__ import annotations

import pytest

from assistant.answer import Turn
from assistant.pipeline import Assistant

RYONCIL = "Is Ryoncil approved in the US?"
KNEE = "Do MSC injections help knee osteoarthritis?"
LUPUS = "Are MSCs given for lupus?"
ALOFISEL = "What did the ADMIRE-CD II trial of Alofisel find?"

CASES = [
    ((RYONCIL,), "and in Japan?", "Is Ryoncil approved in Japan?"),
    ((RYONCIL,), "What about Europe?", "Is Ryoncil approved in Europe?"),
    ((RYONCIL,), "since when?", "Is Ryoncil approved in the US: since when?"),
    ((RYONCIL, "and in Japan?"), "since when?", "Is Ryoncil approved in Japan: since when?"),
    ((RYONCIL,), "Is it approved in Canada?", "Is Ryoncil approved in Canada?"),
    ((RYONCIL,), "And Temcell?", "Is Temcell HS approved in the US?"),
    ((RYONCIL,), "what about Temcell in Japan?", "Is Temcell HS approved in Japan?"),
    ((RYONCIL,), "What are its side effects?", "What are the side effects of Ryoncil?"),
    ((RYONCIL,), "How does it work?", "How does Ryoncil work?"),
    ((RYONCIL,), "who makes it?", "who makes Ryoncil?"),
    ((RYONCIL,), "What did it cost?", "What did Ryoncil cost?"),
    ((RYONCIL,), "In adults?", "Is Ryoncil approved in the US in adults?"),
    ((ALOFISEL,), "Was it withdrawn?", "Was Alofisel withdrawn?"),
    ((ALOFISEL,), "How many people were in the trial?", "How many people were in the trial (Alofisel)?"),
    (("What is Alofisel?", "Was it approved in Europe?"), "and in 2025?", "Was Alofisel approved in Europe in 2025?"),
    (("What is Stemirac?",), "Is it still approved?", "Is Stemirac still approved?"),
    (("What is Stemirac?",), "and Akuugo?", "What is Akuugo?"),
    ((KNEE,), "What about heart failure?", "Do MSC injections help heart failure?"),
    ((KNEE,), "Is it safe?", "Is MSC therapy for knee osteoarthritis safe?"),
    ((KNEE,), "thanks! what are the risks?", "what are the risks (MSC therapy for knee osteoarthritis)?"),
    ((LUPUS,), "What about their safety?", "What about safety of MSC therapy for lupus?"),
    ((LUPUS,), "Tell me more", "Tell me more about MSC therapy for lupus"),
    (("Can umbilical cord cells help stroke?",), "And bone marrow cells?", "Can bone marrow cells help stroke?"),
    (("Is Cartistem approved in South Korea?",), "What about the US?", "Is Cartistem approved in US?"),
    # what stands alone stays as it is
    ((KNEE,), "What is the secretome?", "What is the secretome?"),
    ((KNEE,), "What are mesenchymal stromal cells?", "What are mesenchymal stromal cells?"),
    ((KNEE,), "New question: how are MSCs frozen?", "New question: how are MSCs frozen?"),
    (("Can MSCs help ALS?",), "What happened with NurOwn?", "What happened with NurOwn?"),
    (("hello",), "Is Ryoncil approved?", "Is Ryoncil approved?"),
    ((), "Is it safe?", "Is it safe?"),
]


@pytest.mark.parametrize(("asked", "question", "standalone"), CASES)
def test_the_standalone_question(assistant: Assistant, asked: tuple[str, ...], question: str, standalone: str) -> None:
    history = tuple(turn for words in asked for turn in (Turn("user", words), Turn("assistant", "It depends.")))
    answer = assistant.ask(question, history)
    assert (answer.question, answer.standalone_question) == (question, standalone)


def test_a_follow_up_is_answered_like_the_question_that_it_means(assistant: Assistant) -> None:
    short = assistant.ask("and in Japan?", (Turn("user", "Is Temcell approved in Canada?"), Turn("assistant", "No.")))
    long = assistant.ask("Is Temcell approved in Japan?")
    assert short.claims[0].text.startswith("Yes: Temcell HS (human allogeneic bone-marrow MSC) was approved in Japan")
    assert (short.claims, short.citations) == (long.claims, long.citations)


def test_what_the_assistant_said_is_no_question(assistant: Assistant) -> None:
    history = (Turn("user", "hello"), Turn("assistant", "Ask me about Ryoncil in the US."))
    assert assistant.ask("since when?", history).standalone_question == "hello: since when?"
