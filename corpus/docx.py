"""The words of a Word document (DOCX), by `mammoth`: headings, paragraphs, lists, tables and footnotes in order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mammoth
from lxml import html

from corpus.content import Content, Piece, content_of_pieces, raised
from corpus.errors import UnreadableDocument

Element = Any
"""An element of lxml, whose classes have no types."""

MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes of all parts together, pictures among them. A part never unpacks to more than the archive says it does."""
MAX_XML = 32 * 1024 * 1024
"""Bytes of one part of XML, which takes many times as much memory as a tree; a thousand pages have about 10 MiB."""

_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol")
_BLOCKS = ("p", "br", "li", "div", "td", "th", "tr")


def text_of_docx(path: Path, data: bytes) -> Content:
    """The words of a document, without deleted ones, comments and pictures; a row of a table is one line.

    Raises:
        UnreadableDocument: the file is damaged, or would unpack to more than `MAX_UNPACKED` or `MAX_XML`.
    """
    try:
        _check_size(path, data)
        source = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=lambda image: []).value
    except (UnreadableDocument, RecursionError):
        raise
    except Exception as error:  # mammoth lets through whatever zipfile, expat and its own code raise at a broken file
        why = str(error).split("\n")[0] or type(error).__name__
        raise UnreadableDocument(f"{path}: not a readable DOCX ({why}); open and save it again.") from error
    body = html.fragment_fromstring(source, create_parent="body")
    for mark in body.xpath(".//a[starts-with(@href, '#footnote') or starts-with(@href, '#endnote')]"):
        mark.drop_tree()  # the number of a note in the text, and the arrow back from it
    pieces = list(_pieces(body))
    titles = body.xpath("./h1[@class='title']") or body.xpath("|".join(f"./{name}" for name in _HEADINGS))
    return content_of_pieces(pieces, _words(titles[0]) if titles else "")


def _check_size(path: Path, data: bytes) -> None:
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    unpacked = sum(part.file_size for part in parts)
    widest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if unpacked > MAX_UNPACKED or widest > MAX_XML:
        limit = MAX_UNPACKED if unpacked > MAX_UNPACKED else MAX_XML
        raise UnreadableDocument(f"{path}: unpacks to more than {limit >> 20} MiB; split it into smaller files.")


def _pieces(parent: Element) -> Iterator[Piece]:
    for element in parent:
        if element.tag in _HEADINGS:
            yield Piece(_words(element), heading=True)
        elif element.tag in _LISTS:
            for item in element:
                yield Piece(_words(item), item=True)
                yield from _pieces_in_item(item)
        elif element.tag == "table":
            for row in element.xpath("./tr|./thead/tr|./tbody/tr"):
                yield Piece(" | ".join(_words(cell, nested=True) for cell in row), item=True)
        else:
            yield Piece(_words(element))


def _pieces_in_item(item: Element) -> Iterator[Piece]:
    """The lists and tables that stand in an item of a list."""
    for inner in item.iterchildren(*_LISTS, "table"):
        holder = html.Element("div")
        holder.append(inner)
        yield from _pieces(holder)


def _words(element: Element, *, nested: bool = False) -> str:
    """An element's words on one line; those of lists and tables in it only where `nested` is set."""
    return " ".join("".join(_runs(element, nested)).split())


def _runs(element: Element, nested: bool) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if nested or child.tag not in (*_LISTS, "table"):
            inner = "".join(_runs(child, nested))
            yield (
                raised(inner) if child.tag == "sup" else f" {inner} " if child.tag in (*_BLOCKS, "td", "th") else inner
            )
        yield child.tail or ""
