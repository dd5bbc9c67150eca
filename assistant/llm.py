"""Drafts an answer with any chat model that LangChain knows; what it writes is verified like everything else."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

from assistant import prompts
from assistant.config import Settings
from assistant.draft import DraftClaim, Evidence
from assistant.errors import ModelUnavailable
from assistant.evidence import Quote
from assistant.verify import best_sentences
from corpus.sentences import sentence_spans

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

MAX_CHARACTERS = 12_000
"""Length at which a draft that does not end is cut off: three times the longest sound answer."""
EXTRAS = ("openai", "ollama", "anthropic")
"""Providers whose package comes with an extra of `pyproject.toml`."""
_MARKERS = re.compile(r"\s*\[(\d+(?:\s*[,;]\s*\d+)*)\]")
_MARKERS_BEHIND = re.compile(r"([.!?])((?:\s*\[\d+(?:\s*[,;]\s*\d+)*\])+)")
_BEGUN = re.compile(r"[^\[\s]\S*\s")
"""The first word of a sentence: until it stands there, markers may still follow the sentence before."""
_DECORATION = re.compile(r"^(?:[-*•#>\s]+|\d+[.)]\s+)+|\*\*|__|`")


class ModelAnswerer:
    """Asks a chat model for sentences with markers, and finds the words behind each marker."""

    name = "model"

    def __init__(self, chat: BaseChatModel, model: str, deadline_s: float) -> None:
        self._chat = chat
        self.model = model
        self._deadline_s = deadline_s

    def draft(self, evidence: Evidence) -> Iterator[DraftClaim]:
        """The model's sentences as they are finished; the model is let go when nobody takes them any more.

        Raises:
            ModelUnavailable: the model failed, timed out, missed its deadline, or cannot be reached.
        """
        # Waited for on an event loop: a blocking read can be given up only once its next byte has come.
        return _iterated(self.adraft(evidence))

    async def adraft(self, evidence: Evidence) -> AsyncGenerator[DraftClaim]:
        """The model's sentences as they are finished.

        Raises:
            ModelUnavailable: the model failed, timed out, missed its deadline, or cannot be reached.
        """
        reader = _SentenceReader()
        deadline = asyncio.get_running_loop().time() + self._deadline_s
        try:
            async with aclosing(
                cast("AsyncGenerator[BaseMessageChunk]", self._chat.astream(_messages(evidence)))
            ) as chunks:
                while (chunk := await self._next(chunks, deadline)) is not None:
                    for sentence in reader.feed(chunk.text):
                        yield _claim(sentence, evidence)
                    if reader.full:
                        break
        except ModelUnavailable:
            raise
        except Exception as error:  # each provider raises its own types
            raise ModelUnavailable(_reason(error)) from error
        for sentence in reader.finish():
            yield _claim(sentence, evidence)

    async def _next(self, chunks: AsyncGenerator[BaseMessageChunk], deadline: float) -> BaseMessageChunk | None:
        """The next piece of a draft; None at its end.

        Raises:
            ModelUnavailable: the deadline has come.
        """
        try:
            async with asyncio.timeout_at(deadline) as limit:
                return await anext(chunks, None)
        except TimeoutError:
            if not limit.expired():
                raise
            raise ModelUnavailable(f"it had not finished after {self._deadline_s:g} s") from None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop on which drafts are waited for by those who have none: one a process, in a thread of its own."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="model drafts", daemon=True).start()
    return loop


def _iterated(claims: AsyncGenerator[DraftClaim]) -> Iterator[DraftClaim]:
    """What an asynchronous generator yields, for those who cannot await; it is closed when this is."""
    came: SimpleQueue[DraftClaim | None] = SimpleQueue()

    async def pump() -> None:
        try:
            async with aclosing(claims):
                async for claim in claims:
                    came.put(claim)
        finally:
            came.put(None)

    pumping = asyncio.run_coroutine_threadsafe(pump(), _loop())
    try:
        while (claim := came.get()) is not None:
            yield claim
        pumping.result()
    finally:
        pumping.cancel()


def open_model(settings: Settings) -> ModelAnswerer:
    """The answerer for `settings.model`.

    Raises:
        ModelUnavailable: the provider is unknown, its package is not installed, or its key is missing.
    """
    from httpx import AsyncClient, Limits
    from langchain.chat_models import init_chat_model

    provider = settings.model.split(":", 1)[0] if ":" in settings.model else ""
    options: dict[str, Any] = {"temperature": 0}
    if settings.model_url:
        options["base_url"] = settings.model_url
    if provider == "ollama":
        options["client_kwargs"] = {"timeout": settings.model_timeout_s}
    else:
        options |= {"timeout": settings.model_timeout_s, "max_retries": 1}
    if provider == "openai":  # a kept connection belongs to the event loop that opened it and breaks the next one
        options["http_async_client"] = AsyncClient(limits=Limits(max_keepalive_connections=0))
    if provider == "openai" and settings.model_url and not os.environ.get("OPENAI_API_KEY"):
        options["api_key"] = "none"
    try:
        return ModelAnswerer(init_chat_model(settings.model, **options), settings.model, settings.model_deadline_s)
    except ImportError as error:
        package = f"'msc-assistant[{provider}]'" if provider in EXTRAS else f"langchain-{provider or 'openai'}"
        raise ModelUnavailable(
            f"the model '{settings.model}' needs a package that is not installed: run `pip install {package}`."
        ) from error
    except Exception as error:  # each provider raises its own types
        why = str(error).split("\n")[0][:200]
        raise ModelUnavailable(
            f"the model '{settings.model}' cannot be used ({why}): set MSC_MODEL to provider:name, for instance "
            "ollama:llama3.1 or openai:gpt-4o-mini, set the provider's key, or leave MSC_MODEL unset."
        ) from error


class _SentenceReader:
    """Collects streamed text and hands out each sentence once it is complete."""

    def __init__(self) -> None:
        self._text = ""
        self._seen = 0

    @property
    def full(self) -> bool:
        """Whether the draft is longer than any sound answer."""
        return self._seen >= MAX_CHARACTERS

    def feed(self, piece: str) -> Iterator[str]:
        """The sentences that this piece completes: all but the last, which may go on."""
        self._text += piece
        self._seen += len(piece)
        if not re.search(r"[.!?\n]", self._text):
            return
        settled = _MARKERS_BEHIND.sub(r"\2\1", self._text)
        lines = settled.split("\n")
        for line in lines[:-1]:
            yield from _sentences(line)
        spans = sentence_spans(lines[-1])
        if not spans or not _BEGUN.match(lines[-1], spans[-1][0]):
            self._text = lines[-1]
            return
        for start, end in spans[:-1]:
            yield lines[-1][start:end]
        self._text = lines[-1][spans[-1][0] :]

    def finish(self) -> Iterator[str]:
        """The sentences that are left when the model has ended; one without an end is dropped."""
        settled = _MARKERS_BEHIND.sub(r"\2\1", self._text)
        for line in settled.split("\n"):
            yield from (sentence for sentence in _sentences(line) if re.search(r"[.!?][\"”’)]*$", sentence))


def _sentences(line: str) -> Iterator[str]:
    for start, end in sentence_spans(line):
        yield line[start:end]


def _claim(sentence: str, evidence: Evidence) -> DraftClaim:
    """A model's sentence without its markers, with the words of the passages that it points to."""
    numbers = [int(n) for group in _MARKERS.findall(sentence) for n in re.split(r"\s*[,;]\s*", group)]
    text = _DECORATION.sub("", _MARKERS.sub("", sentence)).strip()
    pointed = [evidence.passages[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(evidence.passages)]
    places = {(passage.document_id, passage.start) for passage in pointed}
    held = [quote for quote in evidence.quotes if (quote.document_id, quote.passage_start) in places]
    return DraftClaim(text, support(text, held))


def support(text: str, quotes: list[Quote]) -> tuple[Quote, ...]:
    """The quotes among some that together hold most of a sentence's words."""
    chosen = best_sentences(text, [quote.text for quote in quotes])
    return tuple(dict.fromkeys(quotes[number] for number, _ in chosen))


def _messages(evidence: Evidence) -> list[BaseMessage]:
    from langchain_core.messages import HumanMessage, SystemMessage

    numbered = "\n\n".join(
        prompts.PASSAGE.format(
            number=number,
            title=passage.title,
            section=passage.section,
            source=passage.sources[0].title if passage.sources else "",
            issued=(passage.sources[0].issued if passage.sources else None) or "unknown",
            evidence=passage.sources[0].evidence if passage.sources else "unspecified",
            text=passage.text,
        )
        for number, passage in enumerate(evidence.passages, start=1)
    )
    request = evidence.request
    question = prompts.QUESTION.format(
        passages=numbered,
        country=request.country,
        today=request.as_of.isoformat(),
        length=prompts.LENGTH[request.audience],
        question=evidence.subject.text,
    )
    return [SystemMessage(prompts.SYSTEM), HumanMessage(question)]


def _reason(error: Exception) -> str:
    """A provider's failure in a few words."""
    name = type(error).__name__
    status = getattr(error, "status_code", None)
    if "Timeout" in name:
        return "it did not answer in time"
    if "Connect" in name or "APIConnection" in name:
        return "its server cannot be reached"
    return (
        f"its server answered {status}"
        if status
        else f"{name}: {str(error).splitlines()[0][:120] if str(error) else 'no details'}"
    )
