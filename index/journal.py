"""Vectors on their way into a generation, on disk as soon as they are made: a killed build loses none of them."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import numpy as np

from index.embedding import ChunkVectors

JOURNAL = "journal"
_RECORD = struct.Struct("<20sII")
"""The vector key, the number of sentences, and the CRC-32 of the vectors that follow."""


class Journal:
    """An append-only file of vectors by their key.

    A record that was torn when the process died, and all that follows it, is dropped at opening; so is the whole
    journal of another embedder. Sentence vectors are kept as the generation keeps them, in half precision.
    """

    def __init__(self, folder: Path, embedder: str, dimensions: int) -> None:
        """Take up the journal that a killed build left in a folder, or start one."""
        self._path = folder / JOURNAL
        self._dimensions = dimensions
        self._places: dict[str, int] = {}
        head = json.dumps([embedder, dimensions]).encode() + b"\n"
        self._path.touch()
        self._file = self._path.open("r+b", buffering=0)
        if self._file.read(len(head)) == head:
            self._take_up(len(head))
        else:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(head)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> ChunkVectors:
        """The vectors under a key."""
        self._file.seek(self._places[key])
        _, sentences, _ = _RECORD.unpack(self._file.read(_RECORD.size))
        return self._vectors(self._file.read(self._length(sentences)), sentences)

    def add(self, key: str, vectors: ChunkVectors) -> None:
        """Put vectors on disk under a key of 20 letters."""
        halves = vectors.sentences.astype(np.float16)
        data = vectors.passage.astype(np.float32).tobytes() + halves.tobytes()
        place = self._file.seek(0, 2)
        self._file.write(_RECORD.pack(key.encode(), len(halves), zlib.crc32(data)) + data)
        self._places[key] = place

    def close(self, *, done: bool) -> None:
        """Close the file, and delete it where all that it holds is `done` with."""
        self._file.close()
        if done:
            self._path.unlink(missing_ok=True)

    def _take_up(self, place: int) -> None:
        """Note what each whole record holds; cut the file after the last one."""
        while len(head := self._file.read(_RECORD.size)) == _RECORD.size:
            key, sentences, crc = _RECORD.unpack(head)
            data = self._file.read(self._length(sentences))
            if len(data) < self._length(sentences) or zlib.crc32(data) != crc:
                break
            self._places[key.decode("ascii", "replace")] = place
            place = self._file.tell()
        self._file.truncate(place)

    def _length(self, sentences: int) -> int:
        return self._dimensions * (4 + 2 * sentences)

    def _vectors(self, data: bytes, sentences: int) -> ChunkVectors:
        passage = np.frombuffer(data, np.float32, self._dimensions)
        rest = np.frombuffer(data, np.float16, offset=passage.nbytes)
        return ChunkVectors(passage, rest.reshape(sentences, self._dimensions).astype(np.float32))


def drop_journal(folder: Path) -> None:
    """Forget what a killed build had embedded."""
    (folder / JOURNAL).unlink(missing_ok=True)
