"""The text of a PDF's pages, by `pypdf`."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError

from corpus.errors import UnreadableDocument

_BROKEN_WORD = re.compile(r"(\w+)-\n(\w+)")


_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]|\(cid:\d+\)|/g\d+")
"""What pypdf gives for the letters of a font without a table of them."""
_UNREADABLE_SHARE = 0.1
_PAGES_TO_COMPARE = 3
_FURNITURE_LINES = 3
_DIGITS = re.compile(r"\d+")


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
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every flaw that it works around
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(f"{path}: is encrypted; save it without a password and try again.")
        pages = [_characters(page.extract_text()) for page in reader.pages]
        title = _characters(str((reader.metadata.title if reader.metadata else "") or ""))
    except DependencyError as error:  # AES, which pypdf undoes only with another package
        raise UnreadableDocument(f"{path}: is encrypted; save it without a password and try again.") from error
    except UnreadableDocument:
        raise
    except Exception as error:  # pypdf lets through whatever a broken file provokes
        why = str(error).split("\n")[0] or type(error).__name__
        raise UnreadableDocument(f"{path}: not a readable PDF ({why}); open and save it again.") from error
    if not any(page.strip() for page in pages):
        raise UnreadableDocument(f"{path}: its pages hold no text (a scan?); run text recognition on it first.")
    if sum(len(_NO_LETTERS.findall(page)) for page in pages) > _UNREADABLE_SHARE * sum(map(len, pages)):
        raise UnreadableDocument(f"{path}: its fonts do not tell which letters they show; run text recognition on it.")
    pages = without_furniture(pages)
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


def _characters(text: str) -> str:
    """The text with halves of characters joined, and those that have no other half replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def without_furniture(pages: list[str]) -> list[str]:
    """Pages without the lines that stand at the top or the foot of most of them: running titles and page numbers.

    Lines that differ only in their numbers count as the same. Fewer than three pages are left as they are, and so are
    pages that hold nothing else.
    """
    cut = pages
    for edge in (0, -1):
        for _ in range(_FURNITURE_LINES if len(pages) >= _PAGES_TO_COMPARE else 0):
            seen = Counter(_edge_line(page, edge) for page in cut if page.strip())
            line, count = seen.most_common(1)[0] if seen else ("", 0)
            if 2 * count <= len(pages):
                break
            cut = [_without_edge(page, edge) if _edge_line(page, edge) == line else page for page in cut]
    return cut if any(page.strip() for page in cut) else pages


def _edge_line(page: str, edge: int) -> str:
    """The first (0) or last (-1) line of a page that is not blank, `#` for its numbers."""
    return _DIGITS.sub("#", page.strip().split("\n")[edge].strip())


def _without_edge(page: str, edge: int) -> str:
    lines = page.strip().split("\n")
    return "\n".join(lines[1:] if edge == 0 else lines[:-1])
