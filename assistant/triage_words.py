"""What stands in a question: its words, spelling mended, and the groups of `triage_words.yaml` that they belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.tables import load_rows
from index.english import english_count

Reason = Literal["", "own-dose", "own-medicine", "own-decision", "own-results", "which-clinic", "do-it-yourself"]
Level = Literal["always", "grave", "serious", "mild"]

_STRICT = ConfigDict(extra="forbid")
_WORDS = Path(__file__).with_name("triage_words.yaml")
_RULES = Path(__file__).with_name("triage_rules.yaml")
LONG_WORD = 6
"""Letters from which a misspelt word may differ by two edits from a word of the tables instead of one."""
PLACES = 2_000
"""Combinations of places tried for one rule in one sentence, so that no text can hold `triage` up."""
NEGATED = 2
"""Words before a sign in which a `no` takes it back."""


def _phrases(words: str) -> str:
    if not all(phrase.strip() for phrase in words.split(",")):
        raise ValueError("must be words between commas")
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Words that mean one thing to the rules."""

    __pydantic_config__ = _STRICT

    group: str
    words: Annotated[str, AfterValidator(_phrases)]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a combination of groups is: an urgent sign or a reason to redirect."""

    __pydantic_config__ = _STRICT

    sign: str = ""
    level: Level = "serious"
    reason: Reason = ""
    any: list[str]
    within: int = 8
    anywhere: list[str] | None = None
    none: list[str] | None = None

    @cached_property
    def combinations(self) -> tuple[tuple[str, ...], ...]:
        """The groups of each entry of `any`."""
        return tuple(tuple(group.strip() for group in entry.split("+")) for entry in self.any)


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """Phrases by their first word or its stem, the spellings that misspelt words are mended to, and the rules."""

    by_word: dict[str, list[tuple[str, Phrase]]]
    by_stem: dict[str, list[tuple[str, Phrase]]]
    spellings: list[str]
    rules: list[Rule]

    @cached_property
    def of_signs(self) -> frozenset[str]:
        """The groups that urgent signs are made of; a figure of speech hides these alone."""
        return frozenset(group for rule in self.rules if rule.sign for groups in rule.combinations for group in groups)

    def starting(self, word: str) -> Iterator[tuple[str, Phrase]]:
        """(group, phrase) for every phrase whose first word may be this one."""
        yield from self.by_word.get(word, ())
        for length in range(2, len(word) + 1):
            yield from self.by_stem.get(word[:length], ())
        if word.isdigit():
            yield from self.by_word.get("<n>", ())


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Both tables; raises TableFault where one is damaged or a rule names a group that is not there."""
    by_word: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
    by_stem: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
    spellings: set[str] = set()
    for row, _ in load_rows(_WORDS, _Group):
        for words in row.words.split(","):
            phrase = tuple(words.split())
            first = phrase[0]
            (by_stem if first.endswith("*") else by_word)[first.rstrip("*")].append((row.group, phrase))
            spellings.update(word.rstrip("*") for word in phrase if word.rstrip("*").isalpha() and len(word) > 3)
    return Tables(by_word, by_stem, sorted(spellings | set(_FORMS)), [rule for rule, _ in load_rows(_RULES, Rule)])


_FORMS = (
    "swelling swollen breathing breathe bleeding blurred blurry vomiting temperature paralysed collapsed fainting "
    "unconscious seizure convulsions shaking shivering trembling numbness numb weakness suddenly injection injected "
    "infusion treatment therapy headache drooping slurred slurring confused dizziness swallow tongue throat fainted "
    "chest hospital medicine medication exosomes recommend appointment prednisone yesterday"
).split()
"""Forms of the stems in the table that people misspell."""


_TEMPERATURE = re.compile(
    r"\b(?:3[89]|4[0-2])(?:[.,]\d)?\s*(?:°|º|c\b|degrees?\b|deg\b|celsius)"
    r"|\b10[1-8](?:\.\d)?\s*(?:°|º|f\b|degrees?\b|deg\b|fahrenheit)|\b100\.[4-9]\s*(?:°|º|f\b|degrees?)?"
    r"|\b(?:t|temp\w*|fev\w*|febrile|feaver|tmax)\b(?:\W+[a-z]+){0,4}?\W+(?:3[89]|4[0-2]|10[1-7])(?:[.,]\d)?\b"
    r"(?!\s*(?:%|kg|mg|h\b|hours?|days?))"
    r"|\b(?:3[89]|4[01])[.,]\d\b(?!\s*(?:%|percent|per|kg|years?|million|months?))(?:\s+fever)?"
    r"|\b(?:3[89]|4[01]|10[1-5])\s+(?:fever|temp\w*)\b"
)
_WORDS_BETWEEN = r"\b(?:\W+[a-z]+){0,3}?\W+"
_MEDICINE = "mab|xaban|prine|olimus|statin|pril|sartan|olol|prazole|parin|tinib|dipine|cillin|gliflozin|formin"
_MEASURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("FEVER", _TEMPERATURE),
    ("LOWSATS", re.compile(rf"\b(?:sp ?o2|sats?|o2|oxygen){_WORDS_BETWEEN}[5-8]\d\b(?!\s*(?:[mywd]|kg|days?)\b)")),
    ("LOWPRESSURE", re.compile(rf"\b(?:bp|pressure){_WORDS_BETWEEN}[4-8]\d\b")),
    ("FASTHEART", re.compile(rf"\b(?:hr|heart ?rate|pulse){_WORDS_BETWEEN}1[2-9]\d\b")),
    ("MEDICINE", re.compile(rf"\b[a-z]{{3,}}(?:{_MEDICINE})\b")),
    ("YEAR", re.compile(r"\b(?:19[5-9]|20[0-2])\d\b")),
)
"""What a measurement stands for: sats under 90 %, systolic pressure under 90, pulse of 120 or more; and what else a
pattern tells better than a list. A fever is 38 °C or 100.4 °F."""
_MENDABLE = re.compile(r"[a-z]{4,}$")
_STOP = re.compile(r"(?<=[.!;\n])\s+|(?<=\?)|\n+")
_TOKEN = re.compile(r"[A-Z]{4,}|[a-z]+|\d+|[?/]")


