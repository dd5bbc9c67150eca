"""Finds the condition, product or country that a person names; what is not known gets the nearest known names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from assistant.errors import UnknownName
from corpus.knowledge import Knowledge, TermKind
from corpus.lexicon import Lexicon, word_key
from corpus.register import OTHER_PLACES

NEAREST = 3
"""How many known names an unknown one is answered with."""
NEAR = 70
"""Likeness (0 to 100, rapidfuzz's weighted ratio) from which a known name counts as near: a letter or two apart."""
SHORT = 3
"""Letters of a word too short for its likeness to say anything: codes of countries."""


@dataclass(frozen=True, slots=True)
class Place:
    """A country as it was asked about. `code` is `other` for one whose approvals the tables do not describe."""

    code: str
    name: str


class Lookup:
    """Turns names into ids of the tables."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self._knowledge = knowledge
        self._lexicon = lexicon

    def condition(self, name: str) -> str:
        """The id of a condition.

        Raises:
            UnknownName: no condition goes by this name.
        """
        return self._term(name, "condition")

    def product(self, name: str) -> str:
        """The id of a product.

        Raises:
            UnknownName: no product goes by this name.
        """
        wanted = word_key(name)
        products = self._knowledge.products
        named = [one.id for one in products.values() if wanted in (word_key(one.name), word_key(one.full_name))]
        if named:
            return named[0]
        try:
            return self._term(name, "product")
        except UnknownName:
            generic = [one.id for one in products.values() if wanted and wanted == word_key(one.generic)]
            if generic:
                return generic[0]
            raise

    def country(self, name: str) -> Place:
        """The country of a code or a name; a member of the European Union has the Union's approvals.

        Raises:
            UnknownName: no country goes by this name.
        """
        wanted = word_key(name)
        names = dict(self._country_names())
        if wanted not in names:
            listed = {word: word.title() for word in map(" ".join, names) if len(word) > SHORT}
            raise UnknownName(_message("country", name, listed, self._known_countries()))
        code = names[wanted]
        if code != "other":
            country = self._knowledge.countries.get(code)
            return Place(code, country.name if country else OTHER_PLACES[code])
        return Place(code, "other countries" if wanted == ("other",) else name.strip().title())

    def _term(self, name: str, kind: TermKind) -> str:
        terms = {term.id: term for term in self._knowledge.terms.values() if term.kind == kind}
        if name in terms:
            return name
        wanted = word_key(name)
        words = {word_key(word): term.id for term in terms.values() for word in term.words}
        words.update({word_key(term): term for term in terms})
        if wanted in words:
            return words[wanted]
        inside = [term.id for term in self._lexicon.terms(name) if term.kind == kind]
        if len(inside) == 1:
            return inside[0]
        listed = {word: terms[i].name for key, i in words.items() for word in (" ".join(key),)}
        raise UnknownName(_message(kind, name, listed, sorted(term.name for term in terms.values() if term.covered)))

    def _country_names(self) -> Iterable[tuple[tuple[str, ...], str]]:
        """(name, code): names of countries, words for them and codes, a code last and so strongest."""
        for code, country in self._knowledge.countries.items():
            yield from ((word_key(word), code) for word in country.words)
            yield word_key(country.name.removeprefix("the ")), code
        for code, place in OTHER_PLACES.items():
            if within := self._named_within(place):
                yield word_key(code), within
            else:
                yield word_key(place), code
                yield word_key(code), code
        for code in self._knowledge.countries:
            yield word_key(code), code

    def _named_within(self, place: str) -> str:
        """The jurisdiction that a place's approvals belong to; empty where it decides on its own."""
        key = word_key(place)
        return next(
            (
                code
                for code, c in self._knowledge.countries.items()
                if code != "other" and key in map(word_key, c.words)
            ),
            "",
        )

    def _known_countries(self) -> list[str]:
        return [f"{code} ({country.name})" for code, country in self._knowledge.countries.items()]


def _message(kind: str, name: str, listed: Mapping[str, str], known: list[str]) -> str:
    """`unknown condition 'x': …` with the nearest names, or every name where none is near.

    `listed` gives for each word by which something may be called the name to show for it.
    """
    found = process.extract(name, list(listed), scorer=fuzz.WRatio, processor=utils.default_process, limit=12)
    near = [listed[word] for word, score, _ in found if score >= NEAR] if len(name) > SHORT else []
    names = list(dict.fromkeys(near))[:NEAREST]
    if names:
        return f"unknown {kind} '{name}': the nearest known are {_listed(names)}."
    return f"unknown {kind} '{name}': known are {', '.join(known)}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
