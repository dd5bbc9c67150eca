"""Rows of vectors in files that are never written again: a generation shares those of the one before by hard links."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array

MOST = 32
"""Files from which a build writes all living rows into one."""
LIVING = 0.5
"""The share of rows still in use below which it does so as well."""


class Segments:
    """The rows of the files of a folder one after the other, in order of the files' names; read as they are asked for.

    Rows of passages that are gone stay among them until the files are written into one.
    """

    def __init__(self, folder: Path) -> None:
        """Open the files.

        Raises:
            OSError, ValueError: one is missing or broken.
        """
        self.files = sorted(folder.iterdir())
        self._parts: Sequence[NDArray[np.float16]] = [open_array(file) for file in self.files]
        self._ends = np.cumsum([0, *(len(part) for part in self._parts)])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, rows: slice) -> NDArray[np.float16]:
        """The vectors of rows that follow each other."""
        first, last, _ = rows.indices(len(self))
        found = [
            part[max(0, first - start) : max(0, last - start)]
            for part, start in zip(self._parts, self._ends.tolist(), strict=False)
            if start < last and first < start + len(part)
        ]
        return found[0] if len(found) == 1 else np.concatenate([part[:0] for part in self._parts[:1]] + found)

    def worn(self, living: int) -> bool:
        """Whether so many files, or so few living rows, are left that all had better be written into one."""
        return len(self.files) >= MOST or living < LIVING * len(self)

    def share(self, folder: Path) -> None:
        """Put the files into another folder, without copying them where the file system can do that."""
        for file in self.files:
            try:
                os.link(file, folder / file.name)
            except OSError:  # no hard links there; a copy serves as well
                shutil.copyfile(file, folder / file.name)


def next_segment(folder: Path) -> Path:
    """The file in a folder for rows that come after all that are there."""
    return folder / f"{len(list(folder.iterdir())) + 1:04}.npy"
