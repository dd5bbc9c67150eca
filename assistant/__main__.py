"""`python -m assistant`: asks questions and checks claims on the command line."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from assistant.answer import Answer, Turn
from assistant.config import Settings
from assistant.errors import BadInput
from corpus.console import run
from corpus.errors import MscError

app = typer.Typer(help="Ask about MSC therapy.", no_args_is_help=True, add_completion=False)
Row = dict[str, Any]
IndexOption = Annotated[Path | None, typer.Option("--index", help="The folder of the index.")]


@app.command("ask")
def ask_command(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    country: Annotated[str | None, typer.Option(help="US, EU, UK, JP, KR, CN, IN, CA, AU or other.")] = None,
    audience: Annotated[str, typer.Option(help="patient or clinician.")] = "patient",
    as_of: Annotated[str | None, typer.Option(help="Answer as of this day, YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    batch: Annotated[Path | None, typer.Option(help="A file of questions, one JSON object a line.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the answers of a batch go.")] = None,
    index: IndexOption = None,
) -> None:
    """Answer a question, or a file of questions."""
    from assistant.pipeline import open_assistant

    if (question is None) == (batch is None):
        raise typer.BadParameter("give a question, or --batch with a file of questions.")
    if (batch is None) != (out is None):
        raise typer.BadParameter("--batch and --out go together.")
    settings = Settings.load(index_dir=index)
    if batch is not None and out is not None:
        _ask_batch(open_assistant(settings), list(_read_lines(batch)), batch, out)
        return
    assistant = open_assistant(settings)
    answer = assistant.ask(question or "", (), country, audience, _day(as_of))
    _warn_of_stale(assistant, [answer])
    typer.echo(answer.to_json(indent=1) if as_json else render(answer))


@app.command("replay")
def replay_command(
    record: Annotated[Path, typer.Argument(help="A record that MSC_AUDIT_DIR kept.")],
    index: IndexOption = None,
) -> None:
    """Ask again what a record tells of, as of the same day, and show what differs. Nothing is recorded."""
    from assistant.pipeline import open_assistant
    from assistant.replay import differences, read_record

    asked, then = read_record(record)
    assistant = open_assistant(Settings.load(index_dir=index).model_copy(update={"audit_dir": None}))
    now = assistant.ask(asked.question, asked.history, asked.country, asked.audience, asked.as_of)
    found = list(differences(then, now))
    typer.echo("\n".join(found) if found else "Nothing differs.")


@app.command("verify")
def verify_command(
    claims: Annotated[Path, typer.Argument(help='Lines of {"claim": …, "passages": [text, …]}.')],
    out: Annotated[Path, typer.Option(help="Where the judgements go.")],
    index: IndexOption = None,
) -> None:
    """Judge whether passages support claims: lines of {"supported", "score", "reasons"}, in the same order."""
    from assistant.verify import Verifier
    from corpus.knowledge import load_knowledge
    from corpus.lexicon import Lexicon

    verifier = Verifier(Lexicon(load_knowledge()))
    judged = []
    for line, row in _read_lines(claims):
        if isinstance(row, BadInput):
            raise BadInput(f"{claims}:{line}: {row}")
        claim, passages = row.get("claim"), row.get("passages")
        if (
            not isinstance(claim, str)
            or not isinstance(passages, list)
            or not all(isinstance(p, str) for p in passages)
        ):
            raise BadInput(f'{claims}:{line}: needs "claim" (text) and "passages" (a list of texts).')
        judgement = verifier.judge_against(claim, passages)
        kept = {"id": row["id"]} if "id" in row else {}
        judged.append(
            {**kept, "supported": judgement.supported, "score": judgement.score, "reasons": list(judgement.reasons)}
        )
    with _lines_to(out) as write:
        for row in judged:
            write(row)


@app.command("check-claims")
def check_claims_command(
    file: Annotated[Path, typer.Argument(help="An advertisement, consent form or page: text, HTML, PDF or DOCX.")],
    country: Annotated[str, typer.Option(help="A country, by its code or name; the one it names most if none.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    index: IndexOption = None,
) -> None:
    """What somebody who offers treatments says, checked. Exit 1 if red flags were found."""
    from assistant.advert import read_advert
    from assistant.clinicclaims import ClinicCheck
    from assistant.printing import render_clinic_report
    from corpus.knowledge import load_knowledge
    from corpus.lexicon import Lexicon
    from index.embedding import TextEmbedder
    from index.retriever import HybridRetriever

    settings, knowledge = Settings.load(index_dir=index), load_knowledge()
    advert = read_advert(file, Lexicon(knowledge))
    retriever = HybridRetriever(settings=settings, embedder=TextEmbedder(settings.embedder))
    report = ClinicCheck(knowledge, retriever).report(advert, date.today(), country)
    typer.echo(_json(report) if as_json else render_clinic_report(report))
    if report.red_flags:
        raise typer.Exit(1)


@app.command("status")
def status_command(
    condition: Annotated[str | None, typer.Option(help="A condition, in plain words or by its id.")] = None,
    product: Annotated[str | None, typer.Option(help="A product.")] = None,
    country: Annotated[str | None, typer.Option(help="A country, by its code or name.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day asked about: YYYY-MM-DD, YYYY-MM or YYYY.")] = None,
    since: Annotated[str | None, typer.Option(help="Also what changed from this day on.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    index: IndexOption = None,
) -> None:
    """What is approved, for whom and up to when that is known, from the product table alone; needs no index."""
    from assistant.dates import between
    from assistant.overview import Overview
    from assistant.printing import render_status
    from corpus.knowledge import load_knowledge

    start, end = between(since, as_of, today=date.today())
    named = {"condition": condition, "product": product, "country": country}
    for option, value in named.items():
        if value is not None and not value.strip():
            raise BadInput(f"--{option} is empty: give a name, or leave it out.")
    given = {option: value for option, value in named.items() if value is not None}
    report = Overview(load_knowledge()).report(end, **given, since=start)
    typer.echo(_json(report) if as_json else render_status(report))


@app.command("trials")
def trials_command(
    condition: Annotated[str, typer.Option(help="A condition, in plain words or by its id.")],
    country: Annotated[str, typer.Option(help="A country, by its code or name.")] = "other",
    as_json: Annotated[bool, typer.Option("--json", help="Print the links as JSON.")] = False,
    index: IndexOption = None,
) -> None:
    """Links that open the trial registries' own searches for a condition in a country; needs no index."""
    from assistant.printing import render_trials
    from assistant.trials import trial_search
    from corpus.knowledge import load_knowledge

    found = trial_search(load_knowledge(), condition, country)
    typer.echo(_json(found) if as_json else render_trials(found))


