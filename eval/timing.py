"""How long a call or a command takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from eval import spawned


def seconds(function: Callable[..., Any], *arguments: Any) -> float:
    """The seconds that a call takes."""
    begun = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begun


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Seconds that a command takes from start to end, and its peak memory in MiB.

    Raises:
        CalledProcessError: it failed.
    """
    whole = [sys.executable, spawned.__file__, *command]
    done = subprocess.run(whole, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own command)
    took, peak = map(float, done.stdout.split())
    return took, peak
