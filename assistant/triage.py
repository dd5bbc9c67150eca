"""What kind of question this is, decided before any model sees it: by rules, and by likeness to labelled messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.triage_learned import likeness
from assistant.triage_words import Asked, Level, Reason, Rule, Sentence, tables

Verdict = Literal["answer", "redirect", "emergency"]

EMERGENCY_FROM = 0.5
REDIRECT_FROM = 0.5
"""Likeness from which a message is taken for one where no rule says so; see `python -m eval triage`."""
REDIRECT_NOT_BELOW = 0.15
"""Likeness below which a rule alone does not send the asker to a person."""


@dataclass(frozen=True, slots=True)
class Triage:
    """The verdict on a question; `signs` names the urgent signs found, `reason` why it is redirected.

    `certain` is false where no rule, but likeness alone, sends the asker to a person; `treatment` is
    whether a treatment is spoken of.
    """

    verdict: Verdict
    reason: Reason = ""
    signs: tuple[str, ...] = ()
    certain: bool = True
    treatment: bool = False


def triage(question: str) -> Triage:
    """The kind of a question, from its words alone, so that it takes no time and no language model.

    What a rule names is certain; where no rule does, likeness to labelled messages decides.
    """
    asked = Asked.read(question)
    signs = _urgent_signs(asked)
    if signs:
        return Triage("emergency", signs=signs)
    alike = likeness(asked)
    if alike.emergency >= EMERGENCY_FROM:
        return Triage("emergency", signs=("told in other words",))
    reason = _redirect(asked)
    if reason and alike.redirect >= REDIRECT_NOT_BELOW:
        return Triage("redirect", reason=reason)
    if alike.redirect >= REDIRECT_FROM:
        return Triage("redirect", reason=alike.reason, certain=False, treatment=asked.has("treatment"))
    return Triage("answer")


# --- emergencies ---


def _urgent_signs(asked: Asked) -> tuple[str, ...]:
    """The signs that are somebody's own and new; nothing if what stands there is asked about, past, or a story."""
    levels: dict[str, Level] = {}
    for sentence in asked.sentences:
        for rule in tables().rules:
            if rule.sign and rule.sign not in levels and _shown(rule, sentence) and _own(rule, sentence, asked):
                levels[rule.sign] = rule.level
    mild = sum(level == "mild" for level in levels.values())
    if mild == len(levels) and mild < 2:
        return ()
    return tuple(levels)


def _shown(rule: Rule, sentence: Sentence) -> bool:
    near = any(sentence.near(groups, rule.within) for groups in rule.combinations)
    return near and not sentence.has(*(rule.none or ()))


def _own(rule: Rule, here: Sentence, asked: Asked) -> bool:
    """Whether a sign in a sentence is a person's own, now."""
    person = here.has("own", "kin", "patient")
    if rule.level == "always":
        topic = here.has("film-like", "studied", "told") or (here.asks and here.has("counted"))
        return not topic and (person or (here.has("now", "sudden") and not here.asks))
    now = here.has("now")
    if _unreal(here, person, now) or _old(here, asked, now):
        return False
    linked = _linked(here)
    fresh = now or (here.has("sudden") and not (here.asks and not person))
    treated = linked or _treated(asked)
    if not (fresh or treated) and _general(asked, person):
        return False
    if here.asks and not person:
        return _treated(asked, besides=here) or (now and linked)
    if rule.level == "grave":
        return person or treated or fresh or not here.has("treatment")
    told_only = person and not any(sentence.asks for sentence in asked.sentences)
    return fresh or treated or (rule.level == "serious" and told_only)


def _linked(here: Sentence) -> bool:
    """Whether a sentence ties what it tells to a treatment."""
    treatments = here.spans.get("treatment", ())
    after = any(0 <= start - end <= 5 for _, end in here.spans.get("since-link", ()) for start, _ in treatments)
    return after or here.has("treated-place") or here.near(("got", "treatment"), 8) is not None


def _general(asked: Asked, person: bool) -> bool:
    """Whether the question is about research, figures or a condition rather than about what is happening."""
    questions = any(sentence.asks for sentence in asked.sentences)
    return asked.has("benefit", "studied", "counted") or (asked.has("disease") and (questions or not person))


def _unreal(here: Sentence, person: bool, now: bool) -> bool:
    """Asked about in general, told of others, or feared for later."""
    if here.has("told") and not (now and here.has("own", "kin")):
        return True
    if (here.has("might") and not now) or (here.has("future") and not _linked(here)):
        return True
    if here.has("studied", "counted") and not (person and now):
        return not (person and here.has("since-link") and not here.asks)
    return here.has("benefit") and here.asks and not now


def _old(here: Sentence, asked: Asked, now: bool) -> bool:
    """Long ago, or a long-standing condition."""
    if here.has("long-ago"):
        return not now or asked.has("benefit")
    if here.has("for-years") and not now:
        return True
    if asked.has("long-ago", "for-years") and not (now or here.has("sudden") or _linked(here)):
        return True
    condition = here.near(("because-of", "disease"), 4) is not None
    return condition and not now and asked.has("benefit", "studied", "counted")


def _treated(asked: Asked, besides: Sentence | None = None) -> bool:
    """Whether the question tells of a treatment lately had."""
    return any(
        sentence.has("treatment")
        and not sentence.has("long-ago", "told", "studied")
        and (sentence.has("now") or (sentence.has("got", "since-link") and sentence.has("own", "kin", "patient")))
        and not (sentence.asks and not (sentence.has("now") and sentence.has("own", "kin", "got", "since-link")))
        and not (sentence.has("might") and not sentence.has("now"))
        and (_linked(sentence) or not sentence.has("future"))
        for sentence in asked.sentences
        if sentence is not besides
    )


# --- redirects ---


def _redirect(asked: Asked) -> Reason:
    """Why a person has to answer this, or nothing."""
    for rule in tables().rules:
        if rule.reason and all(asked.has(group) for group in rule.anywhere or ()):
            for sentence in asked.sentences:
                if _shown(rule, sentence):
                    return rule.reason
    return ""
