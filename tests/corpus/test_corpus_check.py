"""`python -m corpus check`: every rule fires, alone, at its file and line."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from front_door import command, write
from tiny_corpus import COUNTRIES, FILES, countries, put_corpus

import corpus.check

DAY = "2026-02-01"
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
LAST_LINE = {"unknown-product": ("products.yaml", "id: alpha"), "repeated-id": ("redflags.yaml", "  name: no risk")}


def faults_of(folder: Path, text: str) -> list[tuple[str, int, str, str]]:
    """(file, line, rule, message) of each fault that was printed."""
    found = []
    for line in text.splitlines():
        if ": fault: " in line or ": warning: " in line:
            where, _, rest = line.replace(": warning: ", ": fault: ").partition(": fault: ")
            path, _, number = where.rpartition(":")
            rule, _, message = rest.partition(": ")
            found.append((str(Path(path).relative_to(folder)), int(number), rule, message))
    return found


def line_of(path: Path, word: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if word in line)


def test_the_bundled_corpus_passes() -> None:
    root = Path(corpus.check.__file__).parent.parent
    command_line = [sys.executable, "-m", "corpus", "check", "--as-of", "2026-11-23"]
    done = subprocess.run(command_line, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert " 0 faults, 0 warnings\n" in done.stdout


def test_the_tiny_corpus_passes_and_is_counted(tmp_path: Path) -> None:
    done = command("corpus", "check", "--corpus", put_corpus(tmp_path), "--as-of", DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "1 documents, 4 statements, 0 faults, 0 warnings\n"
        "documents by topic: conditions 1\n"
        "statements by strongest evidence: regulator 1, rct 3\n"
        "statements on a primary source: 100.0%\n"
    )


@pytest.mark.parametrize("broken", BROKEN, ids=lambda case: f"{case.rule}:{Path(case.file).stem}:{case.new[:20]!r}")
def test_a_broken_rule_fires_alone_at_its_line(tmp_path: Path, broken: Broken) -> None:
    folder = put_corpus(tmp_path)
    assert FILES[broken.file].count(broken.old) == 1
    edited = write(folder / broken.file, FILES[broken.file].replace(broken.old, broken.new))
    done = command("corpus", "check", "--corpus", folder, "--as-of", DAY)
    faults = faults_of(folder, done.out)
    assert [rule for _, _, rule, _ in faults] == [broken.rule]
    file, line, _, message = faults[0]
    if broken.rule == "repeated-paragraph":
        again = 1 + max(n for n, text in enumerate(edited.read_text().splitlines()) if text == PARAGRAPH)
        assert (file, line) == (KNEE, again)
        assert message == f"stands already at {edited}:{line_of(edited, PARAGRAPH)}"
    elif not broken.at:
        file, word = LAST_LINE[broken.rule]
        at = line_of(folder / file, word) - (broken.rule == "repeated-id")
        assert faults[0][:2] == (file, at)
    else:
        assert (file, line) == (broken.file, line_of(edited, broken.at))
    assert broken.says in message
    assert done.code == 1
    assert "1 faults, 0 warnings" in done.out


def test_every_rule_has_a_case() -> None:
    rules = set()
    place = {"fault": 0, "Fault": 2, "_table_fault": 3}
    folder = Path(corpus.check.__file__).parent
    for file in folder.glob("check*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            rule = node.args[place[name]] if name in place else None
            if isinstance(rule, ast.Constant):
                rules.add(rule.value)
    assert rules == {case.rule for case in BROKEN} | {"review-passed", "figure-differs"}


def test_a_passed_review_is_a_warning_and_no_fault(tmp_path: Path) -> None:
    folder = put_corpus(tmp_path)
    done = command("corpus", "check", "--corpus", folder, "--as-of", "2027-01-06")
    assert faults_of(folder, done.out) == [
        (KNEE, 6, "review-passed", "was to be reviewed by 2027-01-05; check its statements")
    ]
    assert "0 faults, 1 warnings" in done.out
    assert done.code == 0
    assert ": warning: " not in command("corpus", "check", "--corpus", folder, "--as-of", "2027-01-05").out


def test_a_table_may_not_rest_on_a_retracted_source(tmp_path: Path) -> None:
    rows = countries().replace('number: "112", sources: [fda-2024-alpha]', 'number: "112", sources: [roe-2015-gone]')
    folder = put_corpus(tmp_path, countries=rows)
    faults = faults_of(folder, command("corpus", "check", "--corpus", folder, "--as-of", DAY).out)
    assert [fault[:3] for fault in faults] == [
        ("countries.yaml", 1 + 9 * number, "retracted-source") for number in range(len(COUNTRIES))
    ]
    assert faults[1][3] == "'EU' rests on 'roe-2015-gone', retracted"


def test_a_retracted_source_may_be_named_as_retracted(tmp_path: Path) -> None:
    text = FILES[KNEE] + "- A study of 2015 on worn knees has been retracted by its journal [@roe-2015-gone].\n"
    done = command("corpus", "check", "--corpus", put_corpus(tmp_path, knee=text), "--as-of", DAY)
    assert (done.code, faults_of(tmp_path, done.out)) == (0, [])


def test_a_paragraph_repeated_in_another_document(tmp_path: Path) -> None:
    folder = put_corpus(tmp_path)
    second = FILES[KNEE].replace("id: knee", "id: other").replace("Lee gave", "Lee then gave")
    second = second.replace("have been tried", "were tried").replace("- Alpha was", "- Alpha (a product) was")
    write(folder / "documents" / "other.md", second)
    done = command("corpus", "check", "--corpus", folder, "--as-of", DAY)
    assert faults_of(folder, done.out) == []
    write(folder / "documents" / "other.md", second.replace("Lee then gave", "Lee gave"))
    faults = faults_of(folder, command("corpus", "check", "--corpus", folder, "--as-of", DAY).out)
    assert [fault[:3] for fault in faults] == [("documents/other.md", 18, "repeated-paragraph")]


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("sources.yaml", "  publisher: FDA", "  publsher: FDA", "3: unknown field 'publsher'; check its spelling."),
        ("sources.yaml", "  publisher: FDA\n", "", "1: the field 'publisher' is missing; add it."),
        ("sources.yaml", "issued: 2021-03", "issued: 2021-13", "11: the field 'issued' is wrong: "),
        ("sources.yaml", "issued: 2024-05-02", "issued: 2024-02-30", "5: the field 'issued' is wrong: "),
        ("sources.yaml", "evidence: rct", "evidence: rtc", "12: the field 'evidence' is wrong: "),
        (
            "products.yaml",
            "date: 2019-06",
            "date: June 2019",
            "14: the field 'authorisations.0.events.0.date' is wrong",
        ),
        (
            "products.yaml",
            "event: approved",
            "event: aproved",
            "15: the field 'authorisations.0.events.1.event' is wrong",
        ),
        ("conditions.yaml", "name: Alpha", "name: [Alpha", "13: "),
        ("conditions.yaml", "- id: joints", "id: joints", "2: "),
        ("redflags.yaml", "", "cure-all: {}\n", "1: must be a list whose items start with `- `."),
    ],
)
def test_a_typo_in_a_table_names_its_line(tmp_path: Path, table: str, old: str, new: str, says: str) -> None:
    folder = put_corpus(tmp_path)
    text = FILES[table].replace(old, new) if old else new
    assert text != FILES[table]
    write(folder / table, text)
    done = command("corpus", "check", "--corpus", folder)
    assert done.code == 2
    assert done.err.startswith(f"error: {folder / table}:{says}")
    assert (done.err.count("\n"), done.out) == (1, "")


def test_a_typo_shows_no_traceback_from_a_real_shell(tmp_path: Path) -> None:
    folder = put_corpus(tmp_path, sources=FILES["sources.yaml"].replace("  url:", "  ulr:", 1))
    done = subprocess.run(
        [sys.executable, "-m", "corpus", "check", "--corpus", str(folder)],
        cwd=Path(corpus.check.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == f"error: {folder}/sources.yaml:4: unknown field 'ulr'; check its spelling.\n"


def test_a_missing_table_and_a_bad_day(tmp_path: Path) -> None:
    missing = command("corpus", "check", "--corpus", tmp_path / "nowhere")
    assert missing.code == 2
    assert missing.err.startswith(f"error: {tmp_path / 'nowhere' / 'sources.yaml'}: cannot be read")
    bad = command("corpus", "check", "--as-of", "yesterday")
    assert bad.code == 2
    assert "'yesterday' is not a date; write YYYY-MM-DD." in bad.err


FIGURES = """---
id: {name}
title: {name}
topic: conditions
as_of: 2026-01-05
review_by: 2027-01-05
conditions: [knee]
products: []
---

