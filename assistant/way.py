"""What is known of one question as it passes the stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.draft import DraftClaim, Evidence
from assistant.question import Request, Subject
from assistant.triage import Triage
from index.store import Generation

UNREAD = Triage("answer")
"""What a question counts as until triage has read it."""


@dataclass(slots=True)
class Way:
    """One question on its way through the stages; all of them see the `generation` that it was looked up in."""

    request: Request
    triage: Triage = UNREAD
    subject: Subject | None = None
    generation: Generation | None = None
    evidence: Evidence | None = None
    status: list[DraftClaim] = field(default_factory=list)
    confidence: float = 0.0
    enough: bool = True
    timings_ms: dict[str, float] = field(default_factory=dict)
