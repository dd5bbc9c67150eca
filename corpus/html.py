"""HTML into plain text, by `lxml` and `inscriptis`."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from inscriptis import get_annotated_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import html
from lxml.etree import ParserError

from corpus.content import raised
from corpus.plaintext import Block

_NOT_CONTENT = ("script", "style", "noscript", "template", "nav", "aside", "form", "svg", "iframe")
_PAGE_FURNITURE = ("header", "footer")
"""Not content where they stand directly in the page; in an article they hold its title or its date."""
_CHARSET = re.compile(rb"""(?:<meta[^>]+charset|<\?xml[^>]+encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The readable text of a page, its title and its blocks."""

    title: str
    text: str
    blocks: list[Block]


def declared_encoding(data: bytes) -> str:
    """The encoding that a page names in its head; empty if none, or one that Python does not know.

    Latin-1 is read as its superset Windows-1252, as browsers do.
    """
    match = _CHARSET.search(data[:2048])
    name = match[1].decode().lower() if match else ""
    try:
        known = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    return "cp1252" if known in ("iso8859-1", "ascii") else known


def text_of_html(source: str) -> HtmlText:
    """The words of a page, in order, without navigation, scripts and forms; empty where there are none."""
    if not source.strip():
        return HtmlText("", "", [])
    try:
        root = html.document_fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except ParserError:  # nothing but comments
        return HtmlText("", "", [])
    title = " ".join((root.findtext(".//title") or "").split())
    for element in list(root.iter(*_NOT_CONTENT)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter(*_PAGE_FURNITURE)):
        if element.getparent() is not None and element.getparent().tag == "body":
            element.drop_tree()
    for element in root.iter("sup"):
        element.text = raised(element.text or "")
    config = ParserConfig(css=CSS_PROFILES["strict"], annotation_rules={tag: ["heading"] for tag in _HEADINGS})
    rendered = get_annotated_text(html.tostring(root, encoding="unicode"), config)
    headings = {_trim(rendered["text"], start, end) for start, end, _ in rendered["label"]}
    return _tidy(title, rendered["text"], headings)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, start + len(inner.strip())


def _tidy(title: str, rendered: str, headings: set[tuple[int, int]]) -> HtmlText:
    """One line a block, blank lines around headings; inscriptis renders each block on a line of its own."""
    text = ""
    blocks = []
    position = 0
    for line in rendered.split("\n"):
        start, end = _trim(rendered, position, position + len(line))
        position += len(line) + 1
        words = " ".join(line.split()).removeprefix("* ")
        if words:
            text += "\n\n" if text else ""
            blocks.append(Block(len(text), len(text) + len(words), (start, end) in headings))
            text += words
    return HtmlText(title, text, blocks)
