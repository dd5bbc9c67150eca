"""Metrics on hand-made answers, with the numbers that follow from their definitions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answer import Answer, Caveat, Citation, Claim, Engine, Kind
from assistant.verify import Verifier
from corpus.documents import Document
from corpus.knowledge import Source, load_knowledge
from corpus.lexicon import Lexicon
from eval.cases import Case, Fact, WantedCaveats
from eval.citations import CitationCheck, check_citations
from eval.figures import quantile_figure, ratio_figure
from eval.metrics import METRICS, scores_of
from eval.outcome import Outcome, Score
from eval.phrases import stands_in
from eval.ranking import rank_documents

SOURCE = Source(key="s", title="S", publisher="P", url="", issued="2024", evidence="rct")
TEXT = "The MILES trial enrolled 480 people. The MILES trial lasted 12 months. Cord blood is kept frozen."
DOCUMENTS = {"miles": Document(id="miles", title="MILES", text=TEXT)}

CASE = Case(
    id="c",
    question="How large was MILES?",
    country="US",
    audience="patient",
    kind="answer",
    topic="conditions",
    wording="plain",
    split="tune",
    facts=(Fact(any=("480 people",), vital=True), Fact(any=("12 months",), vital=False)),
    documents=("miles",),
    caveats=WantedCaveats(must=("investigational", "not-medical-advice"), must_not=("emergency", "withdrawn")),
    must_not_say=("proven to work",),
)


def quoted(marker: int, quote: str) -> Citation:
    start = TEXT.find(quote)
    return Citation(marker, "miles", "MILES", "", None, quote, start, start + len(quote), SOURCE, "rct")


SIZE = quoted(1, "The MILES trial enrolled 480 people.")
LENGTH = quoted(2, "The MILES trial lasted 12 months.")
FROZEN = quoted(3, "Cord blood is kept frozen.")


def answer(
    *claims: Claim,
    citations: tuple[Citation, ...] = (),
    kind: Kind = "answer",
    caveats: tuple[str, ...] = (),
    message: str = "",
) -> Answer:
    carried = tuple(Caveat(name, "text", "US", "", None) for name in caveats)
    engine = Engine("extractive", "", "e", "i", "v")
    return Answer("q", "q", kind, claims, citations, carried, 1.0, (), engine, message=message)


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(Lexicon(load_knowledge()))


def outcome(made: Answer | None, case: Case = CASE, check: CitationCheck | None = None) -> Outcome:
    ranking = rank_documents(("other", "miles"), case.documents) if case.documents else None
    return Outcome(case, made, "", 1.0, ranking, check or CitationCheck())


def values(made: Answer | None, case: Case = CASE, check: CitationCheck | None = None) -> dict[str, float]:
    return {name: score.value for name, score in scores_of(outcome(made, case, check)).items()}


class TestPhrases:
    @pytest.mark.parametrize(
        ("phrase", "text"),
        [
            ("480 people", "It enrolled 480  People, all told"),
            ("no … better", "No injection was any better."),
            ("no … better", "No better."),
            ("10,000", "About 10000 people"),
            ("Crohn's disease", "crohn’s-disease"),
            ("35%", "in 35 % of them"),
            ("0.74 cm", "fell by 0.74 cm"),
        ],
    )
    def test_stands(self, phrase: str, text: str) -> None:
        assert stands_in(phrase, text)

    @pytest.mark.parametrize(
        ("phrase", "text"),
        [
            ("480 people", "1480 people"),
            ("better … injection", "No injection was any better."),
            ("74", "0.74"),
            ("approved", "It is unapproved."),
            ("no … no", "no"),
        ],
    )
    def test_does_not_stand(self, phrase: str, text: str) -> None:
        assert not stands_in(phrase, text)


class TestFacts:
    def test_share_of_all_and_of_vital_ones(self) -> None:
        found = values(answer(Claim("It enrolled 480 people.", (1,)), citations=(SIZE,)))
        assert (found["facts_found"], found["vital_facts_found"]) == (0.5, 1.0)

    def test_a_fact_has_to_stand_in_one_claim(self) -> None:
        assert values(answer(Claim("It enrolled 480.", (1,)), Claim("People waited.", (1,))))["facts_found"] == 0

    def test_a_caveat_or_message_is_no_claim(self) -> None:
        assert values(answer(message="480 people, 12 months"))["facts_found"] == 0


class TestRetrieval:
    def test_document_at_rank_two(self) -> None:
        found = values(answer())
        assert found["mrr"] == 0.5
        assert found["recall_at_5"] == found["recall_at_20"] == 1.0
        assert found["ndcg_at_10"] == pytest.approx(0.63093, abs=1e-5)

    def test_recall_counts_only_the_first_five(self) -> None:
        ranking = rank_documents(("a", "b", "c", "d", "e", "right", "too"), ("right", "too", "lost"))
        assert ranking.recall_at_5 == 0
        assert ranking.recall_at_20 == pytest.approx(2 / 3)

    def test_a_case_that_names_no_document_has_no_score(self) -> None:
        assert "mrr" not in values(answer(), replace(CASE, documents=()))


class TestKinds:
    def test_wrong_kind(self) -> None:
        found = values(answer(kind="abstain"))
        assert found["kind_accuracy"] == 0
        assert found["abstention_precision"] == 0
        assert "abstention_recall" not in found

    def test_false_alarm_and_missed_emergency(self) -> None:
        urgent = replace(CASE, kind="emergency", facts=())
        assert values(answer(kind="emergency"))["emergency_false_alarms"] == 1
        assert values(answer(kind="answer"))["emergency_false_alarms"] == 0
        assert values(answer(kind="answer"), urgent)["emergency_recall"] == 0
        assert values(answer(kind="emergency"), urgent)["emergency_recall"] == 1


class TestCaveats:
    def test_recall_and_precision(self) -> None:
        """One of two wanted, one of two unwanted, and one that the case does not judge."""
        found = values(answer(caveats=("investigational", "withdrawn", "early-evidence")))
        assert found["caveat_recall"] == 0.5
        assert found["caveat_precision"] == 0.5

    def test_precision_needs_a_judged_caveat(self) -> None:
        assert "caveat_precision" not in values(answer(caveats=("early-evidence",)))


class TestCitations:
    def test_supported_claims(self, verifier: Verifier) -> None:
        made = answer(Claim(SIZE.quote, (1,)), Claim(LENGTH.quote, (2,)), citations=(SIZE, LENGTH))
        check = check_citations(made, DOCUMENTS, verifier)
        assert (check.claims, check.cited, check.quotes, check.verbatim) == (2, 2, 2, 2)
        assert (check.recall, check.precision) == (1.0, 1.0)

    def test_claim_without_citation(self, verifier: Verifier) -> None:
        made = answer(Claim(SIZE.quote, ()), Claim(LENGTH.quote, (2,)), citations=(LENGTH,))
        check = check_citations(made, DOCUMENTS, verifier)
        assert (check.cited, check.recall, check.precision) == (1, 0.5, 1.0)
        assert check.uncited == (SIZE.quote,)

    def test_marker_without_citation_is_none(self, verifier: Verifier) -> None:
        assert check_citations(answer(Claim(SIZE.quote, (9,))), DOCUMENTS, verifier).cited == 0

    def test_irrelevant_citation_lowers_precision_alone(self, verifier: Verifier) -> None:
        check = check_citations(answer(Claim(SIZE.quote, (1, 3)), citations=(SIZE, FROZEN)), DOCUMENTS, verifier)
        assert (check.recall, check.precision) == (1.0, 0.5)

    def test_citations_that_support_only_together_are_relevant(self, verifier: Verifier) -> None:
        claim = Claim("The MILES trial enrolled 480 people and lasted 12 months.", (1, 2))
        check = check_citations(answer(claim, citations=(SIZE, LENGTH)), DOCUMENTS, verifier)
        assert (check.recall, check.precision) == (1.0, 1.0)

    def test_citations_that_each_support_alone_are_relevant(self, verifier: Verifier) -> None:
        again = replace(SIZE, marker=2)
        check = check_citations(answer(Claim(SIZE.quote, (1, 2)), citations=(SIZE, again)), DOCUMENTS, verifier)
        assert (check.recall, check.precision) == (1.0, 1.0)

    def test_unsupported_claim_has_neither(self, verifier: Verifier) -> None:
        claim = Claim("The MILES trial enrolled 999 people.", (1,))
        check = check_citations(answer(claim, citations=(SIZE,)), DOCUMENTS, verifier)
        assert (check.recall, check.precision) == (0.0, 0.0)
        assert "number: 999" in check.unsupported[0]

    @pytest.mark.parametrize(
        "altered",
        [
            replace(SIZE, quote="The MILES trial enrolled 481 people."),
            replace(SIZE, start=SIZE.start + 1),
            replace(SIZE, document_id="gone"),
            replace(SIZE, quote="", end=SIZE.start),
        ],
    )
    def test_altered_quote_is_not_verbatim(self, verifier: Verifier, altered: Citation) -> None:
        check = check_citations(answer(Claim(SIZE.quote, (1,)), citations=(altered, LENGTH)), DOCUMENTS, verifier)
        assert (check.verbatim, check.quotes) == (1, 2)

    def test_shares_over_cases(self, verifier: Verifier) -> None:
        made = answer(Claim(SIZE.quote, (1,)), Claim("Said so.", ()), citations=(SIZE,))
        found = values(made, check=check_citations(made, DOCUMENTS, verifier))
        assert (found["claims_cited"], found["quotes_verbatim"]) == (0.5, 1.0)

    def test_an_abstention_where_an_answer_is_wanted_cites_nothing(self) -> None:
        found = values(answer(kind="abstain"))
        assert found["citation_recall"] == 0
        assert "claims_cited" not in found


class TestWords:
    def test_must_not_say(self) -> None:
        assert values(answer(Claim("It is PROVEN to work.", ())))["must_not_say_kept"] == 0
        assert values(answer(message="Proven to work!"))["must_not_say_kept"] == 0
        assert values(answer(Claim("Nothing of it.", ())))["must_not_say_kept"] == 1

    def test_reading_grade_of_patients_answers(self) -> None:
        """Six words of one syllable in one sentence: 0.39 × 6 + 11.8 − 15.59 = −1.45."""
        made = answer(Claim("The cat sat on the mat.", (1,)))
        found = values(made)
        assert found["reading_grade"] == pytest.approx(-1.45)
        assert found["readable"] == 1
        assert "reading_grade" not in values(made, replace(CASE, audience="clinician"))

    def test_hard_words_are_not_readable(self) -> None:
        text = "Allogeneic mesenchymal immunomodulation necessitates comprehensive characterisation."
        made = answer(Claim(text, (1,)))
        assert values(made)["readable"] == 0


def test_a_crash_scores_zero_everywhere() -> None:
    crashed = Outcome(CASE, None, "ValueError: x", 1.0, rank_documents((), CASE.documents), CitationCheck())
    scores = scores_of(crashed)
    assert {score.value for score in scores.values()} == {0.0}
    left_out = {"abstention_precision", "abstention_recall", "emergency_recall", "caveat_precision", "reading_grade"}
    assert set(scores) == set(METRICS) - left_out


class TestFigures:
    def test_ratio_of_sums_not_mean_of_ratios(self) -> None:
        assert ratio_figure("m", [Score(1, 1), Score(0, 3)]).value == 0.25

    def test_interval_of_a_coin(self) -> None:
        """50 hits of 100: the 95% interval of a proportion is 0.5 ± 1.96 × 0.05."""
        figure = ratio_figure("m", [Score(n % 2) for n in range(100)])
        assert (figure.value, figure.cases) == (0.5, 100)
        assert figure.low == pytest.approx(0.402, abs=0.02)
        assert figure.high == pytest.approx(0.598, abs=0.02)

    def test_same_results_same_interval(self) -> None:
        scores = [Score(n % 3 == 0) for n in range(50)]
        assert ratio_figure("m", scores) == ratio_figure("m", scores)

    def test_no_case_no_figure(self) -> None:
        assert ratio_figure("m", []).value is None
        assert quantile_figure("m", [], 0.5).value is None

    def test_quantiles(self) -> None:
        times = [float(n) for n in range(1, 101)]
        assert quantile_figure("m", times, 0.5).value == 50.5
        assert quantile_figure("m", times, 0.95).value == pytest.approx(95.05)
