"""Reads any supported file into `Document`s whose offsets are exact."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpus.content import Content, Publication, Unread, content_of_blocks, content_of_text
from corpus.encoding import decode, has_half_characters, printable
from corpus.errors import UnreadableDocument
from corpus.kinds import check_kind
from corpus.markdown import as_date, as_ids, parse_markdown
from corpus.model import Document, SourceSpan, content_hash, slug
from corpus.rows import rows_of_csv, rows_of_jsonl

__all__ = ["MAX_BYTES", "READERS", "Document", "Reading", "SourceSpan", "content_hash", "read", "read_all", "slug"]

MAX_BYTES = 200 * 1024 * 1024
READING_VERSION = 1
"""Raised when the same file would be read into another document; an index then reads all of its files again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: its documents, and what of it cannot be used."""

    documents: tuple[Document, ...]
    failures: tuple[Unread, ...] = ()


Reader = Callable[[Path, bytes], Iterable[Document | Unread]]
"""Turns a file's path and bytes into its documents, and what of it cannot be used."""


def read(path: Path) -> Document:
    """The document in a file that holds one.

    Raises:
        UnreadableDocument: the file is missing, empty, too large, of an unknown kind, or damaged, or holds several.
    """
    reading = read_all(path)
    if reading.failures:
        raise UnreadableDocument(reading.failures[0].message)
    if len(reading.documents) > 1:
        raise UnreadableDocument(printable(f"{path}: holds {len(reading.documents)} documents; use `read_all`."))
    return reading.documents[0]


def read_all(path: Path) -> Reading:
    """The documents in a file, and what of it cannot be used, each with the reason."""
    try:
        data = _bytes_of(path)
        check_kind(path, data)
        found = [_usable(path, one) for one in READERS[path.suffix.lower()](path, data)] if data else []
        if not found:
            raise UnreadableDocument(f"{path}: {_NO_TEXT}")
    except UnreadableDocument as error:
        return Reading((), (Unread(printable(str(error))),))
    except RecursionError:
        return Reading((), (Unread(printable(f"{path}: is nested too deeply; save it in a simpler form.")),))
    documents = tuple(one for one in found if isinstance(one, Document))
    return Reading(documents, tuple(one for one in found if isinstance(one, Unread)))


_NO_TEXT = "holds no text; remove it, or put text into it."


def _usable(path: Path, found: Document | Unread) -> Document | Unread:
    """The document, if it has text and all of it can be stored; else the reason, on one line."""
    if isinstance(found, Unread):
        return replace(found, message=printable(found.message))
    place = f"{path}:{found.line}" if found.line else f"{path}"
    name = found.id if found.line else ""
    if not found.blocks:
        return Unread(printable(f"{place}: {_NO_TEXT}"), found.line, name)
    if has_half_characters(_stored(found)):
        return Unread(printable(f"{place}: holds half a character (a lone surrogate); mend it."), found.line, name)
    return found


def _stored(document: Document) -> str:
    """All the words that an index stores of a document."""
    published = document.publication or Publication()
    return "".join((document.id, document.title, document.text, published.publisher, published.url))


