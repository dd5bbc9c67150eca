"""JSON lines of which each is parsed only when it is asked for, and is taken over into the next file unparsed."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from index.errors import damaged

Row = TypeVar("Row")
Ends = NDArray[np.int64]
REMEMBERED = 4096
"""Rows that stay parsed: a conversation comes back to the same few."""
NEW = -1
"""In an `origin`: a row that the previous generation does not hold."""


class Packed(Sequence[Row], Generic[Row]):
    """The rows of a file of JSON lines; line i ends at byte `ends[i]`. A line that is none raises IndexDamaged."""

    def __init__(self, path: Path, adapter: TypeAdapter[Row], ends: Ends) -> None:
        self._path = path
        self._adapter = adapter
        self._bounds = np.concatenate([[0], ends]).astype(np.int64)
        with path.open("rb") as file:  # a file of no bytes cannot be mapped
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
        self._row = lru_cache(maxsize=REMEMBERED)(self._parsed)

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self._row(row) for row in range(*place.indices(len(self)))]
        row = int(place) + len(self) if place < 0 else int(place)
        if not 0 <= row < len(self):
            raise IndexError(place)
        return self._row(row)

    def __iter__(self) -> Iterator[Row]:
        return (self._parsed(row) for row in range(len(self)))

    def raw(self, first: int, last: int) -> tuple[bytes, Ends]:
        """The lines from row `first` up to `last` as they are, and where each of them ends in that stretch."""
        start, end = self._bounds[first], self._bounds[last]
        return self._bytes[start:end], self._bounds[first + 1 : last + 1] - start

    def _parsed(self, row: int) -> Row:
        try:
            return self._adapter.validate_json(self._bytes[self._bounds[row] : self._bounds[row + 1]])
        except ValueError as error:
            raise damaged(self._path.parent, f"line {row + 1} of {self._path.name} cannot be read") from error


def stretches(origin: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """The stretches of rows that come from one place: first row, row after the last, old row of the first or `NEW`."""
    if not len(origin):
        return
    step = np.where(origin[:-1] == NEW, NEW, origin[:-1] + 1)
    cuts = (np.flatnonzero(origin[1:] != step) + 1).tolist()
    for first, last in zip([0, *cuts], [*cuts, len(origin)], strict=True):
        yield first, last, int(origin[first])


def write_packed(
    path: Path,
    adapter: TypeAdapter[Row],
    origin: NDArray[np.int64],
    old: Packed[Row] | None,
    added: Iterable[Row],
) -> Ends:
    """Write the old row that each place of `origin` names, or the next of `added`; returns where the lines end."""
    new = iter(added)
    ends: list[Ends] = [np.zeros(0, dtype=np.int64)]
    position = 0
    with path.open("wb") as file:
        for first, last, source in stretches(origin):
            if source != NEW and old is not None:
                data, inner = old.raw(source, source + last - first)
                file.write(data)
            else:
                lines = [adapter.dump_json(next(new)) + b"\n" for _ in range(first, last)]
                file.writelines(lines)
                inner = np.cumsum([len(line) for line in lines], dtype=np.int64)
            ends.append(inner + position)
            position = int(ends[-1][-1])
    return np.concatenate(ends)


def write_rows(path: Path, shape: tuple[int, ...], dtype: type, stretches: Iterable[NDArray[np.generic]]) -> None:
    """Write an array as `np.save` does, stretch by stretch, so that it need not be in memory as a whole."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for stretch in stretches:
            file.write(np.ascontiguousarray(stretch, dtype=dtype).data)


def dumped(value: object) -> bytes:
    """A value as JSON: always the same bytes for the same value, so that they can be compared."""
    return json.dumps(value, indent=1, ensure_ascii=False).encode()
