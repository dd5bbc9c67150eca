"""Runs of `corpus check`, and the faults that they print."""

from __future__ import annotations

from pathlib import Path

DAY = "2026-02-01"


def faults_of(folder: Path, text: str) -> list[tuple[str, int, str, str]]:
    """(file, line, rule, message) of each fault that was printed."""
    found = []
    for line in text.splitlines():
        if ": fault: " in line or ": warning: " in line:
            where, _, rest = line.replace(": warning: ", ": fault: ").partition(": fault: ")
            path, _, number = where.rpartition(":")
            rule, _, message = rest.partition(": ")
            found.append((str(Path(path).relative_to(folder)), int(number), rule, message))
    return found
