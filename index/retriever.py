"""Hybrid search: dense vectors and BM25, fused for the question at hand."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict, PrivateAttr

from corpus.knowledge import Source
from index.config import IndexSettings
from index.embedding import Embedder
from index.encoding import Vector
from index.errors import EmbedderMismatch
from index.passages import Passage
from index.ranking import Fusion, rank
from index.serving import current_name, open_current
from index.store import Generation

QUERY_CACHE = 256


class HybridRetriever(BaseRetriever):
    """Finds passages; a LangChain retriever, so that it fits into any chain.

    `invoke` returns LangChain documents; `search` returns `Passage` objects. When a build has
    moved the pointer, the next search reads the new generation.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    settings: IndexSettings
    embedder: Any
    k: int = 10
    fusion: Fusion = Fusion()

    _generation: Generation | None = PrivateAttr(default=None)
    _withheld: tuple[Generation, NDArray[np.int64]] | None = PrivateAttr(default=None)
    _embed: Any = PrivateAttr(default=None)

    def model_post_init(self, context: Any) -> None:
        """Remember recent questions' vectors: a turn embeds its question once."""
        embedder: Embedder = self.embedder
        self._embed = lru_cache(maxsize=QUERY_CACHE)(embedder.query)

    @property
    def generation(self) -> Generation:
        """The generation that serves now.

        Raises:
            IndexMissing, IndexDamaged: there is none, or it cannot be used.
            EmbedderMismatch: it was built with another embedder.
        """
        name = current_name(self.settings.index_dir)
        held = self._generation
        if held is None or held.folder.name != name:
            held = open_current(self.settings.index_dir, self.settings.server)
            check_embedder(held, self.embedder.name)
            self._generation = held
        return held

    def vector(self, text: str) -> Vector:
        """The unit vector of a text, remembered."""
        return self._embed(text)  # type: ignore[no-any-return]

    def spelled(self, text: str) -> str:
        """The text with words that the index does not know put right."""
        return self.generation.speller.correct(text)

    def search(
        self, query: str, k: int | None = None, words: str | None = None, generation: Generation | None = None
    ) -> list[Passage]:
        """The best passages for a question, best first.

        Args:
            query: the question.
            k: how many; by default as many as the retriever was made to find.
            words: the text for BM25, where it is not the query.
            generation: the one to search, by default the one that serves now; rows belong to it.
        """
        generation = generation or self.generation
        vector, withheld = self.vector(query), self._retracted(generation)
        ranked = rank(
            generation, vector, query if words is None else words, self.settings.candidates, withheld, self.fusion
        )
        found = zip(ranked.rows, ranked.scores, ranked.dense, ranked.lexical, strict=True)
        return [
            passage_at(generation, int(row), *map(float, scores))
            for row, *scores in islice(found, self.k if k is None else k)
        ]

    def _retracted(self, generation: Generation) -> NDArray[np.int64]:
        """Rows of the passages that no search returns, remembered for the generation."""
        if self._withheld is None or self._withheld[0] is not generation:
            self._withheld = (generation, retracted_rows(generation))
        return self._withheld[1]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [to_langchain(passage) for passage in self.search(query)]


def check_embedder(generation: Generation, asked: str) -> None:
    """Refuse a generation whose vectors another embedder made.

    Raises:
        EmbedderMismatch: the names differ.
    """
    built = generation.manifest.embedder
    if built != asked:
        raise EmbedderMismatch(
            f"the index was built with {built} ({generation.manifest.dimensions} dimensions), the settings ask for "
            f"{asked}: run `python -m index build`, or set MSC_EMBEDDER={built}."
        )


def passage_at(generation: Generation, row: int, score: float, dense: float, lexical: float) -> Passage:
    """The passage in a row of a generation, with its scores."""
    chunk = generation.contents.chunks[row]
    keys = dict.fromkeys(key for sentence in chunk.sentences for key in sentence.keys)
    return Passage(
        id=chunk.id,
        document_id=chunk.document_id,
        title=chunk.title,
        section=chunk.section,
        text=chunk.text,
        start=chunk.start,
        end=chunk.end,
        page=chunk.page,
        sources=cited(generation, tuple(keys)),
        sentences=chunk.sentences,
        score=score,
        dense=dense,
        lexical=lexical,
        row=row,
    )


def cited(generation: Generation, keys: tuple[str, ...]) -> tuple[Source, ...]:
    """The sources of these keys that may be cited, strongest first; retracted ones left out."""
    known = [generation.contents.sources[key] for key in keys if key in generation.contents.sources]
    return tuple(sorted((source for source in known if not source.retracted), key=lambda source: source.strength))


def retracted_rows(generation: Generation) -> NDArray[np.int64]:
    """Rows of the passages that name sources of which every one is retracted."""
    sources = generation.contents.sources
    gone = {key for key, source in sources.items() if source.retracted}
    if not gone:
        return np.array([], dtype=np.int64)
    named = ({key for sentence in chunk.sentences for key in sentence.keys} for chunk in generation.contents.chunks)
    return np.array([row for row, keys in enumerate(named) if keys and keys <= gone], dtype=np.int64)


def to_langchain(passage: Passage) -> LangChainDocument:
    """A passage as LangChain's document."""
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document_id": passage.document_id,
            "title": passage.title,
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
            "page": passage.page,
            "score": passage.score,
            "sources": [source.key for source in passage.sources],
        },
    )
