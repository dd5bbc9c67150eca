"""Puts misspelt words of a question right, against the vocabulary of the index."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from index.english import beside, english_count

_WORD = re.compile(r"[a-z]{4,}", re.I)
LONG_WORD = 7
"""Letters from which a word may differ by two edits instead of one."""
SHORTEST_PART = 4
COMMON = 20
"""Letters of each of two words that were run together, and passages that hold the rarer of them, at least."""


class Speller:
    """Replaces words that neither the index nor English knows by the nearest that the index does."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        """Args: frequencies: how many passages hold each word of the index, in lower case."""
        self._frequencies = frequencies
        by_first: dict[str, list[str]] = {}
        for word, count in frequencies.items():
            if len(word) >= 4 and word.isalpha() and count:
                by_first.setdefault(word[0], []).append(word)
        self._by_first = by_first

    def correct(self, text: str) -> str:
        """The text with unknown words (of four letters or more, not capitalised inside a sentence) put right."""

        def mend(match: re.Match[str]) -> str:
            word = match.group()
            if self._known(word.lower()) or (match.start() > 0 and word[0].isupper()) or word.isupper():
                return word
            return self._parted(word.lower()) or self._nearest(word.lower()) or word

        return _WORD.sub(mend, text)

    def _known(self, word: str) -> bool:
        return word in self._frequencies or word.rstrip("s") in self._frequencies or english_count(word) > 0

    def _parted(self, word: str) -> str | None:
        """Two words of the index that are written as one, the pair that is commonest: `stemcell`."""
        cuts = [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
        counts = [
            (min(self._frequencies.get(left, 0), self._frequencies.get(right, 0)), left, right) for left, right in cuts
        ]
        count, left, right = max(counts, default=(0, "", ""))
        return f"{left} {right}" if count >= COMMON else None

    def _nearest(self, word: str) -> str | None:
        """The word of the index with the same first letter and fewest edits, the commonest of equals.

        Where that takes two edits and English has a word that takes one, it is that; None where there is none.
        """
        limit = 2 if len(word) >= LONG_WORD else 1
        found = process.extract(
            word, self._by_first.get(word[0], ()), scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=5
        )
        if not found:
            return None
        best, edits, _ = min(found, key=lambda one: (one[1], -self._frequencies[one[0]]))
        return best if edits == 1 else beside(word) or best
