"""Fixtures that several floors use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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
