"""Fits the learned part of the red flags on its examples, and measures red flags on advertisements kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant.advert import Advert
from assistant.redflags import RedFlags
from assistant.redflags_learned import EXAMPLES, WEIGHTS
from corpus.documents import read
from corpus.lexicon import Lexicon
from corpus.locations import DOCUMENTS_DIR
from eval.errors import DatasetFault
from eval.figures import Figure, ratio_figure
from eval.locations import ADVERTS_DIR
from eval.outcome import Score
from index.embedding import TextEmbedder

INVERSE_PENALTY = 3.0
"""scikit-learn's `C`; 10 and 30 find less at the same precision."""
PLAIN = 5
"""Every so many statements of the corpus stands among the examples as one that is no red flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledAdvert:
    """A text, whether it is an honest one, and for each red flag in it the words that show it."""

    __pydantic_config__ = ConfigDict(extra="ignore")

    id: str
    country: str
    honest: bool
    text: str
    flags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marked:
    """An advertisement and the ids of the red flags found in it."""

    advert: LabelledAdvert
    found: tuple[str, ...]

    @property
    def missed(self) -> list[str]:
        """Red flags that are in it and were not found."""
        return [flag for flag in self.advert.flags if flag not in self.found]

    @property
    def wrong(self) -> list[str]:
        """Red flags that were found and are not in it."""
        return [flag for flag in self.found if flag not in self.advert.flags]


def load_adverts(files: Sequence[Path]) -> list[LabelledAdvert]:
    """The advertisements of YAML files; of the project's own if none is given.

    Raises:
        DatasetFault: a file cannot be read or does not have this form.
    """
    reader = TypeAdapter(list[LabelledAdvert])
    adverts = []
    for path in files or sorted(ADVERTS_DIR.glob("*.yaml")):
        try:
            adverts += reader.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            fields = ", ".join(LabelledAdvert.__dataclass_fields__)
            raise DatasetFault(f"{path}: cannot be used; it is a list of {fields} ({type(error).__name__}).") from error
    return adverts


def mark(adverts: Iterable[LabelledAdvert], flags: RedFlags, lexicon: Lexicon) -> list[Marked]:
    """The red flags found in each."""
    return [Marked(one, tuple(found.id for found in flags.find(Advert(one.text, lexicon)))) for one in adverts]


def redflag_figures(marked: Sequence[Marked]) -> Iterator[Figure]:
    """Recall and precision over the sellers' texts, and the red flags found on an honest page."""
    sellers = [one for one in marked if not one.advert.honest]
    honest = [one for one in marked if one.advert.honest]
    hits = [len(one.advert.flags) - len(one.missed) for one in sellers]
    pairs = list(zip(sellers, hits, strict=True))
    yield ratio_figure("recall", [Score(hit, len(one.advert.flags)) for one, hit in pairs if one.advert.flags])
    yield ratio_figure("precision", [Score(hit, len(one.found)) for one, hit in pairs if one.found])
    yield ratio_figure("on an honest page", [Score(len(one.found)) for one in honest])


def fit() -> str:
    """The weights of `assistant/redflag_weights.json`, as its text; the same examples give the same text."""
    from sklearn.linear_model import LogisticRegression

    embedder = TextEmbedder()
    held = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    examples = held["flags"]
    labelled = [(text, flag) for flag, kinds in examples.items() for text in kinds["flag"]]
    labelled += [(text, "") for kinds in examples.values() for text in kinds["honest"]]
    labelled += [(text, "") for text in (*held["neutral"], *_statements()[::PLAIN])]
    vectors = embedder.texts([text for text, _ in labelled])
    labels = np.array([flag for _, flag in labelled])
    rows = {}
    for flag in examples:
        model = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", solver="liblinear", random_state=0)
        model.fit(vectors, labels == flag)
        rows[flag] = [round(float(value), 3) for value in (model.intercept_[0], *model.coef_[0])]
    lines = ",\n".join(f"{json.dumps(flag)}: {json.dumps(row, separators=(',', ':'))}" for flag, row in rows.items())
    return f'{{"examples": {json.dumps(digest())},\n"flags": {{\n{lines}\n}}}}\n'


def digest() -> str:
    """What tells whether the weights were fitted on the examples as they are."""
    return hashlib.sha256(EXAMPLES.read_bytes()).hexdigest()[:16]


def write_weights() -> Path:
    """Fit on the examples and write the weights beside them."""
    WEIGHTS.write_text(fit(), encoding="utf-8")
    return WEIGHTS


def _statements() -> list[str]:
    """The statements of the bundled documents, in order."""
    documents = [read(path) for path in sorted(DOCUMENTS_DIR.glob("*.md"))]
    return [document.text[span.start : span.end] for document in documents for span in document.source_spans]
