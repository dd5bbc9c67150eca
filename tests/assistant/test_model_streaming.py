"""A sentence of a model is out as soon as it is verified, while the model still writes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event

from drafts import PLACEBO, QUESTION, RESPONSE
from openai_server import Asked, OpenAIServer

from assistant.answer import Answer, Citation, Claim, Stage
from assistant.pipeline import Assistant


def waiting(server: OpenAIServer, heard: Event) -> None:
    """The model says one sentence and begins another, then waits until the first was heard."""

    def script(asked: Asked) -> Iterator[str]:
        number = asked.place("49.5%")[0]
        yield from (RESPONSE[:-1], ".", " [", str(number), "]", " In", " the Tallow trial")
        assert heard.wait(30)
        yield PLACEBO.removeprefix("In the Tallow trial") + f" [{number}]"

    server.script = script


def test_a_sentence_is_out_while_the_model_still_writes(server: OpenAIServer, writer: Assistant) -> None:
    heard = Event()
    waiting(server, heard)
    events = []
    for event in writer.stream(QUESTION):
        events.append(event)
        if isinstance(event, Claim) and not heard.is_set():
            assert not server.finished.is_set()
            heard.set()
    told = [type(event) for event in events if not isinstance(event, Stage)]
    assert told == [Citation, Claim, Citation, Claim, Answer]
    assert [event.text for event in events if isinstance(event, Claim)] == [RESPONSE, PLACEBO]


def test_a_sentence_is_out_while_the_model_still_writes_awaited(server: OpenAIServer, writer: Assistant) -> None:
    heard = Event()
    waiting(server, heard)

    async def listen() -> list[str]:
        said = []
        async for event in writer.astream(QUESTION):
            if isinstance(event, Claim):
                said.append(event.text)
                assert heard.is_set() or not server.finished.is_set()
                heard.set()
        return said

    assert asyncio.run(listen()) == [RESPONSE, PLACEBO]
