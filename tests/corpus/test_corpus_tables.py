"""Reading the tables: fast, once, and with the line of every fault, by either YAML parser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from corpus.knowledge import Term
from corpus.tables import load_rows

ROOT = Path(__file__).parent.parent.parent
PURE = "import yaml; yaml.__dict__.pop('CSafeLoader', None)\n"
"""Begins a process in which PyYAML has no C parser."""

FAULTS = {
    "not YAML": ("- id: a\n  kind: [concept\n  name: b\n- id: c\n", 3),
    "control character": ("- id: a\x07\n", 1),
    "no list": ("id: a\n", 1),
    "misspelt field": ("- id: a\n  kind: concept\n  name: b\n- id: c\n  kind: concept\n  nme: d\n", 6),
    "missing field": ("- {id: a, kind: concept, name: b}\n\n# remark\n- id: c\n  kind: concept\n", 4),
    "wrong value": ("- id: a\n  name: b\n  kind: planet\n", 3),
    "wrong item": ("- id: a\n  kind: concept\n  name: b\n  lay:\n    - c\n    - [d]\n", 6),
}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("start", ["", PURE], ids=["C parser", "pure parser"])
def test_every_fault_is_named_with_its_line(tmp_path: Path, start: str) -> None:
    for name, (text, _) in FAULTS.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    told = run(
        f"{start}from pathlib import Path\n"
        "from corpus.errors import TableFault\n"
        "from corpus.knowledge import Term\n"
        "from corpus.tables import load_rows\n"
        f"for name in {list(FAULTS)!r}:\n"
        f"    path = Path({str(tmp_path)!r}, name + '.yaml')\n"
        "    try:\n"
        "        load_rows(path, Term)\n"
        "    except TableFault as fault:\n"
        "        print(str(fault).splitlines()[0])\n"
    )
    expected = [f"{tmp_path / name}.yaml:{line}: " for name, (_, line) in FAULTS.items()]
    found = told.splitlines()
    assert len(found) == len(expected)
    for message, place in zip(found, expected, strict=True):
        assert message.startswith(place)


def test_both_parsers_read_the_same_from_the_same_lines() -> None:
    code = "from corpus.knowledge import load_knowledge\nknown = load_knowledge()\nprint(repr(known), known.lines)"
    assert run(code) == run(PURE + code)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML has no C parser here")
def test_the_tables_are_parsed_once_in_a_process() -> None:
    timed = (
        "import time\nfrom corpus.knowledge import load_knowledge\n"
        "for _ in range(4):\n    start = time.process_time(); load_knowledge(); print(time.process_time() - start)"
    )
    first, *again = map(float, run(timed).split())
    assert first < 1.0, "seconds of CPU; about 0.3 is usual, the pure parser takes 1.8"
    assert min(again) < first / 2


def test_an_edited_table_is_read_anew(tmp_path: Path) -> None:
    table = tmp_path / "terms.yaml"
    for name in ("one", "two"):
        table.write_text(f"- id: a\n  kind: concept\n  name: {name}\n", encoding="utf-8")
        ((term, line),) = load_rows(table, Term)
        assert (term.name, line) == (name, 1)
