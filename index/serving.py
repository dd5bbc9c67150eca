"""Which generation of an index serves: the pointer, the finished generations, and going back to one."""

from __future__ import annotations

import os
import re
from pathlib import Path

from index.config import ChromaServer
from index.errors import GenerationUnknown, IndexDamaged, IndexMissing
from index.manifest import MANIFEST
from index.store import Generation

POINTER = "CURRENT"
GENERATIONS = "generations"
_NAME = re.compile(r"[\w-]{1,100}")


def current_name(index_dir: Path) -> str | None:
    """The name of the generation that serves; None if there is none."""
    try:
        return (index_dir / POINTER).read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexMissing(f"{index_dir} is no folder of an index ({error.strerror}); give another --index.") from error


def generation_names(index_dir: Path) -> list[str]:
    """The names of the finished generations in the folder of an index, oldest first."""
    folders = (index_dir / GENERATIONS).iterdir() if (index_dir / GENERATIONS).is_dir() else ()
    return sorted(folder.name for folder in folders if (folder / MANIFEST).exists() and _NAME.fullmatch(folder.name))


def open_current(index_dir: Path, server: ChromaServer | None = None) -> Generation:
    """The generation that serves; `server` is where the settings look for vectors.

    Raises:
        IndexMissing: nothing was built there, or a first build never finished.
        IndexDamaged: the pointer leads nowhere, or what it leads to cannot be used.
    """
    name = current_name(index_dir)
    if name is None:
        state = "holds only an unfinished build" if (index_dir / GENERATIONS).exists() else "holds no index"
        raise IndexMissing(f"{index_dir} {state}: run `python -m index build --index {index_dir}`.")
    try:
        generation = Generation(index_dir / GENERATIONS / name, server)
        generation.check()
    except IndexDamaged:
        if current_name(index_dir) != name:  # builds went on, and the one that was named has been pruned
            return open_current(index_dir, server)
        raise
    return generation


def point_to(index_dir: Path, name: str) -> None:
    """Make a generation the one that serves, in one atomic step."""
    new = index_dir / f"{POINTER}.new"
    with new.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(index_dir / POINTER)


def use(index_dir: Path, asked: str) -> str:
    """Make another generation the one that serves; returns its name.

    Args:
        index_dir: the folder of the index.
        asked: the name of a generation, or how the name of just one begins.

    Raises:
        GenerationUnknown: there is none of that name, or more than one.
        IndexDamaged: it cannot serve.
    """
    names = generation_names(index_dir)
    fitting = [name for name in names if name == asked] or [name for name in names if name.startswith(asked)]
    if len(fitting) != 1:
        there = ", ".join(fitting or names)
        which = "more than one generation" if fitting else "no generation"
        hint = f"name one of {there}" if there else "run `python -m index build`"
        raise GenerationUnknown(f"{index_dir} has {which} '{asked}': {hint}.")
    generation = Generation(index_dir / GENERATIONS / fitting[0])
    generation.check()
    point_to(index_dir, fitting[0])
    return fitting[0]
