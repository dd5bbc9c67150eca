"""Tells what a file really is by its first bytes, whatever its suffix says."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from corpus.errors import UnreadableDocument

_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"{\\rtf", "RTF file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office file of the old kind, or one with a password"),
    (b"\x89PNG\r\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF87a", "GIF picture"),
    (b"GIF89a", "GIF picture"),
    (b"II*\x00", "TIFF picture"),
    (b"MM\x00*", "TIFF picture"),
    (b"\x1f\x8b\x08", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3\x00", "SQLite database"),
)
_PACKED = (
    ("word/document.xml", "DOCX"),
    ("xl/workbook.xml", "XLSX spreadsheet"),
    ("ppt/presentation.xml", "PPTX presentation"),
    ("META-INF/container.xml", "EPUB book"),
    ("content.xml", "OpenDocument file"),
)
"""What a ZIP archive is that holds a file of this name."""

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<(?:\?xml\s|!DOCTYPE\s)")
_HEAD = 1024
_SUFFIXES = {"PDF": ".pdf", "DOCX": ".docx", "HTML": ".html", "XML": ".xml", "plain text": ".txt"}
_ALLOWED = {
    ".pdf": ("PDF",),
    ".docx": ("DOCX",),
    ".html": ("HTML", "XML"),
    ".htm": ("HTML", "XML"),
    ".xml": ("XML", "HTML"),  # HTML is refused where it is parsed, with the name of its root
    ".nxml": ("XML", "HTML"),
}
_VOWELS = ("EPUB", "Office", "OpenDocument", "RTF", "XLSX")
_MUST_BE = (".pdf", ".docx")


def kind_of(data: bytes) -> str:
    """The kind of a file, such as `PDF` or `PNG picture`; empty for text and for what is not known."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return _packed(data) if kind == "ZIP archive" else kind
    head = _head(data)
    if _HTML.match(head):
        return "HTML"
    return "XML" if _XML.match(head) else ""


def check_kind(path: Path, data: bytes) -> None:
    """Refuse a file whose bytes are not of the kind that its suffix says.

    Raises:
        UnreadableDocument: it is another kind; the message names it.
    """
    suffix = path.suffix.lower()
    if suffix == ".pdf" and b"%PDF-" in data[:_HEAD]:  # some programs write a few bytes before it
        return
    kind = kind_of(data)
    if kind in _ALLOWED.get(suffix, ()) or not data or (not kind and suffix not in _MUST_BE):
        return
    if not kind:
        kind = "plain text" if _is_text(data) else "of a kind that is not known"
    wanted = _ALLOWED[suffix][0] if suffix in _ALLOWED else f"the text that '{suffix}' promises"
    advice = f"rename it to {_SUFFIXES[kind]}" if kind in _SUFFIXES else "save it as a kind that can be read"
    article = "" if kind in ("HTML", "XML", "plain text") or kind.startswith("of") else "a "
    article = "an " if kind.startswith(_VOWELS) else article
    raise UnreadableDocument(f"{path}: is {article}{kind}, not {wanted}; {advice}, or take it out.")


def _packed(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "damaged ZIP archive"
    return next((kind for name, kind in _PACKED if name in names), "ZIP archive")


def _head(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data[:_HEAD].decode(encoding, errors="replace")


def _is_text(data: bytes) -> bool:
    head = data[:_HEAD]
    return b"\x00" not in head and "\ufffd" not in head.decode("utf-8", errors="replace")[:-1]
