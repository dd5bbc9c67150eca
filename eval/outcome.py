"""What came of one case: the answer or the error, and what was measured of it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import Answer
from eval.cases import Case
from eval.citations import CitationCheck
from eval.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Score:
    """What one case adds to a figure: the figure is the sum of `hits` over the sum of `of`."""

    hits: float
    of: float = 1.0

    @property
    def value(self) -> float:
        """The case's own figure."""
        return self.hits / self.of


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that a case wanted and did not get: by which metric, what, and why."""

    metric: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case. `answer` is None where asking crashed, and `error` says how.

    `ms` is wall time. `ranking` is None for a case that names no documents.
    """

    case: Case
    answer: Answer | None
    error: str
    ms: float
    ranking: Ranking | None
    citations: CitationCheck

    @property
    def kind(self) -> str:
        """The kind of the answer; `crash` where there is none."""
        return self.answer.kind if self.answer else "crash"

    @property
    def claims(self) -> tuple[str, ...]:
        """The sentences of the answer."""
        return tuple(claim.text for claim in self.answer.claims) if self.answer else ()

    @property
    def caveats(self) -> frozenset[str]:
        """Ids of the caveats that the answer carries."""
        return frozenset(caveat.id for caveat in self.answer.caveats) if self.answer else frozenset()

    @property
    def words(self) -> str:
        """What the answer says, without markers and caveats."""
        return " ".join(part for part in (self.answer.message if self.answer else "", *self.claims) if part)
