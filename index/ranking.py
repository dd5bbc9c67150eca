"""Ranks passages for a question: what the dense and the lexical list find, scored by both and by what lies around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.lexicon import STOP_WORDS, words_of
from index.encoding import Vector
from index.english import specificity
from index.lexical import LexicalIndex, stems
from index.store import Generation

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fusion:
    """What each sign counts: linear in cosines and shares, so that a list that found nothing good is not stretched.

    `passage`, `sentence` and `stretch` weigh the cosines of the question to the passage, to its best sentence, and to
    the mean of the passages around it. `words` weighs BM25 over the root of the sum of the question's word weights: it
    grows with the length of a question, and the longer that is, the more of its words are chance. `covered` weighs the
    share of the question's words (by weight) that the passages around hold. Set on the training halves of SciFact and
    PubMedQA, both also with their questions hidden in chat and misspelt, and on the gold questions; flat around.
    """

    passage: float = 12.0
    sentence: float = 3.0
    stretch: float = 7.0
    words: float = 3.0
    covered: float = 4.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows of passages, best first, with their fused scores (0 to 1), cosines and BM25 scores."""

    rows: Rows
    scores: Scores
    dense: Scores
    lexical: Scores


def rank(
    generation: Generation, vector: Vector, words: str, depth: int, withheld: Rows, fusion: Fusion | None = None
) -> Ranking:
    """The passages that the best `depth` of either list hold, but for those withheld.

    Args:
        generation: what is searched.
        vector: the question's unit vector.
        words: the question's words, for BM25.
        depth: how many passages each list gives.
        withheld: rows that are never returned.
        fusion: the weights.
    """
    fusion = fusion or Fusion()
    weights = word_weights(words, generation.lexical)
    lexical = generation.lexical.weighed(weights)
    depth += len(withheld)
    near = np.array(generation.nearest(vector, depth), dtype=np.int64)
    rows = np.setdiff1d(np.union1d(near, _highest(lexical, depth)), withheld).astype(np.int64)
    dense = (generation.contents.vectors[rows] @ vector).astype(np.float32)
    total = sum(weights.values()) or 1.0
    fused = (
        fusion.passage * dense
        + fusion.sentence * _best_sentences(generation, rows, vector)
        + fusion.stretch * _around(generation, rows, vector)
        + fusion.words * lexical[rows] / np.sqrt(total)
        + fusion.covered * _covered(generation, rows, weights) / total
    )
    order = np.argsort(-fused, kind="stable")
    return Ranking(rows[order], unit_range(fused[order]), dense[order], lexical[rows[order]])


def word_weights(text: str, lexical: LexicalIndex) -> dict[str, float]:
    """What each stem of a text counts: its inverse document frequency times the root of its specificity.

    A word that everybody uses is rare in a library of medicine, and yet says nothing about what is asked.
    """
    weights: dict[str, float] = {}
    for word in words_of(text):
        if word in STOP_WORDS:
            continue
        (stem,) = stems(word) or ("",)
        weights[stem] = max(weights.get(stem, 0.0), lexical.rarity(stem) * specificity(word) ** 0.5)
    return weights


def _highest(scores: Scores, count: int) -> Rows:
    """The rows of the highest scores above zero, in no order."""
    count = min(count, len(scores))
    if not count:
        return np.zeros(0, dtype=np.int64)
    rows = np.argpartition(-scores, count - 1)[:count]
    return rows[scores[rows] > 0]


def _best_sentences(generation: Generation, rows: Rows, vector: Vector) -> Scores:
    """The cosine of the question to the nearest sentence of each passage."""
    found = [generation.sentences_at(int(row)) for row in rows]
    if not found:
        return np.zeros(0, dtype=np.float32)
    starts = np.cumsum([0, *(len(one) for one in found[:-1])])
    return np.maximum.reduceat(np.concatenate(found).astype(np.float32) @ vector, starts)


def _around(generation: Generation, rows: Rows, vector: Vector) -> Scores:
    """The cosine of the question to the mean of the passages of each passage's stretch."""
    if not len(rows):
        return np.zeros(0, dtype=np.float32)
    stretches, of_row = np.unique(generation.stretches.of_passage[rows], return_inverse=True)
    firsts, ends = generation.stretches.bounds[stretches], generation.stretches.bounds[stretches + 1]
    held = np.concatenate([np.arange(first, end) for first, end in zip(firsts, ends, strict=True)])
    starts = np.cumsum(np.concatenate([[0], (ends - firsts)[:-1]]))
    sums = np.add.reduceat(generation.contents.vectors[held], starts, axis=0)
    cosines = (sums @ vector) / np.maximum(np.linalg.norm(sums, axis=1), 1e-12)
    return np.asarray(cosines[of_row], dtype=np.float32)


def _covered(generation: Generation, rows: Rows, weights: Mapping[str, float]) -> Scores:
    """The sum of the weights of the stems that each passage's stretch holds."""
    stretches = generation.stretches
    wanted = stretches.of_passage[rows]
    covered = np.zeros(len(rows), dtype=np.float32)
    held = np.zeros(len(stretches.bounds) - 1, dtype=bool)
    for stem, weight in weights.items():
        holding = stretches.of_passage[generation.lexical.rows_with(stem)]
        held[holding] = True
        covered[held[wanted]] += weight
        held[holding] = False
    return covered


def unit_range(scores: NDArray[np.floating[Any]]) -> Scores:
    """Scores scaled to 0..1 (min-max)."""
    if not len(scores):
        return scores.astype(np.float32)
    low, high = float(scores.min()), float(scores.max())
    scaled = (scores - low) / (high - low) if high > low else np.zeros_like(scores)
    return np.asarray(scaled, dtype=np.float32)
