"""What a case wanted and did not get, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.documents import Document
from corpus.sentences import sentence_spans
from eval.cases import Fact
from eval.metrics import fact_stands, forbidden
from eval.outcome import Miss, Outcome
from index.passages import Passage


def misses(outcome: Outcome, passages: Sequence[Passage], documents: Mapping[str, Document]) -> tuple[Miss, ...]:
    """Everything that a case missed.

    Args:
        outcome: the case's answer and measures.
        passages: those that the answer could be drafted from, best first.
        documents: the documents of the index by id.
    """
    if outcome.answer is None:
        return (Miss("crash", outcome.error, "asking the question raised this error"),)
    return (
        *_kind(outcome),
        *_facts(outcome, passages, documents),
        *_documents(outcome),
        *_caveats(outcome),
        *_citations(outcome),
        *(Miss("must_not_say_kept", phrase, f"said in: {text}") for phrase, text in forbidden(outcome)),
    )


def _kind(outcome: Outcome) -> Iterator[Miss]:
    if outcome.kind != outcome.case.kind:
        yield Miss("kind_accuracy", outcome.case.kind, f"the answer is of kind {outcome.kind}")


def _facts(outcome: Outcome, passages: Sequence[Passage], documents: Mapping[str, Document]) -> Iterator[Miss]:
    for fact in outcome.case.facts:
        if not fact_stands(fact, outcome.claims):
            name = "vital_facts_found" if fact.vital else "facts_found"
            yield Miss(name, " | ".join(fact.any), _why_unsaid(fact, outcome, passages, documents))


def _why_unsaid(fact: Fact, outcome: Outcome, passages: Sequence[Passage], documents: Mapping[str, Document]) -> str:
    """The first step of the way from document to claim at which a fact got lost."""
    held = [documents[name] for name in outcome.case.documents if name in documents]
    if not any(fact_stands(fact, sentences_of(document)) for document in held):
        return "no sentence of the case's documents says it"
    for rank, passage in enumerate(passages, start=1):
        if fact_stands(fact, [passage.text[start:end] for start, end in sentence_spans(passage.text)]):
            return f"retrieved (passage {rank}, {passage.document_id}), but no claim says it"
    return f"not retrieved: no passage of the first {len(passages)} says it"


def sentences_of(document: Document) -> list[str]:
    """The sentences of a document."""
    spans = (span for block in document.blocks for span in sentence_spans(document.text, block.start, block.end))
    return [document.text[start:end] for start, end in spans]


def _documents(outcome: Outcome) -> Iterator[Miss]:
    """The documents beyond rank 5; none where 5 of a case's many documents fill the first 5 ranks."""
    if outcome.ranking is None:
        return
    found, wanted = outcome.ranking.documents, outcome.case.documents
    if len(set(found[:5]) & set(wanted)) == min(5, len(set(wanted))):
        return
    for name in wanted:
        if name not in found[:5]:
            where = f"ranks {found.index(name) + 1}" if name in found else f"is not among the {len(found)} found"
            yield Miss("recall_at_5", name, f"the document {where}")


def _caveats(outcome: Outcome) -> Iterator[Miss]:
    for name in outcome.case.caveats.must:
        if name not in outcome.caveats:
            yield Miss("caveat_recall", name, f"the answer carries {_listed(outcome.caveats)}")
    for name in outcome.case.caveats.must_not:
        if name in outcome.caveats:
            yield Miss("caveat_precision", name, "it does not apply, and the answer carries it")


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _citations(outcome: Outcome) -> Iterator[Miss]:
    check = outcome.citations
    yield from (Miss("claims_cited", text, "the claim has no citation") for text in check.uncited)
    yield from (Miss("quotes_verbatim", text, "the quote does not stand so in its document") for text in check.altered)
    yield from (Miss("citation_recall", text, "the quotes do not support the claim") for text in check.unsupported)
    yield from (Miss("citation_precision", text, "the claim stands without this quote") for text in check.irrelevant)
