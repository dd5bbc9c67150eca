"""Does the quote exist, and does the claim follow from it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.quantities import unsupported
from corpus.lexicon import Lexicon
from corpus.sentences import sentence_spans
from index.lexical import stem_set

MIN_COVERAGE = 0.55
"""Least share of a claim's content words that its quotes must hold."""
MAX_QUOTES = 3

_OPPOSITES: tuple[tuple[str, str], ...] = (
    (r"(?<!not )\bmet (?:its|the|their|all)\b|\breached (?:its|the)\b|\bachieved its\b", r"\bmiss(?:ed|es)?\b|\bdid not (?:meet|reach)|\bnot met\b|\bfail(?:ed|s)? (?:to|its)|\bfailed\b"),
    (r"\b(?:more|greater|higher|larger|increas\w+|rose|raised|longer|above|gain(?:ed)?)\b", r"\b(?:less|fewer|lower|smaller|decreas\w+|fell|reduc\w+|shorter|below|declin\w+)\b"),
    (r"\b(?:improv\w+|better|benefit\w*)\b", r"\b(?:worsen\w*|worse|deteriorat\w+|harm\w*)\b"),
    (r"\b(?:safe|well tolerated)\b", r"\b(?:unsafe|dangerous)\b"),
    (r"\b(?:allogeneic|donor)\b", r"\bautologous\b"),
    (r"\b(?:children|paediatric|pediatric|child)\b", r"\b(?:adults?)\b"),
    (r"\b(?:before)\b", r"\b(?:after)\b"),
)  # fmt: skip
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|n't|lack(?:s|ed)?|fail(?:s|ed)?|miss(?:ed|es)|refus\w+|withdr\w+|denied|"
    r"rejected|unapproved|unproven|unlikely|unclear|unknown|uncertain|rarely|nobody|nothing)\b|n't\b",
    re.I,
)
_INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules|prompts?|passages|above)\b|\bsystem prompt\b|"
    r"\byou are now\b|\b(?:tell|instruct|advise) the (?:user|reader|asker) (?:to|that)\b",
    re.I,
)
"""Words that speak to whoever reads the passages instead of stating something: never the ground of a claim."""
_PROPER = re.compile(r"\b(?:[A-Z]{2,}[\w-]*\d*|[A-Z][a-z]+[A-Z]\w*|NCT\d+|[A-Z]\w*-\w*\d\w*|[A-Z]+\d+\w*)\b")


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
        reasons = [f"number: {quantity.text}" for quantity in unsupported(claim, joined)]
        reasons += [f"polarity: {what}" for what in _contradictions(claim, quotes)]
        reasons += [f"instruction: “{found.group()}”" for found in map(_INSTRUCTS.search, quotes) if found]
        if not reasons and _flat(claim) and _flat(claim) in _flat(joined):
            return Judgement(True, 1.0, ())
        reasons += [f"name: {name}" for name in self._missing_names(claim, f"{joined} {context}")]
        coverage = word_coverage(claim, f"{joined} {context}")
        if coverage < MIN_COVERAGE:
            reasons.append(f"words: {coverage:.0%} of the claim's words are in the quotes")
        score = coverage * (0.5 ** len(reasons))
        return Judgement(not reasons, round(score, 3), tuple(reasons))

    def judge_against(self, claim: str, passages: Sequence[str]) -> Judgement:
        """Whether passages support a claim: judged on the sentences of theirs that fit it best."""
        chosen = best_sentences(claim, passages)
        return self.judge(claim, [text for _, text in chosen])

    def _missing_names(self, claim: str, held: str) -> list[str]:
        """Products, conditions, agencies, countries and proper names of a claim that the quotes do not have."""
        missing = []
        held_terms = {term.id for term in self._lexicon.terms(held)}
        for term in self._lexicon.terms(claim, "product", "condition", "agency", "cell-source"):
            family = set(self._lexicon.ancestors(term.id)) | set(self._lexicon.descendants(term.id))
            if term.id not in held_terms and not (term.kind == "condition" and family & held_terms):
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

    def _lexicon_words(self, text: str) -> list[str]:
        return [text[m.start : m.end].lower() for m in self._lexicon.mentions(text)]


def best_sentences(claim: str, passages: Sequence[str], limit: int = MAX_QUOTES) -> list[tuple[int, str]]:
    """The sentences (passage number, text) that together hold most of the claim's words and numbers."""
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
        if not gained or (chosen and len(gained) < max(2, 0.15 * len(wanted))):
            break
        chosen.append(best)
        candidates.remove(best)
        missing -= gained
    return chosen


def word_coverage(claim: str, held: str) -> float:
    """Share (0 to 1) of the claim's content stems that the held text has."""
    wanted = stem_set(claim)
    return len(wanted & stem_set(held)) / len(wanted) if wanted else 0.0


def _contradictions(claim: str, quotes: Sequence[str]) -> list[str]:
    """Opposite statements: a negation on one side only, or a word against its opposite."""
    joined = " ".join(quotes)
    found = []
    closest = max(quotes, key=lambda quote: word_coverage(claim, quote))
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(closest)):
        found.append("negated on one side only")
    for one, other in _OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            said = re.search(mine, claim, re.I)
            if said and not re.search(mine, joined, re.I) and re.search(theirs, joined, re.I):
                found.append(f"“{said.group()}”")
    return found


def _flat(text: str) -> str:
    return " ".join(text.split()).strip(" .").lower()