@dataclass(frozen=True)
class Sentence:
    """One sentence and where each group of words stands in it: (first word, word after the last)."""

    words: tuple[str, ...]
    spans: dict[str, list[tuple[int, int]]]

    def has(self, *groups: str) -> bool:
        """Whether one of the groups stands in the sentence."""
        return any(group in self.spans for group in groups)

    def near(self, groups: tuple[str, ...], within: int) -> tuple[int, int] | None:
        """The first place where all the groups stand close together without sharing a word."""
        if not all(group in self.spans for group in groups):
            return None
        for places in islice(product(*(self.spans[group] for group in groups)), PLACES):
            start, end = min(p[0] for p in places), max(p[1] for p in places)
            apart = all(a[1] <= b[0] or b[1] <= a[0] for i, a in enumerate(places) for b in places[:i])
            if apart and end - start <= within + len(groups) and not self._denied(start):
                return start, end
        return None

    def _denied(self, start: int) -> bool:
        return not _DENIALS.isdisjoint(self.words[max(0, start - NEGATED) : start])

    @property
    def asks(self) -> bool:
        """Whether the sentence is put as a question."""
        return self.words[-1:] == ("?",) or self.words[:1] in _OPENERS


_DENIALS = frozenset(("no", "without", "denies", "never", "nor"))
_OPENERS = {
    (word,)
    for word in (
        "is are do does did can could what which why how when has have was were will would should where who whom any "
        "name define explain describe list tell give meaning"
    ).split()
}


@dataclass(frozen=True)
class Asked:
    """A question, cut into sentences, spelling mended."""

    sentences: tuple[Sentence, ...]

    @classmethod
    def read(cls, question: str) -> Asked:
        """The sentences of a question with what stands in each."""
        plain = _plain(question)
        parts = (tuple(_TOKEN.findall(part)) for part in _STOP.split(plain))
        return cls(tuple(_sentence(tuple(_mended(word) for word in part)) for part in parts if part))

    def has(self, *groups: str) -> bool:
        """Whether one of the groups stands anywhere."""
        return any(sentence.has(*groups) for sentence in self.sentences)


def _plain(question: str) -> str:
    """Lower case, apostrophes gone, measurements as words in capitals."""
    text = question.lower().replace("’", "'").replace("2day", "today").replace("2nite", "tonight")
    text = re.sub(r"n't\b", "nt", text)
    for short, full in (("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'m", " m")):
        text = re.sub(rf"{short}\b", full, text)
    text = re.sub(r"(?<=[a-z])'(?=[a-z])", " ", text)
    for name, pattern in _MEASURES:
        text = pattern.sub(f" {name} ", text)
    return text


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """The word of the tables that a word, unknown to them and to English, is a misspelling of; else the word itself."""
    known_words = tables()
    known = next(known_words.starting(word), None) or english_count(word) > 0
    if known or not _MENDABLE.match(word):
        return word
    limit = 2 if len(word) >= LONG_WORD else 1
    near = [one for one in known_words.spellings if one[0] == word[0] and abs(len(one) - len(word)) <= limit]
    best = process.extractOne(word, near, scorer=DamerauLevenshtein.distance, score_cutoff=limit)
    return best[0] if best else word


def _sentence(words: tuple[str, ...]) -> Sentence:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, word in enumerate(words):
        for group, phrase in tables().starting(word):
            if _stands(phrase, words, start):
                found[group].append((start, start + len(phrase)))
    masks = found.pop("figure", [])
    signs = tables().of_signs
    kept = {
        group: [span for span in spans if group not in signs or not _covered(span, masks)]
        for group, spans in found.items()
    }
    return Sentence(words, {group: spans for group, spans in kept.items() if spans})


def _stands(phrase: Phrase, words: tuple[str, ...], start: int) -> bool:
    return start + len(phrase) <= len(words) and all(
        _fits(part, words[start + offset]) for offset, part in enumerate(phrase)
    )


def _fits(part: str, word: str) -> bool:
    if part == "<n>":
        return word.isdigit() and len(word) <= 2
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _covered(span: tuple[int, int], masks: Iterable[tuple[int, int]]) -> bool:
    """Whether a figure of speech or a fixed term holds the words of a span."""
    return any(start <= span[0] and span[1] <= end for start, end in masks)
