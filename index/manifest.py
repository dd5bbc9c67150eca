"""What a generation was made from and with: its manifest, sealed by its own hash, and the listing of its documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from index.errors import IndexDamaged, damaged
from index.packed import dumped
from index.seals import Seal
from index.sources import Citable

FORMAT = 2
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """What is kept of a document beside its text: enough to see that it has not changed, and to take it over unread.

    `own_id` is the id before it was made unique. `content_hash` is that of the file, or that of the document itself
    where it is not `from_file`. `in_part` says that something else in its file could not be read.
    """

    id: str
    own_id: str
    path: str
    content_hash: str
    from_file: bool
    in_part: bool
    passages: int
    cited: Citable


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from and with. `documents`, `passages` and `sentences` are counts.

    `collection` is the one of a Chroma server that holds the vectors; empty where they lie in the folder.
    """

    format: int
    id: str
    created: str
    embedder: str
    dimensions: int
    passage_tokens: int
    chunking_version: int
    reading_version: int
    corpus_version: str
    documents: int
    passages: int
    sentences: int
    collection: str
    files: dict[str, Seal]


_MANIFEST = TypeAdapter(Manifest)
LISTING = TypeAdapter(tuple[IndexedDocument, ...])


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexDamaged: it is missing, unreadable, altered, or of another format.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
        fields = json.loads(data)
        found = fields["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(folder, "its manifest is missing or unreadable") from error
    if found != FORMAT:
        raise IndexDamaged(
            f"the index in {folder} has format {found}, this version reads {FORMAT}: run `python -m index build`."
        )
    try:
        stated = fields.pop("sha256")
        manifest = _MANIFEST.validate_python(fields)
    except (ValueError, KeyError) as error:
        raise damaged(folder, "its manifest is missing or unreadable") from error
    if stated != _digest(fields) or data != dumped(fields | {"sha256": stated}):
        raise damaged(folder, "manifest.json holds other bytes than were written")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a generation's manifest together with its own hash. It is the last file of a generation."""
    fields = asdict(manifest)
    (folder / MANIFEST).write_bytes(dumped(fields | {"sha256": _digest(fields)}))


def _digest(fields: object) -> str:
    return hashlib.sha256(dumped(fields)).hexdigest()
