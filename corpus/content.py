"""What a reader finds in a file: the words, where their parts are, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.plaintext import Block, Section, blocks_of_text, sections_of


@dataclass(frozen=True, slots=True)
class Publication:
    """Where and when a document was published, as its own file says.

    `issued` is `2019`, `2019-06` or `2019-06-02`. `retracts` are the identifiers (DOI, PMCID, PMID) of the articles
    that a retraction notice takes back.
    """

    publisher: str = ""
    url: str = ""
    issued: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    retracted: bool = False
    retracts: tuple[str, ...] = ()

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Its DOI, PMCID and PMID, those that it has."""
        return tuple(name for name in (self.doi, self.pmcid, self.pmid) if name)


@dataclass(frozen=True, slots=True)
class Content:
    """One document's worth of a file. `name` is its id and `line` its line, where a file holds many documents."""

    text: str
    title: str = ""
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    page_starts: tuple[int, ...] = ()
    evidence: str = "unspecified"
    publication: Publication | None = None
    name: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a row of one, that cannot be used. `name` is the row's id, where that could be read."""

    message: str
    line: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a paragraph or an item (of a list, or a row of a table), its words on one line."""

    words: str
    heading: bool = False
    item: bool = False


def content_of_text(text: str, title: str = "", **more: Any) -> Content:
    """A plain text, its headings and paragraphs found by how they look."""
    return _content(text, blocks_of_text(text), title, more)


def content_of_blocks(text: str, blocks: Iterable[Block], title: str = "", **more: Any) -> Content:
    """A text whose blocks, headings among them, are known."""
    return _content(text, list(blocks), title, more)


def content_of_pieces(pieces: Iterable[Piece], title: str = "", **more: Any) -> Content:
    """Pieces one after the other: a blank line between them, but items close together."""
    text = ""
    blocks: list[Block] = []
    for piece in pieces:
        words = " ".join(piece.words.split())
        if words:
            close = piece.item and blocks and not blocks[-1].heading
            text += ("\n" if close else "\n\n") if text else ""
            blocks.append(Block(len(text), len(text) + len(words), piece.heading))
            text += words
    return _content(text, blocks, title, more)


def _content(text: str, blocks: list[Block], title: str, more: dict[str, Any]) -> Content:
    body = tuple(block for block in blocks if not block.heading)
    return Content(text=text, title=title, sections=sections_of(text, blocks), blocks=body, **more)


_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


def raised(words: str) -> str:
    """Superscript in plain text: 10 to the 6th becomes `10⁶`, not `106`. What is no number stays, as in `CD8+`."""
    number = any(character.isdecimal() for character in words) and all(ord(c) in _RAISED for c in words.strip())
    return words.translate(_RAISED) if number else words
