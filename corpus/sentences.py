"""Sentence boundaries, by the `sentencex` library."""

from __future__ import annotations

from sentencex import segment

Span = tuple[int, int]


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans (start, end) of the sentences of `text[start:end]`, without surrounding white space.

    Offsets refer to the whole of `text`. Line breaks inside the range count as spaces, so that a
    hard-wrapped sentence stays one sentence.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    position = start
    for piece in segment("en", text[start:end].replace("\n", " ")):
        stripped = piece.strip()
        if stripped:
            first = position + piece.index(stripped[0])
            spans.append((first, first + len(stripped)))
        position += len(piece)
    return spans