def _json(report: Any) -> str:
    return json.dumps(asdict(report), ensure_ascii=False, indent=1)


def _ask_batch(assistant: Any, rows: list[tuple[int, Row | BadInput]], source: Path, out: Path) -> None:
    """One answer a line, in order, each written once it is there.

    A line that cannot be used or answered is an error in its place, and the exit code is 1. What no
    line can be answered without, the index and the embedder, is looked for before the first.
    """
    if rows:
        assistant.warm_up()
    failures = 0
    given = []
    with _lines_to(out) as write:
        for line, row in track(rows, description="asking", console=_stderr()):
            kept = {"id": row["id"]} if isinstance(row, dict) and "id" in row else {}
            try:
                answer = _ask_row(assistant, row)
            except MscError as error:
                failures += 1
                typer.echo(f"{source}:{line}: {error}", err=True)
                question = row.get("question") if isinstance(row, dict) else None
                write({**kept, "question": question, "error": str(error)})
            else:
                given.append(answer)
                write({**kept, **answer.to_dict()})
    _warn_of_stale(assistant, given)
    if failures:
        raise typer.Exit(1)


def _ask_row(assistant: Any, row: Row | BadInput) -> Answer:
    """The answer to a line of a batch."""
    if isinstance(row, BadInput):
        raise row
    answer: Answer = assistant.ask(
        _text(row, "question"),
        _history(row),
        _optional_text(row, "country"),
        _optional_text(row, "audience"),
        _day(row.get("as_of")),
    )
    return answer


def _warn_of_stale(assistant: Any, answers: list[Answer]) -> None:
    """Say once on standard error that the index is stale, if an answer suffers from it."""
    stale = next((notice for answer in answers for notice in answer.notices if notice == assistant.stale_index), "")
    if stale:
        typer.echo(f"warning: {stale}", err=True)


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _read_lines(path: Path) -> Iterator[tuple[int, Row | BadInput]]:
    """(line number, object) of a JSON lines file, or what is wrong with that line; blank lines are skipped."""
    try:
        lines = path.read_bytes().removeprefix(BOM_UTF8).split(b"\n")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error}); check the path.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _read_line(line)


def _read_line(line: bytes) -> Row | BadInput:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return BadInput("not UTF-8; save the file as UTF-8.")
    except json.JSONDecodeError as error:
        return BadInput(f"not valid JSON ({error.msg}); write one object a line.")
    except (ValueError, RecursionError):
        return BadInput("not valid JSON (a number too long, or too deep); write one object a line.")
    return row if isinstance(row, dict) else BadInput("must be an object, {…}.")


@contextmanager
def _lines_to(path: Path) -> Iterator[Callable[[Row], None]]:
    """Writes JSON lines to a file, each at once."""
    try:
        with path.open("w", encoding="utf-8", errors="backslashreplace") as file:

            def write(row: Row) -> None:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()

            yield write
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror}); choose another place.") from error


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadInput(f'needs "{name}", a text.')
    return value


def _optional_text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInput(f'"{name}" must be a text.')
    return value


def _history(row: dict[str, Any]) -> tuple[Turn, ...]:
    turns = row.get("history") or []
    try:
        history = tuple(Turn(turn["role"], turn["content"]) for turn in turns)
    except (TypeError, KeyError):
        history = None
    if history is None or any(t.role not in ("user", "assistant") or not isinstance(t.content, str) for t in history):
        raise BadInput('"history" must be a list of {"role": "user" or "assistant", "content": text}.')
    return history


def _day(text: object) -> date | None:
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise BadInput(f"'{text}' is not a date; write YYYY-MM-DD.") from None


def render(answer: Answer) -> str:
    """An answer as plain text: what it says, its caveats, its sources with their quotes."""
    parts = [answer.text]
    parts += [f"! {caveat.text}" for caveat in answer.caveats]
    parts += [f"({notice})" for notice in answer.notices]
    if answer.citations:
        parts.append("Sources")
    for citation in answer.citations:
        source = citation.source
        page = f", page {citation.page}" if citation.page else ""
        issued = f", {source.issued}" if source.issued else ""
        publisher = f", {source.publisher}" if source.publisher else ""
        parts.append(
            f"[{citation.marker}] “{citation.quote}”\n"
            f"    {citation.title}, {citation.section or 'beginning'}{page}\n"
            f"    {source.title}{publisher}{issued} ({citation.evidence}) {source.url}"
        )
    if answer.suggestions:
        parts.append("You could ask:\n" + "\n".join(f"- {question}" for question in answer.suggestions))
    return "\n\n".join(parts)


if __name__ == "__main__":
    run(app)
