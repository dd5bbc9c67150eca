"""Articles in JATS XML, the format of PubMed Central, by `lxml`: their words in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.entities import html5
from pathlib import Path
from typing import Any

from lxml import etree

from corpus.content import Content, Piece, content_of_pieces, raised
from corpus.errors import UnreadableDocument
from corpus.jatsmeta import evidence_of, publication_of

Element = Any
"""An element of lxml, whose classes have no types."""

_BLOCKS = frozenset(
    "abstract app app-group attrib body boxed-text caption def def-item def-list disp-quote fig fig-group floats-group "
    "fn fn-group list list-item p sec speech statement table table-wrap table-wrap-foot table-wrap-group tbody term "
    "tfoot thead title tr verse-group verse-line".split()
)
_LEFT_OUT = frozenset(
    "contrib-group graphic inline-graphic media object-id permissions ref-list supplementary-material tex-math".split()
)
_WITH_HEADING = ("abstract", "app", "boxed-text", "sec")
"""Elements whose `title` is a heading; that of a caption or a list is not."""
_NOTES = ("bibr", "fn", "table-fn", "aff", "corresp")
_NUMBER = "\x00"
"""Stands for the number of a reference; XML cannot hold the character."""
_NUMBERS = rf"\s*{_NUMBER}(?:[\s,;–—-]*{_NUMBER})*"
_REFERENCES = re.compile(rf"\s*\[{_NUMBERS}\s*\]|\s*\({_NUMBERS}\s*\)|{_NUMBERS}")
_WITH_LABEL = ("fig", "table-wrap")


def articles_of(path: Path, data: bytes) -> Iterator[Content]:
    """The articles of a file, which holds one or a set. No entity is expanded, nothing is fetched.

    Raises:
        UnreadableDocument: the file is not XML, or holds no JATS article.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(
            f"{path}: not well-formed XML ({getattr(error, 'msg', error)}); mend it, or fetch it again."
        ) from error
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    articles = [root] if root.tag == "article" else root.findall(".//article")
    if not articles:
        raise UnreadableDocument(
            f"{path}: is XML that starts with <{root.tag}>, and holds no <article> of JATS; take it out, "
            "or save its text as one of the kinds that can be read."
        )
    for article in articles:
        yield _content(article, many=len(articles) > 1)


def _content(article: Element, *, many: bool) -> Content:
    group = article.find("front/article-meta/title-group")
    parts = [] if group is None else [*group.iterchildren("article-title"), *group.iterchildren("subtitle")]
    title = _without_references(": ".join(words(part) for part in parts))
    publication = publication_of(article, title)
    return content_of_pieces(
        (replace(piece, words=_without_references(piece.words)) for piece in _article_pieces(article)),
        title,
        evidence=evidence_of(article),
        publication=publication,
        name=(publication.pmcid or "") if many else "",
        line=article.sourceline if many else None,
    )


def _article_pieces(article: Element) -> Iterator[Piece]:
    for abstract in article.findall("front/article-meta/abstract"):
        if abstract.find("title") is None:
            yield Piece("Abstract", heading=True)
        yield from _pieces(abstract)
    for part in (*article.findall("body"), *article.findall("back/app-group"), *article.findall("floats-group")):
        yield from _pieces(part)


def _without_references(text: str) -> str:
    """The text without the numbers of references and their brackets: they would look like our own citations."""
    return _REFERENCES.sub("", text)


def _pieces(element: Element, *, item: bool = False) -> Iterator[Piece]:
    """The words that stand in an element itself, cut where a block begins, and the blocks in their place."""
    held = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS:
            yield Piece("".join(held), item=item)
            held = []
            yield from _block(child, item=item)
        elif child.tag != "label":
            held.append(_inline(child))
        held.append(child.tail or "")
    yield Piece("".join(held), item=item)


def _block(block: Element, *, item: bool) -> Iterator[Piece]:
    parent = block.getparent().tag
    if block.tag == "title":
        yield Piece(words(block), heading=parent in _WITH_HEADING)
    elif block.tag == "caption":
        label = block.getparent().find("label") if parent in _WITH_LABEL else None
        yield Piece(f"{words(label)} {words(block)}" if label is not None else words(block))
    elif block.tag == "tr":
        yield Piece(" | ".join(words(cell) for cell in block), item=True)
    elif block.tag == "def-item":
        yield Piece(": ".join(words(part) for part in block), item=True)
    else:
        yield from _pieces(block, item=item or block.tag == "list-item")


def words(element: Element) -> str:
    """All words in an element, on one line."""
    return " ".join(_inner(element).split())


def _inner(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += [_inline(child), child.tail or ""]
    return "".join(parts)


def _inline(child: Element) -> str:
    """The words of an element within a line."""
    if child.tag is etree.Entity:  # of the DTD, which is not loaded; most are named as in HTML
        return html5.get(f"{child.name};") or str(child.text)
    if child.tag in _LEFT_OUT or _raised_note(child):
        return ""
    if child.tag == "xref" and child.get("ref-type") == "bibr" and not any(map(str.isalpha, words(child))):
        return _NUMBER
    if child.tag == "sup":
        return raised(_inner(child))
    return f" {_inner(child)} " if child.tag in _BLOCKS or child.tag == "break" else _inner(child)


def _raised_note(child: Element) -> bool:
    """Whether an element is the raised number of a reference or a note, which is no word: `cells` with a small 12."""
    if child.tag == "sup":
        return any(xref.get("ref-type") in _NOTES for xref in child.iterchildren("xref"))
    return child.tag == "xref" and child.get("ref-type") in _NOTES and child.find("sup") is not None
