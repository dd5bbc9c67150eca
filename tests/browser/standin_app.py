"""The page before an assistant that speaks slowly, fails, and quotes hostile documents: what no real corpus does."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any, cast

from app import layout
from assistant.answer import Answer, Citation, Claim, Engine, Event, Stage, Turn
from assistant.config import Settings
from assistant.pipeline import Assistant
from corpus.knowledge import Source, load_knowledge
from web.server import serve

PAUSE_S = 0.7
HOSTILE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> ![x](http://evil.example/x.png) '
    "[y](javascript:window.hacked=1) ${window.hacked=1} {{value}} </mark></blockquote> end."
)


def citation(marker: int, quote: str, url: str) -> Citation:
    passage = f"Before {marker}. {quote} After."
    start = passage.index(quote)
    source = Source(key=f"s{marker}", title=quote, publisher=quote, url=url, issued=None, evidence="rct")
    return Citation(marker, "d", quote, quote, None, quote, start, start + len(quote), source, "rct", passage, 0)


class StandIn:
    """Answers every question with four sentences, a long one with forty, one after the other."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.knowledge = load_knowledge()

    def stream(self, question: str, history: tuple[Turn, ...], country: str, audience: str) -> Iterator[Event]:
        if "fail" in question:
            yield Stage("draft")
            raise RuntimeError("a secret of the server")
        hostile = "hostile" in question
        count = 40 if "long" in question else 4
        texts = [HOSTILE if hostile else f"Sentence {number} about {question}." for number in range(1, count + 1)]
        urls = ["javascript:window.hacked=1", "file:///home/someone/private/notes.pdf", 'https://example.org/a"b', ""]
        yield Stage("draft")
        yield Stage("verify")
        claims, citations = [], []
        for number, (text, url) in enumerate(zip(texts, cycle(urls), strict=False), start=1):
            time.sleep(0 if hostile else PAUSE_S)
            citations.append(citation(number, text, url))
            claims.append(Claim(text, (number,)))
            yield citations[-1]
            yield claims[-1]
        yield Answer(
            question=question,
            standalone_question=question,
            kind="answer",
            claims=tuple(claims),
            citations=tuple(citations),
            caveats=(),
            confidence=1.0,
            suggestions=(HOSTILE,) if hostile else (),
            engine=Engine("stand-in", "", "", "", ""),
            message=HOSTILE if hostile else "",
            notices=(HOSTILE,) if hostile else (),
        )


if __name__ == "__main__":
    serve(layout(cast(Assistant, cast(Any, StandIn()))), "127.0.0.1", int(sys.argv[-1]), dict)
