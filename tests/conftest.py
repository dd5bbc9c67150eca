"""Fixtures that several floors use, and the wall between the tests and the network."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """No test reaches another machine: a connection to anything but this one raises."""

    def walled(connect: Any) -> Any:
        def guarded(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
                raise RuntimeError(f"a test tried to reach {address[0]}: tests stay on this machine")
            return connect(self, address)

        return guarded

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, walled(getattr(socket.socket, name)))
        yield


@pytest.fixture(scope="session")
def bundled_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the bundled corpus: that of `MSC_TEST_INDEX`, or one built for this run."""
    given = os.environ.get("MSC_TEST_INDEX")
    if given:
        assert (Path(given) / "CURRENT").exists(), f"MSC_TEST_INDEX={given} holds no index: build one, or unset it"
        return Path(given)
    folder = tmp_path_factory.mktemp("bundled") / "index"
    command = [sys.executable, "-m", "index", "build", "--index", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder
