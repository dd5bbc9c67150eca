"""The text of a PDF's pages, by `pypdf`."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from corpus.errors import UnreadableDocument

_BROKEN_WORD = re.compile(r"(\w+)-\n(\w+)")


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of a PDF, with the offset at which each page starts."""

    title: str
    text: str
    page_starts: tuple[int, ...]


def text_of_pdf(path: Path, data: bytes) -> PdfText:
    """The words of every page; words broken at a line's end are joined where the file also has them whole.

    Raises:
        UnreadableDocument: the file is damaged, encrypted, or its pages are pictures without text.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(f"{path}: is encrypted; save it without a password and try again.")
        pages = [page.extract_text() for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except DependencyError as error:  # AES, which pypdf undoes only with another package
        raise UnreadableDocument(f"{path}: is encrypted; save it without a password and try again.") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableDocument(f"{path}: not a readable PDF ({error}); open and save it again.") from error
    if not any(page.strip() for page in pages):
        raise UnreadableDocument(f"{path}: its pages hold no text (a scan?); run text recognition on it first.")
    whole_words = set(re.findall(r"\w+", " ".join(pages)))
    text = ""
    starts = []
    for page in pages:
        text += "\n\n" if text else ""
        starts.append(len(text))
        text += _BROKEN_WORD.sub(lambda match: _join(match, whole_words), page.strip())
    return PdfText(title.strip(), text, tuple(starts))


def _join(match: re.Match[str], whole_words: set[str]) -> str:
    left, right = match.groups()
    return left + right if left + right in whole_words else f"{left}-{right}"
