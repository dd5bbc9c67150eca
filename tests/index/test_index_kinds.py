"""Files of every kind through the command: found, cited with their own source, and named where they cannot be read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from front_door import Finished, command, write
from sample_files import FLOWN, sample_of
from small_index import built, found, status

ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}><front><journal-meta>
<journal-title-group><journal-title>Journal of Zeppelins</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">{doi}</article-id>
<title-group><article-title>Cells in a zeppelin</article-title></title-group>
<pub-date pub-type="epub"><day>2</day><month>6</month><year>2019</year></pub-date>{related}
</article-meta></front><body><sec><title>Flying</title><p>{words}</p></sec></body></article>"""


def article(
    path: Path, *, doi: str = "10.1000/z.1", words: str = FLOWN, related: str = "", attributes: str = ""
) -> Path:
    return write(path, ARTICLE.format(doi=doi, words=words, related=related, attributes=attributes))


def build(index: Path, *paths: object) -> Finished:
    return command("index", "build", *paths, "--index", index)


def tail(done: Finished) -> str:
    """What a build's last line says after the name of the index and of the generation."""
    return done.out.strip().splitlines()[-1].partition(": ")[2].partition(", ")[2]


def lines(done: Finished, first: str) -> list[str]:
    return [line for line in done.err.splitlines() if line.startswith(first)]


def documents(index: Path, query: str) -> list[str]:
    return [passage["document_id"] for passage in found(index, query)]


