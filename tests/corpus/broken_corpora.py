"""Edits of the tiny corpus that break one rule of the check each."""

from __future__ import annotations

from dataclasses import dataclass

from tiny_corpus import countries

KNEE = "documents/knee.md"


@dataclass(frozen=True)
class Broken:
    """One edit of the tiny corpus, the rule that it breaks, and a word of the line that is at fault."""

    rule: str
    file: str
    old: str
    new: str
    at: str
    says: str


PARAGRAPH = "The trial of Lee gave 1 injection of cells to 320 adults with worn knees [@lee-2021-knee]."
ITEM = "- Alpha was approved in the United States on 2 May 2024 [@fda-2024-alpha]."
EVENTS = "        - {date: 2024-05-02, event: approved, sources: [fda-2024-alpha]}\n"
DESIGNATED = "  designations:\n    - {{country: {}, kind: {}, sources: [fda-2024-alpha]}}\n"
NOBODY = countries(("US",))
BROKEN = [
    Broken("unreadable", KNEE, "conditions: [knee]", "conditions: [knee", "products:", "not valid YAML"),
    Broken("unreadable", KNEE, "as_of: 2026-01-05", "as_of: 2026-02-31", "---", "not valid YAML"),
    Broken("front-matter", KNEE, "as_of: 2026-01-05\n", "", "---", "'as_of' is missing"),
    Broken("front-matter", KNEE, "topic: cond", "colour: red\ntopic: cond", "colour", "unknown field 'colour'"),
    Broken("front-matter", KNEE, "id: knee", "id: knees", "id: knees", "id 'knees' must equal the file name 'knee'"),
    Broken("front-matter", KNEE, "topic: conditions", "topic: cooking", "topic:", "unknown topic 'cooking'"),
    Broken("front-matter", KNEE, "review_by: 2027-01-05", "review_by: soon", "review_by", "'review_by' must be a date"),
    Broken("unknown-condition", KNEE, "[knee]", "[knee, elbow]", "conditions: [", "'elbow'"),
    Broken("unknown-condition", KNEE, "[knee]", "3", "conditions: 3", "'3'"),
    Broken("unknown-condition", KNEE, "[knee]", "[alpha]", "conditions: [", "'alpha' is no condition"),
    Broken("unknown-condition", "products.yaml", "condition: knee", "condition: elbow", "condition: elbow", "'elbow'"),
    Broken("unknown-product", KNEE, "[alpha]", "[beta]", "products:", "'beta' is not in products.yaml"),
    Broken("unknown-product", "conditions.yaml", "id: alpha", "id: aleph", "", "add its names there"),
    Broken("in-short", KNEE, "## In short", "## Summary", "---", "the first section must be"),
    Broken(
        "in-short",
        KNEE,
        "The cells did not help more than a steroid at 1 year [@lee-2021-knee].",
        "",
        "## In s",
        "has 1",
    ),
    Broken(
        "reading-grade",
        KNEE,
        "did not help more than",
        "demonstrated no statistically significant superiority over",
        "## In short",
        "reads at grade 9.2",
    ),
    Broken(
        "no-source",
        KNEE,
        " to 320 adults with worn knees [@lee-2021-knee]",
        " to 320 adults",
        "The trial of Lee",
        "add [@key]",
    ),
    Broken("no-source", "products.yaml", "  note_sources: [fda-2024-alpha]\n", "", "id: alpha", "note_sources"),
    Broken(
        "unknown-source",
        KNEE,
        "2024 [@fda-2024-alpha]",
        "2024 [@fda-2024-alpha; @no-1999-where]",
        "- Alpha",
        "'no-1999-where'",
    ),
    Broken(
        "unknown-source",
        "redflags.yaml",
        "everything.\n  sources: [lee-2021-knee]",
        "everything.\n  sources: [no-1999-where]",
        "id: cure-all",
        "'cure-all' names 'no-1999-where'",
    ),
    Broken(
        "retracted-source",
        KNEE,
        "2024 [@fda-2024-alpha]",
        "2024 [@roe-2015-gone]",
        "- Alpha",
        "'roe-2015-gone' is retracted",
    ),
    Broken("bare-pronoun", KNEE, "The trial of Lee gave", "It gave", "It gave", "name the subject"),
    Broken(
        "citation-form",
        KNEE,
        "worn knees [@lee-2021-knee]",
        "worn knees [@lee-2021-knee] [@ x]",
        "The trial of Lee",
        "not in the form",
    ),
    Broken("repeated-paragraph", KNEE, ITEM, f"{ITEM}\n\n## Again\n\n{PARAGRAPH}", "", "stands already at"),
    Broken(
        "unused-source",
        "sources.yaml",
        "- key: roe",
        "- key: un-2020-used\n  title: t\n  publisher: p\n  url: https://x.org\n"
        "  issued: 2020\n  evidence: news\n- key: roe",
        "un-2020-used",
        "cited nowhere",
    ),
    Broken("repeated-id", "redflags.yaml", "id: no-risk", "id: cure-all", "", "'cure-all' stands twice"),
    Broken("missing-country", "countries.yaml", countries(("JP",)), "", "code: US", "'JP' is missing"),
    Broken("bad-pattern", "redflags.yaml", "cures? (all", "cures? ((all", "id: cure-all", "does not compile"),
    Broken(
        "no-address", "sources.yaml", "https://example.org/knee", "example.org/knee", "lee-2021-knee", "no web address"
    ),
    Broken("no-date", "sources.yaml", "issued: 2021-03", "issued: null", "lee-2021-knee", "no date of issue"),
    Broken(
        "event-order",
        "products.yaml",
        "date: 2019-06, event: conditional, until: 2022-06",
        "date: 2025-06, event: conditional, until: 2025-12",
        "date: 2024-05-02",
        "not in order of date: 2024-05-02 stands after 2025-06",
    ),
    Broken(
        "event-order",
        "products.yaml",
        "event: conditional, until: 2022-06",
        "event: withdrawn",
        "event: withdrawn",
        "withdrawn in US on 2019-06 before any approval",
    ),
    Broken(
        "two-statuses",
        "products.yaml",
        EVENTS,
        EVENTS + EVENTS.replace("approved", "withdrawn"),
        "event: withdrawn",
        "two events in US on 2024-05-02",
    ),
    Broken(
        "two-statuses",
        "products.yaml",
        EVENTS,
        EVENTS + "    - {country: US, condition: knee, indication: knee osteoarthritis, known_up_to: 2025, "
        "events: [{date: 2025-01, event: approved, sources: [fda-2024-alpha]}]}\n",
        "    - {country: US",
        "'knee osteoarthritis' in US stands twice",
    ),
    Broken(
        "term-order", "products.yaml", "until: 2022-06", "until: 2019-05", "until: 2019-05", "is over before 2019-06"
    ),
    Broken(
        "known-up-to",
        "products.yaml",
        "known_up_to: 2026-01-01",
        "known_up_to: 2024-05-01",
        "date: 2024-05-02",
        "an event of 2024-05-02, but known up to 2024-05-01",
    ),
    Broken(
        "known-up-to",
        "products.yaml",
        "known_up_to: 2026-01-01",
        "known_up_to: 2026-02-02",
        "known_up_to",
        "which is in the future",
    ),
    Broken("unknown-country", "products.yaml", "country: US", "country: USA", "country: USA", "'USA' is no country"),
    Broken("unknown-country", "products.yaml", EVENTS, EVENTS + DESIGNATED.format("XX", "listing"), "XX", "'XX' is no"),
    Broken(
        "unknown-kind",
        "products.yaml",
        EVENTS,
        EVENTS + DESIGNATED.format("US", "medal"),
        "kind: medal",
        "'medal' is not in notapprovals.yaml",
    ),
    Broken(
        "none-approved",
        "countries.yaml",
        NOBODY,
        NOBODY.replace('""', "Nothing is approved."),
        "Nothing is approved.",
        "'alpha' is approved in products.yaml",
    ),
    Broken("bad-pattern", "notapprovals.yaml", "listed", "(listed", "id: listing", "does not compile"),
    Broken(
        "status-contradicted",
        KNEE,
        "in the United States on 2 May 2024",
        "in the US on 3 May 2024",
        "- Alpha was",
        "of 'alpha' in US on 2024-05-03, the table has 2019-06, 2024-05-02",
    ),
    Broken(
        "status-contradicted",
        KNEE,
        "was approved in the United States on 2 May 2024",
        "was withdrawn in the US in 2025",
        "- Alpha was",
        "of 'alpha' in US on 2025, the table has no such decision",
    ),
    Broken(
        "status-contradicted",
        KNEE,
        "was approved in the United States on 2 May 2024",
        "is not approved in the US",
        "- Alpha is",
        "says that 'alpha' is not approved in US, the table has it approved",
    ),
    Broken(
        "status-contradicted",
        KNEE,
        "was approved in the United States on 2 May 2024",
        "is approved in Japanland and JPland",
        "- Alpha is",
        "says that 'alpha' is approved in JP, the table has no decision",
    ),
    Broken(
        "unlisted-product",
        KNEE,
        "injection of cells to",
        "injection of betastrocel to",
        "betastrocel",
        "'betastrocel' is no",
    ),
    Broken("unlisted-condition", KNEE, "worn knees [", "Smith's disease [", "Smith's", "'Smith's disease' is no"),
    Broken(
        "unknown-parent",
        "conditions.yaml",
        "parent: joints",
        "parent: bones",
        "id: knee",
        "its parent 'bones' is missing",
    ),
    Broken(
        "repeated-word", "conditions.yaml", "[worn knee]", "[oa]", "id: knee", "'oa' stands under 'joints' and 'knee'"
    ),
]
