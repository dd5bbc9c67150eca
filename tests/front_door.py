"""The project's command lines, run in this process as `python -m NAME …` runs them."""

from __future__ import annotations

import importlib
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from corpus.console import run


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


def command(name: str, *arguments: object) -> Finished:
    """`python -m NAME ARGUMENTS…`: its exit code and what it printed; an uncaught exception comes through."""
    app = importlib.import_module(f"{name}.__main__").app
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        patch.object(sys, "argv", [name, *map(str, arguments)]),
        patch.dict("os.environ", {"COLUMNS": "300"}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            run(app)
        except SystemExit as end:
            code = int(end.code or 0)
    return Finished(code, out.getvalue(), err.getvalue())


def write(path: Path, text: str | bytes) -> Path:
    """The path, after the text was put there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
