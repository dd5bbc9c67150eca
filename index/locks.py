"""Who builds, and who reads: one builder at a time, and no generation goes while a reader holds it."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from index.errors import BuildRefused

if sys.platform != "win32":  # there, a folder of which a file is open cannot be moved away, which is as good
    import fcntl

LOCK = "build.lock"
BUILDER = "build.json"


@contextmanager
def building(index_dir: Path, *, wait: bool, waiting: Callable[[str], None]) -> Iterator[None]:
    """Be the one that builds in a folder.

    Args:
        index_dir: the folder of the index.
        wait: whether to wait for another build to end.
        waiting: told who builds, before the wait.

    Raises:
        BuildRefused: another build is running, and `wait` is not asked for.
    """
    lock = FileLock(index_dir / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        running = f"another build is running in {index_dir}{_builder(index_dir)}"
        if not wait:
            raise BuildRefused(f"{running}: wait until it ends, or add --wait.") from None
        waiting(running)
        lock.acquire()
    try:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        said = {"pid": os.getpid(), "host": socket.gethostname(), "since": now}
        (index_dir / BUILDER).write_text(json.dumps(said), encoding="utf-8")
        yield
    finally:
        (index_dir / BUILDER).unlink(missing_ok=True)
        lock.release()


def _builder(index_dir: Path) -> str:
    """Who builds and since when, for a message; empty in the moment before it has been written."""
    try:
        said = json.loads((index_dir / BUILDER).read_bytes())
        return f" (process {said['pid']} on {said['host']}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def hold(path: Path) -> BinaryIO | None:
    """Keep a generation from being pruned as long as the returned file is open; None where it is being pruned.

    The lock is the operating system's, on the generation's manifest: it ends with the process, however that ends.

    Raises:
        OSError: the manifest cannot be opened.
    """
    file = path.open("rb")
    if sys.platform == "win32":
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    if os.fstat(file.fileno()).st_nlink == 0:  # pruned between the opening and the lock
        file.close()
        return None
    return file


@contextmanager
def unheld(path: Path) -> Iterator[bool]:
    """Whether no reader holds the generation with this manifest; none can take it meanwhile."""
    try:
        file = path.open("rb")
    except OSError:  # a build that never finished: nobody reads it
        yield True
        return
    if sys.platform == "win32":
        file.close()
        yield True
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
