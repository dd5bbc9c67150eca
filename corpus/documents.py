"""Reads any supported file into a `Document` whose offsets are exact."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from corpus.errors import UnreadableDocument
from corpus.markdown import parse_markdown
from corpus.plaintext import Block, Section, blocks_of_text, sections_of

MAX_BYTES = 200 * 1024 * 1024
READING_VERSION = 1
"""Raised when the same file would be read into another document; an index then reads all of its files again."""


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
    page i + 1 starts, for paged files.
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


def read(path: Path) -> Document:
    """The document in a Markdown, text, HTML or PDF file.

    Raises:
        UnreadableDocument: the file is missing, empty, too large, of an unknown kind, or damaged.
    """
    reader = READERS.get(path.suffix.lower())
    if not path.exists():
        raise UnreadableDocument(f"{path}: there is no such file or folder; check the path.")
    if reader is None:
        kinds = ", ".join(sorted(READERS))
        raise UnreadableDocument(
            f"{path}: cannot read files of the kind '{path.suffix or 'none'}'; use one of {kinds}."
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableDocument(f"{path}: larger than {MAX_BYTES >> 20} MiB; split it into smaller files.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"{path}: {error.strerror}; check the path and its permissions.") from error
    document = reader(path, data)
    if not document.blocks:
        raise UnreadableDocument(f"{path}: holds no text; remove it, or put text into it.")
    return document


def decode(path: Path, data: bytes) -> str:
    """The file's text: UTF-8, its byte order mark dropped and its line ends made `\\n`.

    Raises:
        UnreadableDocument: the bytes are not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"{path}: not UTF-8 text (byte {error.start}); save it again as UTF-8.") from error
    if "\x00" in text:
        raise UnreadableDocument(f"{path}: holds binary data, not text; check that its suffix is right.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_markdown(path: Path, data: bytes) -> Document:
    parsed = parse_markdown(decode(path, data), str(path))
    meta = parsed.meta
    first_heading = next((section.title for section in parsed.sections), "")
    return Document(
        id=str(meta.get("id") or slug(path.stem)),
        title=str(meta.get("title") or first_heading or path.name),
        text=parsed.text,
        sections=parsed.sections,
        blocks=parsed.blocks,
        topic=str(meta.get("topic") or "other"),
        as_of=as_date(meta.get("as_of")),
        review_by=as_date(meta.get("review_by")),
        conditions=as_ids(meta.get("conditions")),
        products=as_ids(meta.get("products")),
        caveats=as_ids(meta.get("caveats")),
        source_spans=tuple(SourceSpan(s.start, s.end, s.keys) for s in parsed.statements if s.keys),
        path=str(path),
        content_hash=content_hash(data),
    )


def as_date(value: object) -> date | None:
    """The value if it is a date, the day of a date with a time, else None."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def as_ids(value: object) -> tuple[str, ...]:
    """The ids in a front-matter field: of a list, or of one name that stands alone."""
    listed = value if isinstance(value, list) else [value] if value else []
    return tuple(str(name) for name in listed)


def _of_blocks(path: Path, data: bytes, text: str, title: str, **more: object) -> Document:
    blocks = blocks_of_text(text)
    return Document(
        id=slug(path.stem),
        title=title or path.name,
        text=text,
        sections=sections_of(text, blocks),
        blocks=tuple(block for block in blocks if not block.heading),
        path=str(path),
        content_hash=content_hash(data),
        **more,  # type: ignore[arg-type]
    )


def _read_text(path: Path, data: bytes) -> Document:
    return _of_blocks(path, data, decode(path, data), path.name)


def _read_html(path: Path, data: bytes) -> Document:
    from corpus.html import text_of_html

    page = text_of_html(decode(path, data))
    return Document(
        id=slug(path.stem),
        title=page.title or path.name,
        text=page.text,
        sections=sections_of(page.text, page.blocks),
        blocks=tuple(block for block in page.blocks if not block.heading),
        path=str(path),
        content_hash=content_hash(data),
    )


def _read_pdf(path: Path, data: bytes) -> Document:
    from corpus.pdf import text_of_pdf

    pages = text_of_pdf(path, data)
    return _of_blocks(path, data, pages.text, pages.title, page_starts=pages.page_starts)


READERS: dict[str, Callable[[Path, bytes], Document]] = {
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".txt": _read_text,
    ".text": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
}
