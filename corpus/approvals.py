"""What follows from the dated events of the product table: the status of an approval at a day.

Every status is known up to a day only: the last one for which a source was read. An approval is taken to stand for a
year after that day, because approvals seldom end and the library is read through at least once a year; after that, and
from the day on which a time-limited approval runs out unobserved, its status is unknown. What has ended stays ended.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corpus.knowledge import Authorisation, Event, Product

Status = Literal[
    "approved", "conditional", "withdrawn", "lapsed", "refused", "application-withdrawn", "none", "unknown"
]
OPEN: tuple[Status, ...] = ("approved", "conditional")

CURRENT_FOR = timedelta(days=365)
"""How long an approval is taken to stand after the last day for which a source on it was read: the time between two
reviews of a document on regulation. An approval that nobody has looked up for longer is no plain yes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a product, a country and a condition at a date.

    `decisive` is the event that made it so, `first` the first approval; both are None for `none`. `known_up_to` is the
    last day for which a source was read. `last_known` is the status on that day: it differs from `status` only where
    that is `unknown`.
    """

    product: Product
    held: Authorisation
    status: Status
    decisive: Event | None
    first: Event | None
    known_up_to: str
    last_known: Status

    @property
    def open(self) -> bool:
        """Whether the product may be marketed for this use at that date, as far as is known."""
        return self.status in OPEN

    @property
    def unknown(self) -> bool:
        """Whether it was approved when a source was last read, too long ago to say that it still is."""
        return self.status == "unknown"

    @property
    def for_msc(self) -> bool:
        """Whether the product is one of cultured MSC, and no look-alike."""
        return self.product.cells.cultured_msc


def begins(partial: str) -> date:
    """The first day of a partial date."""
    year, month, day = [*partial.split("-"), "1", "1"][:3]
    return date(int(year), int(month), int(day))


def ends(partial: str) -> date:
    """The last day of a partial date."""
    first = begins(partial)
    if partial.count("-") == 2:
        return first
    if partial.count("-") == 1:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first.replace(month=12, day=31)


def standing(product: Product, held: Authorisation, day: date) -> Standing:
    """The standing that follows from the events up to a day."""
    status: Status = "none"
    decisive = first = None
    for event in held.events:
        if begins(event.date) > day:
            break
        decisive = event
        if event.event == "renewed":
            continue
        status = event.event
        if event.event in OPEN and first is None:
            first = event
    last_known = status
    known = ends(held.known_up_to)
    if status in OPEN and decisive is not None:
        over = ends(decisive.until) if decisive.until else None
        if over and over < day:
            status = "lapsed" if over <= known else "unknown"
            last_known = "lapsed" if over <= known else last_known
        elif known + CURRENT_FOR < day:
            status = "unknown"
    return Standing(product, held, status, decisive, first, held.known_up_to, last_known)
