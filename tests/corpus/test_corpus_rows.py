"""CSV and JSONL of texts: a document a row, and every row that cannot be used named with its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from front_door import write

from corpus.content import Publication
from corpus.documents import Reading, read, read_all
from corpus.errors import UnreadableDocument

NO_TEXT = "has no text; give it one of text, contents, abstract, body."


def faults(path: Path, reading: Reading) -> list[tuple[int | None, str, str]]:
    return [(f.line, f.name, f.message.removeprefix(f"{path}:{f.line}: ")) for f in reading.failures]


CSV = """\
id,Title,TEXT,url,date
r1,Ice,"Cells were ""frozen"",
then thawed.",https://x.org/1,2020-05
r2,,,,
r3,,Cells were warm.,NEJM,2020-05-06T10:00:00Z

r4,a,b,c,d,e,f
r1,,Again.,,
r5,,A text.,,June
r6,"bro"ken,,,
,,Cells are kept.,,
"""


def test_a_csv(tmp_path: Path) -> None:
    path = write(tmp_path / "My texts.csv", CSV)
    reading = read_all(path)
    assert [(d.id, d.title, d.text, d.line, d.as_of, d.publication) for d in reading.documents] == [
        (
            "r1",
            "Ice",
            'Cells were "frozen",\nthen thawed.',
            2,
            None,
            Publication(url="https://x.org/1", issued="2020-05"),
        ),
        (
            "r3",
            "My texts.csv, r3",
            "Cells were warm.",
            5,
            date(2020, 5, 6),
            Publication(publisher="NEJM", issued="2020-05-06"),
        ),
        ("my-texts-11", "My texts.csv", "Cells are kept.", 11, None, None),
    ]
    assert {(d.path, d.content_hash) for d in reading.documents} == {(str(path), reading.documents[0].content_hash)}
    assert faults(path, reading) == [
        (4, "r2", NO_TEXT),
        (7, "", "has 7 cells, the header 5; put quotation marks around its text."),
        (8, "r1", "the id 'r1' is that of line 2 too; rename one."),
        (9, "r5", "its date is 'June'; write it as 2019, 2019-06 or 2019-06-02."),
        (10, "", "not CSV (',' expected after '\"'); look for a quotation mark that is not closed or not doubled."),
    ]


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ";"), (".csv", "\t"), (".tsv", "\t"), (".csv", ",")])
@pytest.mark.parametrize("column", ["text", "contents", "abstract", "body"])
def test_delimiters_and_names_of_the_column(tmp_path: Path, suffix: str, delimiter: str, column: str) -> None:
    text = f"_id{delimiter}{column}\r\na{delimiter}Cells were warm.\r\nb{delimiter}Cells were cold.\r\n"
    reading = read_all(write(tmp_path / f"a{suffix}", b"\xef\xbb\xbf" + text.encode()))
    assert [(d.id, d.text) for d in reading.documents] == [("a", "Cells were warm."), ("b", "Cells were cold.")]
    assert reading.failures == ()


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\na,Fine.\nb,"It goes on.\nc,To the end.\n')
    reading = read_all(path)
    assert [d.id for d in reading.documents] == ["a"]
    assert faults(path, reading) == [
        (3, "", "not CSV (unexpected end of data); look for a quotation mark that is not closed or not doubled.")
    ]


def test_a_cell_longer_than_the_librarys_limit(tmp_path: Path) -> None:
    text = "Cells were warm. " * 20_000
    assert read(write(tmp_path / "a.csv", f"text\n{text}\n")).text == text.strip()


@pytest.mark.parametrize("text", ["name,age\nLee,40\n", "\n\n1,2\n"])
def test_a_csv_without_a_column_of_texts(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.csv", text)
    says = "no column is called text or contents or abstract or body; name the one that holds the texts."
    assert [failure.message for failure in read_all(path).failures] == [f"{path}: {says}"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_table(tmp_path: Path, name: str, text: str) -> None:
    path = write(tmp_path / name, text)
    assert [failure.message for failure in read_all(path).failures] == [
        f"{path}: holds no text; remove it, or put text into it."
    ]
    header = write(tmp_path / "b.csv", "id,text\n")
    assert read_all(header).failures[0].message == f"{header}: holds no text; remove it, or put text into it."


def test_a_jsonl(tmp_path: Path) -> None:
    rows = [
        '{"_id": 7, "title": "Ice", "text": "Cells were warm.", "source": "https://x.org", "date": 2019}',
        "{bad",
        "",
        "[1]",
        '{"contents": "Cells were cold."}',
        '{"id": "s", "text": "\\ud800 x"}',
        '{"id": true, "text": "x"}',
        '{"id": "n", "text": 3}',
        '{"id": "t", "text": "x", "title": ["y"]}',
        '{"id": "d", "text": "x", "date": "2019-02-30"}',
        "[" * 100_000,
        '{"id": "e", "text": " ", "abstract": "y"}',
    ]
    path = write(tmp_path / "a.jsonl", "\n".join(rows))
    reading = read_all(path)
    assert [(d.id, d.title, d.text, d.line) for d in reading.documents] == [
        ("7", "Ice", "Cells were warm.", 1),
        ("a-5", "a.jsonl", "Cells were cold.", 5),
    ]
    assert reading.documents[0].publication == Publication(url="https://x.org", issued="2019")
    assert [(line, name, says[:40]) for line, name, says in faults(path, reading)] == [
        (2, "", "not JSON (Expecting property name enclos"),
        (4, "", 'not a JSON object; write {"id": …, "text'),
        (6, "s", "holds half a character (a lone surrogate"),
        (7, "", "its id is True; it must be a text or a n"),
        (8, "n", "its text is 3; it must be a text."),
        (9, "t", "its title is ['y']; it must be a text."),
        (10, "d", "its date is '2019-02-30'; write it as 20"),
        (11, "", "not JSON (maximum recursion depth exceed"),
        (12, "e", NO_TEXT[:40]),
    ]


def test_only_a_web_address_becomes_one(tmp_path: Path) -> None:
    row = {"text": "Cells were warm.", "url": "javascript:alert(1)"}
    assert read(write(tmp_path / "a.jsonl", json.dumps(row))).publication == Publication(
        publisher="javascript:alert(1)"
    )


def test_a_long_file_without_a_usable_row_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"name": "x"}\n' * 5000)
    assert [failure.message for failure in read_all(path).failures] == [
        f"{path}: none of its 5000 rows can be used; the first: {path}:1: {NO_TEXT}"
    ]


def test_read_wants_one_document(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "One."}\n{"text": "Two."}')
    with pytest.raises(UnreadableDocument) as raised:
        read(path)
    assert str(raised.value) == f"{path}: holds 2 documents; use `read_all`."
