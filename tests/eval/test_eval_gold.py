"""The bundled gold cases fit the corpus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import eval
from corpus.documents import Document, read
from corpus.knowledge import load_knowledge
from corpus.locations import DOCUMENTS_DIR
from corpus.register import register_documents
from eval.cases import CaseSet, load_cases, unknown_documents
from eval.explain import sentences_of
from eval.gate import load_thresholds
from eval.locations import GATE_FILE
from eval.metrics import METRICS, fact_stands


@pytest.fixture(scope="module")
def gold() -> CaseSet:
    return load_cases()


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    held = [*map(read, sorted(DOCUMENTS_DIR.glob("*.md"))), *register_documents(load_knowledge())]
    return {document.id: document for document in held}


def test_every_document_that_a_case_names_exists(gold: CaseSet, documents: dict[str, Document]) -> None:
    assert unknown_documents(gold, documents) == []


def test_every_fact_stands_in_a_sentence_of_its_documents(gold: CaseSet, documents: dict[str, Document]) -> None:
    sentences = {name: sentences_of(document) for name, document in documents.items()}
    lost = [
        f"{gold.places[case.id]}: {' | '.join(fact.any)}"
        for case in gold.cases
        for fact in case.facts
        if not fact_stands(fact, [text for name in case.documents for text in sentences[name]])
    ]
    assert lost == []


def test_every_answer_has_a_vital_fact_and_a_document(gold: CaseSet) -> None:
    bare = [
        gold.places[case.id]
        for case in gold.cases
        if case.kind == "answer" and not (case.documents and any(fact.vital for fact in case.facts))
    ]
    assert bare == []


def test_both_splits_hold_every_kind(gold: CaseSet) -> None:
    held = {(case.split, case.kind) for case in gold.cases}
    assert held == {(s, k) for s in ("tune", "test") for k in ("answer", "abstain", "redirect", "emergency")}


def test_thresholds_can_be_read() -> None:
    assert {threshold.metric for threshold in load_thresholds(GATE_FILE)} >= {"facts_found", "claims_cited"}


def test_every_metric_says_what_it_measures() -> None:
    assert [name for name, metric in METRICS.items() if not (metric.__doc__ or "").strip()] == []


def test_packages_below_do_not_import_the_evaluation() -> None:
    root = Path(eval.__file__).parent.parent
    files = [file for floor in ("corpus", "index", "assistant") for file in (root / floor).rglob("*.py")]
    pattern = re.compile(r"^\s*(?:from|import) eval\b", re.M)
    assert [str(file) for file in files if pattern.search(file.read_text(encoding="utf-8"))] == []
