"""`python -m corpus check`: every rule fires, alone, at its file and line."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from broken_corpora import BROKEN, KNEE, PARAGRAPH, Broken
from checking import DAY, faults_of
from front_door import command, write
from tiny_corpus import COUNTRIES, FILES, countries, put_corpus

import corpus.check

LAST_LINE = {"unknown-product": ("products.yaml", "id: alpha"), "repeated-id": ("redflags.yaml", "  name: no risk")}


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
