"""A corpus of one document and a few rows a table that breaks no rule."""

from __future__ import annotations

from pathlib import Path

from front_door import write

COUNTRIES = ("US", "EU", "UK", "JP", "KR", "CN", "IN", "CA", "AU", "other")

SOURCES = """\
- key: fda-2024-alpha
  title: Alpha is approved
  publisher: FDA
  url: https://www.fda.gov/alpha
  issued: 2024-05-02
  evidence: regulator
- key: lee-2021-knee
  title: A trial in knees
  publisher: A journal
  url: https://example.org/knee
  issued: 2021-03
  evidence: rct
- key: roe-2015-gone
  title: A retracted study
  publisher: A journal
  url: https://example.org/gone
  issued: 2015
  evidence: observational
  retracted: true
"""

PRODUCTS = """\
- id: alpha
  name: Alpha
  generic: alphacel
  company: Alpha Ltd
  cells: {tissue: bone marrow, donor: allogeneic, cultured_msc: true}
  note: Alpha is sold in one country.
  note_sources: [fda-2024-alpha]
  authorisations:
    - country: US
      condition: knee
      indication: knee osteoarthritis
      known_up_to: 2026-01-01
      events:
        - {date: 2019-06, event: conditional, until: 2022-06, sources: [fda-2024-alpha]}
        - {date: 2024-05-02, event: approved, sources: [fda-2024-alpha]}
"""

CONDITIONS = """\
- id: joints
  kind: condition
  name: joint disease
  synonyms: [OA]
- id: knee
  kind: condition
  name: knee osteoarthritis
  parent: joints
  lay: [worn knee]
- id: alpha
  kind: product
  name: Alpha
"""

RED_FLAGS = """\
- id: cure-all
  name: one treatment for everything
  patterns: ['\\bcures? (all|everything)\\b']
  why: No cell cures everything.
  sources: [lee-2021-knee]
- id: no-risk
  name: no risk
  why: Every injection has risks.
  sources: [lee-2021-knee]
"""

NOT_APPROVALS = """\
- id: listing
  name: a listing
  patterns: ['\\blisted\\b']
  text: A listing is not an approval.
  sources: [fda-2024-alpha]
"""

DOCUMENT = """\
---
id: knee
title: Cell injections for worn knees
topic: conditions
as_of: 2026-01-05
review_by: 2027-01-05
conditions: [knee]
products: [alpha]
---

## In short

Cell injections for the knee have been tried in 480 people [@lee-2021-knee].
The cells did not help more than a steroid at 1 year [@lee-2021-knee].

## What was tried

The trial of Lee gave 1 injection of cells to 320 adults with worn knees [@lee-2021-knee].

- Alpha was approved in the United States on 2 May 2024 [@fda-2024-alpha].
"""


def countries(codes: tuple[str, ...] = COUNTRIES) -> str:
    """`countries.yaml` with one row of nine lines for each code."""
    return "".join(
        f"""\
- code: {code}
  name: {"the United States" if code == "US" else f"Land of {code}"}
  words: [{code.lower()}land]
  agency: {{id: fda, name: FDA, full: Food and Drug Administration, url: "https://www.fda.gov"}}
  approvals: {{known_up_to: 2026-01-01, sources: [fda-2024-alpha]}}
  none_approved: ""
  emergency: {{number: "112", sources: [fda-2024-alpha]}}
  report: {{name: MedWatch, sources: [fda-2024-alpha]}}
  trials: {{name: a registry, sources: [fda-2024-alpha]}}
"""
        for code in codes
    )


FILES = {
    "sources.yaml": SOURCES,
    "products.yaml": PRODUCTS,
    "conditions.yaml": CONDITIONS,
    "countries.yaml": countries(),
    "redflags.yaml": RED_FLAGS,
    "notapprovals.yaml": NOT_APPROVALS,
    "documents/knee.md": DOCUMENT,
}


def put_corpus(folder: Path, **changed: str) -> Path:
    """The folder, with the tiny corpus in it; `sources="…"` puts another text in the place of a table."""
    for name, text in FILES.items():
        write(folder / name, changed.get(Path(name).stem, text))
    return folder