def jsonl(path: Path, *rows: dict[str, object] | str) -> Path:
    return write(path, "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))


MARROW = {"id": "marrow", "text": "Marrow is drawn from the hip.", "title": "Drawing marrow", "date": "2020-05"}
ICE = {"id": "ice", "text": "Cells are kept in liquid nitrogen.", "url": "https://example.org/ice"}
FAT = {"text": "Fat is taken from the belly."}


def test_an_article_is_cited_as_itself(tmp_path: Path) -> None:
    built(tmp_path / "index", article(tmp_path / "z.nxml"))
    passage = found(tmp_path / "index", "zeppelin")[0]
    assert (passage["title"], passage["section"], passage["text"]) == ("Cells in a zeppelin", "Flying", FLOWN)
    assert passage["sources"] == [
        {
            "key": "file:z",
            "title": "Cells in a zeppelin",
            "publisher": "Journal of Zeppelins",
            "url": "https://doi.org/10.1000/z.1",
            "issued": "2019-06-02",
            "accessed": None,
            "evidence": "unspecified",
            "doi": "10.1000/z.1",
            "retracted": False,
        }
    ]


def test_a_retracted_article_is_never_found(tmp_path: Path) -> None:
    folder, index = tmp_path / "texts", tmp_path / "index"
    article(folder / "gone.xml", attributes='article-type="retraction"')
    write(folder / "ice.txt", str(ICE["text"]))
    assert tail(built(index, folder)) == "2 documents, 2 passages, 2 embedded, 0 not read"
    assert documents(index, "zeppelin flown cells") == ["ice"]
    assert command("index", "verify", "--index", index).code == 0


def test_a_retraction_notice_takes_back_the_article_that_it_names(tmp_path: Path) -> None:
    folder, index = tmp_path / "texts", tmp_path / "index"
    article(folder / "first.xml", doi="10.1000/Z.1")
    article(folder / "second.xml", doi="10.1000/z.2", words="The zeppelin landed.")
    built(index, folder)
    assert set(documents(index, "zeppelin")) == {"first", "second"}
    related = '<related-article related-article-type="retracted-article" xlink:href="https://doi.org/10.1000/z.1"/>'
    article(folder / "notice.xml", doi="10.1000/z.3", related=related, attributes='article-type="retraction"')
    built(index, folder)
    assert documents(index, "zeppelin") == ["second"]
    (folder / "notice.xml").unlink()
    assert tail(built(index, folder)) == "2 documents, 2 passages, 0 embedded, 0 not read"
    assert set(documents(index, "zeppelin")) == {"first", "second"}


def test_many_retracted_passages_do_not_crowd_out_the_others(tmp_path: Path) -> None:
    flights = (f"</p></sec><sec><title>Flight {n}</title><p>It was flight {n} of the zeppelin." for n in range(80))
    words = "".join(flights)
    article(tmp_path / "texts" / "gone.xml", words=words, attributes='article-type="retraction"')
    write(tmp_path / "texts" / "ice.txt", "Nitrogen boils.")
    built(tmp_path / "index", tmp_path / "texts")
    assert documents(tmp_path / "index", "the flight of the zeppelin") == ["ice"]


def test_rows_are_documents(tmp_path: Path) -> None:
    path, index = jsonl(tmp_path / "texts.jsonl", MARROW, ICE, FAT), tmp_path / "index"
    assert tail(built(index, path)) == "3 documents, 3 passages, 3 embedded, 0 not read"
    marrow, ice, fat = (found(index, query)[0] for query in ("hip", "nitrogen", "belly"))
    assert [one["document_id"] for one in (marrow, ice, fat)] == ["marrow", "ice", "texts-3"]
    assert [one["title"] for one in (marrow, ice, fat)] == ["Drawing marrow", "texts.jsonl, ice", "texts.jsonl"]
    cited = [one["sources"][0] for one in (marrow, ice, fat)]
    assert [source["url"] for source in cited] == ["texts.jsonl", "https://example.org/ice", "texts.jsonl"]
    assert [source["issued"] for source in cited] == ["2020-05", None, None]
    assert tail(built(index, path)) == "3 documents, 3 passages, 0 embedded, 0 not read"
    assert command("index", "verify", "--index", index).code == 0


def test_the_status_names_a_changed_table_once(tmp_path: Path) -> None:
    path, index = jsonl(tmp_path / "texts.jsonl", MARROW, ICE, FAT), tmp_path / "index"
    built(index, path)
    assert status(index)["changed"] == []
    jsonl(path, MARROW, ICE, FAT, {"id": "new", "text": "Blood is drawn from a vein."})
    assert status(index)["changed"] == [str(path)]
    assert tail(built(index, path)) == "4 documents, 4 passages, 1 embedded, 0 not read"
    assert status(index)["changed"] == []
    write(path, path.read_bytes() + b"\n\n")
    assert status(index)["changed"] == [str(path)]
    assert tail(built(index, path)) == "4 documents, 4 passages, 0 embedded, 0 not read"
    assert status(index)["changed"] == []


def test_a_row_that_fails_now_keeps_its_passages(tmp_path: Path) -> None:
    path, index = jsonl(tmp_path / "texts.jsonl", MARROW, ICE, FAT), tmp_path / "index"
    built(index, path)
    jsonl(path, "{broken", {"id": "ice", "text": ""}, {"text": 3}, {"id": "new", "text": 4})
    done = build(index, path)
    assert done.code == 1
    assert lines(done, "not read: ") == [
        f"not read: {path}:1: not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); "
        "put one object on a line.",
        f"not read: {path}:2: has no text; give it one of text, contents, abstract, body.",
        f"not read: {path}:3: its text is 3; it must be a text.",
        f"not read: {path}:4: its text is 4; it must be a text.",
    ]
    assert lines(done, "kept: ") == [f"kept: {path}:{line} keeps the passages of the last build" for line in (1, 2, 3)]
    assert tail(done) == "3 documents, 3 passages, 0 embedded, 4 not read"
    assert [documents(index, query)[0] for query in ("hip", "nitrogen", "belly")] == ["marrow", "ice", "texts-3"]
    assert status(index)["changed"] == [str(path)]


def test_a_table_of_kept_and_new_rows_is_named_once(tmp_path: Path) -> None:
    path, index = jsonl(tmp_path / "texts.jsonl", MARROW, ICE), tmp_path / "index"
    built(index, path)
    jsonl(path, MARROW, "{broken")
    assert tail(build(index, path)) == "2 documents, 2 passages, 0 embedded, 1 not read"
    jsonl(path, FAT)
    assert status(index)["changed"] == [str(path)]


def test_a_row_that_only_moved_is_not_kept_twice(tmp_path: Path) -> None:
    path, index = jsonl(tmp_path / "texts.jsonl", FAT, MARROW), tmp_path / "index"
    built(index, path)
    jsonl(path, "{broken", FAT, MARROW)
    done = build(index, path)
    assert (done.code, lines(done, "kept: ")) == (1, [])
    assert tail(done) == "2 documents, 2 passages, 0 embedded, 1 not read"


def test_a_table_that_fails_now_keeps_all_its_rows(tmp_path: Path) -> None:
    path, index = write(tmp_path / "texts.csv", "id,text\na,Marrow is drawn.\nb,Ice is cold.\n"), tmp_path / "index"
    built(index, path)
    write(path, "id,words\na,Marrow is drawn.\n")
    done = build(index, path)
    assert (done.code, tail(done)) == (1, "2 documents, 2 passages, 0 embedded, 1 not read")
    assert lines(done, "kept: ") == [f"kept: {path}:{line} keeps the passages of the last build" for line in (2, 3)]


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.xml", "a.html", "a.md", "a.txt"])
def test_a_file_of_any_kind_that_fails_now_keeps_its_passages(tmp_path: Path, name: str) -> None:
    path, index = sample_of(tmp_path / "texts" / name), tmp_path / "index"
    write(tmp_path / "texts" / "b.txt", "Ice is cold.")
    built(index, path.parent)
    write(path, b"\x89PNG\r\n\x1a\n\x00\x00")
    done = build(index, path.parent)
    assert done.code == 1
    assert lines(done, "not read: ")[0].startswith(f"not read: {path}: is a PNG picture, not ")
    assert lines(done, "kept: ") == [f"kept: {path} keeps the passages of the last build"]
    assert tail(done) == "2 documents, 2 passages, 0 embedded, 1 not read"
    assert documents(index, "zeppelin")[0] == "a"


def test_beside_the_bundled_corpus(tmp_path: Path, bundled_index: Path) -> None:
    """Nothing of the bundled corpus is embedded again; a row that bears the id of an official table gives way."""
    index = Path(shutil.copytree(bundled_index, tmp_path / "index"))
    rows = jsonl(tmp_path / "a" / "rows.jsonl", MARROW, {"id": "register-us", "text": "A zeppelin was approved."})
    flown = article(tmp_path / "b" / "z.xml")
    done = build(index, rows.parent, flown.parent, "--bundled")
    assert (done.code, done.out.rstrip().endswith(", 3 embedded, 0 not read")) == (0, True), done.err
    assert documents(index, "zeppelin flown")[0] == "z"
    assert "rows" in documents(index, "a zeppelin was approved")
    assert "register-us" in documents(index, "remestemcel-L FDA approval children steroid-refractory acute GvHD")


def test_every_file_that_cannot_be_read_is_named_and_the_others_are_indexed(tmp_path: Path) -> None:
    folder, empty = tmp_path / "texts", tmp_path / "empty"
    write(folder / "good.txt", "Ice is cold.")
    write(folder / "empty.md", "")
    write(folder / "page.pdf", "<html>")
    write(folder / "two\nlines.txt", b"caf\xe9")
    (folder / "gone.md").symlink_to("nowhere")
    (folder / "itself").symlink_to(folder)
    write(empty / "picture.png", "x")
    given = write(tmp_path / "data.xyz", "x")
    done = build(tmp_path / "index", folder, given, empty)
    assert done.code == 1
    kinds = ".csv, .docx, .htm, .html, .jsonl, .markdown, .md, .ndjson, .nxml, .pdf, .text, .tsv, .txt, .xml"
    assert lines(done, "not read: ") == [
        f"not read: {folder}/empty.md: holds no text; remove it, or put text into it.",
        f"not read: {folder}/page.pdf: is HTML, not PDF; rename it to .html, or take it out.",
        f"not read: {folder}/two\\nlines.txt: not UTF-8 text (byte 3); save it again as UTF-8.",
        f"not read: {folder}/gone.md: is a link to nowhere, which is not there; mend or remove it.",
        f"not read: {given}: cannot read files of the kind '.xyz'; use one of {kinds}.",
        f"not read: {empty}: the folder holds no file that can be read; use one of {kinds}.",
    ]
    assert tail(done) == "1 documents, 1 passages, 1 embedded, 6 not read"


def test_two_names_of_one_file_are_one_document(tmp_path: Path) -> None:
    write(tmp_path / "a" / "ice.txt", "Ice is cold.")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "again.txt").symlink_to(tmp_path / "a" / "ice.txt")
    (tmp_path / "c").symlink_to(tmp_path / "a")
    done = built(tmp_path / "index", tmp_path / "a", tmp_path / "b", tmp_path / "c")
    assert tail(done) == "1 documents, 1 passages, 1 embedded, 0 not read"
