"""Markdown with YAML front matter, by `markdown-it-py`, into plain text with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import UnreadableDocument
from corpus.plaintext import Block, Section, sections_of
from corpus.sentences import sentence_spans

CITATION = re.compile(r"\s*\[(@[\w:.#$%&+?<>~/-]+(?:\s*;\s*@[\w:.#$%&+?<>~/-]+)*)\]")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([\w-]+)[ \t]*:")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a document with the source keys named in it, and its line in the file."""

    start: int
    end: int
    keys: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ParsedMarkdown:
    """A Markdown file: front matter, plain text, and where its parts are."""

    meta: dict[str, Any]
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    statements: tuple[Statement, ...]
    heading_lines: dict[int, int] = field(default_factory=dict)
    meta_lines: dict[str, int] = field(default_factory=dict)


def split_front_matter(raw: str, name: str) -> tuple[dict[str, Any], str, int]:
    """Front matter as a dict, the body, and the number of lines before the body.

    Raises:
        UnreadableDocument: the front matter is not a YAML mapping.
    """
    match = _FRONT_MATTER.match(raw)
    if not match:
        return {}, raw, 0
    try:
        meta = yaml.safe_load(match.group(1)) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2026-02-31
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise UnreadableDocument(f"{name}:{line}: the front matter is not valid YAML; mend it.") from error
    if not isinstance(meta, dict):
        raise UnreadableDocument(f"{name}:2: the front matter must be `name: value` lines.")
    return meta, raw[match.end() :], raw[: match.end()].count("\n")


def as_date(value: object) -> date | None:
    """The value if it is a date, the day of a date with a time, else None."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def as_ids(value: object) -> tuple[str, ...]:
    """The ids in a front-matter field: of a list, or of one name that stands alone."""
    listed = value if isinstance(value, list) else [value] if value else []
    return tuple(str(name) for name in listed)


def parse_markdown(raw: str, name: str) -> ParsedMarkdown:
    """The plain text of a Markdown file, citation keys taken out and kept beside it."""
    meta, body, skipped = split_front_matter(raw, name)
    text = ""
    blocks: list[Block] = []
    statements: list[Statement] = []
    heading_lines: dict[int, int] = {}
    for content, line, heading, item in _plain_blocks(MarkdownIt("commonmark").enable("table").parse(body)):
        clean, keys_at = _take_citations(content)
        if not clean.strip():
            continue
        text += ("\n" if item and blocks and not blocks[-1].heading else "\n\n") if text else ""
        start = len(text)
        text += clean.replace("\n", " ")
        block = Block(start, len(text), heading)
        blocks.append(block)
        first_line = line + skipped + 1
        if heading:
            heading_lines[start] = first_line
        else:
            statements += _statements(text, block, clean, keys_at, first_line)
    return ParsedMarkdown(
        meta=meta,
        text=text,
        sections=sections_of(text, blocks),
        blocks=tuple(block for block in blocks if not block.heading),
        statements=tuple(statements),
        heading_lines=heading_lines,
        meta_lines=_field_lines(raw, skipped),
    )


def _field_lines(raw: str, count: int) -> dict[str, int]:
    """The line (from 1) of each field of the front matter, which takes up the first `count` lines."""
    named = ((_FIELD.match(line), number) for number, line in enumerate(raw.split("\n")[:count], start=1))
    return {match[1]: number for match, number in named if match}


def _plain_blocks(tokens: list[Token]) -> Iterator[tuple[str, int, bool, bool]]:
    """(text, line from 0, is a heading, is a list item) for each block that holds text."""
    heading = False
    depth = row_line = 0
    cells: list[str] | None = None
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type in ("list_item_open", "list_item_close"):
            depth += 1 if token.type == "list_item_open" else -1
        elif token.type == "tr_open":
            cells, row_line = [], (token.map or [0])[0]
        elif token.type == "tr_close":
            yield " | ".join(cells or []), row_line, False, True
            cells = None
        elif token.type == "inline":
            content = _inline_text(token)
            if cells is not None:
                cells.append(content)
            else:
                yield content, (token.map or [0])[0], heading, depth > 0
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n"), (token.map or [0])[0], False, False


def _inline_text(token: Token) -> str:
    """An inline token's words, without emphasis or link marks; raw HTML is dropped."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)


def _take_citations(content: str) -> tuple[str, list[tuple[int, tuple[str, ...]]]]:
    """The text without its `[@key]` groups, and for each group its offset there and its keys."""
    clean = ""
    found: list[tuple[int, tuple[str, ...]]] = []
    last = 0
    for match in CITATION.finditer(content):
        clean += content[last : match.start()]
        keys = tuple(key.strip().lstrip("@") for key in match.group(1).split(";"))
        found.append((len(clean), keys))
        last = match.end()
    return clean + content[last:], found


def _statements(
    text: str, block: Block, clean: str, keys_at: list[tuple[int, tuple[str, ...]]], first_line: int
) -> list[Statement]:
    """The block's sentences, each with the keys that stand in it or right behind it."""
    statements = []
    previous_end = block.start - 1
    spans = sentence_spans(text, block.start, block.end)
    for number, (start, end) in enumerate(spans):
        last = number == len(spans) - 1
        limit = block.end if last else end
        keys = [k for at, group in keys_at if previous_end < at + block.start <= limit for k in group]
        line = first_line + clean[: start - block.start].count("\n")
        statements.append(Statement(start, end, tuple(dict.fromkeys(keys)), line))
        previous_end = limit
    return statements
