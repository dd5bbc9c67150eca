"""Does the quote exist, and does the claim follow from it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.attribution import misplaced
from assistant.polarity import contradictions
from assistant.quantities import unsupported
from corpus.lexicon import STOP_WORDS, Lexicon, tokens_of
from corpus.sentences import sentence_spans
from index.english import rarity, specificity
from index.lexical import stem_set, stems

MIN_COVERAGE = 0.5
"""Least share of a claim's content words that its quotes must hold."""
MAX_QUOTES = 3
FITTING = 0.6
"""Share of a claim's words from which a sentence that has its numbers is about the same."""

_INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules|prompts?|passages|above)\b|\bsystem prompt\b|"
    r"\byou are now\b|\b(?:tell|instruct|advise) the (?:user|reader|asker) (?:to|that)\b",
    re.I,
)
"""Words that speak to whoever reads the passages instead of stating something: never the ground of a claim."""
_PROPER = re.compile(r"\b(?:NCT\d+|[A-Z]{2,}\d*|[A-Z][a-z]+[A-Z]\w*|[A-Z]\w*-\w*\d\w*|[A-Z]+\d+\w*)(?![a-z])")
_TELLING = re.compile(
    r"\b(?:(?:minute|hour|day|week|month|year|decade)s?|hourly|daily|weekly|monthly|yearly|annual(?:ly)?"
    r"|children|child|infants?|bab(?:y|ies)|newborns?|teenagers?|adolescents?|boys?|girls?|adults?|wom[ae]n|m[ae]n"
    r"|mice|mouse|rats?|rabbits?|dogs?|horses?|sheep|pigs?|monkeys?|animals?|volunteers|healthy|pregnant|veterans|athletes"
    r"|double[- ]blind|single[- ]blind|blinded|placebo[- ]controlled|multicent(?:re|er)|open[- ]label|randomi[sz]ed"
    r"|permanent(?:ly)?|cure[sd]?|guarantee[sd]?|significant(?:ly)?|every|euros?|dollars?|pounds?)\b",
    re.I,
)
"""Words that narrow down what was found, in whom and for how long: one that the quotes don't have was added."""
_SAME = (
    frozenset(
        "child children paediatric pediatric kid kids infant infants boy boys girl girls teenager teenagers".split()
    ),
    frozenset("baby babies newborn newborns infant infants".split()),
    frozenset("adult adults woman women man men".split()),
    frozenset(
        "animal animals mouse mice rat rats rabbit rabbits dog dogs horse horses sheep pig pigs monkey monkeys".split()
    ),
    frozenset("teenager teenagers adolescent adolescents".split()),
    frozenset("every all each".split()),
    frozenset("randomised randomized random randomly".split()),
    frozenset("blinded blind double-blind unblinded masked".split()),
    frozenset("yearly annual annually year years".split()),
    frozenset("monthly month months".split()),
    frozenset("weekly week weeks".split()),
    frozenset("daily day days".split()),
    frozenset("cure cures cured".split()),
    frozenset("permanent permanently".split()),
    frozenset("significant significantly".split()),
    frozenset("usd dollar dollars".split()),
    frozenset("eur euro euros".split()),
    frozenset("gbp pound pounds".split()),
)
"""Words that say the same, or of which one says what the other does."""
STRANGE = 0.55
"""`rarity` in English from which a word of a claim that is not in the quotes was added: names, drugs, terms."""
NAMED = 0.45
"""The same for a word with a capital inside a sentence."""
CLOSE = 0.7
"""Share of a claim's words from which it keeps to the words of its quotes, and a rare one is not another name for theirs."""
OPENING = 5
"""Letters that a word and another form of it have in common."""
_PARTS = frozenset("half halves third thirds quarter quarters fifth fifths tenth tenths".split())


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether quotes support a claim. `score` runs from 0 to 1; `reasons` say what is wrong."""

    supported: bool
    score: float
    reasons: tuple[str, ...]


class Verifier:
    """Judges claims by rules: the same numbers, names and polarity, and enough of the same words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def judge(self, claim: str, quotes: Sequence[str], context: str = "") -> Judgement:
        """Whether the quotes support the claim.

        Args:
            claim: one sentence.
            quotes: the words that it cites.
            context: where the quotes stand (title, section): may name what a quote does not repeat.
        """
        joined = " ".join(quotes)
        if not joined.strip():
            return Judgement(False, 0.0, ("no quote",))
        reasons = [f"instruction: “{found.group()}”" for found in map(_INSTRUCTS.search, quotes) if found]
        if not reasons and _flat(claim) and _flat(claim) in map(_flat, quotes):
            return Judgement(True, 1.0, ())
        held = f"{joined} {context}"
        reasons += [f"number: {quantity.text}" for quantity in unsupported(claim, joined)]
        reasons += [f"number of something else: {quantity.text}" for quantity in misplaced(claim, quotes)]
        reasons += [f"polarity: {what}" for what in contradictions(claim, quotes)]
        reasons += [f"name: {name}" for name in self._missing_names(claim, held)]
        coverage = self._coverage(claim, held)
        reasons += [f"added: {word}" for word in self._added_words(claim, held, coverage)]
        if coverage < MIN_COVERAGE:
            reasons.append(f"words: {coverage:.0%} of the claim's words are in the quotes")
        score = coverage * (0.5 ** len(reasons))
        return Judgement(not reasons, round(score, 3), tuple(reasons))

    def judge_against(self, claim: str, passages: Sequence[str]) -> Judgement:
        """Whether passages support a claim: judged on the sentences of theirs that fit it best."""
        chosen = best_sentences(claim, passages)
        return self.judge(claim, [text for _, text in chosen])

    def _coverage(self, claim: str, held: str) -> float:
        """Share (0 to 1) of the claim's content words, by how much each says, that the quotes have in some form.

        A name counts as there in any of its forms; numbers are left to `assistant.quantities`.
        """
        there = stem_set(held)
        held_terms = {term.id for term in self._lexicon.terms(held)}
        named = [(one.start, one.end) for one in self._lexicon.mentions(claim) if one.term.id in held_terms]
        weights: dict[str, float] = {}
        found: set[str] = set()
        for token in tokens_of(claim):
            for stem in () if token.text in STOP_WORDS or token.text.isdigit() else stems(token.text):
                weights[stem] = max(weights.get(stem, 0.0), specificity(token.text) ** 0.5)
                if stem in there or any(start <= token.start < end for start, end in named):
                    found.add(stem)
        return sum(weights[stem] for stem in found) / sum(weights.values()) if weights else 0.0

    def _missing_names(self, claim: str, held: str) -> list[str]:
        """Products, conditions, agencies, tissues, routes, countries and proper names that the quotes do not have."""
        missing = []
        held_terms = {term.id for term in self._lexicon.terms(held)}
        for term in self._lexicon.terms(claim, "product", "condition", "agency", "cell-source", "route"):
            family = {term.id, *self._lexicon.ancestors(term.id), *self._lexicon.descendants(term.id)}
            if not family & held_terms:
                missing.append(term.name)
        held_places = set(self._lexicon.countries(held))
        missing += [code for code in self._lexicon.countries(claim) if code not in held_places]
        lowered = held.lower()
        terms = " ".join(self._lexicon_words(claim))
        for match in _PROPER.finditer(claim):
            word = match.group()
            if word.lower() not in lowered and word.lower() not in terms and word not in ("US", "UK", "EU"):
                missing.append(word)
        return list(dict.fromkeys(missing))

    def _added_words(self, claim: str, held: str, coverage: float) -> list[str]:
        """Words that tell whom, how long or how, and rare ones, that the quotes have in no form."""
        said, stemmed = set(re.findall(r"[a-z][a-z-]*", held.lower())), stem_set(held)
        added = []
        for match in _TELLING.finditer(claim):
            word = match.group().lower().replace(" ", "-")
            alike = {word}.union(*(group for group in _SAME if word in group))
            if not alike & said and not stem_set(word) & stemmed:
                added.append(match.group())
        if coverage < CLOSE:
            return added
        named = [(mention.start, mention.end) for mention in self._lexicon.mentions(claim)]
        openings = {word[:OPENING] for word in said if len(word) >= OPENING}
        for match in re.finditer(r"[A-Za-z]{3,}(?![\w-])", claim):
            word = match.group().lower()
            named_by_capital = match.start() > 0 and match.group().istitle()
            bare = re.sub(r"^(?:un|non)", "", word)
            known = word in said or stem_set(f"{word} {bare}") & stemmed or word[:OPENING] in openings or word in _PARTS
            if (
                not known
                and rarity(word) >= (NAMED if named_by_capital else STRANGE)
                and not any(a <= match.start() < b for a, b in named)
            ):
                added.append(match.group())
        return list(dict.fromkeys(added))

    def _lexicon_words(self, text: str) -> list[str]:
        return [text[m.start : m.end].lower() for m in self._lexicon.mentions(text)]


