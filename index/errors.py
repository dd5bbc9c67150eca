"""Errors of the index floor."""

from pathlib import Path

from corpus.errors import MscError


class IndexMissing(MscError):
    """There is no index where one was looked for, or only a half-written one."""


class IndexDamaged(MscError):
    """The index exists and cannot be used: files are missing or do not fit together."""


class EmbedderMismatch(MscError):
    """The index was built with another embedder than the one asked for."""


class EmbedderUnavailable(MscError):
    """The embedding model cannot be loaded."""


class BuildRefused(MscError):
    """A build cannot start: nothing to index, or another build is running."""


class ServerFault(MscError):
    """The Chroma server does not answer, refuses, or does not hold what the index needs."""


class VectorsElsewhere(MscError):
    """The settings look for the vectors in a Chroma server and the index has them in its folder, or the reverse."""


class GenerationUnknown(MscError):
    """A generation was asked for that is not there."""


class ConfigFault(MscError):
    """A setting is unknown or has a wrong value."""


def damaged(folder: Path, why: str) -> IndexDamaged:
    """The error for a generation, in a folder, that cannot be used."""
    return IndexDamaged(f"the index in {folder} is damaged ({why}): run `python -m index build --fresh`.")
