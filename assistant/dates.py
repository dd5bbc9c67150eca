"""The days that a person asks about."""

from __future__ import annotations

import re
from datetime import date

from assistant.errors import BadDate
from corpus.approvals import begins, ends

_PARTIAL = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def between(since: str | None, as_of: str | None, *, today: date) -> tuple[date | None, date]:
    """The first day of `since`, if given, and the last day of `as_of` that has come; today where it is not given.

    Raises:
        BadDate: one is no date or lies in the future, or they are the wrong way round.
    """
    end = min(_last(as_of, today), today) if as_of else today
    if not since:
        return None, end
    _last(since, today)
    start = begins(since)
    if start > end:
        raise BadDate(f"--since {since} comes after {end}: give an earlier day.")
    return start, end


def _last(text: str, today: date) -> date:
    """The last day of a partial date that begins no later than today."""
    try:
        if not _PARTIAL.fullmatch(text):
            raise ValueError
        first, last = begins(text), ends(text)
    except ValueError:
        raise BadDate(f"'{text}' is not a date; write YYYY-MM-DD, YYYY-MM or YYYY.") from None
    if first > today:
        raise BadDate(f"{text} is in the future: give today's date ({today}) or an earlier one.")
    return last
