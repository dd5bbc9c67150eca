"""A broken rule of the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: where, which, and what to do. A warning does not fail the check."""

    path: Path
    line: int
    rule: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning" if self.warning else "fault"
        return f"{self.path}:{self.line}: {kind}: {self.rule}: {self.message}"