def _bytes_of(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        UnreadableDocument: it cannot be opened, is too large, or nobody reads files of its kind.
    """
    if has_half_characters(str(path)):
        raise UnreadableDocument(f"{path}: the name is not UTF-8; rename it.")
    try:
        status = path.stat()
        kinds = ", ".join(sorted(READERS))
        if stat.S_ISDIR(status.st_mode):
            next(path.iterdir(), None)  # says so if it may not be opened
            raise UnreadableDocument(f"{path}: the folder holds no file that can be read; use one of {kinds}.")
        if path.suffix.lower() not in READERS:
            kind = path.suffix or "none"
            raise UnreadableDocument(f"{path}: cannot read files of the kind '{kind}'; use one of {kinds}.")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableDocument(f"{path}: is a pipe or a device, not a file; save what it gives as a file.")
        if status.st_size > MAX_BYTES:
            raise UnreadableDocument(f"{path}: larger than {MAX_BYTES >> 20} MiB; split it into smaller files.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"{path}: {_why_shut(path, error)}") from error


def _why_shut(path: Path, error: OSError) -> str:
    """Why a file cannot be opened, and what to do."""
    if not isinstance(error, PermissionError) and path.is_symlink():
        return f"is a link to {path.readlink()}, which is not there; mend or remove it."
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder; check the path."
    return f"{error.strerror}; check the path and its permissions."


def _document(path: Path, data: bytes, found: Content) -> Document:
    """The document of what a reader found; where a file holds many, its id is the row's own or tells the line."""
    place = found.name or (f"{slug(path.stem)}-{found.line}" if found.line else slug(path.stem))
    row = f", {found.name}" if found.name else ""  # no line: a row that moved would have to be embedded again
    return Document(
        id=place,
        title=found.title or printable(f"{path.name}{row}"),
        text=found.text,
        sections=found.sections,
        blocks=found.blocks,
        evidence=found.evidence,
        as_of=_day(found.publication),
        path=str(path),
        page_starts=found.page_starts,
        publication=found.publication,
        line=found.line,
        content_hash=content_hash(data),
    )


def _markdown(path: Path, data: bytes) -> list[Document]:
    parsed = parse_markdown(decode(path, data), str(path))
    meta = parsed.meta
    first_heading = next((section.title for section in parsed.sections), "")
    document = Document(
        id=str(meta.get("id") or slug(path.stem)),
        title=str(meta.get("title") or first_heading or printable(path.name)),
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
    return [document]


def _day(publication: Publication | None) -> date | None:
    """The day of a publication, where it is known to the day."""
    issued = publication.issued if publication else None
    return date.fromisoformat(issued) if issued and len(issued) == len("2019-06-02") else None


def _text(path: Path, data: bytes) -> Content:
    return content_of_text(decode(path, data))


def _html(path: Path, data: bytes) -> Content:
    from corpus.html import declared_encoding, text_of_html

    page = text_of_html(decode(path, data, declared_encoding(data)))
    return content_of_blocks(page.text, page.blocks, page.title)


def _pdf(path: Path, data: bytes) -> Content:
    from corpus.pdf import text_of_pdf

    pages = text_of_pdf(path, data)
    return content_of_text(pages.text, pages.title, page_starts=pages.page_starts)


def _docx(path: Path, data: bytes) -> Content:
    from corpus.docx import text_of_docx

    return text_of_docx(path, data)


def _jats(path: Path, data: bytes) -> Iterable[Content | Unread]:
    from corpus.jats import articles_of

    return articles_of(path, data)


def _csv(path: Path, data: bytes) -> Iterable[Content | Unread]:
    return rows_of_csv(path, decode(path, data))


def _jsonl(path: Path, data: bytes) -> Iterable[Content | Unread]:
    return rows_of_jsonl(path, decode(path, data))


def _one(reader: Callable[[Path, bytes], Content]) -> Reader:
    """A reader of files that hold one document."""
    return lambda path, data: [_document(path, data, reader(path, data))]


def _many(reader: Callable[[Path, bytes], Iterable[Content | Unread]]) -> Reader:
    """A reader of files that may hold many."""
    return lambda path, data: [
        _document(path, data, found) if isinstance(found, Content) else found for found in reader(path, data)
    ]


READERS: dict[str, Reader] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _one(_text),
    ".text": _one(_text),
    ".html": _one(_html),
    ".htm": _one(_html),
    ".pdf": _one(_pdf),
    ".docx": _one(_docx),
    ".xml": _many(_jats),
    ".nxml": _many(_jats),
    ".csv": _many(_csv),
    ".tsv": _many(_csv),
    ".jsonl": _many(_jsonl),
    ".ndjson": _many(_jsonl),
}
"""The reader of each kind of file, by suffix."""
