"""Building blocks of the page's HTML. What comes from outside passes through `Markup.format`, which escapes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from corpus.knowledge import Source
from corpus.register import day

NOTHING = Markup("")
_ADDRESS = re.compile(r"https?://[^\s<>\"'()]+[^\s<>\"'().,;:!?]")


def joined(parts: Iterable[Markup], between: Markup = NOTHING) -> Markup:
    """Pieces of HTML one after the other, empty ones left out."""
    return between.join(part for part in parts if part)


def web_address(url: str) -> str:
    """The address if a browser may open it: http or https with a host; else empty."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.hostname else ""


def file_name(address: str) -> str:
    """The bare name of a local file, whatever its folder; empty for what is no path."""
    if address.lower().startswith("file:"):
        address = unquote(urlsplit(address).path)
    elif ":" in address[2:]:
        return ""
    return PurePosixPath(PureWindowsPath(address).name).name


def shown_address(url: str) -> str:
    """What may be shown of an address: a web address whole, of a local file its name, nothing of anything else."""
    return web_address(url) or file_name(url)


def link(url: str, text: str) -> Markup:
    """A link that opens in a tab of its own; for a local file its name; the text alone for anything else."""
    address = web_address(url)
    if address:
        return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, text)
    name = file_name(url)
    return Markup("{} <span class='file'>({})</span>").format(text, name) if name else Markup("{}").format(text)


def linked(text: str) -> Markup:
    """A text of ours in which web addresses can be followed."""
    pieces, end = [], 0
    for match in _ADDRESS.finditer(text):
        pieces += [Markup("{}").format(text[end : match.start()]), link(match.group(), match.group())]
        end = match.end()
    return joined([*pieces, Markup("{}").format(text[end:])])


def publication(source: Source) -> str:
    """Publisher and date of a source in one line."""
    return ", ".join(part for part in (source.publisher, day(source.issued) if source.issued else "undated") if part)


def source_line(source: Source) -> Markup:
    """A source in one line: its title as a link, publisher and date."""
    return Markup("{}, {}").format(link(source.url, source.title), publication(source))
