"""Incremental, crash-safe builds: a new generation is written whole, then one pointer moves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from corpus.documents import Document, Reading, content_hash, read_all, slug
from corpus.encoding import printable
from corpus.files import files_below, is_folder
from corpus.knowledge import Knowledge, Source
from corpus.locations import DOCUMENTS_DIR
from corpus.register import register_documents
from index.chunking import CHUNKING_VERSION, chunk
from index.config import IndexSettings
from index.embedding import Embedder
from index.errors import BuildRefused, IndexDamaged
from index.passages import Chunk
from index.sources import sources_of
from index.store import (
    CHROMA,
    FORMAT,
    GENERATIONS,
    Contents,
    Generation,
    IndexedDocument,
    Manifest,
    current_name,
    damaged,
    open_current,
    point_to,
    write_chroma,
    write_generation,
)

KEPT_GENERATIONS = 2
"""Generations that stay on disk: the one that serves, and the one before for readers that still hold it."""

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


@dataclass(frozen=True, slots=True)
class _Loaded:
    documents: tuple[Document, ...]
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
    now: datetime | None = None,
    progress: Progress = lambda done, total: None,
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
        now: the time written into the manifest.
        progress: told of the passages embedded.

    Raises:
        BuildRefused: another build runs, or no document could be read.
        IndexDamaged: the Chroma database of the index that is there is damaged, and `fresh` was not asked for.
    """
    try:
        settings.index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.index_dir / "build.lock", timeout=0):
            with_bundled = not (paths or documents) if bundled is None else bundled
            return _Build(settings, knowledge, embedder, progress, fresh, now or datetime.now(UTC)).run(
                paths, documents, with_bundled
            )
    except Timeout:
        raise BuildRefused(f"another build is running in {settings.index_dir}; wait until it ends.") from None
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

    def run(self, paths: Sequence[Path], given: Sequence[Document], bundled: bool) -> BuildReport:
        loaded = self._load(paths, given, bundled)
        if not loaded.documents:
            reasons = "; ".join(loaded.failures) or "no readable file was found"
            raise BuildRefused(f"nothing to index: {reasons}.")
        chunks = self._chunks(loaded.documents)
        sources = sources_of(loaded.documents, self._knowledge.sources)
        previous = self._previous
        if previous is not None and self._same(previous, loaded.documents, chunks, sources):
            return self._report(previous.manifest, loaded, embedded=0, changed=False)
        contents, embedded = self._vectors(loaded.documents, chunks, sources)
        manifest = self._manifest(contents)
        self._write(manifest, contents)
        return self._report(manifest, loaded, embedded=embedded, changed=True)

    def _open_previous(self) -> Generation | None:
        """The generation that serves, if its vectors can be reused; one with damaged files is built anew.

        Raises:
            IndexDamaged: its Chroma database is. What broke it may break the next one, and all else would
                look as if nothing had changed: whoever builds is to know, and says `--fresh`.
        """
        if current_name(self._settings.index_dir) is None:
            return None
        try:
            previous = open_current(self._settings.index_dir)
            usable = (previous.manifest.embedder, previous.manifest.dimensions) == (
                self._embedder.name,
                self._embedder.dimensions,
            )
            if not (usable and previous.contents):
                return None
        except IndexDamaged:
            return None
        stored = previous.stored_in_chroma()
        if stored != previous.manifest.passages:
            raise damaged(previous.folder, f"Chroma holds {stored} passages, the files {previous.manifest.passages}")
        return previous

    def _load(self, paths: Sequence[Path], given: Sequence[Document], bundled: bool) -> _Loaded:
        documents: list[Document] = list(given)
        failures: list[str] = []
        kept: list[str] = []
        register = register_documents(self._knowledge) if bundled else []
        taken = {document.id for document in (*given, *register)}
        before = self._previous.contents.documents if self._previous else ()
        absolute = [path.absolute() for path in paths]
        roots = [(path, path if is_folder(path) else path.parent) for path in absolute]
        if bundled:
            roots.append((DOCUMENTS_DIR, DOCUMENTS_DIR))
        seen: set[str] = set()
        for path, root in roots:
            for file in files_below(path):
                real = os.path.realpath(file)
                if real in seen:
                    continue
                seen.add(real)
                reading = read_all(file)
                failures += [failure.message for failure in reading.failures]
                held = _held(file, reading, before)
                kept += [printable(document.place) for document in held]
                documents += [_unique(document, root, taken) for document in (*reading.documents, *held)]
        return _Loaded((*documents, *register), tuple(failures), tuple(kept))

    def _chunks(self, documents: Iterable[Document]) -> list[Chunk]:
        """The passages of all documents; those of an unchanged document are taken over as they are."""
        old: dict[str, list[Chunk]] = {}
        unchanged: dict[str, Document] = {}
        previous = self._previous
        if (
            previous
            and previous.manifest.chunking_version == CHUNKING_VERSION
            and (previous.manifest.passage_tokens == self._settings.passage_tokens)
        ):
            unchanged = {document.id: document for document in previous.contents.documents}
            for piece in previous.contents.chunks:
                old.setdefault(piece.document_id, []).append(piece)
        chunks: list[Chunk] = []
        salt = f"{self._embedder.name}/{self._embedder.dimensions}"
        for document in documents:
            before = unchanged.get(document.id)
            if before == document:
                chunks += old.get(document.id, [])
            else:
                chunks += chunk(document, self._embedder.count_tokens, self._settings.passage_tokens, salt)
        return chunks

    def _same(
        self,
        previous: Generation,
        documents: tuple[Document, ...],
        chunks: list[Chunk],
        sources: dict[str, Source],
    ) -> bool:
        held = previous.contents
        return (
            held.documents == documents
            and [d.content_hash for d in held.documents] == [d.content_hash for d in documents]
            and held.chunks == tuple(chunks)
            and held.sources == sources
            and previous.manifest.corpus_version == self._knowledge.version
        )

    def _vectors(
        self, documents: tuple[Document, ...], chunks: list[Chunk], sources: dict[str, Source]
    ) -> tuple[Contents, int]:
        """The new generation's contents, and how many passages had to be embedded for it."""
        reusable: dict[str, int] = {}
        if self._previous:
            reusable = {piece.vector_key: row for row, piece in enumerate(self._previous.contents.chunks)}
        passages = np.zeros((len(chunks), self._embedder.dimensions), dtype=np.float32)
        sentences: list[np.ndarray] = [np.zeros((0, self._embedder.dimensions), np.float16)] * len(chunks)
        missing = []
        for row, piece in enumerate(chunks):
            old_row = reusable.get(piece.vector_key)
            if old_row is None or self._previous is None:
                missing.append(row)
                continue
            rows = self._previous.sentence_rows
            passages[row] = self._previous.contents.vectors[old_row]
            sentences[row] = self._previous.contents.sentence_vectors[rows[old_row] : rows[old_row + 1]]
        self._progress(0, len(missing))
        made = self._embedder.chunks([chunks[row] for row in missing])
        for done, (row, vectors) in enumerate(zip(missing, made, strict=True), start=1):
            passages[row] = vectors.passage
            sentences[row] = vectors.sentences.astype(np.float16)
            self._progress(done, len(missing))
        contents = Contents(documents, tuple(chunks), sources, passages, np.concatenate(sentences))
        return contents, len(missing)

    def _manifest(self, contents: Contents) -> Manifest:
        counts: dict[str, int] = {}
        for piece in contents.chunks:
            counts[piece.document_id] = counts.get(piece.document_id, 0) + 1
        identity = content_hash("".join(c.id for c in contents.chunks).encode() + contents.vectors.tobytes())[:8]
        return Manifest(
            format=FORMAT,
            id=f"{self._now:%Y%m%dT%H%M%S%f}-{identity}",
            created=self._now.isoformat(timespec="seconds"),
            embedder=self._embedder.name,
            dimensions=self._embedder.dimensions,
            passage_tokens=self._settings.passage_tokens,
            chunking_version=CHUNKING_VERSION,
            corpus_version=self._knowledge.version,
            documents=tuple(
                IndexedDocument(d.id, d.path, d.content_hash, counts.get(d.id, 0)) for d in contents.documents
            ),
            passages=len(contents.chunks),
            sentences=len(contents.sentence_vectors),
        )

    def _write(self, manifest: Manifest, contents: Contents) -> None:
        """Write the generation, starting from a copy of the last one's Chroma, then move the pointer."""
        folder = self._settings.index_dir / GENERATIONS / manifest.id
        folder.mkdir(parents=True)
        new_ids = {piece.id for piece in contents.chunks}
        old_ids: set[str] = set()
        previous = self._previous
        if previous is not None:
            old_ids = set(previous.row_of)
            shutil.copytree(previous.folder / CHROMA, folder / CHROMA)
        added = [row for row, piece in enumerate(contents.chunks) if piece.id not in old_ids]
        write_chroma(
            folder,
            [contents.chunks[row] for row in added],
            contents.vectors[added],
            removed=(old_ids - new_ids),
            fresh=not old_ids,
        )
        write_generation(folder, manifest, contents)
        point_to(self._settings.index_dir, manifest.id)
        self._prune()

    def _prune(self) -> None:
        """Delete generations that no reader can still need, and the remains of killed builds."""
        serving = current_name(self._settings.index_dir)
        folders = sorted((self._settings.index_dir / GENERATIONS).iterdir())
        finished = [folder for folder in folders if (folder / "manifest.json").exists()]
        keep = {folder.name for folder in finished[-KEPT_GENERATIONS:]} | {serving}
        for folder in folders:
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _report(manifest: Manifest, loaded: _Loaded, *, embedded: int, changed: bool) -> BuildReport:
        return BuildReport(
            generation=manifest.id,
            documents=len(manifest.documents),
            passages=manifest.passages,
            embedded=embedded,
            changed=changed,
            failures=loaded.failures,
            kept=loaded.kept,
        )


def _held(file: Path, reading: Reading, before: Iterable[Document]) -> list[Document]:
    """What the last build held of a file, or of its rows, that cannot be read now.

    A row is known by its id, or else by its line, unless what stood there now stands elsewhere in the file.
    """
    if not reading.failures:
        return []
    old = [document for document in before if Path(document.path).is_relative_to(file)]
    if not reading.documents and any(failure.line is None for failure in reading.failures):
        return old
    ids, texts = {d.id for d in reading.documents}, {d.text for d in reading.documents}
    gone = [document for document in old if document.id not in ids and document.text not in texts]
    names = {failure.name for failure in reading.failures if failure.name}
    lines = {failure.line for failure in reading.failures if not failure.name}
    return [document for document in gone if document.id in names or document.line in lines]


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
