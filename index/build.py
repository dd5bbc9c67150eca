"""Incremental, crash-safe builds: a new generation is written whole, then one pointer moves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import numpy as np

from corpus.documents import READING_VERSION, Document
from corpus.knowledge import Knowledge, Source
from corpus.register import register_documents
from index.arrays import open_array
from index.chroma import CHROMA
from index.chunking import CHUNKING_VERSION, chunk
from index.config import ChromaServer, IndexSettings
from index.embedding import Embedder
from index.errors import BuildRefused, IndexDamaged, damaged
from index.journal import Journal, drop_journal
from index.loading import Item, Loaded, Loader
from index.locks import building, unheld
from index.manifest import FORMAT, MANIFEST, IndexedDocument, Manifest, write_manifest
from index.packed import NEW
from index.passages import Chunk
from index.server import ServedChroma, collection_name, drop_collections
from index.serving import GENERATIONS, current_name, generation_names, point_to
from index.sources import Citable, citable, sources_of
from index.store import Generation
from index.writing import Draft, Writer

Progress = Callable[[int, int], None]
"""Called with the number of passages embedded so far and the number to embed."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    generation: str
    documents: int
    passages: int
    embedded: int
    changed: bool
    failures: tuple[str, ...]
    kept: tuple[str, ...]


def build(
    settings: IndexSettings,
    knowledge: Knowledge,
    embedder: Embedder,
    paths: Sequence[Path] = (),
    *,
    documents: Sequence[Document] = (),
    bundled: bool | None = None,
    fresh: bool = False,
    wait: bool = False,
    now: datetime | None = None,
    progress: Progress = lambda done, total: None,
    waiting: Callable[[str], None] = lambda running: None,
) -> BuildReport:
    """Index files and folders; the bundled corpus if none is given.

    Args:
        settings: where the index lies and how passages are cut.
        knowledge: the tables, for the sources and the approval register.
        embedder: makes the vectors.
        paths: files and folders, recursively.
        documents: documents that are at hand already, for instance the rows of a data set.
        bundled: whether the bundled corpus is indexed too; by default only where nothing else is given.
        fresh: build everything anew and reuse nothing.
        wait: wait for another build to end instead of refusing.
        now: the time written into the manifest.
        progress: told of the passages embedded.
        waiting: told which build is waited for.

    Raises:
        BuildRefused: another build runs, or no document could be read.
        IndexDamaged: the Chroma database of the index that is there is damaged, and `fresh` was not asked for.
    """
    try:
        settings.index_dir.mkdir(parents=True, exist_ok=True)
        with building(settings.index_dir, wait=wait, waiting=waiting):
            with_bundled = not (paths or documents) if bundled is None else bundled
            return _Build(settings, knowledge, embedder, progress, fresh, now or datetime.now(UTC)).run(
                paths, documents, with_bundled
            )
    except OSError as error:
        raise BuildRefused(
            f"the index in {settings.index_dir} cannot be written ({error.strerror or error}); "
            "make room and check the folder, or give another --index."
        ) from error


