"""BM25 over passages, by `bm25s` and the Snowball stemmer, kept on disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.lexicon import REMEMBERED, STOP_WORDS, words_of


class LexicalIndex:
    """Term statistics of a generation's passages."""

    def __init__(self, model: bm25s.BM25 | None, size: int) -> None:
        self._model = model
        self._size = size
        self._vocabulary: dict[str, int] = dict(model.vocab_dict) if model else {}
        self._holding: list[int] = np.diff(model.scores["indptr"]).tolist() if model else []

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """BM25 (Lucene's variant, k1 = 1.2, b = 0.75) over the texts."""
        terms = [stems(text) for text in texts]
        if not any(terms):
            return cls(None, len(texts))
        model = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        model.index(terms, show_progress=False)
        return cls(model, len(texts))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """The index saved in a folder."""
        if not (folder / "params.index.json").exists():
            return cls(None, size)
        return cls(bm25s.BM25.load(folder, mmap=False), size)

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._model is not None:
            self._model.save(folder, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every passage, shape (passages,); zeros where no term of the query is known."""
        known = [term for term in stems(query) if term in self._vocabulary]
        if self._model is None or not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    @property
    def passages(self) -> int:
        """The number of passages that the statistics were made from; 0 where no passage holds a term."""
        return int(self._model.scores["num_docs"]) if self._model else 0

    def knows(self, stem: str) -> bool:
        """Whether any passage holds this stem."""
        return stem in self._vocabulary

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a stem, ln(1 + (N - n + 0.5) / (n + 0.5)); an unknown one is rarest."""
        number = self._vocabulary.get(stem)
        holding = self._holding[number] if number is not None else 0
        return math.log(1 + (self._size - holding + 0.5) / (holding + 0.5))


_STEMMER = Stemmer.Stemmer("english")


def stems(text: str) -> list[str]:
    """The stems of a text's words, stop words left out."""
    return list(_STEMMER.stemWords([word for word in words_of(text) if word not in STOP_WORDS]))


@lru_cache(maxsize=REMEMBERED)
def stem_set(text: str) -> frozenset[str]:
    """The distinct stems of a text, remembered: the sentences of the index come up again and again."""
    return frozenset(stems(text))
