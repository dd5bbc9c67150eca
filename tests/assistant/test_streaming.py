"""Streams: the order of their events, and one answer by every way of asking."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from comparing import timeless

from app import Handlers
from assistant.answer import Answer, Citation, Claim, Event, Stage, Turn
from assistant.pipeline import Assistant
from index.retriever import HybridRetriever
from web.conversation import Conversation

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

FOUND = ["triage", "followup", "retrieve", "enough"]
STAGES = {
    "answer": [*FOUND, "draft", "verify", "caveats"],
    "redirect": [*FOUND, "draft", "verify", "caveats"],
    "abstain": [*FOUND, "caveats"],
    "emergency": ["triage"],
}


def check_order(events: list[Event]) -> None:
    """Stages first, each citation before the claim that uses it, the answer last."""
    *before, answer = events
    assert isinstance(answer, Answer)
    assert not any(isinstance(event, Answer) for event in before)
    assert [event.name for event in before if isinstance(event, Stage)] == STAGES[answer.kind]
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


def test_a_stage_is_told_before_its_work_begins(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the library reads that it is being searched, not that it was."""
    worked: list[str] = []
    for name in ("vector", "search"):
        plain = getattr(HybridRetriever, name)

        def noted(self: HybridRetriever, *given: Any, _plain: Callable[..., Any] = plain, **named: Any) -> Any:
            worked.append("search")
            return _plain(self, *given, **named)

        monkeypatch.setattr(HybridRetriever, name, noted)
    stream = assistant.stream(KNEE)
    assert [next(stream) for _ in range(3)] == [Stage("triage"), Stage("followup"), Stage("retrieve")]
    assert not worked
    assert next(stream) == Stage("enough")
    assert worked


def test_the_page_says_what_is_going_on(assistant: Assistant) -> None:
    lines = []
    for _, _, transcript, *_ in Handlers(assistant).answer(KNEE, Conversation(), {"country": "US"}):
        if isinstance(transcript, str):
            lines += re.findall(r'role="status">([^<]+)', transcript)
    assert list(dict.fromkeys(lines)) == [
        "Reading your question",
        "Searching the library",
        "Weighing what was found",
        "Putting an answer together",
        "Checking each sentence against its source",
        "Adding what to keep in mind",
    ]
    assert len(lines) == len(set(lines)) + len(assistant.ask(KNEE).claims)
