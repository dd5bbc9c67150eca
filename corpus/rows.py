"""Tables of texts, CSV and JSONL: every row is a document of its own."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from corpus.content import Content, Publication, Unread, content_of_text
from corpus.encoding import has_half_characters
from corpus.errors import UnreadableDocument

TEXT = ("text", "contents", "abstract", "body")
ID = ("id", "_id")
TITLE = ("title",)
ADDRESS = ("url", "source")
DATE = ("date",)
"""Names of the columns, or fields, that are read; of several the first one that is filled."""

MAX_FIELD = 200 * 1024 * 1024
"""Characters of a field; the standard library's own limit, 128 KiB, is less than a long article."""

MANY_FAULTS = 20
"""A longer list of rows of which none can be used is no list of texts: it is refused in one sentence."""

_DATE = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ]\d\d:\d\d.*)?")
_DELIMITERS = ",;\t"
_TEXTLESS = f"has no text; give it one of {', '.join(TEXT)}."

Row = dict[str, Any]


def rows_of_csv(path: Path, text: str) -> list[Content | Unread]:
    """The rows of a CSV file with a header; commas, semicolons or tabs between the cells.

    Raises:
        UnreadableDocument: no column of the header holds texts.
    """
    csv.field_size_limit(MAX_FIELD)
    first = text.lstrip("\n").split("\n", 1)[0]
    delimiter = next((mark for mark in _DELIMITERS if set(_header(first, mark)) & set(TEXT)), "")
    if text.strip() and not delimiter:
        raise UnreadableDocument(f"{path}: no column is called {' or '.join(TEXT)}; name the one that holds the texts.")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", strict=True)
    return _documents(path, _csv_rows(lines))


def rows_of_jsonl(path: Path, text: str) -> list[Content | Unread]:
    """The rows of a file with one JSON object a line; blank lines are skipped."""
    return _documents(path, _json_rows(text))


def _header(line: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return [cell.strip().lower() for cell in cells]


def _csv_rows(lines: Any) -> Iterator[tuple[int, Row | str]]:
    """(line, row or what is wrong with it) for each row below the header, which may follow blank lines."""
    header: list[str] = []
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error as error:
            yield line, f"not CSV ({error}); look for a quotation mark that is not closed or not doubled."
            continue
        if cells is None:
            return
        if not any(cells):
            continue
        if not header:
            header = [cell.strip().lower() for cell in cells]
        elif len(cells) > len(header):
            yield line, f"has {len(cells)} cells, the header {len(header)}; put quotation marks around its text."
        else:
            yield line, dict(zip(header, cells, strict=False))


def _json_rows(text: str) -> Iterator[tuple[int, Row | str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, f"not JSON ({error}); put one object on a line."
            continue
        if isinstance(row, dict):
            yield number, {str(name).strip().lower(): value for name, value in row.items()}
        else:
            yield number, 'not a JSON object; write {"id": …, "text": …}.'


def _documents(path: Path, rows: Iterator[tuple[int, Row | str]]) -> list[Content | Unread]:
    """The rows' documents and faults; one fault for the file if it is long and no row of it can be used.

    Raises:
        UnreadableDocument: it is.
    """
    found = list(_each(path, rows))
    if len(found) > MANY_FAULTS and all(isinstance(one, Unread) for one in found):
        first = next(one.message for one in found if isinstance(one, Unread))
        raise UnreadableDocument(f"{path}: none of its {len(found)} rows can be used; the first: {first}")
    return found


def _each(path: Path, rows: Iterator[tuple[int, Row | str]]) -> Iterator[Content | Unread]:
    seen: dict[str, int] = {}
    for line, row in rows:
        name = "" if isinstance(row, str) else _name(row)
        fault = row if isinstance(row, str) else _fault(row, name, seen)
        if fault or isinstance(row, str):
            yield Unread(f"{path}:{line}: {fault}", line, name)
            continue
        seen[name] = line
        yield content_of_text(
            _first(row, TEXT).strip(),
            " ".join(str(_first(row, TITLE)).split()),
            publication=_publication(row),
            name=name,
            line=line,
        )


def _first(row: Row, names: tuple[str, ...]) -> Any:
    """The first field of these names that is filled; an empty text if none is."""
    held = (row.get(name) for name in names)
    return next((value for value in held if value is not None and value != ""), "")


def _name(row: Row) -> str:
    value = _first(row, ID)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _fault(row: Row, name: str, seen: dict[str, int]) -> str:
    """What makes a row unusable; empty if nothing does."""
    text, identity = _first(row, TEXT), _first(row, ID)
    if not isinstance(text, str):
        return f"its text is {text!r}; it must be a text."
    if not text.strip():
        return _TEXTLESS
    if identity != "" and not name:
        return f"its id is {identity!r}; it must be a text or a number."
    if name in seen and name:
        return f"the id '{name}' is that of line {seen[name]} too; rename one."
    for field in (*TITLE, *ADDRESS, *DATE):
        if not isinstance(row.get(field, "") or "", str | int):
            return f"its {field} is {row[field]!r}; it must be a text."
    if _first(row, DATE) != "" and _issued(row) is None:
        return f"its date is '{_first(row, DATE)}'; write it as 2019, 2019-06 or 2019-06-02."
    if has_half_characters("".join(map(str, row.values()))):
        return "holds half a character (a lone surrogate); mend it."
    return ""


def _issued(row: Row) -> str | None:
    match = _DATE.fullmatch(str(_first(row, DATE)).strip())
    if not match:
        return None
    try:
        date.fromisoformat((match[1] + "-01-01")[:10])
    except ValueError:
        return None
    return match[1]


def _publication(row: Row) -> Publication | None:
    """What a row says of its source: a web address, or the name of whoever published it."""
    source = str(_first(row, ADDRESS)).strip()
    issued = _issued(row)
    if not source and not issued:
        return None
    address = source.lower().startswith(("http://", "https://"))
    return Publication(publisher="" if address else source, url=source if address else "", issued=issued)
