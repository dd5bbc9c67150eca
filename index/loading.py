"""What a build indexes: files that are read anew, and documents that are taken over unread because nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.documents import READING_VERSION, Document, Reading, content_hash, read_all, slug
from corpus.encoding import printable
from corpus.files import RealPaths, files_below, is_folder
from corpus.locations import DOCUMENTS_DIR
from index.manifest import IndexedDocument
from index.packed import NEW
from index.store import DOCUMENT, Generation


@dataclass(frozen=True, slots=True)
class Item:
    """A document on its way into the index: `document`, or unread the one in place `before` of the previous one.

    `in_part` says that something else in its file could not be read.
    """

    id: str
    own_id: str
    path: str
    content_hash: str
    from_file: bool
    in_part: bool = False
    document: Document | None = None
    before: int = NEW


@dataclass(frozen=True, slots=True)
class Loaded:
    """What there is to index, what cannot be read, and what is kept of it from the last build."""

    items: tuple[Item, ...]
    failures: tuple[str, ...]
    kept: tuple[str, ...]


class Loader:
    """Finds documents, and tells by content which of them the previous generation holds already."""

    def __init__(self, previous: Generation | None) -> None:
        self._previous = previous
        self._listing: Sequence[IndexedDocument] = previous.listing if previous else ()
        self._places: dict[str, list[int]] = {}
        for place, listed in enumerate(self._listing):
            path = listed.path if listed.from_file else f"{listed.path}#{listed.id}"
            self._places.setdefault(path, []).append(place)

    def load(self, paths: Sequence[Path], given: Sequence[Document], register: Sequence[Document] | None) -> Loaded:
        """The documents at hand, those of files and folders, and, where there is a register, the bundled corpus and it.

        The register's documents keep their ids whatever others are called.
        """
        failures: list[str] = []
        kept: list[str] = []
        taken = {document.id for document in (*given, *(register or ()))}
        items = [self._given(document) for document in given]
        absolute = [path.absolute() for path in paths]
        roots = [(path, path if is_folder(path) else path.parent) for path in absolute]
        if register is not None:
            roots.append((DOCUMENTS_DIR, DOCUMENTS_DIR))
        seen: set[str] = set()
        real_path = RealPaths()
        for path, root in roots:
            for file in files_below(path):
                real = real_path(file)
                if real in seen:
                    continue
                seen.add(real)
                unchanged = self._unchanged(file)
                reading = Reading(()) if unchanged else read_all(file)
                failures += [failure.message for failure in reading.failures]
                held = self._held(file, reading)
                kept += [printable(self._document(place).place) for place in held]
                in_part = bool(reading.failures)
                items += [self._read(document, root, taken, in_part) for document in reading.documents]
                items += [self._taken_over(place, root, taken) for place in (*unchanged, *held)]
        items += [self._given(document) for document in register or ()]
        return Loaded(tuple(items), tuple(failures), tuple(kept))

    def document(self, item: Item) -> Document:
        """The document of an item; read from the previous generation where it was taken over unread."""
        return item.document or replace(self._document(item.before), id=item.id)

    def _unchanged(self, file: Path) -> Sequence[int]:
        """The places of a file's documents in the previous generation, if all of it was read and its bytes are same."""
        places = self._places.get(str(file), ())
        if not (self._previous and places and self._previous.manifest.reading_version == READING_VERSION):
            return ()
        listed = [self._listing[place] for place in places]
        if any(one.in_part for one in listed):
            return ()
        try:
            digest = content_hash(file.read_bytes())
        except OSError:  # `read_all` says what is wrong with it
            return ()
        return places if all(one.content_hash == digest for one in listed) else ()

    def _held(self, file: Path, reading: Reading) -> list[int]:
        """The places of what the last build held of a file, or of its rows, that cannot be read now.

        A row is known by its id, or else by its line, unless what stood there now stands elsewhere in the file.
        """
        if not reading.failures:
            return []
        files = (place for place, listed in enumerate(self._listing) if listed.from_file)
        old = [place for place in files if Path(self._listing[place].path).is_relative_to(file)]
        if not reading.documents and any(failure.line is None for failure in reading.failures):
            return old
        ids, texts = {d.id for d in reading.documents}, {d.text for d in reading.documents}
        names = {failure.name for failure in reading.failures if failure.name}
        lines = {failure.line for failure in reading.failures if not failure.name}
        return [
            place
            for place, document in ((place, self._document(place)) for place in old)
            if document.id not in ids
            and document.text not in texts
            and (document.id in names or document.line in lines)
        ]

    def _read(self, found: Document, root: Path, taken: set[str], in_part: bool) -> Item:
        """A document that was read, under an id that no other one has."""
        document = _unique(found, root, taken)
        return Item(document.id, found.id, found.path, found.content_hash, True, in_part, document)

    def _taken_over(self, place: int, root: Path, taken: set[str]) -> Item:
        """A document of the previous generation; under another id if its own is taken now."""
        listed = self._listing[place]
        identity = _unique(Document(listed.own_id, "", "", path=listed.path), root, taken).id
        item = Item(identity, listed.own_id, listed.path, listed.content_hash, True, listed.in_part, before=place)
        return item if identity == listed.id else replace(item, document=self.document(item), before=NEW)

    def _given(self, document: Document) -> Item:
        """A document that is no file; it is the previous generation's if nothing in it has changed."""
        digest = content_hash(DOCUMENT.dump_json(document))
        places = self._places.get(f"{document.path}#{document.id}", ())
        same = [place for place in places if self._listing[place].content_hash == digest]
        item = Item(document.id, document.id, document.path, digest, False)
        return replace(item, before=same[0]) if same else replace(item, document=document)

    def _document(self, place: int) -> Document:
        if self._previous is None:
            raise IndexError(place)
        return self._previous.contents.documents[place]


def _unique(document: Document, root: Path, taken: set[str]) -> Document:
    """The document under an id that no other one has: its own, or one made from its path."""
    identity = document.id
    if identity in taken:
        path = Path(document.path)
        inside = path.relative_to(root) if path.is_relative_to(root) else path
        identity = slug(str(inside.with_suffix("")))
    number = 2
    base = identity
    while identity in taken:
        identity, number = f"{base}-{number}", number + 1
    taken.add(identity)
    return document if identity == document.id else replace(document, id=identity)
