"""The sources of an index: those that its documents name, and the documents that are their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from corpus.content import Publication
from corpus.documents import Document
from corpus.encoding import printable
from corpus.knowledge import Evidence, Source


@dataclass(frozen=True, slots=True)
class Citable:
    """What a document can be cited by: the sources that it names, or, where it names none, itself.

    `own` is the document as a source; `names` are its identifiers, `retracts` those of articles that it takes back.
    """

    keys: tuple[str, ...]
    own: Source
    names: tuple[str, ...] = ()
    retracts: tuple[str, ...] = ()


def citable(document: Document) -> Citable:
    """What a document can be cited by; its file's name stands for an address that it does not give."""
    published = document.publication or Publication()
    own = Source(
        key=document.own_key,
        title=document.title,
        publisher=published.publisher,
        url=published.url or printable(Path(document.path).name),
        issued=published.issued or (document.as_of.isoformat() if document.as_of else None),
        evidence=cast(Evidence, document.evidence),
        doi=published.doi,
        retracted=published.retracted,
    )
    return Citable(document.source_keys, own, published.identifiers, published.retracts)


def sources_of(documents: Iterable[Citable], known: dict[str, Source]) -> dict[str, Source]:
    """The sources that the documents name; one that names none, or an unknown key, is its own source.

    A document is retracted if it says so, or if a retraction notice among the documents names it.
    """
    documents = tuple(documents)
    taken_back = {name.casefold() for document in documents for name in document.retracts}
    sources: dict[str, Source] = {}
    for document in documents:
        for key in document.keys:
            sources[key] = known.get(key) or replace(document.own, key=key)
        if not document.keys:
            gone = document.own.retracted or any(name.casefold() in taken_back for name in document.names)
            sources[document.own.key] = replace(document.own, retracted=gone)
    return sources
