"""The results of a run, written to and read from `results.json`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter, ValidationError
from pydantic_core import from_json

from assistant.answer import Answer, answer_from_dict
from eval.cases import Case
from eval.environment import Machine
from eval.errors import ResultsFault
from eval.figures import Figure
from eval.outcome import Miss, Score

FORMAT = 1
"""Raised when results of before cannot be compared with those of now."""
RESULTS_FILE = "results.json"

StoredAnswer = Annotated[
    Answer,
    BeforeValidator(lambda value: answer_from_dict(value) if isinstance(value, dict) else value),
    PlainSerializer(Answer.to_dict),
]


@dataclass(frozen=True, slots=True)
class IndexSetup:
    """The index that was asked."""

    id: str
    embedder: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that it takes to do a run again. `started` is UTC, `seconds` the wall time of all cases."""

    command: str
    started: str
    seconds: float
    machine: Machine
    versions: dict[str, str]
    index: IndexSetup
    corpus_version: str
    settings: dict[str, Any]
    case_files: tuple[str, ...]
    split: str
    topic: str | None
    unknown_documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case. `documents` are those retrieved, best first; `error` is empty unless it crashed."""

    case: Case
    place: str
    answer: StoredAnswer | None
    error: str
    ms: float
    documents: tuple[str, ...]
    scores: dict[str, Score]
    missed: tuple[Miss, ...]

    @property
    def kind(self) -> str:
        """The kind of the answer; `crash` where there is none."""
        return self.answer.kind if self.answer else "crash"


@dataclass(frozen=True, slots=True)
class CaveatCount:
    """How one caveat fared: of `wanted` answers `carried` have it; `wrong` of `unwanted` have it too."""

    id: str
    wanted: int
    carried: int
    unwanted: int
    wrong: int


@dataclass(frozen=True, slots=True)
class StageLatency:
    """Milliseconds that a stage of the way took, over the cases that passed it."""

    stage: str
    cases: int
    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that share a value of a field, and the figures that they have."""

    field: str
    value: str
    cases: int
    kind_accuracy: float
    facts_found: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """A whole run. `kinds[wanted][said]` counts the cases of each kind wanted by the kind of the answer."""

    format: int
    setup: Setup
    figures: tuple[Figure, ...]
    kinds: dict[str, dict[str, int]]
    caveats: tuple[CaveatCount, ...]
    stages: tuple[StageLatency, ...]
    groups: tuple[Group, ...]
    cases: tuple[CaseResult, ...]

    @property
    def crashed(self) -> tuple[CaseResult, ...]:
        """The cases whose question raised an error."""
        return tuple(case for case in self.cases if case.error)

    def figure(self, name: str) -> Figure:
        """A metric's figure; without a value where no case has a score, or the run did not know the metric."""
        return next((f for f in self.figures if f.name == name), Figure(name, None, None, None, 0))


_RESULTS = TypeAdapter(Results)


def write_results(results: Results, folder: Path) -> Path:
    """Write `results.json` into a folder, made if needed; returns the file.

    Raises:
        ResultsFault: the folder or file cannot be written.
    """
    return write_file(folder / RESULTS_FILE, _RESULTS.dump_json(results, indent=1))


def write_file(path: Path, data: bytes) -> Path:
    """Write a file and the folders above it; returns its path.

    Raises:
        ResultsFault: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ResultsFault(f"{path}: cannot be written ({error.strerror}); give another folder with --out.") from error
    return path


def read_results(path: Path) -> Results:
    """The results in a file, or in a folder that holds a `results.json`.

    Raises:
        ResultsFault: the file is missing, is no results file, or has another format version.
    """
    file = path / RESULTS_FILE if path.is_dir() else path
    try:
        held = from_json(file.read_bytes())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ResultsFault(f"{file}: no results of a run can be read ({why}); name what `eval run` wrote.") from error
    version = held.get("format") if isinstance(held, dict) else None
    if version != FORMAT:
        raise ResultsFault(f"{file}: has format {version}, this version reads {FORMAT}: do `python -m eval run` again.")
    try:
        return _RESULTS.validate_python(held)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ResultsFault(f"{file}: '{where}' is wrong ({first['msg']}): do `python -m eval run` again.") from error