class _Build:
    def __init__(
        self,
        settings: IndexSettings,
        knowledge: Knowledge,
        embedder: Embedder,
        progress: Progress,
        fresh: bool,
        now: datetime,
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._embedder = embedder
        self._progress = progress
        self._now = now
        self._previous = None if fresh else self._open_previous()
        if fresh:
            drop_journal(settings.index_dir)

    def run(self, paths: Sequence[Path], given: Sequence[Document], bundled: bool) -> BuildReport:
        loader = Loader(self._previous)
        loaded = loader.load(paths, given, register_documents(self._knowledge) if bundled else None)
        if not loaded.items:
            reasons = "; ".join(loaded.failures) or "no readable file was found."
            raise BuildRefused(f"nothing to index: {reasons}")
        cited = [self._citable(item) for item in loaded.items]
        sources = sources_of(cited, self._knowledge.sources)
        previous = self._previous
        if previous is not None and self._same(previous, loaded.items, sources):
            drop_journal(self._settings.index_dir)
            return self._report(previous.manifest, loaded, embedded=0, changed=False)
        if previous is not None and not self._sound(previous):
            self._previous = None
            return self.run(paths, given, bundled)
        draft = self._draft(loader, loaded.items, cited, sources)
        if previous is not None and draft.rewrites_sentences and previous.broken_files(others=False):
            self._previous = None
            return self.run(paths, given, bundled)
        manifest, embedded = self._write(draft)
        return self._report(manifest, loaded, embedded=embedded, changed=True)

    def _open_previous(self) -> Generation | None:
        """The generation that serves, if its vectors can be reused; one with damaged files is built anew.

        Raises:
            IndexDamaged: its Chroma database is. What broke it may break the next one, and all else would
                look as if nothing had changed: whoever builds is to know, and says `--fresh`.
        """
        name = current_name(self._settings.index_dir)
        if name is None:
            return None
        try:
            previous = Generation(self._settings.index_dir / GENERATIONS / name, self._settings.server)
        except IndexDamaged:
            return None
        if previous.manifest.embedder != self._embedder.name:
            return None
        try:
            previous.check()
        except IndexDamaged as error:
            if f"{CHROMA}/" in str(error):
                raise
            return None
        return previous

    def _sound(self, previous: Generation) -> bool:
        """Whether every byte that would be copied is as it was written, and the embedder still has its dimensions.

        Raises:
            IndexDamaged: a byte of its Chroma database is not.
        """
        faults = previous.broken_files(sentences=False)
        for fault in faults:
            if fault.startswith(f"{CHROMA}/"):
                raise damaged(previous.folder, fault)
        return not faults and previous.manifest.dimensions == self._embedder.dimensions

    def _citable(self, item: Item) -> Citable:
        """What an item can be cited by; as before where it is taken over unread."""
        return citable(item.document) if item.document else self._held(item.before).cited

    def _held(self, place: int) -> IndexedDocument:
        if self._previous is None:
            raise IndexError(place)
        return self._previous.listing[place]

    def _same(self, previous: Generation, items: Sequence[Item], sources: dict[str, Source]) -> bool:
        """Whether the previous generation is what this build would write."""
        return (
            [item.before for item in items] == list(range(len(previous.listing)))
            and self._passages_hold(previous)
            and previous.contents.sources == sources
            and previous.manifest.corpus_version == self._knowledge.version
            and previous.manifest.reading_version == READING_VERSION
            and previous.manifest.collection == self._collection(previous.manifest.dimensions)
        )

    def _passages_hold(self, previous: Generation) -> bool:
        """Whether a document that has not changed would be cut as it was."""
        held = previous.manifest
        return (held.chunking_version, held.passage_tokens) == (CHUNKING_VERSION, self._settings.passage_tokens)

    def _draft(
        self, loader: Loader, items: Sequence[Item], cited: Sequence[Citable], sources: dict[str, Source]
    ) -> Draft:
        """What to take over and what to make anew; passages of an unchanged document are taken over as they are."""
        previous = self._previous
        listing: list[IndexedDocument] = []
        new_documents: list[Document] = []
        new_passages: list[Chunk] = []
        origins: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        for item, cited_by in zip(items, cited, strict=True):
            if item.document is not None:
                new_documents.append(item.document)
            if item.document is None and previous and self._passages_hold(previous):
                first, last = previous.first_passages[item.before : item.before + 2]
                origin = np.arange(first, last)
            else:
                pieces = self._cut(loader.document(item))
                new_passages += pieces
                origin = np.full(len(pieces), NEW)
            origins.append(origin)
            place = (item.id, item.own_id, item.path, item.content_hash, item.from_file, item.in_part)
            listing.append(IndexedDocument(*place, passages=len(origin), cited=cited_by))
        return Draft(
            listing=listing,
            documents=np.array([item.before for item in items], dtype=np.int64),
            new_documents=new_documents,
            passages=np.concatenate(origins),
            new_passages=new_passages,
            sources=sources,
            previous=previous,
        )

    def _cut(self, document: Document) -> list[Chunk]:
        salt = f"{self._embedder.name}/{self._embedder.dimensions}"
        return chunk(document, self._embedder.count_tokens, self._settings.passage_tokens, salt)

    def _embed(self, draft: Draft) -> tuple[Journal | None, int]:
        """Put the vectors that no generation has into the journal; returns it and how many had to be made now."""
        wanted = {p.vector_key: p for p in draft.new_passages if p.vector_key not in draft.old_rows}
        if not wanted:
            return None, 0
        journal = Journal(self._settings.index_dir, self._embedder.name, self._embedder.dimensions)
        missing = [piece for key, piece in wanted.items() if key not in journal]
        self._progress(0, len(missing))
        made = self._embedder.chunks(missing)
        for done, (piece, vectors) in enumerate(zip(missing, made, strict=True), start=1):
            journal.add(piece.vector_key, vectors)
            self._progress(done, len(missing))
        made_now = {piece.vector_key for piece in missing}
        return journal, sum(piece.vector_key in made_now for piece in draft.new_passages)

    def _write(self, draft: Draft) -> tuple[Manifest, int]:
        """Write the generation and move the pointer; returns its manifest and the number of passages embedded."""
        journal, embedded = self._embed(draft)
        dimensions = draft.previous.manifest.dimensions if draft.previous else self._embedder.dimensions
        folder = self._settings.index_dir / GENERATIONS / f"{self._now:%Y%m%dT%H%M%S%f}-{token_hex(4)}"
        collection = self._collection(dimensions)
        served = ServedChroma(self._settings.server, collection, ()) if self._settings.server else None
        Writer(folder, draft, journal, dimensions, served).write()
        manifest = self._manifest(draft, folder, dimensions)
        write_manifest(folder, manifest)
        point_to(self._settings.index_dir, manifest.id)
        if journal:
            journal.close(done=True)
        if self._previous:
            self._previous.let_go()
        prune(self._settings.index_dir, self._settings.kept_generations)
        if self._settings.server:
            _prune_server(self._settings.server, self._settings.index_dir, served)
        return manifest, embedded

    def _collection(self, dimensions: int) -> str:
        """The collection of the server that the settings name; empty for vectors in the folder."""
        if self._settings.server is None:
            return ""
        return collection_name(self._settings.index_dir, self._embedder.name, dimensions)

    def _manifest(self, draft: Draft, folder: Path, dimensions: int) -> Manifest:
        rows = open_array(folder / "rows.npy")
        return Manifest(
            format=FORMAT,
            id=folder.name,
            created=self._now.isoformat(timespec="seconds"),
            embedder=self._embedder.name,
            dimensions=dimensions,
            passage_tokens=self._settings.passage_tokens,
            chunking_version=CHUNKING_VERSION,
            reading_version=READING_VERSION,
            corpus_version=self._knowledge.version,
            documents=len(draft.listing),
            passages=len(rows),
            sentences=int(rows["sentences"].sum()),
            collection=self._collection(dimensions),
            files=draft.seals(folder),
        )

    @staticmethod
    def _report(manifest: Manifest, loaded: Loaded, *, embedded: int, changed: bool) -> BuildReport:
        return BuildReport(
            generation=manifest.id,
            documents=manifest.documents,
            passages=manifest.passages,
            embedded=embedded,
            changed=changed,
            failures=loaded.failures,
            kept=loaded.kept,
        )


def prune(index_dir: Path, kept: int) -> None:
    """Delete old generations, and the remains of killed builds.

    The newest `kept` stay, the one that serves, and every one that a reader holds.
    """
    keep = {*generation_names(index_dir)[-kept:], current_name(index_dir)}
    for folder in sorted((index_dir / GENERATIONS).iterdir()):
        if folder.name in keep:
            continue
        with unheld(folder / MANIFEST) as free:
            if free:
                shutil.rmtree(folder, ignore_errors=True)


def _prune_server(server: ChromaServer, index_dir: Path, served: ServedChroma | None) -> None:
    """Delete from the server what no generation that is left holds; nothing, if what one of them holds is not known."""
    try:
        left = [Generation(index_dir / GENERATIONS / name) for name in generation_names(index_dir)]
    except IndexDamaged:
        return
    drop_collections(server, index_dir, {generation.manifest.collection for generation in left})
    if served is not None:
        held = {identity for generation in left for identity in generation.row_of}
        served.remove(sorted(served.stored() - held))
