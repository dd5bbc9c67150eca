"""Opens saved arrays, one at a time."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ONE_AT_A_TIME = Lock()


def open_array(path: Path, *, mapped: bool = True) -> NDArray[Any]:
    """The array in an `.npy` file, read from disk as it is asked for unless it is not to be `mapped`.

    NumPy reads the header with `ast.literal_eval`, and CPython 3.11 and 3.12 count how deep a syntax tree is for all
    threads together: two that do so at once end in "AST constructor recursion depth mismatch" now and then.

    Raises:
        OSError, ValueError: the file is missing or broken.
    """
    with _ONE_AT_A_TIME:
        found: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None)
    return found.view(np.ndarray)  # a slice of a `memmap` takes ten times as long
