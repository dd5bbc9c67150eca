"""Finds conditions, products, agencies, routes and countries in what people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from corpus.knowledge import Knowledge, Term, TermKind

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_US = re.compile(r"\bUS\b|\bU\.S\.(?:A\.)?|\bUSA\b")
_ABBREVIATION = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Z0-9]*s?")
STOP_WORDS = frozenset(
    """a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my
    of on or our she he so than that the their them then there these they this those to was we were what when where
    which who whom why will with would you your about am any should may might must also just isnt arent wasnt
    werent dont doesnt didnt cant couldnt wont wouldnt hasnt havent im ive ill id youre thats whats theres hes shes
    theyre""".split()
)
"""Words that tell nothing of what a text is about."""
FIELD = "msc"
"""The term for the whole field."""
OTHER_WORDS = 2
"""Words beside the field's abbreviation from which it is not spelled out for the embedder."""
ACRONYM_LETTERS = 3
REMEMBERED = 20_000
"""Texts whose terms are remembered: the sentences of the corpus come up again and again."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Mention:
    """A term that a text names, where, and which of its words the table has for it."""

    term: Term
    start: int
    end: int
    entry: str


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; as `tokens_of` has them, without their spans."""
    if "'" in text or "’" in text:
        return [token.text for token in tokens_of(text)]
    return [word.lower() for word in _WORD.findall(text)]


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


@dataclass(frozen=True, slots=True)
class _Hit(Generic[Value]):
    value: Value
    written: str
    start: int
    end: int


class _PhraseTable(Generic[Value]):
    """Finds phrases in a text, the longest one at each place."""

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        found: dict[tuple[str, ...], tuple[str, Value]] = {}
        for written, value in phrases:
            key = word_key(written)
            if key:
                found.setdefault(key, (written, value))
        self.words = frozenset(word for key in found for word in key)
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, Value]]] = {}
        for key, (written, value) in sorted(found.items(), key=lambda one: -len(one[0])):
            self._by_first.setdefault(key[0], []).append((key, written, value))

    def hits(self, text: str) -> Iterator[_Hit[Value]]:
        """The phrases from left to right; none inside another."""
        tokens = tokens_of(text)
        position = 0
        while position < len(tokens):
            hit = self._at(tokens, position)
            if hit is None:
                position += 1
                continue
            key, written, value = hit
            last = tokens[position + len(key) - 1]
            yield _Hit(value, written, tokens[position].start, last.end)
            position += len(key)

    def _at(self, tokens: list[_Token], position: int) -> tuple[tuple[str, ...], str, Value] | None:
        word = tokens[position].text
        for first in (word, singular(word)) if singular(word) != word else (word,):
            for entry in self._by_first.get(first, ()):
                if _matches(entry[0], tokens, position):
                    return entry
        return None


def _matches(key: tuple[str, ...], tokens: list[_Token], position: int) -> bool:
    """Whether the phrase stands here; its last word may be in the plural."""
    if position + len(key) > len(tokens):
        return False
    for offset, word in enumerate(key):
        written = tokens[position + offset].text
        if written != word and not (offset == len(key) - 1 and singular(written) == word):
            return False
    return True


def singular(word: str) -> str:
    """A word of more than three letters without its plural s."""
    return word[:-1] if len(word) > ACRONYM_LETTERS and word.endswith("s") else word


class Lexicon:
    """Looks up the words of `conditions.yaml` and `countries.yaml` in a text."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._terms = knowledge.terms
        self._phrases = _PhraseTable((word, term) for term in knowledge.terms.values() for word in term.words)
        self._places = _PhraseTable(
            (word, code) for code, country in knowledge.countries.items() for word in country.words if word != "us"
        )
        self.mentions = lru_cache(maxsize=REMEMBERED)(self._mentions)
        self.countries = lru_cache(maxsize=REMEMBERED)(self._countries)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every single word that occurs in a term."""
        return self._phrases.words

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        """The terms named in a text, from left to right, the longest phrase first at each place."""
        shouting = text.lower() == text
        return tuple(
            Mention(hit.value, hit.start, hit.end, hit.written)
            for hit in self._phrases.hits(text)
            if shouting or _same_case(hit.written, text[hit.start : hit.end])
        )

    def terms(self, text: str, *kinds: TermKind) -> list[Term]:
        """The distinct terms of these kinds that a text names, in order; of every kind if none is given."""
        named = {m.term.id: m.term for m in self.mentions(text) if not kinds or m.term.kind in kinds}
        return list(named.values())

    def _countries(self, text: str) -> tuple[str, ...]:
        """Codes of the countries that a text names, in order of first mention."""
        places = [(hit.start, hit.value) for hit in self._places.hits(text)]
        us = _US.search(text)
        if us:
            places.append((us.start(), "US"))
        return tuple(dict.fromkeys(code for _, code in sorted(places)))

    def expanded(self, text: str) -> str:
        """The text with the full words before each abbreviation: `ALS` becomes `amyotrophic lateral sclerosis (ALS)`.

        A small embedder knows what the words mean, and hardly what the letters do. The abbreviation of the whole
        field, MSC, stays as it is where the text names anything else: spelled out, it draws every text towards
        sentences about the name.
        """
        mentions = self.mentions(text)
        rest = text
        for mention in reversed([mention for mention in mentions if mention.term.id == FIELD]):
            rest = rest[: mention.start] + rest[mention.end :]
        alone = sum(token.text not in STOP_WORDS for token in tokens_of(rest)) < OTHER_WORDS
        for mention in reversed(mentions):
            if mention.term.id == FIELD and not alone:
                continue
            written = text[mention.start : mention.end]
            full = _full_words(mention.term)
            spelled_out = mention.term.kind in ("condition", "concept")
            if spelled_out and full and full not in text and _ABBREVIATION.fullmatch(mention.entry):
                text = f"{text[: mention.start]}{full} ({written}){text[mention.end :]}"
        return text

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


def _same_case(entry: str, found: str) -> bool:
    """A short acronym must be written in capitals; anything else in any case."""
    acronym = entry.isupper() and len(entry) <= ACRONYM_LETTERS
    return not acronym or found.upper() == found


def _full_words(term: Term) -> str:
    """The first of a term's names that has several words and no abbreviation in it; empty if there is none."""
    whole = (word for word in term.words[: 1 + len(term.synonyms)] if " " in word and not re.search(r"[A-Z]{2}", word))
    return next(whole, "")


def names(terms: Iterable[Term]) -> str:
    """The terms' names as a list in a sentence: `a, b and c`."""
    words = [term.name for term in terms]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
