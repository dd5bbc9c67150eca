"""The size and SHA-256 of every file of a generation, by which a lost, cut or altered one is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SMALL = 64 * 1024
"""Bytes up to which a file is hashed at every opening: among them the header by which Chroma's native code is led."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file was when it was written."""

    size: int
    sha256: str


def seals_of(folder: Path, *left_out: str) -> dict[str, Seal]:
    """The seals of all files below a folder by their paths in it, `left_out` excepted."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    names = [(file.relative_to(folder).as_posix(), file) for file in files]
    return {name: _seal(file) for name, file in names if name not in left_out}


def broken_at_a_glance(folder: Path, seals: Mapping[str, Seal]) -> Iterator[str]:
    """What can be told without reading much: missing files, other sizes, small files with other bytes."""
    for name, seal in seals.items():
        try:
            size = (folder / name).stat().st_size
            if size != seal.size:
                yield f"{name} has {size} bytes instead of {seal.size}"
            elif size <= SMALL and _seal(folder / name) != seal:
                yield f"{name} holds other bytes than were written"
        except OSError as error:
            yield _unreadable(name, error)


def broken(folder: Path, seals: Mapping[str, Seal]) -> Iterator[str]:
    """Every file that is missing, or is not byte for byte what was written."""
    for name, seal in seals.items():
        try:
            found = _seal(folder / name)
            if found.size != seal.size:
                yield f"{name} has {found.size} bytes instead of {seal.size}"
            elif found != seal:
                yield f"{name} holds other bytes than were written"
        except OSError as error:
            yield _unreadable(name, error)


def _seal(path: Path) -> Seal:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Seal(file.tell(), digest)


def _unreadable(name: str, error: OSError) -> str:
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    return f"{name} is missing" if missing else f"{name} cannot be read: {error.strerror}"
