"""The types of an answer, made and read as JSON at one border."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

from corpus.knowledge import Source

Kind = Literal["answer", "abstain", "redirect", "emergency"]
KINDS: tuple[Kind, ...] = ("answer", "abstain", "redirect", "emergency")
Audience = Literal["patient", "clinician"]


@dataclass(frozen=True, slots=True)
class Citation:
    """The verbatim words behind a claim. Always `document.text[start:end] == quote`.

    `passage` holds the quote inside its surroundings, from `passage_start` of the same text.
    """

    marker: int
    document_id: str
    title: str
    section: str
    page: int | None
    quote: str
    start: int
    end: int
    source: Source
    evidence: str
    passage: str = ""
    passage_start: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, and the markers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Caveat:
    """A warning that this answer needs, with its source and the day up to which it is known."""

    id: str
    text: str
    country: str
    as_of: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Engine:
    """What made an answer. `model` is empty where no language model wrote any of it.

    `answerer` is `extractive`, `model`, `none`, or `model+extractive` where the model broke off midway.
    """

    answerer: str
    model: str
    embedder: str
    index_id: str
    corpus_version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says.

    `message` holds the words that are no claims about the field: what an abstention, a redirect or
    an emergency says first. `notices` tell of the machinery, for instance that a model failed.
    `confidence` runs from 0 to 1.
    """

    question: str
    standalone_question: str
    kind: Kind
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    caveats: tuple[Caveat, ...]
    confidence: float
    suggestions: tuple[str, ...]
    engine: Engine
    timings_ms: dict[str, float] = field(default_factory=dict)
    message: str = ""
    notices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The answer in words, each claim followed by its `[n]` markers."""
        claims = " ".join(with_markers(claim) for claim in self.claims)
        return "\n\n".join(part for part in (self.message, claims) if part)

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, `text` included."""
        return {**asdict(self), "text": self.text}

    def to_json(self, indent: int | None = None) -> str:
        """The answer as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def with_markers(claim: Claim) -> str:
    """A claim's sentence with its markers behind it."""
    return claim.text + "".join(f" [{marker}]" for marker in claim.citations)


_ANSWER = TypeAdapter(Answer)


def answer_from_dict(values: dict[str, Any]) -> Answer:
    """The answer that `Answer.to_dict` wrote."""
    return _ANSWER.validate_python({name: value for name, value in values.items() if name != "text"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the way has begun: streamed so that a person sees what is going on."""

    name: str


Event = Stage | Claim | Citation | Answer
"""What `Assistant.stream` yields: stages, then each verified claim behind its new citations, then the answer."""
