"""The product table as documents that can be quoted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_corpus import FILES, countries, put_corpus

from corpus.documents import Document
from corpus.knowledge import load_knowledge
from corpus.register import day, on, register_documents
from corpus.sentences import sentence_spans

EVENTS = """\
        - {date: 2019-06, event: conditional, until: 2022-06, sources: [fda-2024-alpha]}
        - {date: 2021, event: renewed, sources: [fda-2024-alpha]}
        - {date: 2022-07-01, event: lapsed, sources: [fda-2024-alpha]}
        - {date: 2023-08, event: refused, terms: a second letter., sources: [fda-2024-alpha]}
        - {date: 2024-05-02, event: approved, sources: [fda-2024-alpha, lee-2021-knee]}
        - {date: 2025-12-13, event: withdrawn, sources: [lee-2021-knee]}
    - country: UK
      condition: knee
      indication: knee osteoarthritis
      known_up_to: 2026-01-01
      events: [{date: 2020, event: approved, sources: [fda-2024-alpha]}]
    - country: NZ
      condition: knee
      indication: knee osteoarthritis
      known_up_to: 2026-01-01
      events: [{date: 2020-02, event: approved, sources: [fda-2024-alpha]}]
"""


@pytest.fixture
def registers(tmp_path: Path) -> dict[str, Document]:
    products = FILES["products.yaml"]
    products = products[: products.index("        - {date")] + EVENTS
    rows = countries().replace('none_approved: ""', 'none_approved: "No product is approved in Land of EU."', 2)
    rows = rows.replace('none_approved: "No product is approved in Land of EU."', 'none_approved: ""', 1)
    knowledge = load_knowledge(put_corpus(tmp_path, products=products, countries=rows))
    return {document.id: document for document in register_documents(knowledge)}


def sentences(document: Document) -> list[tuple[str, tuple[str, ...]]]:
    return [(document.text[span.start : span.end], span.keys) for span in document.source_spans]


def test_one_document_a_country(registers: dict[str, Document]) -> None:
    assert list(registers) == [
        f"register-{name}"
        for name in ("us", "eu", "uk", "jp", "kr", "cn", "in", "ca", "au", "nz", "not-approvals", "products")
    ]


def test_each_event_is_a_passive_sentence_with_its_sources(registers: dict[str, Document]) -> None:
    fda = ("fda-2024-alpha",)
    where = "in the United States"
    assert sentences(registers["register-us"]) == [
        (f"Alpha (alphacel) was given conditional approval {where} in June 2019 by the FDA for knee osteoarthritis, "
         "limited in time until June 2022.", fda),
        (f"Alpha (alphacel) had its approval renewed {where} in 2021 by the FDA for knee osteoarthritis.", fda),
        (f"The approval of Alpha (alphacel) {where} for knee osteoarthritis ran out on 1 July 2022.", fda),
        (f"Alpha (alphacel) was refused approval {where} in August 2023 by the FDA for knee osteoarthritis "
         "(a second letter).", fda),
        (f"Alpha (alphacel) was approved {where} on 2 May 2024 by the FDA for knee osteoarthritis.",
         ("fda-2024-alpha", "lee-2021-knee")),
        (f"The approval of Alpha (alphacel) {where} for knee osteoarthritis was withdrawn on 13 December 2025.",
         ("lee-2021-knee",)),
        (f"The status of Alpha (alphacel) {where} is known to this library up to 1 January 2026 and not after that.",
         ("lee-2021-knee",)),
        (f"No other approval of an MSC product {where} is known up to 1 January 2026.", fda),
    ]  # fmt: skip


def test_a_country_with_nothing_approved_says_so(registers: dict[str, Document]) -> None:
    assert sentences(registers["register-eu"]) == [("No product is approved in Land of EU.", ("fda-2024-alpha",))]
    assert registers["register-eu"].text == (
        "Which MSC products are approved in Land of EU\n\nNo product is approved in Land of EU."
    )


def test_who_decided_is_named_only_where_it_is_known(registers: dict[str, Document]) -> None:
    assert sentences(registers["register-uk"])[0][0] == (
        "Alpha (alphacel) was approved in Land of UK in 2020 for knee osteoarthritis."
    )
    known = "is known to this library up to 1 January 2026 and not after that."
    assert sentences(registers["register-nz"]) == [
        ("Alpha (alphacel) was approved in New Zealand in February 2020 for knee osteoarthritis.", ("fda-2024-alpha",)),
        (f"The status of Alpha (alphacel) in New Zealand {known}", ("fda-2024-alpha",)),
    ]


def test_what_is_no_approval_is_a_document_of_its_own(registers: dict[str, Document]) -> None:
    document = registers["register-not-approvals"]
    assert sentences(document) == [("A listing is not an approval.", ("fda-2024-alpha",))]
    assert [section.title for section in document.sections] == ["A listing"]


def test_an_application_taken_back(tmp_path: Path) -> None:
    events = "        - {date: 2023-10, event: application-withdrawn, sources: [fda-2024-alpha]}\n"
    products = FILES["products.yaml"]
    knowledge = load_knowledge(put_corpus(tmp_path, products=products[: products.index("        - {date")] + events))
    us = next(document for document in register_documents(knowledge) if document.id == "register-us")
    assert [text for text, _ in sentences(us)][:-1] == [
        "The application to approve Alpha (alphacel) in the United States for knee osteoarthritis was withdrawn in October 2023."
    ]


def test_headings_and_offsets(registers: dict[str, Document]) -> None:
    us = registers["register-us"]
    assert us.title == "Approvals of MSC products in the United States, by date"
    assert [section.title for section in us.sections] == [
        "Alpha (alphacel) in the United States",
        "Up to when approvals in the United States are known",
        "Which MSC products are approved in the United States",
    ]
    for section in us.sections:
        assert us.text[section.start :].startswith(section.title)
    assert us.sections[2].end == len(us.text)
    assert us.section_at(us.source_spans[6].start) == us.sections[1].title
    assert us.section_at(us.source_spans[7].start) == us.sections[2].title


def test_every_bundled_register_sentence_is_one_sentence() -> None:
    knowledge = load_knowledge()
    documents = register_documents(knowledge)
    assert len(documents) >= 9
    for document in documents:
        quotable = [(s.start, s.end) for s in document.source_spans]
        found = [(b.start, b.end) for b in document.blocks]
        assert found == [s for s in quotable if "is known to this library up to" not in document.text[slice(*s)]]
        for span in document.source_spans:
            text = document.text[span.start : span.end]
            assert text.endswith(".")
            assert span.keys
            assert set(span.keys) <= set(knowledge.sources)
            assert len(sentence_spans(document.text, span.start, span.end)) == 1, text


@pytest.mark.parametrize(
    ("date", "in_words", "with_preposition"),
    [
        ("2016", "2016", "in 2016"),
        ("2012-05", "May 2012", "in May 2012"),
        ("2024-12-08", "8 December 2024", "on 8 December 2024"),
    ],
)
def test_dates_in_words(date: str, in_words: str, with_preposition: str) -> None:
    assert (day(date), on(date)) == (in_words, with_preposition)
