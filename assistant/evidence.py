"""The sentences of the retrieved passages, scored against the question."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.knowledge import Source
from index.encoding import Vector
from index.lexical import LexicalIndex, stem_set
from index.passages import Passage
from index.retriever import cited
from index.store import Generation


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the corpus that can be cited, with where it stands and what it rests on.

    `similarity` is the cosine of the sentence to the question, `coverage` the share of the
    question's terms, weighed by rarity, that the sentence, its heading and its title hold.
    `document_score` is the score of the best passage of the same document, `neighbour` the higher
    cosine of the sentences before and after, `rank` the place by cosine among all (from 1), `opens`
    whether the sentence is the first of its passage.
    """

    document_id: str
    title: str
    section: str
    page: int | None
    text: str
    start: int
    end: int
    passage: str
    passage_start: int
    sources: tuple[Source, ...]
    similarity: float = 0.0
    coverage: float = 0.0
    passage_score: float = 0.0
    document_score: float = 0.0
    neighbour: float = 0.0
    rank: int = 1
    opens: bool = False
    vector: Vector | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes the quote this one and no other."""
        return self.document_id, self.start, self.end


def quotes_of(
    generation: Generation, passages: Sequence[Passage], question: Vector, terms: Sequence[str]
) -> list[Quote]:
    """Every sentence of the passages that has a source, scored; in the order of the passages."""
    weights = term_weights(terms, generation.lexical)
    quotes = []
    best: dict[str, float] = {}
    for passage in passages:
        best[passage.document_id] = max(passage.score, best.get(passage.document_id, 0.0))
    for passage in passages:
        vectors = generation.sentences_at(passage.row).astype(np.float32)
        heading = stem_set(f"{passage.title} {passage.section}")
        cosines = [0.0, *(vectors @ question).tolist(), 0.0]
        for place, (sentence, vector) in enumerate(zip(passage.sentences, vectors, strict=True), start=1):
            sources = cited(generation, sentence.keys)
            if not sources:
                continue
            text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
            quotes.append(
                Quote(
                    document_id=passage.document_id,
                    title=passage.title,
                    section=passage.section,
                    page=passage.page,
                    text=text,
                    start=sentence.start,
                    end=sentence.end,
                    passage=passage.text,
                    passage_start=passage.start,
                    sources=sources,
                    similarity=cosines[place],
                    neighbour=max(cosines[place - 1], cosines[place + 1]),
                    opens=place == 1,
                    coverage=covered(weights, stem_set(text), heading),
                    passage_score=passage.score,
                    document_score=best[passage.document_id],
                    vector=vector,
                )
            )
    return _ranked(quotes)


def _ranked(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes in their order, each with its place by similarity."""
    order = sorted(range(len(quotes)), key=lambda at: -quotes[at].similarity)
    places = {at: place for place, at in enumerate(order, start=1)}
    return [replace(quote, rank=places[at]) for at, quote in enumerate(quotes)]


HEADING_SHARE = 0.6
"""What a term counts that stands only in the heading or title of a sentence, not in the sentence."""


def covered(weights: dict[str, float], words: Set[str], heading: Set[str]) -> float:
    """The weighed share (0 to 1) of the question's terms that a sentence and its heading hold."""
    total = sum(weights.values())
    if not total:
        return 0.0
    held = sum(w * (1.0 if t in words else HEADING_SHARE if t in heading else 0.0) for t, w in weights.items())
    return held / total


def term_weights(terms: Sequence[str], lexical: LexicalIndex) -> dict[str, float]:
    """The inverse document frequency of each term: the rarer a term, the more it says."""
    return {term: lexical.rarity(term) for term in dict.fromkeys(terms)}
