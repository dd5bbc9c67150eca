"""`python -m corpus`: checks the corpus."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from corpus.check import check
from corpus.console import run
from corpus.locations import CORPUS_DIR

app = typer.Typer(help="The corpus: documents and tables.", no_args_is_help=True, add_completion=False)


@app.callback()
def main() -> None:
    """The corpus: documents and tables."""


@app.command("check")
def check_command(
    corpus: Annotated[Path, typer.Option(help="The folder of the corpus.")] = CORPUS_DIR,
    as_of: Annotated[str | None, typer.Option(help="The day to check review dates against, YYYY-MM-DD.")] = None,
) -> None:
    """Print every fault with file and line, then what the corpus holds; exit 1 if there is a fault."""
    try:
        today = date.fromisoformat(as_of) if as_of else date.today()
    except ValueError:
        raise typer.BadParameter(f"'{as_of}' is not a date; write YYYY-MM-DD.", param_hint="--as-of") from None
    checked = check(corpus, today)
    for fault in checked.faults:
        typer.echo(str(fault))
    typer.echo(
        f"{checked.documents} documents, {checked.statements} statements, "
        f"{sum(not f.warning for f in checked.faults)} faults, {sum(f.warning for f in checked.faults)} warnings"
    )
    typer.echo("documents by topic: " + ", ".join(f"{k} {n}" for k, n in sorted(checked.topics.items())))
    typer.echo("statements by strongest evidence: " + ", ".join(f"{k} {n}" for k, n in checked.grades.items()))
    typer.echo(f"statements on a primary source: {checked.primary_share:.1%}")
    if checked.failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    run(app)
