"""The approximate search of Chroma finds what an exact search finds, also after many changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.chroma import EmbeddedChroma, write_chroma

TOTAL, HELD, QUERIES = 2400, 1600, 100


def made_up_vectors(count: int, dice: np.random.Generator) -> np.ndarray:
    """Unit vectors that lie in 60 bunches, as those of texts on 60 subjects would."""
    middles = dice.standard_normal((60, 64))
    vectors = middles[dice.integers(0, 60, count)] + 0.7 * dice.standard_normal((count, 64))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def overlap(folder: Path, vectors: np.ndarray, live: list[int], queries: np.ndarray) -> float:
    """The share of the exact ten nearest that Chroma finds."""
    chroma = EmbeddedChroma(folder)
    nearest = [{str(live[row]) for row in np.argsort(-(vectors[live] @ query))[:10]} for query in queries]
    found = [set(chroma.nearest(query, 10)) for query in queries]
    return sum(len(one & other) for one, other in zip(nearest, found, strict=True)) / (10 * len(queries))


def test_the_nearest_are_found(tmp_path: Path) -> None:
    dice = np.random.default_rng(5)
    everything = made_up_vectors(TOTAL + QUERIES, dice)
    vectors, queries = everything[:TOTAL], everything[TOTAL:]
    live = list(range(HELD))
    write_chroma(tmp_path, [([str(row) for row in live], vectors[live])], [], fresh=True)
    assert overlap(tmp_path, vectors, live, queries) >= 0.995
    for first in range(HELD, TOTAL, 40):
        new = list(range(first, first + 40))
        gone = live[:40]
        live = live[40:] + new
        write_chroma(tmp_path, [([str(row) for row in new], vectors[new])], [str(row) for row in gone], fresh=False)
    assert overlap(tmp_path, vectors, live, queries) >= 0.995
    chroma = EmbeddedChroma(tmp_path)
    assert [chroma.nearest(vectors[row], 1) for row in live[-40:]] == [[str(row)] for row in live[-40:]]
    assert chroma.ids() == {str(row) for row in live}
