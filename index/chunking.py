"""Splits documents into passages that respect sentences and headings, with exact offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from corpus.documents import Document
from corpus.sentences import sentence_spans
from index.passages import Chunk, Sentence

CHUNKING_VERSION = 2
"""Raised when the same document would be cut, or its words counted, differently; passages are then made anew."""

TokenCounter = Callable[[Sequence[str]], list[int]]


def chunk(document: Document, count_tokens: TokenCounter, target_tokens: int, vector_salt: str) -> list[Chunk]:
    """The passages of a document, in order, without overlap.

    A passage holds whole sentences of one section, up to `target_tokens` word pieces; a sentence
    longer than that is cut between words. `vector_salt` names what else the vectors depend on.
    """
    sentences = [
        piece
        for block in document.blocks
        for start, end in sentence_spans(document.text, block.start, block.end)
        for piece in _short_enough(document.text, start, end, target_tokens)
    ]
    lengths = count_tokens([document.text[start:end] for start, end in sentences])
    groups = _groups(document, sentences, lengths, target_tokens)
    return [_chunk(document, group, vector_salt) for group in groups]


def _short_enough(text: str, start: int, end: int, tokens: int) -> Iterator[tuple[int, int]]:
    """A sentence's span, cut between words into pieces that cannot exceed the budget by much."""
    widest = tokens * 6
    while end - start > widest:
        cut = text.rfind(" ", start + 1, start + widest)
        cut = cut if cut > start else start + widest
        yield start, cut
        start = cut + 1 if text[cut] == " " else cut
    if end > start:
        yield start, end


def _groups(
    document: Document, sentences: list[tuple[int, int]], lengths: list[int], target: int
) -> Iterator[list[tuple[int, int]]]:
    group: list[tuple[int, int]] = []
    held = 0
    place: tuple[str, int | None] | None = None
    for span, length in zip(sentences, lengths, strict=True):
        here = (document.section_at(span[0]), document.page_of(span[0]))
        if group and (here != place or held + length > target):
            yield group
            group, held = [], 0
        group.append(span)
        held += length
        place = here
    if group:
        yield group


def _chunk(document: Document, spans: list[tuple[int, int]], vector_salt: str) -> Chunk:
    start, end = spans[0][0], spans[-1][1]
    text = document.text[start:end]
    section = document.section_at(start)
    sentences = tuple(Sentence(s, e, document.keys_within(s, e)) for s, e in spans)
    layout = ",".join(f"{s - start}-{e - start}" for s, e in spans)
    vector_key = _digest(vector_salt, document.title, section, text, layout)
    return Chunk(
        id=_digest(document.id, str(start), vector_key),
        document_id=document.id,
        title=document.title,
        section=section,
        text=text,
        start=start,
        end=end,
        page=document.page_of(start),
        sentences=sentences,
        vector_key=vector_key,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
