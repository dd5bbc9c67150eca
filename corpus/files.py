"""Walks files and folders: every file that can be read, each once, whatever links lead to it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from corpus.documents import READERS


def files_below(path: Path) -> list[Path]:
    """A file itself, or the files below a folder, in order of name.

    Hidden files are left out, and those of a kind that nobody reads. Links are followed, but not into a folder that
    is being walked already. Behind the files come links to files, so that whoever takes each real file once takes it
    under its own name. A folder that cannot be opened or holds nothing and a link that leads nowhere are listed too:
    reading them says why.
    """
    if not is_folder(path):
        return [path]
    found = list(_walk(path, {os.path.realpath(path)})) or [path]
    return sorted(found, key=lambda file: (os.path.islink(file), file))  # noqa: PTH114


class RealPaths:
    """Where files really lie, whatever links lead to them; each folder is looked up once."""

    def __init__(self) -> None:
        self._folders: dict[Path, str] = {}

    def __call__(self, file: Path) -> str:
        """The path of a file without any link in it."""
        if os.path.islink(file):  # noqa: PTH114
            return os.path.realpath(file)
        folder = file.parent
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], file.name)  # noqa: PTH118


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; unlike `Path.is_dir`, no error where one may not look."""
    return os.path.isdir(path)  # noqa: PTH112


def _walk(folder: Path, entered: set[str]) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if is_folder(entry):
            real = os.path.realpath(entry)
            if real not in entered and not _holds(real, folder):
                entered.add(real)
                yield from _walk(entry, entered)
        elif _wanted(entry):
            yield entry


def _holds(real: str, folder: Path) -> bool:
    """Whether a link leads up to a folder that holds the one it lies in: what it would add was not asked for."""
    return Path(os.path.realpath(folder)).is_relative_to(real)


def _wanted(entry: Path) -> bool:
    """Whether somebody reads files of its kind; what cannot be looked at may have been a folder of them."""
    suffix = entry.suffix.lower()
    try:
        return stat.S_ISREG(entry.stat().st_mode) and suffix in READERS
    except OSError:
        return suffix in READERS or not suffix
