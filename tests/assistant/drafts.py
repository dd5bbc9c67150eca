"""What a scripted model writes of Zelvocel, and what must hold of every answer made of it."""

from __future__ import annotations

from collections.abc import Callable

from openai_server import Asked

from assistant.answer import Answer, Claim
from assistant.pipeline import Assistant

QUESTION = "What did the Tallow trial of Zelvocel find?"
RESPONSE = "In the Tallow trial 49.5% of the people given Zelvocel had less pain at 6 months."
PLACEBO = "In the Tallow trial 38.2% of the people given placebo had less pain at 6 months."
PEOPLE = "The Tallow trial of Zelvocel enrolled 212 people with tennis elbow at 14 hospitals."
MODEL = "openai:test-model"

Maker = Callable[..., Assistant]


def draft(*sentences: str) -> Callable[[Asked], list[str]]:
    """A script of one draft, cut into pieces of a few letters; `{n}` becomes the number of the passage on the trial."""

    def script(asked: Asked) -> list[str]:
        number = asked.place("49.5%")[0]
        text = " ".join(sentences).replace("{n}", str(number))
        return [text[start : start + 7] for start in range(0, len(text), 7)]

    return script


def quotes(answer: Answer, claim: Claim) -> list[str]:
    by_marker = {citation.marker: citation.quote for citation in answer.citations}
    return [by_marker[marker] for marker in claim.citations]


def check_verbatim(assistant: Assistant, answer: Answer) -> None:
    documents = assistant.retriever.generation.documents
    assert all(claim.citations for claim in answer.claims)
    for citation in answer.citations:
        assert documents[citation.document_id].text[citation.start : citation.end] == citation.quote


def check_extractive(answer: Answer, plain: Answer) -> None:
    """The answer is the one without a model, and says that and why."""
    assert (answer.claims, answer.citations) == (plain.claims, plain.citations)
    assert (answer.engine.answerer, answer.engine.model) == ("extractive", "")
    assert len(answer.notices) == 1
    assert MODEL in answer.notices[0]
