"""Finds conditions, products, agencies, routes and countries in what people write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from corpus.knowledge import Knowledge, Term, TermKind

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_US = re.compile(r"\bUS\b|\bU\.S\.(?:A\.)?|\bUSA\b")
ACRONYM_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A term that a text names, and where."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[_Token]:
    """The words of a text in lower case with their spans; an apostrophe inside a word is skipped over."""
    tokens: list[_Token] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if tokens and start - tokens[-1].end == 1 and _APOSTROPHE.match(text, tokens[-1].end):
            before = tokens.pop()
            tokens.append(_Token(before.text + match.group().lower(), before.start, end))
        else:
            tokens.append(_Token(match.group().lower(), start, end))
    return tokens


def word_key(words: str) -> tuple[str, ...]:
    """The form under which a word or phrase is looked up."""
    return tuple(token.text for token in tokens_of(words))


class Lexicon:
    """Looks up the words of `conditions.yaml` and `countries.yaml` in a text."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._terms = knowledge.terms
        self._countries = knowledge.countries
        self._phrases: dict[tuple[str, ...], tuple[Term, str]] = {}
        for term in knowledge.terms.values():
            for word in term.words:
                self._phrases.setdefault(word_key(word), (term, word))
        self._longest = max((len(key) for key in self._phrases), default=0)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word that occurs in a term."""
        return frozenset(word for key in self._phrases for word in key)

    def mentions(self, text: str) -> list[Mention]:
        """The terms named in a text, from left to right, the longest phrase first at each place."""
        tokens = tokens_of(text)
        shouting = text.lower() == text
        found = []
        position = 0
        while position < len(tokens):
            for length in range(min(self._longest, len(tokens) - position), 0, -1):
                window = tokens[position : position + length]
                hit = self._lookup(tuple(token.text for token in window))
                if hit and (shouting or _same_case(hit[1], text[window[0].start : window[-1].end])):
                    found.append(Mention(hit[0], window[0].start, window[-1].end))
                    position += length
                    break
            else:
                position += 1
        return found

    def terms(self, text: str, *kinds: TermKind) -> list[Term]:
        """The distinct terms of these kinds that a text names, in order; of every kind if none is given."""
        named = {m.term.id: m.term for m in self.mentions(text) if not kinds or m.term.kind in kinds}
        return list(named.values())

    def countries(self, text: str) -> list[str]:
        """Codes of the countries that a text names, in order of first mention."""
        places: list[tuple[int, str]] = []
        lowered = " ".join(token.text for token in tokens_of(text))
        for code, country in self._countries.items():
            for word in country.words:
                key = " ".join(word_key(word))
                match = re.search(rf"\b{re.escape(key)}\b", lowered) if key and key != "us" else None
                if match:
                    places.append((match.start(), code))
        us = _US.search(text)
        if us and "US" in self._countries:
            places.append((us.start(), "US"))
        return list(dict.fromkeys(code for _, code in sorted(places)))

    def ancestors(self, term_id: str) -> list[str]:
        """Ids from a term up to its root: `knee-osteoarthritis`, `osteoarthritis`, `joints`."""
        chain: list[str] = []
        while term_id and term_id not in chain:
            chain.append(term_id)
            term = self._terms.get(term_id)
            term_id = term.parent if term else ""
        return chain

    def descendants(self, term_id: str) -> list[str]:
        """Ids of a term and of everything below it."""
        return [other for other in self._terms if term_id in self.ancestors(other)]

    def related(self, first: str, second: str) -> bool:
        """Whether one term lies on the line from the other up to its root."""
        return first in self.ancestors(second) or second in self.ancestors(first)

    def _lookup(self, key: tuple[str, ...]) -> tuple[Term, str] | None:
        hit = self._phrases.get(key)
        if hit is None and len(key[-1]) > ACRONYM_LETTERS and key[-1].endswith("s"):
            hit = self._phrases.get((*key[:-1], key[-1][:-1]))
        return hit


def _same_case(entry: str, found: str) -> bool:
    """A short acronym must be written in capitals; anything else in any case."""
    acronym = entry.isupper() and len(entry) <= ACRONYM_LETTERS
    return not acronym or found.upper() == found


def names(terms: Iterable[Term]) -> str:
    """The terms' names as a list in a sentence: `a, b and c`."""
    words = [term.name for term in terms]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
