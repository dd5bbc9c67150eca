"""How alike a question is to labelled messages: two linear models over words and groups, fitted by `eval/triage.py`.

The rules of `triage.py` can be read and are sure of what they name; people in trouble find other
words. The models learn those from `triage_examples.yaml`. They are logistic regressions over
tf-idf weights (sublinear term frequency, cosine normalised) of the one- and two-word sequences of
a question and of the groups of `triage_words.yaml` that stand in it: a sum over some hundred
numbers, so that no library and no embedder is needed to read one message.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import get_args

from assistant.triage_words import Asked, Reason

EXAMPLES = Path(__file__).with_name("triage_examples.yaml")
WEIGHTS = Path(__file__).with_name("triage_weights.json")
REASONS: tuple[Reason, ...] = tuple(reason for reason in get_args(Reason) if reason)
LEAST_WORDS = 2
"""Words under which a message is not told by likeness."""
LABELS = ("emergency", "redirect", *REASONS)
"""What each column of weights tells; the reasons are told apart among redirects only."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The probabilities (0 to 1) that a message is an emergency, and that a person has to answer it, and why."""

    emergency: float
    redirect: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Weights:
    """`features`: its inverse document frequency, then one weight for each of `LABELS`; `biases` in the same order."""

    examples: str
    biases: tuple[float, ...]
    features: dict[str, list[float]]


def likeness(asked: Asked) -> Likeness:
    """How alike a question is to the labelled emergencies and redirects; none where there are too few words to tell."""
    if sum(word.isalpha() for sentence in asked.sentences for word in sentence.words) < LEAST_WORDS:
        return Likeness(0.0, 0.0, REASONS[0])
    weights = _weights()
    sums = list(weights.biases)
    known = {name: n for name, n in Counter(features_of(asked)).items() if name in weights.features}
    values = {name: (1 + math.log(n)) * weights.features[name][0] for name, n in known.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    for name, value in values.items():
        for column, weight in enumerate(weights.features[name][1:]):
            sums[column] += weight * value / length
    by_label = dict(zip(LABELS, sums, strict=True))
    reason = max(REASONS, key=lambda one: by_label[one])
    return Likeness(_logistic(by_label["emergency"]), _logistic(by_label["redirect"]), reason)


def features_of(asked: Asked) -> list[str]:
    """What a question is told by: its words, its pairs of words, and the groups that stand in it."""
    words: list[str] = []
    for sentence in asked.sentences:
        words += ["<s>", *("<number>" if word.isdigit() else word for word in sentence.words)]
    words.append("</s>")
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    groups = sorted({f"={group}" for sentence in asked.sentences for group in sentence.spans})
    return words + pairs + groups


@lru_cache(maxsize=1)
def _weights() -> Weights:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(read["examples"], tuple(read["biases"]), read["features"])


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))
