"""Runs a command and prints the seconds that it took and its peak resident size in MiB.

A script of its own, and a small one: the system counts the size of the process that starts a
command among the command's own, so that a large one cannot measure a small one.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time


def peak_mib(usage: resource.struct_rusage) -> float:
    """The peak resident size; macOS counts it in bytes, Linux in KiB."""
    return usage.ru_maxrss / 2 ** (20 if platform.system() == "Darwin" else 10)


def main() -> int:
    """The command's exit code; its output is thrown away."""
    begun = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)  # noqa: S603 (the caller's command)
    _, status, usage = os.wait4(process.pid, 0)
    print(time.perf_counter() - begun, peak_mib(usage))
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
