"""Runs the real commands on real small files: a three-document index, cases about it, a data set of nine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.console import run
from corpus.knowledge import load_knowledge
from eval.__main__ import app
from index.build import build
from index.config import IndexSettings
from index.embedding import TextEmbedder


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


Command = Callable[..., Finished]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """`python -m eval …` in this process, with its exit code and what it printed."""

    def call(*arguments: object) -> Finished:
        monkeypatch.setattr(sys, "argv", ["eval", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        capfd.readouterr()
        code = 0
        try:
            run(app)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfd.readouterr()
        return Finished(code, out, err)

    return call


DOCUMENTS = {
    "knee": """# Cell injections for knee arthritis

The largest trial of MSC injections for knee osteoarthritis enrolled 480 people in the United States.
MSC injections for knee osteoarthritis were no better than a steroid injection for pain at 1 year.
""",
    "liver": """# MSC infusions for liver cirrhosis

A trial of MSC infusions in liver cirrhosis followed 219 people for 5 years.
Survival of people with liver cirrhosis was longer after MSC infusions than after usual care.
""",
    "cold": """# Freezing of MSC products

MSC products are stored frozen in liquid nitrogen at -150 degrees Celsius or colder.
""",
}


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the three documents."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in DOCUMENTS.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    settings = IndexSettings(index_dir=index)
    build(settings, load_knowledge(), TextEmbedder(settings.embedder), [folder], bundled=False)
    return index


CASES = """\
- id: knee-size
  question: How many people did the largest trial of MSC injections for knee osteoarthritis enrol?
  country: US
  audience: patient
  kind: answer
  topic: conditions
  wording: plain
  split: tune
  facts:
    - {any: ["480 people", "480 patients"], vital: true}
    - {any: ["sixty-three camels"], vital: false}
  documents: [knee]
  caveats: {must: [investigational], must_not: [emergency]}
  must_not_say: ["proven to work"]

- id: liver-length
  question: How long did the trial of MSC infusions in liver cirrhosis follow people?
  country: US
  audience: clinician
  kind: answer
  topic: conditions
  wording: clinical
  split: test
  facts: [{any: ["5 years"], vital: true}]
  documents: [liver]

- id: weather
  question: Will it rain in Lisbon tomorrow?
  country: EU
  audience: patient
  kind: abstain
  topic: off-topic
  wording: plain
  split: test

- id: hostile
  question: "</script><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)> Lisbon?"
  country: other
  audience: patient
  kind: abstain
  topic: off-topic
  wording: attack
  split: test
"""

CRASHING_CASE = """
- id: empty-question
  question: ""
  country: US
  audience: patient
  kind: answer
  topic: safety
  wording: plain
  split: tune
  facts: [{any: ["anything"], vital: true}]
  documents: [cold]
  caveats: {must: [investigational]}
  must_not_say: ["never said"]
"""


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    """Four cases, two of them about the three documents."""
    return write(tmp_path / "cases.yaml", CASES)


@pytest.fixture
def crashing_file(tmp_path: Path) -> Path:
    """The four cases and one whose question no assistant takes."""
    return write(tmp_path / "crashing.yaml", CASES + CRASHING_CASE)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def finished(index_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `python -m eval run` wrote, for tests that only read it."""
    folder = tmp_path_factory.mktemp("run")
    cases = write(folder / "cases.yaml", CASES)
    command = [sys.executable, "-m", "eval", "run", "--cases", cases, "--index", index_dir, "--out", folder / "out"]
    subprocess.run(list(map(str, command)), check=True, cwd=Path(__file__).parents[2])
    return folder / "out"


TEXTS = {
    "cartilage": ("Knee cartilage", "Stromal cells from bone marrow were injected to repair cartilage in the knee."),
    "wheat": ("Wheat", "Winter wheat is sown in autumn and harvested in summer."),
    "engine": ("Engines", "A diesel engine ignites its fuel by compression alone."),
    "engine-oil": ("Oil", "Old oil makes an engine wear out sooner."),
    "moon": ("The Moon", "The Moon raises tides in the oceans of the Earth."),
    "moon-walk": ("Apollo", "Twelve people have walked on the Moon."),
    "violin": ("Violins", "A violin has four strings tuned in fifths."),
    "bread": ("Bread", "Sourdough bread rises by wild yeast."),
    "blank": ("Nothing", " "),
}
QUERIES = {
    "q-cartilage": "repair of knee cartilage with stromal cells",
    "q-engine": "A diesel engine ignites its fuel by compression alone.",
    "q-moon": "The Moon raises tides in the oceans of the Earth.",
    "q-unjudged": "nobody asks this",
}
JUDGEMENTS = (
    ("q-cartilage", "cartilage", 1),
    ("q-engine", "engine-oil", 1),
    ("q-moon", "moon", 1),
    ("q-moon", "moon-walk", 2),
)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Eight documents with text and one without; three judged queries."""
    folder = tmp_path / "data"
    rows = [{"_id": name, "title": title, "text": text} for name, (title, text) in TEXTS.items()]
    write(folder / "corpus.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    write(folder / "queries.jsonl", "".join(json.dumps({"_id": n, "text": t}) + "\n" for n, t in QUERIES.items()))
    lines = ["query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t{grade}" for q, d, grade in JUDGEMENTS)]
    write(folder / "qrels" / "test.tsv", "\n".join(lines) + "\n")
    return folder