## In short

Cells for the knee were tried in one more trial [@lee-2021-knee].
The trial is told here by the name {name} [@lee-2021-knee].

## The trial

{statement} [@lee-2021-knee].
"""


def figure_faults(folder: Path, first: str, second: str) -> list[tuple[str, int, str, str]]:
    put_corpus(folder)
    write(folder / "documents" / "one.md", FIGURES.format(name="one", statement=first))
    write(folder / "documents" / "two.md", FIGURES.format(name="two", statement=second))
    return faults_of(folder, command("corpus", "check", "--corpus", folder, "--as-of", DAY).out)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "The overall response at day 28 in MSB-GVHD001 was 70.4%",
            "At day 28 the response rate in MSB-GVHD001 was 69%",
        ),
        (
            "At week 24 combined remission in ADMIRE-CD II was 48.8% with cells and 46.3% with placebo",
            "In ADMIRE-CD II, 49.8% on cells and 46.3% on placebo were in combined remission at week 24",
        ),
        ("The MILES trial randomised 480 people", "In the MILES trial 475 people were randomised"),
    ],
)
def test_a_figure_of_one_trial_that_differs_between_documents(tmp_path: Path, first: str, second: str) -> None:
    faults = figure_faults(tmp_path, first, second)
    assert [fault[:3] for fault in faults] == [("documents/two.md", 18, "figure-differs")]
    assert f"at {tmp_path / 'documents' / 'one.md'}:18; check the sources" in faults[0][3]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The response at day 28 in MSB-GVHD001 was 70%"),
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The response at day 100 in MSB-GVHD001 was 60%"),
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The complete response at day 28 in MSB-GVHD001 was 30%"),
        ("The response at day 28 in MSB-GVHD001 was 70.4%", "The response at day 28 in NCT00366145 was 82%"),
        ("Remission at week 24 in ADMIRE-CD was 49.5% with cells and 34.3% with placebo",
         "Remission at week 24 in ADMIRE-CD II was 48.8% with cells and 46.3% with placebo"),
        ("Remission at week 24 in ADMIRE-CD was 49.5% with cells and 34.3% with placebo",
         "In the modified group of ADMIRE-CD remission at week 24 was 51.5% with cells and 35.6% with placebo"),
        ("The MILES trial randomised 480 people", "The registry record of MILES names 475 people randomised"),
    ],
)  # fmt: skip
def test_figures_of_different_things_may_differ(tmp_path: Path, first: str, second: str) -> None:
    assert figure_faults(tmp_path, first, second) == []


@pytest.mark.parametrize(
    "statement",
    [
        "- A published table wrongly says that Alpha was approved in the US in 2011 [@fda-2024-alpha].",
        "- Alpha was approved in the US in May 2024 [@fda-2024-alpha].",
        "- Alpha is not approved in the US for anything but the knee [@fda-2024-alpha].",
        "- Alpha is approved in the US for worn knees [@fda-2024-alpha].",
        "- Graft-versus-host disease and any other rare disease are told apart here [@fda-2024-alpha].",
    ],
)
def test_what_does_not_contradict_the_tables_passes(tmp_path: Path, statement: str) -> None:
    done = command(
        "corpus", "check", "--corpus", put_corpus(tmp_path, knee=f"{FILES[KNEE]}{statement}\n"), "--as-of", DAY
    )
    assert (done.code, faults_of(tmp_path, done.out)) == (0, [])
