"""Searches a made-up index for questions and writes the median milliseconds into a file.

A process of its own, so that nothing but searching is in its memory.

    python -m eval.searching INDEX FILE QUESTION …
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

from eval.made import MadeEmbedder
from index.config import IndexSettings
from index.embedding import TextEmbedder
from index.retriever import HybridRetriever


def main() -> None:
    """Search for every question once."""
    index_dir, file, *questions = sys.argv[1:]
    embedder = MadeEmbedder(np.zeros((0, 0), dtype=np.float32), TextEmbedder())
    retriever = HybridRetriever(
        settings=IndexSettings(index_dir=Path(index_dir), embedder=embedder.name), embedder=embedder
    )
    retriever.search("warm up", 10)
    times = []
    for question in questions:
        begun = time.perf_counter()
        retriever.search(question, 10)
        times.append(time.perf_counter() - begun)
    Path(file).write_text(str(1000 * statistics.median(times)), encoding="utf-8")


if __name__ == "__main__":
    main()
