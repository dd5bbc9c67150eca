"""Asks the gold questions and measures what comes back."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.answer import Answer
from assistant.config import Settings
from assistant.pipeline import Assistant, open_assistant
from assistant.verify import Verifier
from eval.cases import Case, CaseSet, unknown_documents
from eval.citations import CitationCheck, check_citations
from eval.environment import this_command, this_machine, versions
from eval.explain import misses
from eval.metrics import scores_of
from eval.outcome import Miss, Outcome
from eval.ranking import documents_of, rank_documents
from eval.results import FORMAT, CaseResult, IndexSetup, Results, Setup
from eval.summary import caveat_counts, confusion, figures_of, groups_of, stage_latencies
from index.__main__ import build_with_bar
from index.build import Progress
from index.passages import Passage
from index.serving import current_name

SEARCH_DEPTH = 1000
"""Passages asked of the retriever, so that 20 documents come out: all that it has."""


def open_with_index(settings: Settings) -> Assistant:
    """The assistant, warmed up; the bundled corpus is indexed first where there is no index.

    Raises:
        IndexDamaged, EmbedderMismatch: the index that is there cannot be used.
    """
    if current_name(settings.index_dir) is None:
        build_with_bar(settings, [], bundled=True, fresh=False)
    assistant = open_assistant(settings)
    assistant.retriever.search("warm up", 1)
    return assistant


def settings_of(index: Path | None, **more: Any) -> Settings:
    """The settings of this run; what is asked here is not recorded among people's questions."""
    return Settings.load(index_dir=index, **more).model_copy(update={"audit_dir": None})


def run_cases(
    assistant: Assistant, settings: Settings, cases: CaseSet, split: str, topic: str | None, progress: Progress
) -> Results:
    """The results of all cases of a split and topic; `progress` is told of each."""
    generation = assistant.retriever.generation
    unknown = unknown_documents(cases, generation.documents)
    started = datetime.now(UTC)
    begun = time.perf_counter()
    examiner = Examiner(assistant, settings.passages)
    made = []
    for number, case in enumerate(cases.cases, start=1):
        made.append(examiner.result(case, cases.places[case.id]))
        progress(number, len(cases.cases))
    manifest = generation.manifest
    setup = Setup(
        command=this_command(),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - begun, 2),
        machine=this_machine(),
        versions=versions(),
        index=IndexSetup(manifest.id, manifest.embedder, manifest.documents, manifest.passages),
        corpus_version=manifest.corpus_version,
        settings=_shown(settings),
        case_files=tuple(map(str, cases.files)),
        split=split,
        topic=topic,
        unknown_documents=tuple(unknown),
    )
    return Results(
        format=FORMAT,
        setup=setup,
        figures=figures_of(made),
        kinds=confusion(made),
        caveats=caveat_counts(made),
        stages=stage_latencies(made),
        groups=groups_of(made),
        cases=tuple(made),
    )


class Examiner:
    """Asks one case at a time and measures the answer."""

    def __init__(self, assistant: Assistant, passages: int) -> None:
        """`passages` is how many an answer is drafted from."""
        self._assistant = assistant
        self._passages = passages
        self._verifier = Verifier(assistant.lexicon)

    def result(self, case: Case, place: str) -> CaseResult:
        """What came of a case; one that crashes has no answer, and scores zero."""
        begun = time.perf_counter()
        try:
            answer = self._ask(case)
            ms = 1000 * (time.perf_counter() - begun)
            outcome, passages = self._measured(case, answer, ms)
            missed = misses(outcome, passages, self._assistant.retriever.generation.documents)
        except Exception as error:  # whatever it is, the case stays in the results
            ms = 1000 * (time.perf_counter() - begun)
            outcome = crashed(case, f"{type(error).__name__}: {error}", ms)
            missed = misses(outcome, (), {})
        return _result(outcome, place, missed)

    def _ask(self, case: Case) -> Answer:
        return self._assistant.ask(
            case.question, history=case.history, country=case.country, audience=case.audience, as_of=case.as_of
        )

    def _measured(self, case: Case, answer: Answer, ms: float) -> tuple[Outcome, list[Passage]]:
        """The outcome, and the passages that the answer could be drafted from."""
        retriever = self._assistant.retriever
        query = retriever.spelled(answer.standalone_question or case.question)
        found = retriever.search(query, SEARCH_DEPTH) if case.documents or case.facts else []
        ranking = rank_documents(documents_of(found), case.documents) if case.documents else None
        citations = check_citations(answer, retriever.generation.documents, self._verifier)
        return Outcome(case, answer, "", ms, ranking, citations), found[: self._passages]


def crashed(case: Case, error: str, ms: float) -> Outcome:
    """The outcome of a case whose question raised an error: nothing retrieved, nothing said."""
    ranking = rank_documents((), case.documents) if case.documents else None
    return Outcome(case, None, error, ms, ranking, CitationCheck())


def _result(outcome: Outcome, place: str, missed: tuple[Miss, ...]) -> CaseResult:
    return CaseResult(
        case=outcome.case,
        place=place,
        answer=outcome.answer,
        error=outcome.error,
        ms=round(outcome.ms, 3),
        documents=outcome.ranking.documents[:20] if outcome.ranking else (),
        scores=scores_of(outcome),
        missed=missed,
    )


def _shown(settings: Settings) -> dict[str, Any]:
    """The settings as JSON-ready values, without a password in the address of a model."""
    values: dict[str, Any] = settings.model_dump(mode="json")
    address = urlsplit(settings.model_url)
    if "@" in address.netloc:
        values["model_url"] = address._replace(netloc="…@" + address.netloc.rsplit("@", 1)[1]).geturl()
    return values
