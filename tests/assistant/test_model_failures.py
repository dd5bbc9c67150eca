"""A model that fails, hangs or drips: what was verified stays, the extractive answer says the rest, and why."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from drafts import MODEL, PLACEBO, QUESTION, RESPONSE, Maker, check_extractive, check_verbatim, draft
from openai_server import Asked, Cut, OpenAIServer, Script

from assistant.answer import Answer, Claim
from assistant.pipeline import Assistant


@pytest.fixture
def release() -> Iterator[Event]:
    """What a script that hangs waits for; it comes when the test is over."""
    event = Event()
    yield event
    event.set()


def endless(release: Event) -> Script:
    """One sentence that holds, and then signs of life without an end."""

    def script(asked: Asked) -> Iterator[str | None]:
        yield f"{PLACEBO} [{asked.place('38.2%')[0]}] And what "
        while not release.wait(0.1):
            yield None

    return script


@pytest.mark.parametrize(
    "nothing",
    [
        pytest.param([""], id="empty"),
        pytest.param([], id="no piece"),
        pytest.param(["NOT IN THE PASSAGES"], id="not in the passages"),
        pytest.param(["Zelvocel cures everything. It is a wonder [1]."], id="nothing true"),
        pytest.param(["Zelvocel " * 4000], id="without end"),
        pytest.param(["[1] [2] . . ? !\n\n#\n- \n"], id="no words"),
    ],
)
def test_a_draft_of_which_nothing_holds_gives_the_extractive_answer(
    server: OpenAIServer, writer: Assistant, plain: Answer, nothing: list[str]
) -> None:
    server.script = lambda asked: nothing
    check_extractive(writer.ask(QUESTION), plain)


@pytest.mark.parametrize(("status", "said"), [(500, "500"), (429, "429"), (401, "401"), (404, "404")])
def test_a_server_that_refuses(server: OpenAIServer, writer: Assistant, plain: Answer, status: int, said: str) -> None:
    server.script = lambda asked: status
    answer = writer.ask(QUESTION)
    check_extractive(answer, plain)
    assert said in answer.notices[0]


def test_a_server_that_is_down(with_model: Maker, zelvocel: tuple[Path, Path], plain: Answer) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        answer = with_model(zelvocel[1], f"http://127.0.0.1:{held.getsockname()[1]}/v1").ask(QUESTION)
    check_extractive(answer, plain)
    assert "cannot be reached" in answer.notices[0]


def test_a_server_that_hangs(
    server: OpenAIServer, release: Event, with_model: Maker, zelvocel: tuple[Path, Path], plain: Answer
) -> None:
    def script(asked: Asked) -> Iterator[str]:
        release.wait(30)
        yield "Too late."

    server.script = script
    answer = with_model(zelvocel[1], timeout_s=1).ask(QUESTION)
    check_extractive(answer, plain)
    assert "did not answer in time" in answer.notices[0]


@pytest.mark.parametrize("how", ["cut", "hang"])
def test_what_was_verified_before_the_break_stays(
    server: OpenAIServer, release: Event, with_model: Maker, zelvocel: tuple[Path, Path], how: str
) -> None:
    def script(asked: Asked) -> Iterator[str]:
        yield f"{PLACEBO} [{asked.place('38.2%')[0]}] And what "
        if how == "cut":
            raise Cut
        release.wait(30)

    server.script = script
    writer = with_model(zelvocel[1], timeout_s=1 if how == "hang" else 20)
    events = list(writer.stream(QUESTION))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.kind == "answer"
    assert tuple(event for event in events if isinstance(event, Claim)) == answer.claims
    assert answer.claims[0].text == PLACEBO
    assert not any("And what" in claim.text for claim in answer.claims)
    assert len({claim.text for claim in answer.claims}) == len(answer.claims)
    (notice,) = answer.notices
    assert f"{MODEL} broke off" in notice
    assert "what it had written by then was kept where it could be verified" in notice
    assert (answer.engine.answerer, answer.engine.model) == ("model+extractive", MODEL)
    assert len(answer.claims) > 1
    check_verbatim(writer, answer)


def test_a_break_before_anything_was_said(server: OpenAIServer, writer: Assistant, plain: Answer) -> None:
    def script(asked: Asked) -> Iterator[str]:
        yield "In the Tallow"
        raise Cut

    server.script = script
    check_extractive(writer.ask(QUESTION), plain)


DRIPS = [pytest.param("x", id="a letter"), pytest.param(None, id="a sign of life")]


@pytest.mark.parametrize("drip", DRIPS)
@pytest.mark.parametrize("awaited", [False, True], ids=["plain", "awaited"])
def test_a_server_that_drips_is_left_at_the_deadline(
    server: OpenAIServer,
    release: Event,
    with_model: Maker,
    zelvocel: tuple[Path, Path],
    plain: Answer,
    drip: str | None,
    awaited: bool,
) -> None:
    def script(asked: Asked) -> Iterator[str | None]:
        while not release.wait(0.1):
            yield drip

    server.script = script
    writer = with_model(zelvocel[1], deadline_s=1)
    start = time.monotonic()
    answer = asyncio.run(writer.aask(QUESTION)) if awaited else writer.ask(QUESTION)
    took = time.monotonic() - start
    assert server.finished.wait(5), "the connection was not let go"
    check_extractive(answer, plain)
    assert f"{MODEL} could not be used (it had not finished after 1 s)" in answer.notices[0]
    assert 1 <= took < 10


def test_what_was_verified_before_the_deadline_stays(
    server: OpenAIServer, release: Event, with_model: Maker, zelvocel: tuple[Path, Path]
) -> None:
    server.script = endless(release)
    writer = with_model(zelvocel[1], deadline_s=1)
    answer = writer.ask(QUESTION)
    assert answer.claims[0].text == PLACEBO
    assert answer.engine.answerer == "model+extractive"
    assert "broke off (it had not finished after 1 s)" in answer.notices[0]
    check_verbatim(writer, answer)


def test_what_did_not_hold_before_the_break_is_no_part_of_the_answer(
    server: OpenAIServer, writer: Assistant, plain: Answer
) -> None:
    def script(asked: Asked) -> Iterator[str]:
        yield "Zelvocel cures everything. It is a wonder [1]. And what "
        raise Cut

    server.script = script
    check_extractive(writer.ask(QUESTION), plain)


def test_a_model_is_let_go_when_nobody_listens_any_more(
    server: OpenAIServer, release: Event, writer: Assistant
) -> None:
    server.script = endless(release)
    stream = writer.stream(QUESTION)
    assert any(isinstance(event, Claim) for event in stream)
    stream.close()
    assert server.finished.wait(5)


def test_the_awaited_way_fails_alike(server: OpenAIServer, writer: Assistant, plain: Answer) -> None:
    server.script = lambda asked: 500
    check_extractive(asyncio.run(writer.aask(QUESTION)), plain)


def test_every_event_loop_gets_its_answer(server: OpenAIServer, writer: Assistant) -> None:
    server.script = draft(f"{RESPONSE} [{{n}}]")
    for _ in range(3):
        answer = asyncio.run(writer.aask(QUESTION))
        assert ([claim.text for claim in answer.claims], answer.notices) == ([RESPONSE], ())
