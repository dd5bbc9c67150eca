"""Measures verification on claims of which it is known whether their passages support them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant.verify import Judgement, Verifier
from eval.errors import DatasetFault
from eval.figures import Figure, ratio_figure
from eval.locations import CLAIMS_DIR
from eval.outcome import Score

FIGURES = ("number", "unit", "date")
"""Kinds of alteration that change a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPair:
    """A claim, passages, and whether they support it.

    `kind` says of a false claim what was altered in it, and of a true one how it is worded.
    """

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    id: str
    document: str
    claim: str
    supported: bool
    kind: str
    passages: list[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and what verification says of it."""

    pair: ClaimPair
    judgement: Judgement

    @property
    def right(self) -> bool:
        """Whether verification says what is known."""
        return self.judgement.supported == self.pair.supported

    def line(self) -> str:
        """A wrong judgement in words."""
        said = "; ".join(self.judgement.reasons) or "taken for supported"
        return f"{self.pair.id}: {self.pair.claim} ({said})"


def load_pairs(files: Sequence[Path]) -> list[ClaimPair]:
    """The pairs of JSONL files.

    Raises:
        DatasetFault: a file cannot be read, has a line that cannot be used, or lacks true or altered claims.
    """
    reader = TypeAdapter(ClaimPair)
    pairs = []
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise DatasetFault(f"{path}: cannot be read ({error}).") from error
        for number, line in enumerate(lines, start=1):
            try:
                pairs.append(reader.validate_json(line))
            except ValidationError as error:
                fields = ", ".join(ClaimPair.__dataclass_fields__)
                raise DatasetFault(f"{path}:{number}: cannot be used; a line is an object of {fields}.") from error
    if {pair.supported for pair in pairs} != {True, False}:
        raise DatasetFault(f"{', '.join(map(str, files))}: needs claims that are supported, and ones that are not.")
    return pairs


def files_of(split: str) -> list[Path]:
    """The project's own files of a split, or of both for `all`."""
    return [CLAIMS_DIR / f"{name}.jsonl" for name in ("tune", "test") if split in (name, "all")]


def judge(pairs: Iterable[ClaimPair], verifier: Verifier) -> list[Judged]:
    """Every pair with its judgement."""
    return [Judged(pair, verifier.judge_against(pair.claim, pair.passages)) for pair in pairs]


def claim_figures(judged: Sequence[Judged]) -> Iterator[Figure]:
    """The share of altered claims found out and of true ones dropped, in all and by kind."""
    altered = [one for one in judged if not one.pair.supported]
    yield _rejected("altered found out", altered)
    yield _rejected("altered figures found out", [one for one in altered if one.pair.kind in FIGURES])
    yield from _by_kind(altered)
    true = [one for one in judged if one.pair.supported]
    yield _rejected("true dropped", true)
    yield from _by_kind(true)


def _by_kind(judged: Sequence[Judged]) -> Iterator[Figure]:
    for kind in sorted({one.pair.kind for one in judged}):
        yield _rejected(f"  {kind}", [one for one in judged if one.pair.kind == kind])


def _rejected(name: str, judged: Sequence[Judged]) -> Figure:
    return ratio_figure(name, [Score(float(not one.judgement.supported)) for one in judged])
