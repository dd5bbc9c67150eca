"""From drafted claims to an answer: each is verified, its citations are numbered, caveats and messages are added."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import prompts
from assistant.answer import Answer, Caveat, Citation, Claim, Engine, Event, Kind, Stage
from assistant.audit import Dropped, write_record
from assistant.caveats import CaveatInput
from assistant.draft import Answerer, DraftClaim, Evidence
from assistant.evidence import Quote
from assistant.llm import ModelAnswerer, support
from assistant.question import read_subject
from assistant.way import Way
from index.lexical import stem_set

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

MAX_CLAIMS = 12
"""Claims of the longest answer: what the register says, and ten sentences."""


class Prepared:
    """An answerer that says first what the register says."""

    def __init__(self, first: list[DraftClaim], then: Answerer) -> None:
        self.name, self.model = then.name, then.model
        self.first, self.then = first, then

    def draft(self, evidence: Evidence) -> Iterator[DraftClaim]:
        """The register's claims, then the answerer's."""
        yield from self.first
        yield from self.then.draft(evidence)


async def drafts_of(answerer: Answerer, evidence: Evidence) -> AsyncIterator[DraftClaim]:
    """An answerer's claims, awaited where it can be awaited."""
    inner = answerer.then if isinstance(answerer, Prepared) else answerer
    if isinstance(inner, ModelAnswerer):
        for draft in answerer.first if isinstance(answerer, Prepared) else ():
            yield draft
        async for draft in inner.adraft(evidence):
            yield draft
    else:
        for draft in answerer.draft(evidence):
            yield draft


