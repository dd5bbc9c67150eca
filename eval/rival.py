"""What most people would build instead: LangChain's Chroma store with sentence-transformers. Run, it searches once.

python -m eval.rival FOLDER QUESTION
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from eval.errors import BenchFault
from index.embedding import bundled_model_dir

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "passages"
BATCH = 5000
K = 10


class SentenceTransformers(Embeddings):
    """The bundled model as sentence-transformers runs it, which is how langchain-huggingface does."""

    def __init__(self) -> None:
        """Load the model."""
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(bundled_model_dir()), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of texts."""
        return self._model.encode(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def open_store(folder: Path, embeddings: Embeddings) -> Chroma:
    """The store in a folder, made if there is none.

    Raises:
        BenchFault: langchain-chroma is not installed.
    """
    try:
        from langchain_chroma import Chroma
    except ImportError as error:
        raise BenchFault("LangChain's Chroma store is not installed: run `pip install -e '.[bench]'`.") from error
    return Chroma(COLLECTION, embeddings, persist_directory=str(folder), collection_metadata={"hnsw:space": "cosine"})


def fill(store: Chroma, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Put texts into a store, with vectors that are known already."""
    for first in range(0, len(texts), BATCH):
        rows = range(first, min(first + BATCH, len(texts)))
        store._collection.add(
            ids=[str(row) for row in rows],
            documents=[texts[row] for row in rows],
            embeddings=np.asarray(vectors[rows.start : rows.stop]),
        )


def search(store: Chroma, question: str) -> list[Document]:
    """The ten nearest texts."""
    return store.similarity_search(question, k=K)


if __name__ == "__main__":
    for found in search(open_store(Path(sys.argv[1]), SentenceTransformers()), sys.argv[2]):
        print(found.page_content)
