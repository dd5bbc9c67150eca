"""Runs a command line: an error of the project's family becomes one sentence and exit code 2."""

from __future__ import annotations

import sys

import typer

from corpus.errors import MscError


def run(app: typer.Typer) -> None:
    """Run a command line to its end; prints no traceback for an `MscError`."""
    try:
        app()
    except MscError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