class Answering:
    """Verifies drafted claims one by one, numbers their citations, and makes the answer."""

    def __init__(self, assistant: Assistant, way: Way) -> None:
        self._assistant = assistant
        self._way = way
        self._start = time.perf_counter()
        self._claims: list[Claim] = []
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._dropped: list[Dropped] = []
        self._notices: list[str] = []
        self._answerers: list[Answerer] = []
        self._failed = False
        self._held: Counter[str] = Counter()
        self._verifying = False

    @property
    def answers(self) -> bool:
        """Whether anything is to be drafted: neither an emergency nor an abstention."""
        return self._way.triage.verdict != "emergency" and (self._way.enough or self._way.triage.verdict == "redirect")

    @property
    def evidence(self) -> Evidence:
        """The evidence that is drafted from."""
        assert self._way.evidence is not None
        return self._way.evidence

    @property
    def full(self) -> bool:
        """Whether the answer is as long as an answer may be."""
        return len(self._claims) >= MAX_CLAIMS

    def take(self, draft: DraftClaim, answerer: Answerer) -> Iterator[Event]:
        """Verify a drafted claim; if it holds, hand out its new citations and the claim itself."""
        if not self._verifying:
            self._verifying = True
            yield Stage("verify")
        kept = self._verified(draft)
        if kept and not draft.computed:
            self._held[answerer.name] += 1
        if kept is None or any(_says(claim.text, kept.text) for claim in self._claims):
            return
        markers = []
        for quote in kept.quotes:
            if quote.key not in self._citations:
                self._citations[quote.key] = _citation(quote, len(self._citations) + 1)
                yield self._citations[quote.key]
            markers.append(self._citations[quote.key].marker)
        claim = Claim(kept.text, tuple(dict.fromkeys(markers)))
        self._claims.append(claim)
        yield claim

    def _verified(self, draft: DraftClaim) -> DraftClaim | None:
        """The claim if its quotes support it, or if others of the evidence do; None if it is dropped."""
        reasons = self._faults(draft)
        if not reasons:
            return draft
        repaired = replace(draft, quotes=support(draft.text, list(self.evidence.quotes)))
        if not draft.computed and not self._faults(repaired):
            return repaired
        self._dropped.append(Dropped(draft.text, tuple(reasons)))
        return None

    def _faults(self, draft: DraftClaim) -> tuple[str, ...]:
        if not draft.quotes:
            return ("no quote",)
        documents = self._way.generation.documents if self._way.generation else {}
        for quote in draft.quotes:
            document = documents.get(quote.document_id)
            if document is None or document.text[quote.start : quote.end] != quote.text:
                return ("quote not found at its offsets",)
        context = " ".join(f"{quote.title} {quote.section}" for quote in draft.quotes)
        verifier = self._assistant.verifier
        text = draft.text.split(": ", 1)[-1] if draft.computed else draft.text
        judged = verifier.judge(text, [quote.text for quote in draft.quotes], context)
        if draft.computed:
            return tuple(reason for reason in judged.reasons if reason.startswith("number"))
        return judged.reasons

    def failed(self, answerer: Answerer, why: str) -> None:
        """Note that a model failed: before it had written anything that holds, or after."""
        self._failed = True
        said = prompts.MODEL_BROKE_OFF if self._held[answerer.name] else prompts.MODEL_FAILED
        self._notices.append(said.format(model=answerer.model, why=why))

    def settled(self, answerer: Answerer) -> bool:
        """Whether this answerer's draft stands whole; if not, the next one adds what it has to say."""
        self._answerers.append(answerer)
        if not answerer.model:
            return True
        if not self._held[answerer.name] and not self._failed:
            self._notices.append(prompts.MODEL_EMPTY.format(model=answerer.model))
        return bool(self._held[answerer.name]) and not self._failed

    def finish(self) -> Answer:
        """The answer with its caveats, suggestions and timings; recorded if settings ask for it."""
        way, assistant = self._way, self._assistant
        kind = self._kind()
        way.timings_ms["answer"] = (time.perf_counter() - self._start) * 1000
        caveats = self._caveats(kind)
        start = time.perf_counter()
        suggestions = assistant.suggestions(way, kind, self._citations.values())
        way.timings_ms["suggestions"] = (time.perf_counter() - start) * 1000
        way.timings_ms["total"] = sum(way.timings_ms.values())
        answer = Answer(
            question=way.request.question,
            standalone_question=way.subject.text if way.subject else way.request.question,
            kind=kind,
            claims=tuple(self._claims),
            citations=tuple(self._citations.values()),
            caveats=caveats,
            confidence=round(way.confidence if kind == "answer" else 1.0 - way.confidence, 3),
            suggestions=suggestions,
            engine=self._engine(),
            timings_ms={name: round(value, 2) for name, value in way.timings_ms.items()},
            message=self._message(kind),
            notices=(*self._notices, *self._of_the_index()),
        )
        if assistant.settings.audit_dir:
            write_record(assistant.settings.audit_dir, answer, way.request, way.evidence, self._dropped)
        return answer

    def _of_the_index(self) -> tuple[str, ...]:
        """That the index is stale, where status was asked for."""
        asked = self._way.subject is not None and self._way.subject.asks_status
        return tuple(filter(None, [self._assistant.stale_index])) if asked else ()

    def _kind(self) -> Kind:
        verdict = self._way.triage.verdict
        if verdict == "answer":
            return "answer" if self._claims else "abstain"
        return verdict

    def _caveats(self, kind: Kind) -> tuple[Caveat, ...]:
        way, assistant = self._way, self._assistant
        subject = way.subject or read_subject(way.request.question, way.request, assistant.lexicon)
        citations = tuple(self._citations.values())
        documents = way.generation.documents if way.generation else {}
        given = CaveatInput(
            kind=kind,
            triage=way.triage,
            request=way.request,
            subject=subject,
            citations=citations,
            documents=tuple(documents[citation.document_id] for citation in citations),
        )
        return assistant.caveats.caveats(given)

    def _engine(self) -> Engine:
        assistant = self._assistant
        heard = [one for one in self._answerers if self._held[one.name]] or self._answerers[-1:]
        generation = self._way.generation
        return Engine(
            answerer="+".join(one.name for one in heard) or "none",
            model=next((one.model for one in heard if one.model), ""),
            embedder=generation.manifest.embedder if generation else "",
            index_id=generation.manifest.id if generation else "",
            corpus_version=assistant.knowledge.version,
        )

    def _message(self, kind: Kind) -> str:
        way = self._way
        if kind == "abstain":
            near = prompts.ABSTAIN_NEAR if way.confidence > 0.15 else prompts.ABSTAIN_FAR
            return f"{prompts.ABSTAIN} {near}"
        if kind == "redirect":
            message = prompts.REDIRECT[way.triage.reason]
            return message if self._claims else message.rsplit(" What the library", 1)[0]
        if kind == "emergency":
            country = self._assistant.knowledge.countries[way.request.country]
            where = "" if country.code == "other" else f" (the emergency number in {country.name})"
            if "self-harm" in way.triage.signs:
                return prompts.EMERGENCY_SELF_HARM.format(number=country.emergency.number, where=where)
            urgent = prompts.EMERGENCY.format(number=country.emergency.number, where=where)
            return f"{urgent} {prompts.EMERGENCY_TELL}"
        return ""


def _says(said: str, text: str) -> bool:
    """Whether what is said already holds a text, or says the same words."""
    return text in said or stem_set(said) == stem_set(text)


def _citation(quote: Quote, marker: int) -> Citation:
    return Citation(
        marker=marker,
        document_id=quote.document_id,
        title=quote.title,
        section=quote.section,
        page=quote.page,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        source=quote.sources[0],
        evidence=quote.sources[0].evidence,
        passage=quote.passage,
        passage_start=quote.passage_start,
    )
