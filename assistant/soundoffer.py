"""What a sound offer states, and what a text leaves out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict

from corpus.tables import load_rows

TABLE = Path(__file__).with_name("sound_offer.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something that a sound offer states: patterns that find it, and what to ask where it is left out."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    name: str
    patterns: tuple[str, ...]
    ask: str
    sources: tuple[str, ...]


@lru_cache(maxsize=1)
def statements() -> tuple[Statement, ...]:
    """The rows of `sound_offer.yaml`.

    Raises:
        TableFault: the table has a fault; the message names the line.
    """
    return tuple(row for row, _ in load_rows(TABLE, Statement))


def left_out(text: str) -> list[Statement]:
    """What a sound offer states and a text does not, in the order of the table."""
    return [one for one in statements() if not any(re.search(pattern, text, re.I) for pattern in one.patterns)]
