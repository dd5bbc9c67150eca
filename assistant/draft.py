"""What passes between the stages: the evidence for a question, and the claims drafted from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.evidence import Quote
from assistant.question import Request, Subject
from index.passages import Passage


@dataclass(frozen=True, slots=True)
class Evidence:
    """A question that stands on its own, with the passages and sentences found for it.

    `unknown_share` is the share (0 to 1) of the question's words that no passage holds, `unknown_names`
    those of them that are no English words either.
    """

    request: Request
    subject: Subject
    passages: tuple[Passage, ...]
    quotes: tuple[Quote, ...]
    unknown_share: float = 0.0
    unknown_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A sentence that has not been verified, with the quotes it names.

    `computed` says that it was worked out from the product table: its words are checked for their
    figures and dates, its names stand in the table.
    """

    text: str
    quotes: tuple[Quote, ...]
    computed: bool = False


class Answerer(Protocol):
    """A way to draft an answer: extractive, or a language model."""

    name: str
    model: str

    def draft(self, evidence: Evidence) -> Iterator[DraftClaim]:
        """The claims of an answer, in reading order."""
        ...


class AsyncAnswerer(Answerer, Protocol):
    """An answerer that can wait without holding a thread."""

    def adraft(self, evidence: Evidence) -> AsyncIterator[DraftClaim]:
        """The claims of an answer, in reading order."""
        ...
