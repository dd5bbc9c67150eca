"""An answer with one citation, and a reader of HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from assistant.answer import Answer, Citation, Claim, Engine
from corpus.knowledge import Source, load_knowledge
from web.conversation import Conversation

COUNTRIES = load_knowledge().countries

TRIAL = Source(
    key="miles",
    title="Cell & steroid",
    publisher="Nature",
    url="https://n.example/1",
    issued="2023-11-02",
    evidence="rct",
)
QUOTE = "None was better."
CITATION = Citation(
    marker=1,
    document_id="knees",
    title="MSCs for knees",
    section="What was tried",
    page=None,
    quote=QUOTE,
    start=108,
    end=124,
    source=TRIAL,
    evidence="rct",
    passage=f"A trial. {QUOTE} It ended.",
    passage_start=99,
)
ANSWER = Answer(
    question="Do they help knees?",
    standalone_question="Do they help knees?",
    kind="answer",
    claims=(Claim("None was better.", (1,)),),
    citations=(CITATION,),
    caveats=(),
    confidence=0.9,
    suggestions=("And hips?",),
    engine=Engine("extractive", "", "", "", ""),
)


def answered(answer: Answer, country: str = "US") -> Conversation:
    return Conversation().asked(answer.question, country, "patient").after(answer)


class Elements(HTMLParser):
    """The elements of a piece of HTML, with their attributes; complains about an end tag that ends nothing."""

    VOID = ("img", "br", "input", "hr", "link", "meta")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
