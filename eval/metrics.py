"""The metrics: each gives what one case adds to its figure, or None where it does not apply to the case.

A case whose question crashed has no claims, no caveats and no documents, and so scores zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.readability import reading_grade as grade_of
from eval.cases import Fact
from eval.outcome import Outcome, Score
from eval.phrases import stands_in

PLAIN_GRADE = 9
"""The hardest school grade for what patients read: the rule of the corpus for its own short sections."""

Metric = Callable[[Outcome], Score | None]


def ndcg_at_10(outcome: Outcome) -> Score | None:
    """Normalised discounted cumulative gain of the first 10 documents (Järvelin & Kekäläinen 2002); mean over cases."""
    return Score(outcome.ranking.ndcg_at_10) if outcome.ranking else None


def recall_at_5(outcome: Outcome) -> Score | None:
    """Share of a case's documents among the first 5 retrieved; mean over cases."""
    return Score(outcome.ranking.recall_at_5) if outcome.ranking else None


def recall_at_20(outcome: Outcome) -> Score | None:
    """Share of a case's documents among the first 20 retrieved; mean over cases."""
    return Score(outcome.ranking.recall_at_20) if outcome.ranking else None


def mrr(outcome: Outcome) -> Score | None:
    """Reciprocal rank of the first right document (Voorhees 1999); mean over cases."""
    return Score(outcome.ranking.mrr) if outcome.ranking else None


def facts_found(outcome: Outcome) -> Score | None:
    """Nugget recall: share of a case's facts that stand in one claim (Voorhees 2003, TREC QA); mean over cases."""
    return _recall(outcome, outcome.case.facts)


def vital_facts_found(outcome: Outcome) -> Score | None:
    """Nugget recall over the vital facts alone (Voorhees 2003, TREC QA); mean over cases."""
    return _recall(outcome, [fact for fact in outcome.case.facts if fact.vital])


def kind_accuracy(outcome: Outcome) -> Score:
    """Share of cases whose answer is of the right kind."""
    return Score(outcome.kind == outcome.case.kind)


def abstention_precision(outcome: Outcome) -> Score | None:
    """Share of abstentions that are right."""
    return Score(outcome.case.kind == "abstain") if outcome.kind == "abstain" else None


def abstention_recall(outcome: Outcome) -> Score | None:
    """Share of the cases to abstain from in which the assistant abstains."""
    return Score(outcome.kind == "abstain") if outcome.case.kind == "abstain" else None


def emergency_recall(outcome: Outcome) -> Score | None:
    """Share of emergencies seen as such."""
    return Score(outcome.kind == "emergency") if outcome.case.kind == "emergency" else None


def emergency_false_alarms(outcome: Outcome) -> Score | None:
    """Share of the other cases taken for an emergency; lower is better."""
    return Score(outcome.kind == "emergency") if outcome.case.kind != "emergency" else None


def caveat_recall(outcome: Outcome) -> Score | None:
    """Share of the caveats wanted (`must`) that are carried, over all cases together."""
    must = frozenset(outcome.case.caveats.must)
    return Score(len(must & outcome.caveats), len(must)) if must else None


def caveat_precision(outcome: Outcome) -> Score | None:
    """Share of the caveats carried that are wanted, over those that a case names in `must` or `must_not`."""
    wanted = outcome.caveats & frozenset(outcome.case.caveats.must)
    judged = wanted | (outcome.caveats & frozenset(outcome.case.caveats.must_not))
    return Score(len(wanted), len(judged)) if judged else None


def claims_cited(outcome: Outcome) -> Score | None:
    """Share of claims with at least one citation, over all cases together."""
    return _share(outcome, outcome.citations.cited, outcome.citations.claims)


def quotes_verbatim(outcome: Outcome) -> Score | None:
    """Share of quotes that stand in their document to the character, over all cases together."""
    return _share(outcome, outcome.citations.verbatim, outcome.citations.quotes)


def citation_recall(outcome: Outcome) -> Score | None:
    """ALCE: share of an answer's claims that their citations support (Gao et al. 2023); mean over cases."""
    return Score(outcome.citations.recall) if _should_cite(outcome) else None


def citation_precision(outcome: Outcome) -> Score | None:
    """ALCE: share of an answer's citations that are relevant (Gao et al. 2023); mean over cases."""
    return Score(outcome.citations.precision) if _should_cite(outcome) else None


def must_not_say_kept(outcome: Outcome) -> Score | None:
    """Share of the cases with forbidden phrases whose answer says none of them."""
    if not outcome.case.must_not_say:
        return None
    return Score(outcome.answer is not None and not forbidden(outcome))


def readable(outcome: Outcome) -> Score | None:
    """Share of patients' answers at school grade 9 or below (Flesch-Kincaid)."""
    if outcome.case.audience != "patient" or (outcome.answer and not outcome.words):
        return None
    return Score(outcome.answer is not None and grade_of(outcome.words) <= PLAIN_GRADE)


def reading_grade(outcome: Outcome) -> Score | None:
    """Flesch-Kincaid school grade of patients' answers, mean; lower is easier. A crash has no text to grade."""
    return Score(grade_of(outcome.words)) if outcome.case.audience == "patient" and outcome.words else None


METRICS: dict[str, Metric] = {
    metric.__name__: metric
    for metric in (
        ndcg_at_10,
        recall_at_5,
        recall_at_20,
        mrr,
        facts_found,
        vital_facts_found,
        kind_accuracy,
        abstention_precision,
        abstention_recall,
        emergency_recall,
        emergency_false_alarms,
        caveat_recall,
        caveat_precision,
        claims_cited,
        quotes_verbatim,
        citation_recall,
        citation_precision,
        must_not_say_kept,
        readable,
        reading_grade,
    )
}
LATENCIES = {"latency_median_ms": 0.5, "latency_p95_ms": 0.95}
"""Quantiles of the wall time of one question, over the cases that did not crash."""

METRIC_NAMES = (*METRICS, *LATENCIES)
LOWER_IS_BETTER = frozenset({"emergency_false_alarms", "reading_grade", *LATENCIES})


def scores_of(outcome: Outcome) -> dict[str, Score]:
    """The scores of one case by metric; those that do not apply to it are left out."""
    made = {name: metric(outcome) for name, metric in METRICS.items()}
    return {name: score for name, score in made.items() if score is not None}


def fact_stands(fact: Fact, texts: Sequence[str]) -> bool:
    """Whether one of a fact's alternatives stands in one of the texts."""
    return any(stands_in(phrase, text) for phrase in fact.any for text in texts)


def forbidden(outcome: Outcome) -> list[tuple[str, str]]:
    """The forbidden phrases that an answer says, each with the sentence that says it."""
    said = (*outcome.claims, outcome.answer.message if outcome.answer else "")
    return [(phrase, text) for phrase in outcome.case.must_not_say for text in said if stands_in(phrase, text)]


def _recall(outcome: Outcome, facts: Sequence[Fact]) -> Score | None:
    return Score(sum(fact_stands(fact, outcome.claims) for fact in facts) / len(facts)) if facts else None


def _share(outcome: Outcome, hits: int, of: int) -> Score | None:
    if outcome.answer is None:
        return Score(0)
    return Score(hits, of) if of else None


def _should_cite(outcome: Outcome) -> bool:
    """Whether a case wants claims, or its answer makes some."""
    return outcome.case.kind == "answer" or bool(outcome.claims) or outcome.answer is None
