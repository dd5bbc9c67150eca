"""Finds paragraphs and headings in plain text, without changing a character of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEADING_WORDS = 12
HARD_WRAP_WIDTH = 100
_SENTENCE_END = re.compile(r"[.!?:;,…][\"'”’)\]]*$")
_LIST_ITEM = re.compile(r"^\s*([-*•‣]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or heading: a span of the document's text."""

    start: int
    end: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's title and the span from the heading to the next one."""

    title: str
    start: int
    end: int


def blocks_of_text(text: str) -> list[Block]:
    """Blocks of a plain text in order.

    Blank lines separate paragraphs. In a text that is not hard-wrapped every line is a paragraph
    of its own. A short line with no final punctuation, followed by text, is a heading.
    """
    paragraphs = [match.span() for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]
    if _hard_wrapped(text, paragraphs):
        spans = [piece for start, end in paragraphs for piece in _split_lists(text, start, end)]
    else:
        spans = [match.span() for match in re.finditer(r"\S[^\n]*", text)]
    trimmed = [(start, start + len(text[start:end].rstrip())) for start, end in spans]
    return [
        Block(start + _bullet(text[start:end]), end, _is_heading(text[start:end]) and number + 1 < len(trimmed))
        for number, (start, end) in enumerate(trimmed)
    ]


def _bullet(line: str) -> int:
    """The length of the mark and spaces with which a list item starts; a quote starts behind them."""
    mark = _LIST_ITEM.match(line)
    return mark.end() if mark and mark.end() < len(line) else 0


def sections_of(text: str, blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Sections opened by the heading blocks; each ends where the next begins."""
    headings = [block for block in blocks if block.heading]
    ends = [block.start for block in headings[1:]] + [len(text)]
    return tuple(
        Section(" ".join(text[block.start : block.end].split()), block.start, end)
        for block, end in zip(headings, ends, strict=False)  # with no heading there is one end too many
    )


def _hard_wrapped(text: str, paragraphs: Sequence[tuple[int, int]]) -> bool:
    """Whether lines break at a column rather than at the end of a paragraph.

    Looks at the lines that are followed by another line of the same paragraph: in a wrapped text
    they are of much the same length and mostly do not end a sentence.
    """
    inner = [line for start, end in paragraphs for line in text[start:end].split("\n")[:-1]]
    if not inner:
        return False
    unfinished = sum(not _SENTENCE_END.search(line.rstrip()) for line in inner) / len(inner)
    return median(len(line) for line in inner) <= HARD_WRAP_WIDTH and unfinished > 0.5 and len(inner) > 2


def _split_lists(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A hard-wrapped paragraph cut where its lines start list items."""
    cuts = [start]
    position = start
    for line in text[start:end].split("\n"):
        if position > start and _LIST_ITEM.match(line):
            cuts.append(position)
        position += len(line) + 1
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _is_heading(line: str) -> bool:
    words = line.split()
    if "\n" in line or not words or len(words) > HEADING_WORDS or _LIST_ITEM.match(line):
        return False
    return not _SENTENCE_END.search(line) and any(character.isalpha() for character in line)
