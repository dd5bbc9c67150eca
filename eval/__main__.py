"""`python -m eval`: measures the assistant on gold questions, and its search on data sets."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from corpus.console import run
from eval.cases import Topic, load_cases
from eval.locations import GATE_FILE, RESULTS_DIR
from eval.progress import bar
from eval.results import Results

app = typer.Typer(help="Gold cases, metrics, runs, comparison, benchmarks.", no_args_is_help=True, add_completion=False)


class Split(StrEnum):
    """Which gold cases to ask."""

    tune = "tune"
    test = "test"
    all = "all"


CasesOption = Annotated[list[Path] | None, typer.Option("--cases", help="A file of gold cases; eval/gold if none.")]
MoreCases = Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Further files, as after --cases.")]
SplitOption = Annotated[Split, typer.Option(help="The half of the cases to ask.")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="The folder of the index.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="A folder for what is written.")]


@app.command("run")
def run_command(
    more: MoreCases = None,
    cases: CasesOption = None,
    split: SplitOption = Split.all,
    only: Annotated[Topic | None, typer.Option(help="The topic to keep to.")] = None,
    index: IndexOption = None,
    out: OutOption = None,
) -> None:
    """Ask the gold questions, print the figures, write results.json and report.html. Exit 1 if a case crashed."""
    from eval.printed import print_results
    from eval.report import write_report
    from eval.results import write_results

    results = _run([*(cases or []), *(more or [])], split.value, only, index)
    folder = out or _new_folder()
    print_results(results, Console())
    typer.echo(write_results(results, folder))
    typer.echo(write_report(results, folder))
    for crashed in results.crashed:
        typer.echo(f"crashed: {crashed.place}: {crashed.case.id}: {crashed.error}", err=True)
    if results.crashed:
        raise typer.Exit(1)


@app.command("gate")
def gate_command(
    more: MoreCases = None,
    cases: CasesOption = None,
    split: SplitOption = Split.all,
    index: IndexOption = None,
    thresholds: Annotated[Path, typer.Option(help="The file of the thresholds.")] = GATE_FILE,
) -> None:
    """Ask the gold questions and hold the figures against the thresholds; exit 1 naming those missed."""
    from eval.gate import load_thresholds, verdicts

    bounds = load_thresholds(thresholds)
    judged = verdicts(_run([*(cases or []), *(more or [])], split.value, None, index), bounds)
    for verdict in judged:
        typer.echo(verdict)
    missed = [verdict.threshold.metric for verdict in judged if not verdict.passed]
    if missed:
        typer.echo(f"missed: {', '.join(missed)}; `python -m eval run` shows the cases.", err=True)
        raise typer.Exit(1)


@app.command("retrieval")
def retrieval_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A data set: corpus.jsonl, queries.jsonl, qrels/.")],
    split: Annotated[str, typer.Option(help="The file of judgements: qrels/SPLIT.tsv.")] = "test",
    index: Annotated[Path | None, typer.Option("--index", help="A folder to keep the index in for next time.")] = None,
    k: Annotated[int, typer.Option(min=10, max=1000, help="How many documents to rank.")] = 100,
    compare: Annotated[bool, typer.Option("--compare", help="Measure dense, BM25 and fixed fusions too.")] = False,
) -> None:
    """Measure search on any data set in BEIR layout."""
    from eval.beir import load_dataset
    from eval.retrieval import index_dataset, measure_search
    from index.config import IndexSettings
    from index.embedding import TextEmbedder

    dataset = load_dataset(folder, split)
    if dataset.empty:
        typer.echo(f"kept out: {dataset.empty} documents without text", err=True)
    with TemporaryDirectory(prefix="msc-retrieval-") as temporary:
        settings = IndexSettings.load(index_dir=index or Path(temporary))
        embedder = TextEmbedder(settings.embedder)
        with bar("embedding passages") as progress:
            index_dataset(dataset, settings, embedder, progress)
        with bar("searching") as progress:
            measured = measure_search(dataset, settings, embedder, k, compare, progress)
    for number, way in enumerate(measured):
        for line in way.lines():
            typer.echo(line)
        if number == 0:
            typer.echo(f"queries {len(dataset.queries)}")


@app.command("compare")
def compare_command(
    before: Annotated[Path, typer.Argument(metavar="A", help="Results of a run: results.json or its folder.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Results of another run.")],
) -> None:
    """Say what moved between two runs, how likely by chance, and which cases flipped."""
    from eval.compare import compare, print_comparison
    from eval.results import read_results

    print_comparison(compare(read_results(before), read_results(after)), Console())


@app.command("bench")
def bench_command(
    index: IndexOption = None,
    out: OutOption = None,
    passages: Annotated[int, typer.Option(min=2_000, max=200_000, help="To which a made-up library grows.")] = 10_000,
) -> None:
    """Time asking, building, searching and changing, beside the embedder and LangChain; print and write bench.json."""
    from eval.bench import run_bench, write_bench
    from eval.runner import open_with_index, settings_of

    cases = load_cases().cases
    settings = settings_of(index, model="")
    bench = run_bench(open_with_index(settings), settings, cases, passages, lambda line: typer.echo(line, err=True))
    for line in bench.lines():
        typer.echo(line)
    typer.echo(write_bench(bench, out or _new_folder()))


@app.command("claims")
def claims_command(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Claims; eval/claims if none.")] = None,
    split: SplitOption = Split.all,
    wrong: Annotated[bool, typer.Option("--wrong", help="Name the claims that are judged wrongly.")] = False,
) -> None:
    """Measure how verification tells altered claims from true ones; needs no index."""
    from assistant.verify import Verifier
    from corpus.knowledge import load_knowledge
    from corpus.lexicon import Lexicon
    from eval.claims import claim_figures, files_of, judge, load_pairs
    from eval.printed import interval, number

    judged = judge(load_pairs(files or files_of(split.value)), Verifier(Lexicon(load_knowledge())))
    for figure in claim_figures(judged):
        typer.echo(f"{figure.name:28} {number(figure.value)}  {interval(figure):16}  of {figure.cases}")
    for one in judged if wrong else ():
        if not one.right:
            typer.echo(one.line())


@app.command("redflags")
def redflags_command(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Adverts; eval/adverts if none.")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Fit anew on assistant/redflag_examples.yaml first.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="Name what is missed and what is found wrongly.")] = False,
) -> None:
    """Measure how red flags are found in advertisements; with --fit, learn first. Needs no index."""
    from assistant.redflags import RedFlags
    from corpus.knowledge import load_knowledge
    from corpus.lexicon import Lexicon
    from eval.printed import interval, number
    from eval.redflags import load_adverts, mark, redflag_figures, write_weights
    from index.embedding import TextEmbedder

    if fit:
        typer.echo(write_weights())
    knowledge = load_knowledge()
    marked = mark(load_adverts(files or []), RedFlags(knowledge, TextEmbedder()), Lexicon(knowledge))
    for figure in redflag_figures(marked):
        typer.echo(f"{figure.name:18} {number(figure.value)}  {interval(figure):16}  of {figure.cases} texts")
    for one in marked if wrong else ():
        for what, flags in (("missed", one.missed), ("wrong", one.wrong)):
            if flags:
                typer.echo(f"{one.advert.id}: {what} {', '.join(flags)}")


@app.command("triage")
def triage_command(
    messages: Annotated[Path | None, typer.Argument(metavar="FILE", help="Labelled messages to measure on.")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Fit anew on assistant/triage_examples.yaml first.")] = False,
) -> None:
    """Measure how triage tells emergencies and redirects from other questions; with --fit, learn first."""
    from eval.triage import load_examples, scores, write_weights

    if fit:
        typer.echo(write_weights())
    if messages:
        for score in scores(load_examples(messages)):
            typer.echo(score.line())
    elif not fit:
        raise typer.BadParameter("name a file of labelled messages, or give --fit.")


def _run(files: list[Path], split: str, topic: str | None, index: Path | None) -> Results:
    """The results of the cases chosen; warns of documents that the index lacks."""
    from eval.runner import open_with_index, run_cases, settings_of

    chosen = load_cases(files).chosen(split, topic)
    settings = settings_of(index)
    assistant = open_with_index(settings)
    with bar("asking questions") as progress:
        results = run_cases(assistant, settings, chosen, split, topic, progress)
    for unknown in results.setup.unknown_documents:
        typer.echo(f"warning: {unknown}", err=True)
    return results


def _new_folder() -> Path:
    return RESULTS_DIR / f"{datetime.now(UTC):%Y%m%dT%H%M%S}"


if __name__ == "__main__":
    run(app)
