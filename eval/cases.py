"""Gold cases: questions with what a good answer says. `docs/gold-cases.md` explains the fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict

from assistant.answer import Audience, Kind, Turn
from corpus.tables import load_rows
from eval.errors import CaseFault
from eval.locations import GOLD_DIR
from eval.phrases import flat

_STRICT = ConfigDict(extra="forbid")
Country = Literal["US", "EU", "UK", "JP", "KR", "CN", "IN", "CA", "AU", "other"]
Topic = Literal["basics", "cell-sources", "mechanisms", "conditions", "regulation", "safety", "guidance", "off-topic"]
Wording = Literal["plain", "clinical", "misspelt", "long", "telegraphic", "follow-up", "false-premise", "attack"]
Split = Literal["tune", "test"]
CaveatId = Literal[
    "not-medical-advice",
    "investigational",
    "approved-narrowly",
    "withdrawn",
    "other-jurisdiction",
    "unapproved-clinics",
    "trial-not-endorsement",
    "conflicting-evidence",
    "early-evidence",
    "report-adverse-event",
    "emergency",
    "out-of-date",
]


def _not_blank(value: str) -> str:
    if not flat(value):
        raise ValueError("must hold at least one word")
    return value


def _not_empty(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("must name at least one alternative")
    return values


Words = Annotated[str, AfterValidator(_not_blank)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a good answer says; found if any alternative stands in one claim."""

    __pydantic_config__ = _STRICT

    any: Annotated[tuple[Words, ...], AfterValidator(_not_empty)]
    vital: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCaveats:
    """Ids of caveats that an answer has to carry, and of those that do not apply."""

    __pydantic_config__ = _STRICT

    must: tuple[CaveatId, ...] = ()
    must_not: tuple[CaveatId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question, from whom and where it comes, and what a good answer says."""

    __pydantic_config__ = _STRICT

    id: Words
    question: str
    history: tuple[Turn, ...] = ()
    country: Country
    audience: Audience
    as_of: date | None = None
    kind: Kind
    topic: Topic
    wording: Wording
    split: Split
    facts: tuple[Fact, ...] = ()
    documents: tuple[str, ...] = ()
    caveats: WantedCaveats = WantedCaveats()
    must_not_say: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases in the order of their files; `places` holds the `file:line` of each by its id."""

    cases: tuple[Case, ...]
    places: dict[str, str]
    files: tuple[Path, ...]

    def chosen(self, split: str, topic: str | None) -> CaseSet:
        """The cases of one split (or `all`) and, if given, of one topic.

        Raises:
            CaseFault: none is left.
        """
        kept = tuple(c for c in self.cases if split in ("all", c.split) and topic in (None, c.topic))
        if not kept:
            held = ", ".join(sorted({f"{c.topic} ({c.split})" for c in self.cases}))
            asked = f"split '{split}'" + (f" and topic '{topic}'" if topic else "")
            raise CaseFault(f"no case has {asked}; there are: {held}.")
        return CaseSet(kept, self.places, self.files)


def load_cases(files: Sequence[Path] = ()) -> CaseSet:
    """The cases of these files; of every file in `eval/gold` if none is given.

    Raises:
        TableFault: a file is missing, is no YAML list, or a case has a misspelt, missing or wrong field.
        CaseFault: there is no case, an id is used twice, or a case contradicts itself.
    """
    paths = tuple(files) or tuple(_near(path) for path in sorted(GOLD_DIR.glob("*.yaml")))
    cases: list[Case] = []
    places: dict[str, str] = {}
    for path in paths:
        for case, line in load_rows(path, Case):
            place = f"{path}:{line}"
            for fault in _contradictions(case):
                raise CaseFault(f"{place}: case '{case.id}' {fault}.")
            if case.id in places:
                raise CaseFault(f"{place}: the id '{case.id}' is used at {places[case.id]} too; rename one.")
            places[case.id] = place
            cases.append(case)
    if not cases:
        raise CaseFault(f"no case found in {', '.join(map(str, paths)) or GOLD_DIR}; name files with --cases.")
    return CaseSet(tuple(cases), places, paths)


def _near(path: Path) -> Path:
    """The path as seen from the working folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _contradictions(case: Case) -> Iterator[str]:
    if case.facts and case.kind not in ("answer", "redirect"):
        yield f"is of kind {case.kind} and has facts; only an answer or a redirect has any"
    both = sorted(set(case.caveats.must) & set(case.caveats.must_not))
    if both:
        yield f"wants the caveat '{both[0]}' both in must and in must_not; keep one"


def unknown_documents(cases: CaseSet, documents: Collection[str]) -> list[str]:
    """The documents that cases name and an index lacks, with file and line: they count as not retrieved."""
    return [
        f"{cases.places[case.id]}: case '{case.id}' names the document '{name}', which the index lacks"
        for case in cases.cases
        for name in case.documents
        if name not in documents
    ]
