"""Red flags in a text: what unproven clinics say, by patterns and in other words, each with why it is a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.advert import Advert, Words
from assistant.redflags_learned import flag_ids, likeness
from corpus.knowledge import Knowledge, RedFlag, Source
from index.embedding import Embedder

MANY = 4
"""Unrelated diseases from which one treatment is offered for many."""
LIKE = 0.7
"""Probability from which a sentence is taken for a red flag: on `eval/adverts`, 0.6 finds 0.02 more at 0.07 lower
precision, and 0.8 loses 0.05."""
FEWEST = 4
"""Words of a sentence that can be like another."""
SHOWN = 3
"""Places at which the words of a red flag are marked."""
_DENIED = re.compile(
    r"\b(?:not|no|never|nobody|none|cannot|can['’]?t|don['’]?t|do(?:es)? not|won['’]?t|without|neither|nor|avoid|"
    r"beware|unlike|warns?|false(?:ly)?|myth)\b(?:[ ,]+[\w'’-]+){0,5}[ ,]*$",
    re.I,
)
_ASKS = re.compile(r"\s*(?:is|are|do|does|can|could|will|would|should|has|have)\b", re.I)
_NOT = re.compile(r"\bnot\b|n['’]t\b", re.I)
_ASKS_NOT = re.compile(r"\bnot\b|n'\?t|cannot")
_CELLS = re.compile(r"\bstem cells?\b", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """A red flag, the words that show it, and the sources of why it is one.

    `certain` is false where no pattern finds it, but the words are like examples of it.
    """

    id: str
    name: str
    why: str
    certain: bool
    words: tuple[Words, ...]
    sources: tuple[Source, ...]


class RedFlags:
    """Finds the red flags of the table in texts."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder) -> None:
        """Take the tables, and the embedder whose vectors the weights were fitted to: the bundled one."""
        self._knowledge = knowledge
        self._embedder = embedder

    def find(self, advert: Advert) -> list[Found]:
        """The red flags of a text, in the order of the table.

        Those that tell what is sold, and no more, and those told by likeness alone, are red flags only where something
        is for sale.
        """
        alike = self._alike(advert) if advert.sells else {}
        found = []
        for flag in self._knowledge.red_flags.values():
            if flag.only_sold and not advert.sells:
                continue
            certain = tuple(self._words(flag, advert))[:SHOWN]
            if words := certain or alike.get(flag.id, ()):
                sources = self._knowledge.cited(flag.sources)
                found.append(Found(flag.id, flag.name, flag.why, bool(certain), words, sources))
        return found

    def _alike(self, advert: Advert) -> dict[str, tuple[Words, ...]]:
        """For each red flag the words that are most like examples of it, likest first."""
        stretches = _stretches(advert)
        if not stretches:
            return {}
        probabilities = likeness(self._embedder.texts([one.text for one in stretches]))
        found: dict[str, list[tuple[float, Words]]] = {}
        for words, row in zip(stretches, probabilities, strict=True):
            best = int(row.argmax())
            if row[best] >= LIKE:
                found.setdefault(flag_ids()[best], []).append((float(row[best]), words))
        return {flag: (max(alike, key=lambda one: one[0])[1],) for flag, alike in found.items()}

    def _words(self, flag: RedFlag, advert: Advert) -> Iterator[Words]:
        taken: list[tuple[int, int]] = []
        for pattern in _compiled(flag.patterns):
            for match in pattern.finditer(advert.flowing):
                start, end = match.span()
                inside = any(start < other_end and other_start < end for other_start, other_end in taken)
                if not inside and not _denied(advert.flowing, start) and not _taken_back(match, pattern):
                    taken.append((start, end))
                    yield Words(advert.text[start:end], start, end)
        if not taken:
            yield from self._unsaid(flag, advert)

    def _unsaid(self, flag: RedFlag, advert: Advert) -> Iterator[Words]:
        """Red flags that no single phrase shows: many diseases, cells of which nothing is said."""
        if flag.id == "many-diseases" and advert.sells:
            named = advert.named("condition")
            apart = advert.unrelated(list(named))
            if len(apart) >= MANY:
                yield from (named[condition][0] for condition in apart)
        if flag.id == "vague-cells" and advert.sells and not advert.named("cell-source", "product"):
            match = _CELLS.search(advert.text)
            if match:
                yield Words(match.group(), match.start(), match.end())


def _denied(text: str, start: int) -> bool:
    """Whether the words before a place in the same sentence take back what follows, or only ask whether it is so."""
    opening = max((text.rfind(mark, 0, start) for mark in ".!?\n;:"), default=-1) + 1
    asks = _ASKS.match(text, opening) and re.match(r"[^.!?\n]*\?", text[start:])
    return bool(asks or _DENIED.search(text[opening:start]))


def _taken_back(match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Whether the words themselves say that it is not so, where the pattern asks for no such word."""
    return bool(_NOT.search(match.group())) and not _ASKS_NOT.search(pattern.pattern)


def _stretches(advert: Advert) -> list[Words]:
    """What may be like an example: every sentence but for scraps and bare questions, and every two in a row."""
    sentences = advert.sentences
    alone = [one for one in sentences if len(one.text.split()) >= FEWEST and not one.text.endswith("?")]
    pairs = [Words(f"{one.text} {two.text}", one.start, two.end) for one, two in pairwise(sentences)]
    return alone + pairs


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)
