"""Reads a data set in BEIR layout: `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.documents import Document, content_hash
from corpus.plaintext import blocks_of_text
from eval.errors import DatasetFault

CORPUS_FILE = "corpus.jsonl"
QUERIES_FILE = "queries.jsonl"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents to search, the judged queries, and the judgements (query id, then document id).

    `empty` counts the documents that have no text and so cannot be found.
    """

    documents: tuple[Document, ...]
    queries: dict[str, str]
    judged: dict[str, dict[str, int]]
    empty: int


def load_dataset(folder: Path, split: str) -> Dataset:
    """The data set in a folder.

    Raises:
        DatasetFault: a file is missing, a line cannot be used, an id is used twice, or a judgement names an
            unknown query or document; names file and line.
    """
    corpus = folder / CORPUS_FILE
    documents: dict[str, Document] = {}
    for place, row in _rows(corpus):
        name = _id(row, documents, place)
        documents[name] = _document(name, row, corpus, place)
    texts: dict[str, str] = {}
    for place, row in _rows(folder / QUERIES_FILE):
        texts[_id(row, texts, place)] = _text(row, "text", place)
    judged = _judgements(_qrels_file(folder, split), texts, documents)
    held = tuple(document for document in documents.values() if document.blocks)
    return Dataset(held, {query: texts[query] for query in judged}, judged, len(documents) - len(held))


def _document(name: str, row: dict[str, Any], corpus: Path, place: str) -> Document:
    """The document of a row; without blocks where it has no text."""
    title = _text(row, "title", place) if row.get("title") is not None else ""
    text = _text(row, "text", place)
    blocks = tuple(replace(block, heading=False) for block in blocks_of_text(text))
    return Document(
        id=name,
        title=title,
        text=text,
        blocks=blocks,
        path=str(corpus.resolve()),
        content_hash=content_hash(f"{title}\n{text}".encode()),
    )


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with its `file:line`; blank lines are skipped."""
    for number, line in _lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DatasetFault(f"{path}:{number}: not JSON ({error}); put one object on a line.") from error
        if not isinstance(row, dict):
            raise DatasetFault(f'{path}:{number}: not a JSON object; write {{"_id": …, "text": …}}.')
        yield f"{path}:{number}", row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                yield number, line.rstrip("\r\n")
    except OSError as error:
        raise DatasetFault(f"{path}: cannot be read ({error.strerror}); a data set in BEIR layout has it.") from error
    except UnicodeDecodeError as error:
        raise DatasetFault(f"{path}:{number + 1}: not UTF-8 text; save it again as UTF-8.") from error


def _id(row: dict[str, Any], taken: Collection[str], place: str) -> str:
    """The row's id, which must be new."""
    name = row.get("_id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise DatasetFault(f"{place}: '_id' is {name!r}; give it a text that is not empty.")
    if str(name) in taken:
        raise DatasetFault(f"{place}: the _id '{name}' is used twice; rename one.")
    return str(name)


def _text(row: dict[str, Any], field: str, place: str) -> str:
    value = row.get(field)
    if not isinstance(value, str):
        raise DatasetFault(f"{place}: '{field}' is {value!r}; it must be a text.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise DatasetFault(f"{place}: '{field}' holds half a character (a lone surrogate); mend it.") from error
    return value


def _qrels_file(folder: Path, split: str) -> Path:
    path = folder / "qrels" / f"{split}.tsv"
    if not path.is_file():
        held = ", ".join(sorted(file.stem for file in path.parent.glob("*.tsv"))) or "none"
        raise DatasetFault(f"{path}: there is no such file; choose another --split (there are: {held}).")
    return path


def _judgements(path: Path, queries: Collection[str], documents: Collection[str]) -> dict[str, dict[str, int]]:
    """The judgements by query and document; a first line without a number is a header."""
    judged: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and not _is_number(cells[-1])):
            continue
        if len(cells) != 3 or not _is_number(cells[2]):
            raise DatasetFault(f"{path}:{number}: must be query-id, corpus-id and a whole number, with tabs between.")
        query, document, grade = cells[0].strip(), cells[1].strip(), int(cells[2])
        if query not in queries:
            raise DatasetFault(f"{path}:{number}: the query '{query}' is not in {QUERIES_FILE}; add it there.")
        if document not in documents:
            raise DatasetFault(f"{path}:{number}: the document '{document}' is not in {CORPUS_FILE}; add it there.")
        judged.setdefault(query, {})[document] = grade
    if not judged:
        raise DatasetFault(f"{path}: holds no judgement; choose another --split.")
    return judged


def _is_number(cell: str) -> bool:
    return cell.strip().removeprefix("-").isdecimal()