def best_sentences(claim: str, passages: Sequence[str], limit: int = MAX_QUOTES) -> list[tuple[int, str]]:
    """The sentences (passage number, text) that together hold most of the claim's words, and its numbers."""
    candidates = [
        (number, passage[start:end])
        for number, passage in enumerate(passages)
        for start, end in sentence_spans(passage)
    ]
    wanted = stem_set(claim)
    chosen: list[tuple[int, str]] = []
    missing = set(wanted)
    while candidates and missing and len(chosen) < limit:
        best = max(candidates, key=lambda one: (len(missing & stem_set(one[1])), -len(one[1])))
        gained = missing & stem_set(best[1])
        if not gained or (chosen and len(gained) < 0.15 * len(wanted)):
            break
        chosen.append(best)
        candidates.remove(best)
        missing -= gained
    return chosen + _with_numbers(claim, chosen, candidates)


def _with_numbers(
    claim: str, chosen: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """The sentence, if any, that has most of the numbers that are missing and is of the same things."""
    missing = {quantity.text for quantity in unsupported(claim, " ".join(text for _, text in chosen))}
    if not missing or not chosen:
        return []
    wanted = stem_set(claim)

    def worth(one: tuple[int, str]) -> tuple[int, int]:
        return len(missing - {left.text for left in unsupported(claim, one[1])}), len(wanted & stem_set(one[1]))

    best = max(others, key=worth, default=None)
    return [best] if best and worth(best)[0] and worth(best)[1] >= FITTING * len(wanted) else []


def _flat(text: str) -> str:
    return " ".join(text.split()).strip(" .").lower()
