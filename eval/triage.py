"""Fits the learned part of triage on its labelled messages, and measures triage on messages kept apart from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.triage import triage
from assistant.triage_learned import EXAMPLES, LABELS, REASONS, WEIGHTS, features_of
from assistant.triage_words import Asked
from eval.errors import DatasetFault

INVERSE_PENALTY = 10.0
"""scikit-learn's `C`; 3 and 50 did no better on the messages kept apart."""
LEAST_COUNT = 2
"""Messages in which a feature has to stand."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it is: `emergency`, `redirect` with its reason, or `ordinary`."""

    text: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TriageScore:
    """Messages of a label found, and messages of other labels taken for it."""

    label: str
    found: int
    wanted: int
    false: int
    others: int

    def line(self) -> str:
        """The score on one line, shares with their counts."""
        return (
            f"{self.label:9} recall {self.found / self.wanted:.3f} ({self.found}/{self.wanted})"
            f"  false alarms {self.false / self.others:.3f} ({self.false}/{self.others})"
        )


def load_examples(path: Path) -> list[Example]:
    """The labelled messages of a file: lists under `emergency` and `ordinary`, lists by reason under `redirect`.

    Raises:
        DatasetFault: the file does not have this form.
    """
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        redirects = [Example(text, "redirect", reason) for reason in REASONS for text in read["redirect"][reason]]
        others = [Example(text, label) for label in ("emergency", "ordinary") for text in read[label]]
    except (KeyError, TypeError) as error:
        raise DatasetFault(
            f"{path}: {error}: give lists under emergency, ordinary, and redirect by reason: {', '.join(REASONS)}."
        ) from error
    return redirects + others


def fit(examples: Sequence[Example]) -> str:
    """The weights of `assistant/triage_weights.json`, as its text; the same examples give the same text."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    read = [features_of(Asked.read(example.text)) for example in examples]
    vectorizer = TfidfVectorizer(analyzer=lambda features: features, min_df=LEAST_COUNT, sublinear_tf=True)
    matrix = vectorizer.fit_transform(read)
    kinds = np.array([example.label for example in examples])
    reasons = np.array([example.reason for example in examples])
    rows = kinds == "redirect"
    columns = [_column(matrix, kinds == label) for label in ("emergency", "redirect")]
    columns += [_column(matrix[rows], reasons[rows] == reason) for reason in REASONS]
    features = {
        name: [round(float(vectorizer.idf_[at]), 3), *(round(float(weights[at]), 2) for weights, _ in columns)]
        for name, at in sorted(vectorizer.vocabulary_.items())
    }
    lines = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in features.items())
    head = {"labels": LABELS, "examples": digest(), "biases": [round(bias, 3) for _, bias in columns]}
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    return "{" + ",\n".join([*parts, f'"features": {{\n{lines}\n}}']) + "}\n"


def _column(matrix: Any, wanted: Any) -> tuple[Any, float]:
    """The weights and the bias of one label against the rest, classes weighed alike."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", solver="liblinear", random_state=0)
    model.fit(matrix, wanted)
    return model.coef_[0], float(model.intercept_[0])


def digest() -> str:
    """What tells whether the weights were fitted on the examples as they are."""
    return hashlib.sha256(EXAMPLES.read_bytes()).hexdigest()[:16]


def write_weights() -> Path:
    """Fit on the examples and write the weights beside them."""
    WEIGHTS.write_text(fit(load_examples(EXAMPLES)), encoding="utf-8")
    return WEIGHTS


def scores(examples: Iterable[Example]) -> list[TriageScore]:
    """How triage does on labelled messages."""
    said = [(example.label, triage(example.text).verdict) for example in examples]
    return [
        TriageScore(
            label,
            found=sum(wanted == verdict == label for wanted, verdict in said),
            wanted=sum(wanted == label for wanted, _ in said),
            false=sum(verdict == label != wanted for wanted, verdict in said),
            others=sum(wanted != label for wanted, _ in said),
        )
        for label in ("emergency", "redirect")
    ]
