"""The types of the index: passages and their sentences."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.knowledge import Source


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage: its span in the document's text, and the keys of its sources."""

    start: int
    end: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a document that is embedded as one: `text` is `document.text[start:end]`."""

    id: str
    document_id: str
    title: str
    section: str
    text: str
    start: int
    end: int
    page: int | None
    sentences: tuple[Sentence, ...]
    vector_key: str

    @property
    def heading(self) -> str:
        """What is embedded before the text: the document's title and the section's."""
        return f"{self.title}. {self.section}" if self.section and self.section != self.title else self.title

    @property
    def embedded(self) -> str:
        """The text that the embedder sees."""
        return f"{self.heading}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that a search found. Always `document.text[start:end] == text`.

    `score` is the fused score, `dense` the cosine similarity to the question, `lexical` the BM25
    score. `sources` are strongest first. `row` is the passage's row in the index.
    """

    id: str
    document_id: str
    title: str
    section: str
    text: str
    start: int
    end: int
    page: int | None
    sources: tuple[Source, ...]
    sentences: tuple[Sentence, ...]
    score: float
    dense: float
    lexical: float
    row: int
