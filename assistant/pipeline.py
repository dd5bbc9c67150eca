"""`Assistant`: the stages of a question, composed of LangChain runnables. The only module that knows their order."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda
from langchain_core.runnables.config import run_in_executor

from assistant import prompts
from assistant.answer import Answer, Audience, Citation, Event, Kind, Stage, Turn
from assistant.answering import Answering, Prepared, drafts_of
from assistant.caveats import CaveatRules
from assistant.confidence import confidence_of, unknown_names, unknown_share
from assistant.config import Settings
from assistant.draft import Answerer, Evidence
from assistant.errors import ModelUnavailable
from assistant.evidence import quotes_of
from assistant.extractive import ExtractiveAnswerer
from assistant.followup import standalone
from assistant.llm import ModelAnswerer, open_model
from assistant.question import Request, make_request, read_subject, search_words
from assistant.regulation import Regulation
from assistant.status import StatusAnswerer
from assistant.suggestions import Suggester, chosen_of
from assistant.triage import Triage, triage
from assistant.verify import Verifier
from assistant.way import Way
from corpus.knowledge import Knowledge, load_knowledge
from corpus.lexicon import Lexicon
from index.embedding import Embedder, TextEmbedder
from index.lexical import stems
from index.retriever import HybridRetriever

ALIKE = 0.9
"""Cosine from which two questions ask the same."""
FIRST_FOUND = 4
"""Passages among which the document that a suggestion was made from has to be found again."""
REMEMBERED = 4096
"""Suggested questions of which it is remembered whether they are answered."""
RECENT = 6
"""Earlier questions of a conversation that are not suggested again."""
REGISTER = "register"
"""Stands for the product table among the documents that answer a question."""


class Assistant:
    """Answers questions from the index; made once, used by many at the same time: it holds no conversation."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Knowledge,
        embedder: Embedder,
        *,
        model: ModelAnswerer | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.settings = settings
        self.knowledge = knowledge
        self.lexicon = Lexicon(knowledge)
        self.retriever = HybridRetriever(settings=settings, embedder=embedder, k=settings.passages)
        self.regulation = Regulation(knowledge, self.lexicon)
        self.verifier = Verifier(self.lexicon)
        self._today = today
        self._model = model
        self._extractive = ExtractiveAnswerer(self.lexicon)
        self._status = StatusAnswerer(self.regulation)
        self.caveats = CaveatRules(knowledge, self.lexicon, self.regulation)
        self._suggester = Suggester(knowledge, self.lexicon)
        self._found_for = lru_cache(maxsize=REMEMBERED)(self._find)
        self.chain: Runnable[Request, Event] = self._compose()

    def ask(
        self,
        question: str,
        history: tuple[Turn, ...] = (),
        country: str | None = None,
        audience: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """The answer to a question.

        Raises:
            BadQuestion: the question, country, audience or date cannot be used.
            IndexMissing, IndexDamaged, EmbedderMismatch: the index cannot be used.
        """
        for event in self.stream(question, history, country, audience, as_of):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with an answer")

    def stream(
        self,
        question: str,
        history: tuple[Turn, ...] = (),
        country: str | None = None,
        audience: str | None = None,
        as_of: date | None = None,
    ) -> Iterator[Event]:
        """Stages as they begin, each claim once it is verified (behind its new citations), then the answer.

        Raises:
            As `ask`.
        """
        yield from self.chain.stream(self._request(question, history, country, audience, as_of))

    async def aask(
        self,
        question: str,
        history: tuple[Turn, ...] = (),
        country: str | None = None,
        audience: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """As `ask`, without blocking the event loop."""
        async for event in self.astream(question, history, country, audience, as_of):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with an answer")

    async def astream(
        self,
        question: str,
        history: tuple[Turn, ...] = (),
        country: str | None = None,
        audience: str | None = None,
        as_of: date | None = None,
    ) -> AsyncIterator[Event]:
        """As `stream`, without blocking the event loop."""
        async for event in self.chain.astream(self._request(question, history, country, audience, as_of)):
            yield event

    def warm_up(self) -> None:
        """Load what every answer needs, so that the first is as fast as the others and what is broken is known.

        Raises:
            IndexMissing, IndexDamaged, EmbedderMismatch, EmbedderUnavailable: it cannot be used.
        """
        self.retriever.search(self.retriever.spelled("mesenchymal stromal cells"))

    @property
    def stale_index(self) -> str:
        """What is wrong where the index holds another version of the product table than the one read here; else empty.

        Status answers quote the register that was indexed: of what changed in the tables since, they find no
        sentence and would say nothing. They are given with this notice rather than refused, and every other
        answer is as good as before. An index without the register, of documents of one's own, is never stale.
        """
        generation = self.retriever.generation
        built, here = generation.manifest.corpus_version, self.knowledge.version
        if built == here or not any(name.startswith("register-") for name in generation.documents):
            return ""
        return prompts.STALE_INDEX.format(built=built, here=here)

    def _request(
        self, question: str, history: tuple[Turn, ...], country: str | None, audience: str | None, as_of: date | None
    ) -> Request:
        return make_request(question, history, country or self.settings.country, audience, as_of, today=self._today())

    def _compose(self) -> Runnable[Request, Event]:
        """The stages in their order. An emergency passes all but the first and the last untouched."""
        way: Runnable[Request, Way] = RunnableLambda(lambda request: Way(request))
        return (
            way
            | _stage("triage", self._triage)
            | _stage("followup", self._followup)
            | _stage("retrieve", self._retrieve)
            | _stage("enough", self._enough)
            | RunnableGenerator(self._answering, self._aanswering, name="answer")
        )

    def _triage(self, way: Way) -> Way:
        way.triage = triage(way.request.question)
        return way

    def _followup(self, way: Way) -> Way:
        text = standalone(way.request.question, way.request.history, self.lexicon)
        way.subject = read_subject(text, way.request, self.lexicon)
        if not (way.triage.certain or way.triage.treatment or self.lexicon.terms(way.request.question)):
            way.triage = Triage("answer")
        return way

    def _retrieve(self, way: Way, k: int | None = None) -> Way:
        assert way.subject is not None
        query = way.subject.text
        if way.triage.verdict == "redirect":
            query = f"{query} {prompts.REDIRECT_QUERY[way.triage.reason]}".strip()
        spelled = self.retriever.spelled(query)
        query, words = self.lexicon.expanded(spelled), search_words(spelled)
        way.subject = replace(read_subject(query, way.request, self.lexicon), text=way.subject.text)
        generation = way.generation = self.retriever.generation
        passages = self.retriever.search(query, k, words, generation)
        vector = self.retriever.vector(query)
        quotes = quotes_of(generation, passages, vector, stems(words))
        unknown = unknown_share(query, generation.lexical)
        strange = unknown_names(query, generation.lexical, self.lexicon)
        way.evidence = Evidence(way.request, way.subject, tuple(passages), tuple(quotes), unknown, strange)
        if way.triage.verdict == "answer":
            way.status = self._status.draft(way.subject, way.request, generation)
        return way

    def _enough(self, way: Way) -> Way:
        assert way.evidence is not None
        way.confidence, way.enough = confidence_of(way.evidence, bool(way.status), self.lexicon)
        return way

    def _answering(self, steps: Iterator[Way | Event]) -> Iterator[Event]:
        for step in steps:
            if not isinstance(step, Way):
                yield step
                continue
            work = Answering(self, step)
            if work.answers:
                yield Stage("draft")
                for answerer in self._answerers(step):
                    try:
                        for draft in answerer.draft(work.evidence):
                            yield from work.take(draft, answerer)
                            if work.full:
                                break
                    except ModelUnavailable as error:
                        work.failed(answerer, str(error))
                    if work.settled(answerer):
                        break
            if step.triage.verdict != "emergency":
                yield Stage("caveats")
            yield work.finish()

    async def _aanswering(self, steps: AsyncIterator[Way | Event]) -> AsyncIterator[Event]:
        async for step in steps:
            if not isinstance(step, Way):
                yield step
                continue
            work = Answering(self, step)
            if work.answers:
                yield Stage("draft")
                for answerer in self._answerers(step):
                    try:
                        async for draft in drafts_of(answerer, work.evidence):
                            for event in work.take(draft, answerer):
                                yield event
                            if work.full:
                                break
                    except ModelUnavailable as error:
                        work.failed(answerer, str(error))
                    if work.settled(answerer):
                        break
            if step.triage.verdict != "emergency":
                yield Stage("caveats")
            yield await run_in_executor(None, work.finish)

    def suggestions(self, way: Way, kind: Kind, citations: Collection[Citation]) -> tuple[str, ...]:
        """Questions to ask next: none that was asked before, and none that would not be answered."""
        if way.subject is None:
            return ()
        said = [turn.content for turn in way.request.history if turn.role == "user" and turn.content.strip()]
        asked = [*said[-RECENT:], way.request.question, way.subject.text]
        history = (*way.request.history, Turn("user", way.request.question))

        def offered(question: str, document_id: str, chosen: Collection[str]) -> bool:
            mine = self.retriever.vector(self.lexicon.expanded(question))
            for other in (*asked, *chosen):
                if float(mine @ self.retriever.vector(self.lexicon.expanded(other))) >= ALIKE:
                    return False
            alone = standalone(question, history, self.lexicon)
            return all(self._answers(text, document_id, way.request) for text in dict.fromkeys((question, alone)))

        candidates = self._suggester.candidates(kind, way.subject, way.evidence, citations)
        return chosen_of(candidates, offered)

    def _answers(self, question: str, document_id: str, request: Request) -> bool:
        """Whether a question would be answered, from the register or from that document."""
        generation = self.retriever.generation.manifest.id
        documents = self._found_for(generation, question, request.country, request.audience, request.as_of)
        return bool(documents) and (not document_id or document_id in documents or REGISTER in documents)

    def _find(self, generation: str, question: str, country: str, audience: Audience, as_of: date) -> frozenset[str]:
        """The documents that a question is answered from; none where it would not be answered."""
        way = self._triage(Way(Request(question, (), country, audience, as_of)))
        if way.triage.verdict != "answer":
            return frozenset()
        way = self._enough(self._retrieve(self._followup(way), FIRST_FOUND))
        if not way.enough or way.evidence is None:
            return frozenset()
        found = {passage.document_id for passage in way.evidence.passages}
        return frozenset(found | ({REGISTER} if way.status else set()))

    def _answerers(self, way: Way) -> list[Answerer]:
        """The ways to draft, in the order in which they are tried."""
        if self._model is not None and way.triage.verdict == "answer":
            return [Prepared(way.status, self._model), Prepared(way.status, self._extractive)]
        return [Prepared(way.status, self._extractive)]


def _stage(name: str, work: Callable[[Way], Way]) -> Runnable[Way | Event, Way | Event]:
    """A stage of the chain: it says that it begins, then does its work. What is no way, or an emergency, passes."""

    def timed(way: Way) -> Way:
        start = time.perf_counter()
        way = work(way)
        way.timings_ms[name] = (time.perf_counter() - start) * 1000
        return way

    def run(steps: Iterator[Way | Event]) -> Iterator[Way | Event]:
        for step in steps:
            if isinstance(step, Way) and step.triage.verdict != "emergency":
                yield Stage(name)
                yield timed(step)
            else:
                yield step

    async def arun(steps: AsyncIterator[Way | Event]) -> AsyncIterator[Way | Event]:
        async for step in steps:
            if isinstance(step, Way) and step.triage.verdict != "emergency":
                yield Stage(name)
                yield await run_in_executor(None, timed, step)
            else:
                yield step

    return RunnableGenerator(run, arun, name=name)


def open_assistant(settings: Settings) -> Assistant:
    """An assistant over the index that the settings name, with the model that they name, if any.

    Raises:
        ModelUnavailable, EmbedderUnavailable, TableFault: a part cannot be loaded.
    """
    model = open_model(settings) if settings.model else None
    return Assistant(settings, load_knowledge(), TextEmbedder(settings.embedder), model=model)
