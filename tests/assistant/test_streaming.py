"""Streams: the order of their events, and one answer by every way of asking."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import timeless

from assistant.answer import Answer, Citation, Claim, Event, Stage, Turn
from assistant.pipeline import Assistant

KNEE = "Do MSC injections help knee osteoarthritis?"
QUESTIONS = [
    (KNEE, "US"),
    ("Is Ryoncil approved in the US?", "US"),
    ("Is Alofisel approved in the EU?", "EU"),
    ("What is GvHD?", "JP"),
    ("Who won the football world cup in 2018?", "other"),
    ("Can I stop my prednisone if I get stem cells?", "UK"),
    ("I can't breathe since my stem cell infusion an hour ago", "AU"),
]


def check_order(events: list[Event]) -> None:
    """Stages first, each citation before the claim that uses it, the answer last."""
    *before, answer = events
    assert isinstance(answer, Answer)
    assert not any(isinstance(event, Answer) for event in before)
    claims = [event for event in before if isinstance(event, Claim)]
    citations = [event for event in before if isinstance(event, Citation)]
    assert tuple(claims) == answer.claims
    assert tuple(citations) == answer.citations
    shown: set[int] = set()
    for event in before:
        if isinstance(event, Citation):
            assert event.marker == len(shown) + 1
            shown.add(event.marker)
        if isinstance(event, Claim):
            assert set(event.citations) <= shown
    if claims:
        assert isinstance(before[0], Stage)


@pytest.mark.parametrize(("question", "country"), QUESTIONS)
def test_events_come_in_order_and_give_the_answer_of_ask(assistant: Assistant, question: str, country: str) -> None:
    events = list(assistant.stream(question, country=country))
    check_order(events)
    assert timeless(events[-1]) == timeless(assistant.ask(question, country=country))


@pytest.mark.parametrize(("question", "country"), QUESTIONS)
def test_awaited_and_plain_agree(assistant: Assistant, question: str, country: str) -> None:
    async def awaited() -> tuple[Answer, list[Event]]:
        answer = await assistant.aask(question, country=country)
        return answer, [event async for event in assistant.astream(question, country=country)]

    answer, events = asyncio.run(awaited())
    check_order(events)
    assert timeless(answer) == timeless(events[-1]) == timeless(assistant.ask(question, country=country))


def test_many_at_once_do_not_mix(assistant: Assistant) -> None:
    histories = {country: (Turn("user", f"Is Ryoncil approved in {country}?"),) for country in ("Japan", "Canada")}
    asked = [(question, (), country) for question, country in QUESTIONS]
    asked += [("and since when?", history, None) for history in histories.values()]
    alone = [timeless(assistant.ask(*one)) for one in asked]
    with ThreadPoolExecutor(2) as pool:
        together = [timeless(answer) for answer in pool.map(lambda one: assistant.ask(*one), asked * 3)]
    assert together == alone * 3


def test_awaited_at_once_do_not_mix(assistant: Assistant) -> None:
    async def all_of_them() -> list[Answer]:
        return await asyncio.gather(*(assistant.aask(question, country=country) for question, country in QUESTIONS))

    together = [timeless(answer) for answer in asyncio.run(all_of_them())]
    assert together == [timeless(assistant.ask(question, country=country)) for question, country in QUESTIONS]


def test_a_stream_left_early_leaves_nothing_behind(assistant: Assistant) -> None:
    stream = assistant.stream(KNEE)
    assert isinstance(next(stream), Stage)
    stream.close()
    assert assistant.ask(KNEE).kind == "answer"
