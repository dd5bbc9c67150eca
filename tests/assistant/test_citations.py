"""Every sentence of an answer is cited, and every quote stands in its document, letter by letter."""

from __future__ import annotations

import re

import pytest

from assistant.answer import Answer, with_markers
from assistant.pipeline import Assistant

QUESTIONS = """
What are mesenchymal stromal cells?
How do MSCs calm the immune system?
What surface markers define an MSC?
How are MSCs frozen?
Where do MSCs go after an infusion into a vein?
What is the difference between autologous and allogeneic MSCs?
Do MSC injections help knee osteoarthritis?
What did the ADMIRE-CD II trial find?
How many children responded to Ryoncil in its main trial?
What is Wharton's jelly?
Are exosomes approved by the FDA?
Is stem cell therapy legal in Japan?
does stem cell help my moms knee
wat are the risks of stemcell infusons
What happened with NurOwn for ALS?
Can MSCs cause cancer?
How is potency of an MSC product tested?
What is the secretome?
Do MSCs help in liver cirrhosis?
Are MSCs used for spinal cord injury?
How many cells are given in a dose of MSCs?
What does a stem cell clinic cost?
How do I join a clinical trial?
What is an RMAT designation?
Is Cartistem approved in South Korea?
Which MSC products are approved in Japan and South Korea?
Do MSCs help COVID-19 ARDS?
Is Alofisel approved in the EU?
What is GvHD?
Do MSCs help heart failure?
Is there evidence for MSCs in lupus?
Does Medicare pay for stem cells?
""".strip().splitlines()


@pytest.fixture(scope="module", params=QUESTIONS)
def answer(request: pytest.FixtureRequest, assistant: Assistant) -> Answer:
    """What a clinician is told: the longer answer."""
    return assistant.ask(request.param, country="US", audience="clinician")


def test_every_sentence_is_cited_with_the_words_of_a_document(assistant: Assistant, answer: Answer) -> None:
    documents = assistant.retriever.generation.documents
    assert answer.kind == "answer"
    assert answer.claims
    for claim in answer.claims:
        assert claim.citations
    for citation in answer.citations:
        text = documents[citation.document_id].text
        assert citation.quote
        assert text[citation.start : citation.end] == citation.quote
        assert text[citation.passage_start :].startswith(citation.passage)
        assert citation.quote in citation.passage
        assert citation.source.title
        assert citation.source.url.startswith("http")
        assert not citation.source.retracted
        assert citation.evidence == citation.source.evidence


def test_markers_count_from_one_in_order_of_appearance(answer: Answer) -> None:
    in_text = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    in_claims = [marker for claim in answer.claims for marker in claim.citations]
    assert in_text == in_claims
    assert list(dict.fromkeys(in_text)) == list(range(1, len(answer.citations) + 1))
    assert [citation.marker for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.text == " ".join(with_markers(claim) for claim in answer.claims)


def test_no_sentence_is_said_twice(answer: Answer) -> None:
    texts = [claim.text for claim in answer.claims]
    for number, text in enumerate(texts):
        assert not any(text in other for other in texts[:number] + texts[number + 1 :])


def test_an_answer_without_a_model_says_only_words_of_the_corpus(assistant: Assistant) -> None:
    answer = assistant.ask("Do MSC injections help knee osteoarthritis?")
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    assert [claim.text for claim in answer.claims] == [quotes[claim.citations[0]] for claim in answer.claims]
    assert (answer.engine.answerer, answer.engine.model) == ("extractive", "")
    assert answer.engine.embedder == "all-MiniLM-L6-v2"
    assert answer.engine.index_id == assistant.retriever.generation.manifest.id
