"""`python -m index`: builds, inspects and searches the index."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from corpus.console import run
from corpus.encoding import printable
from corpus.knowledge import load_knowledge
from index.build import BuildReport, build
from index.config import IndexSettings
from index.embedding import TextEmbedder
from index.inspect import faults_of, status_of
from index.retriever import HybridRetriever, check_embedder
from index.serving import open_current, use

app = typer.Typer(help="The index of the corpus.", no_args_is_help=True, add_completion=False)
IndexOption = Annotated[Path | None, typer.Option("--index", help="The folder of the index.")]


def build_with_bar(
    settings: IndexSettings, paths: list[Path], *, bundled: bool | None, fresh: bool, wait: bool = False
) -> BuildReport:
    """Build the index with a progress bar on standard error."""
    knowledge = load_knowledge()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("embedding passages", total=None)
        embedder = TextEmbedder(settings.embedder)
        return build(
            settings,
            knowledge,
            embedder,
            paths,
            bundled=bundled,
            fresh=fresh,
            wait=wait,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            waiting=lambda running: bar.console.print(f"{running}: waiting for it", soft_wrap=True),
        )


@app.command("build")
def build_command(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; the bundled corpus if none.")] = None,
    index: IndexOption = None,
    bundled: Annotated[bool, typer.Option("--bundled", help="Index the bundled corpus too.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Reuse nothing of the index that is there.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for a build that is running.")] = False,
) -> None:
    """Index documents; embed only what changed. Exit 1 if a document could not be read."""
    settings = IndexSettings.load(index_dir=index)
    report = build_with_bar(settings, paths or [], bundled=True if bundled else None, fresh=fresh, wait=wait)
    for failure in report.failures:
        typer.echo(f"not read: {failure}", err=True)
    for path in report.kept:
        typer.echo(f"kept: {path} keeps the passages of the last build", err=True)
    state = f"generation {report.generation}" if report.changed else "nothing changed"
    typer.echo(
        f"{settings.index_dir}: {state}, {report.documents} documents, {report.passages} passages, "
        f"{report.embedded} embedded, {len(report.failures)} not read"
    )
    if report.failures:
        raise typer.Exit(1)


@app.command("status")
def status_command(index: IndexOption = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say what the index holds and whether its documents have changed since."""
    status = status_of(IndexSettings.load(index_dir=index).index_dir)
    if as_json:
        typer.echo(json.dumps(asdict(status), indent=1))
        return
    for name, value in asdict(status).items():
        if name not in ("changed", "generations"):
            typer.echo(f"{name.replace('_', ' ')}: {value}")
    for name in status.generations:
        typer.echo(f"generation there: {name}")
    for path in status.changed:
        typer.echo(f"changed since: {printable(path)}")


@app.command("verify")
def verify_command(index: IndexOption = None) -> None:
    """Check that every file, offset, vector and source of the index fits; exit 1 if not."""
    settings = IndexSettings.load(index_dir=index)
    generation = open_current(settings.index_dir, settings.server)
    faults = faults_of(generation)
    for fault in faults:
        typer.echo(f"fault: {fault}")
    typer.echo(f"{generation.manifest.id}: {generation.manifest.passages} passages checked, {len(faults)} faults")
    if faults:
        raise typer.Exit(1)


@app.command("use")
def use_command(generation: Annotated[str, typer.Argument(help="Its name.")], index: IndexOption = None) -> None:
    """Go back, or forth, to another generation; `status` names those that are there."""
    index_dir = IndexSettings.load(index_dir=index).index_dir
    typer.echo(f"{index_dir}: generation {use(index_dir, generation)} serves now")


@app.command("search")
def search_command(
    query: str,
    k: Annotated[int, typer.Option(min=1, max=1000, help="How many passages.")] = 10,
    index: IndexOption = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print the best passages for a question."""
    if not query.strip():
        raise typer.BadParameter("the question is empty; write what to search for.")
    settings = IndexSettings.load(index_dir=index)
    check_embedder(open_current(settings.index_dir), settings.embedder)
    retriever = HybridRetriever(settings=settings, embedder=TextEmbedder(settings.embedder), k=k)
    passages = retriever.search(query)
    if as_json:
        typer.echo(json.dumps([asdict(passage) for passage in passages], indent=1))
        return
    for number, passage in enumerate(passages, start=1):
        page = f", page {passage.page}" if passage.page else ""
        typer.echo(f"{number}. {passage.score:.3f}  {passage.title} — {passage.section}{page}")
        typer.echo(f"   {passage.text}\n")


if __name__ == "__main__":
    run(app)
