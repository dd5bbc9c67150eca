"""What a document is: its text, where its parts lie, and what is known about it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

from corpus.content import Publication
from corpus.plaintext import Block, Section


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """The sources named for one stretch of a document's text."""

    start: int
    end: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    `text` is normalised and free of citation keys; every offset refers to it. `blocks` are the
    paragraphs and list items that hold sentences (headings are not among them). `caveats` are ids
    of caveats that an answer resting on this document needs. `page_starts[i]` is the offset at which
    page i + 1 starts, for paged files. `publication` is what the file says of where it was published.
    `line` is where the document starts in a file that holds many. `content_hash` is of the whole file.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    topic: str = "other"
    evidence: str = "unspecified"
    as_of: date | None = None
    review_by: date | None = None
    conditions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    source_spans: tuple[SourceSpan, ...] = ()
    path: str = ""
    page_starts: tuple[int, ...] = ()
    publication: Publication | None = None
    line: int | None = None
    content_hash: str = field(default="", compare=False)

    @property
    def source_keys(self) -> tuple[str, ...]:
        """Keys of the sources that the document names, in order of first use; empty if it names none."""
        return tuple(dict.fromkeys(key for span in self.source_spans for key in span.keys))

    def page_of(self, offset: int) -> int | None:
        """The page (from 1) that holds `offset`; None where the file has no pages."""
        if not self.page_starts:
            return None
        return sum(start <= offset for start in self.page_starts) or 1

    def section_at(self, offset: int) -> str:
        """The title of the section that holds `offset`; empty before the first heading."""
        held = [section for section in self.sections if section.start <= offset < section.end]
        return held[-1].title if held else ""

    @property
    def place(self) -> str:
        """Where it stands: its file, with the line in one that holds many documents."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def own_key(self) -> str:
        """The key of the source that a document which names none is for itself."""
        return f"file:{self.id}"

    def keys_within(self, start: int, end: int) -> tuple[str, ...]:
        """Keys of the sources named for text that overlaps `start:end`; the document itself if it names none at all."""
        if not self.source_spans:
            return (self.own_key,)
        keys = (k for span in self.source_spans if span.start < end and start < span.end for k in span.keys)
        return tuple(dict.fromkeys(keys))


def slug(name: str) -> str:
    """A name in lower case with everything but letters and digits turned into single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "document"


def content_hash(data: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
