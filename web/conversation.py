"""What one tab remembers of its conversation: immutable, so that no two people can share it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answer import Answer, Citation, Claim, Event, Stage, Turn
from web.words import STAGES, START

HISTORY = 10
"""Exchanges that a follow-up question can refer to."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and as much of its answer as has come. `number` counts from 1."""

    number: int
    question: str
    country: str
    audience: str
    stage: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str = ""
    stopped: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.answer or self.error or self.stopped)

    @property
    def doing(self) -> str:
        """What is going on, in words."""
        return STAGES.get(self.stage, START)

    def after(self, event: Event) -> Exchange:
        """The exchange once an event has come in."""
        if isinstance(event, Stage):
            return replace(self, stage=event.name)
        if isinstance(event, Citation):
            return replace(self, citations=(*self.citations, event))
        if isinstance(event, Claim):
            return replace(self, claims=(*self.claims, event))
        return replace(self, answer=event, claims=event.claims, citations=event.citations)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one tab, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.exchanges) and not self.exchanges[-1].done

    def looks_like(self, other: Conversation) -> bool:
        """Whether the page shows both alike: a citation is shown with its sentence, a stage by its words."""
        mine, theirs = self.exchanges[-1], other.exchanges[-1]
        return (mine.claims, mine.answer, mine.doing) == (theirs.claims, theirs.answer, theirs.doing)

    @property
    def history(self) -> tuple[Turn, ...]:
        """What was said so far, for the assistant; exchanges that failed or came to nothing left out."""
        turns: list[Turn] = []
        for one in self.exchanges[-HISTORY:]:
            said = one.answer.text if one.answer else " ".join(claim.text for claim in one.claims)
            if said and not one.error:
                turns += [Turn("user", one.question), Turn("assistant", said)]
        return tuple(turns)

    def asked(self, question: str, country: str, audience: str) -> Conversation:
        """The conversation with a new question at its end."""
        number = self.exchanges[-1].number + 1 if self.exchanges else 1
        return Conversation((*self.exchanges, Exchange(number, question, country, audience)))

    def after(self, event: Event) -> Conversation:
        """The conversation once an event of its last question has come in."""
        return self._with_last(self.exchanges[-1].after(event))

    def failed(self, message: str) -> Conversation:
        """The conversation whose last question could not be answered."""
        return self._with_last(replace(self.exchanges[-1], error=message))

    def stopped(self) -> Conversation:
        """The conversation with its last answer left as it stands; unchanged if that is complete."""
        return self._with_last(replace(self.exchanges[-1], stopped=True)) if self.busy else self

    def _with_last(self, exchange: Exchange) -> Conversation:
        return Conversation((*self.exchanges[:-1], exchange))
