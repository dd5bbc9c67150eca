"""The sources of an index: those that its documents name, and the documents that are their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast

from corpus.content import Publication
from corpus.documents import Document
from corpus.encoding import printable
from corpus.knowledge import Evidence, Source


def sources_of(documents: Iterable[Document], known: dict[str, Source]) -> dict[str, Source]:
    """The sources that the documents name; one that names none, or an unknown key, is its own source.

    A document is retracted if it says so, or if a retraction notice among the documents names it.
    """
    documents = tuple(documents)
    taken_back = {name.casefold() for d in documents if d.publication for name in d.publication.retracts}
    sources: dict[str, Source] = {}
    for document in documents:
        for key in document.source_keys:
            sources[key] = known.get(key) or own_source(document, key)
        if not document.source_keys:
            names = document.publication.identifiers if document.publication else ()
            own = own_source(document, document.own_key)
            gone = own.retracted or any(name.casefold() in taken_back for name in names)
            sources[document.own_key] = replace(own, retracted=gone)
    return sources


def own_source(document: Document, key: str) -> Source:
    """What a document says of itself; its file's name stands for an address that it does not give."""
    published = document.publication or Publication()
    return Source(
        key=key,
        title=document.title,
        publisher=published.publisher,
        url=published.url or printable(Path(document.path).name),
        issued=published.issued or (document.as_of.isoformat() if document.as_of else None),
        evidence=cast(Evidence, document.evidence),
        doi=published.doi,
        retracted=published.retracted,
    )
