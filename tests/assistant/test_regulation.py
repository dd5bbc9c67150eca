"""The status of a product at a date, worked out from dated events written here."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.regulation import standing
from corpus.knowledge import Authorisation, Cells, Event, Product


def made(*events: Event, known_up_to: str = "2030-01-01") -> tuple[Product, Authorisation]:
    held = Authorisation(country="EU", condition="als", indication="ALS", known_up_to=known_up_to, events=events)
    cells = Cells(tissue="bone marrow", donor="allogeneic", cultured_msc=True)
    return Product(id="x", name="X", generic="", company="Y", cells=cells, authorisations=(held,)), held


def event(kind: str, when: str, until: str | None = None) -> Event:
    return Event(date=when, event=kind, until=until, sources=("s",))  # type: ignore[arg-type]


REFUSED_THEN_APPROVED = (event("refused", "2018-05-02"), event("approved", "2020-03-10"))
WITHDRAWN = (event("approved", "2018-03-23"), event("withdrawn", "2024-12-13"))
RENEWED = (
    event("conditional", "2012-06-14", until="2014-06-14"),
    event("renewed", "2014-06-10", until="2016-06-14"),
)
LIMITED = (event("conditional", "2018-12-28", until="2025-12-28"),)
MADE_FULL = (event("conditional", "2018-12-28", until="2025-12-28"), event("approved", "2025-06-01"))
LAPSED = (event("conditional", "2012"), event("lapsed", "2015-07"))


@pytest.mark.parametrize(
    ("events", "day", "status", "is_open", "decided", "first"),
    [
        (REFUSED_THEN_APPROVED, "2018-05-01", "none", False, None, None),
        (REFUSED_THEN_APPROVED, "2018-05-02", "refused", False, "2018-05-02", None),
        (REFUSED_THEN_APPROVED, "2020-03-09", "refused", False, "2018-05-02", None),
        (REFUSED_THEN_APPROVED, "2020-03-10", "approved", True, "2020-03-10", "2020-03-10"),
        (WITHDRAWN, "2019-12-31", "approved", True, "2018-03-23", "2018-03-23"),
        (WITHDRAWN, "2024-12-12", "approved", True, "2018-03-23", "2018-03-23"),
        (WITHDRAWN, "2024-12-13", "withdrawn", False, "2024-12-13", "2018-03-23"),
        (RENEWED, "2013-01-01", "conditional", True, "2012-06-14", "2012-06-14"),
        (RENEWED, "2015-01-01", "conditional", True, "2014-06-10", "2012-06-14"),
        (RENEWED, "2016-06-14", "conditional", True, "2014-06-10", "2012-06-14"),
        (RENEWED, "2016-06-15", "lapsed", False, "2014-06-10", "2012-06-14"),
        (LIMITED, "2025-12-28", "conditional", True, "2018-12-28", "2018-12-28"),
        (LIMITED, "2025-12-29", "lapsed", False, "2018-12-28", "2018-12-28"),
        (MADE_FULL, "2025-05-31", "conditional", True, "2018-12-28", "2018-12-28"),
        (MADE_FULL, "2029-01-01", "approved", True, "2025-06-01", "2018-12-28"),
        (LAPSED, "2015-06-30", "conditional", True, "2012", "2012"),
        (LAPSED, "2015-07-01", "lapsed", False, "2015-07", "2012"),
    ],
)
def test_status_follows_from_the_events_up_to_the_day(
    events: tuple[Event, ...], day: str, status: str, is_open: bool, decided: str | None, first: str | None
) -> None:
    now = standing(*made(*events), date.fromisoformat(day))
    assert (now.status, now.open) == (status, is_open)
    assert (now.decisive and now.decisive.date, now.first and now.first.date) == (decided, first)


@pytest.mark.parametrize(
    ("known_up_to", "day", "status"),
    [
        ("2025-11-25", "2025-12-28", "conditional"),
        ("2025-11-25", "2025-12-29", "unknown"),
        ("2025-12-27", "2025-12-29", "unknown"),
        ("2025-12-28", "2025-12-29", "lapsed"),
    ],
)
def test_a_term_that_ran_out_after_the_last_source_is_unknown(known_up_to: str, day: str, status: str) -> None:
    now = standing(*made(*LIMITED, known_up_to=known_up_to), date.fromisoformat(day))
    assert (now.status, now.open, now.known_up_to) == (status, status == "conditional", known_up_to)
    assert now.last_known == ("conditional" if status == "unknown" else status)


@pytest.mark.parametrize(
    ("events", "known_up_to", "day", "status", "last"),
    [
        (REFUSED_THEN_APPROVED, "2022-03-01", "2022-03-01", "approved", "approved"),
        (REFUSED_THEN_APPROVED, "2022-03-01", "2023-03-01", "approved", "approved"),
        (REFUSED_THEN_APPROVED, "2022-03-01", "2023-03-02", "unknown", "approved"),
        (REFUSED_THEN_APPROVED, "2022-03", "2023-03-31", "approved", "approved"),
        (REFUSED_THEN_APPROVED, "2022", "2023-12-31", "approved", "approved"),
        (REFUSED_THEN_APPROVED, "2022", "2024-01-01", "unknown", "approved"),
        (MADE_FULL[:1], "2023-01-01", "2025-01-01", "unknown", "conditional"),
        (WITHDRAWN, "2024-12-20", "2029-01-01", "withdrawn", "withdrawn"),
        (REFUSED_THEN_APPROVED[:1], "2018-06-01", "2029-01-01", "refused", "refused"),
    ],
)
def test_an_approval_stands_for_a_year_after_the_last_source(
    events: tuple[Event, ...], known_up_to: str, day: str, status: str, last: str
) -> None:
    now = standing(*made(*events, known_up_to=known_up_to), date.fromisoformat(day))
    assert (now.status, now.last_known, now.open, now.unknown) == (
        status,
        last,
        status == "approved",
        status == "unknown",
    )


@pytest.mark.parametrize(
    ("until", "day", "status"),
    [
        ("2025-12", date(2025, 12, 31), "conditional"),
        ("2025-12", date(2026, 1, 1), "lapsed"),
        ("2024-02", date(2024, 2, 29), "conditional"),
        ("2025", date(2025, 12, 31), "conditional"),
        ("2025", date(2026, 1, 1), "lapsed"),
    ],
)
def test_a_term_known_to_the_month_or_year_lasts_to_its_last_day(until: str, day: date, status: str) -> None:
    assert standing(*made(event("conditional", "2018", until=until)), day).status == status


def test_without_events_there_is_no_status() -> None:
    now = standing(*made(), date(2026, 1, 1))
    assert (now.status, now.decisive, now.first, now.open) == ("none", None, None, False)
