"""The record of an answer, written only where the settings ask for it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from assistant.answer import Answer
from assistant.draft import Evidence
from assistant.question import Request


@dataclass(frozen=True, slots=True)
class Dropped:
    """A drafted claim that failed verification, and why."""

    text: str
    reasons: tuple[str, ...]


def write_record(
    folder: Path, answer: Answer, request: Request, evidence: Evidence | None, dropped: Sequence[Dropped]
) -> Path:
    """Write one JSON record of an answer, readable by its owner alone; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    record = {
        "time": now.isoformat(timespec="milliseconds"),
        "request": {**asdict(request), "as_of": request.as_of.isoformat()},
        "passages": [
            {"id": p.id, "document_id": p.document_id, "score": p.score, "dense": p.dense, "lexical": p.lexical}
            for p in (evidence.passages if evidence else ())
        ],
        "dropped": [asdict(claim) for claim in dropped],
        "answer": answer.to_dict(),
    }
    path = folder / f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}.json"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(record, file, ensure_ascii=False, indent=1)
    return path
