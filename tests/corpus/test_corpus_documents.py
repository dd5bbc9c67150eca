"""Reading files of every kind: the exact text, and offsets that hold."""

from __future__ import annotations

import os
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from front_door import write

from corpus.documents import Document, read
from corpus.errors import UnreadableDocument
from corpus.sentences import sentence_spans


def blocks(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def sections(document: Document) -> list[tuple[str, str]]:
    return [(section.title, document.text[section.start : section.end]) for section in document.sections]


MARKDOWN = """\
---
id: knee
title: Cells for knees
topic: conditions
as_of: 2026-01-05
conditions: [knee-osteoarthritis]
---

## In short

Cells were tried in
480 people [@lee-2021]. **No** [benefit](https://x.org) was seen [@roe-2020; @fda-2024]! Nobody knows why.

## What was tried

- First *item* with `code` [@lee-2021].
  It goes on [@poe-2019].
- Second item.

| Dose | Result |
|---|---|
| 10 million | pain fell [@lee-2021] |

<div>raw html</div>
Last paragraph.
"""


class TestMarkdown:
    @pytest.fixture
    def document(self, tmp_path: Path) -> Document:
        return read(write(tmp_path / "knee.md", MARKDOWN.replace("<div>raw html</div>\n", "")))

    def test_the_text_holds_the_words_and_no_marks(self, document: Document) -> None:
        assert document.text == (
            "In short\n\n"
            "Cells were tried in 480 people. No benefit was seen! Nobody knows why.\n\n"
            "What was tried\n\n"
            "First item with code. It goes on.\n"
            "Second item.\n"
            "Dose | Result\n"
            "10 million | pain fell\n\n"
            "Last paragraph."
        )

    def test_front_matter(self, document: Document) -> None:
        assert (document.id, document.title, document.topic) == ("knee", "Cells for knees", "conditions")
        assert (document.as_of, document.review_by) == (date(2026, 1, 5), None)
        assert (document.conditions, document.products) == (("knee-osteoarthritis",), ())

    def test_each_citation_belongs_to_its_sentence(self, document: Document) -> None:
        assert [(document.text[s.start : s.end], s.keys) for s in document.source_spans] == [
            ("Cells were tried in 480 people.", ("lee-2021",)),
            ("No benefit was seen!", ("roe-2020", "fda-2024")),
            ("First item with code.", ("lee-2021",)),
            ("It goes on.", ("poe-2019",)),
            ("10 million | pain fell", ("lee-2021",)),
        ]
        assert document.source_keys == ("lee-2021", "roe-2020", "fda-2024", "poe-2019")
        assert document.keys_within(document.text.index("Nobody"), document.text.index("Nobody") + 17) == ()

    def test_a_citation_behind_the_full_stop_belongs_to_the_sentence_before(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "a.md", "Cells were frozen. [@a-2020]\n\nCells were thawed [@b-2020]."))
        assert [(document.text[s.start : s.end], s.keys) for s in document.source_spans] == [
            ("Cells were frozen.", ("a-2020",)),
            ("Cells were thawed.", ("b-2020",)),
        ]

    def test_blocks_and_sections(self, document: Document) -> None:
        assert blocks(document) == [
            "Cells were tried in 480 people. No benefit was seen! Nobody knows why.",
            "First item with code. It goes on.",
            "Second item.",
            "Dose | Result",
            "10 million | pain fell",
            "Last paragraph.",
        ]
        assert [title for title, _ in sections(document)] == ["In short", "What was tried"]
        assert sections(document)[1][1].startswith("What was tried\n\nFirst item")
        assert document.section_at(document.text.index("Nobody")) == "In short"
        assert document.section_at(document.text.index("Last")) == "What was tried"

    def test_without_front_matter_or_heading(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "My Notes.md", "Only a sentence.\n"))
        assert (document.id, document.title, document.text) == ("my-notes", "My Notes.md", "Only a sentence.")
        assert (document.sections, document.topic) == ((), "other")

    def test_the_first_heading_is_the_title_where_none_is_given(self, tmp_path: Path) -> None:
        assert read(write(tmp_path / "a.md", "# Frozen cells\n\nText.")).title == "Frozen cells"

    def test_front_matter_of_an_unusual_kind(self, tmp_path: Path) -> None:
        document = read(
            write(tmp_path / "a.md", "---\nas_of: 2026-01-05 10:30:00\nconditions: knee\nproducts: 3\n---\nText.")
        )
        assert (document.as_of, document.conditions, document.products) == (date(2026, 1, 5), ("knee",), ("3",))
        assert type(document.as_of) is date

    @pytest.mark.parametrize(
        ("front_matter", "says"),
        [
            ("a: 1\nb: [1", "3: the front matter is not valid YAML; mend it."),
            ("as_of: 2026-02-31", "1: the front matter is not valid YAML; mend it."),
            ("a: " + "[" * 5000, "1: the front matter is not valid YAML; mend it."),
            ("- a list", "2: the front matter must be `name: value` lines."),
        ],
    )
    def test_bad_front_matter_names_its_line(self, tmp_path: Path, front_matter: str, says: str) -> None:
        path = write(tmp_path / "a.md", f"---\n{front_matter}\n---\nText.")
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{path}:{says}"


class TestText:
    WRAPPED = (
        "Stem cells in the clinic\n\n"
        "Mesenchymal cells can be grown in a dish for\n"
        "several weeks, and most of them keep their\n"
        "shape. They are then frozen in small bags.\n\n"
        "What is known:\n"
        "- cells from bone marrow were used in the first\n"
        "  of these trials\n"
        "- cells from fat came later\n\n"
        "Safety\n\n"
        "Fever is the commonest harm after an infusion.\n"
    )

    def test_hard_wrapped(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "cells.txt", self.WRAPPED))
        assert document.text == self.WRAPPED
        assert [title for title, _ in sections(document)] == ["Stem cells in the clinic", "Safety"]
        assert [" ".join(text.split()) for text in blocks(document)] == [
            "Mesenchymal cells can be grown in a dish for several weeks, and most of them keep their shape. "
            "They are then frozen in small bags.",
            "What is known:",
            "cells from bone marrow were used in the first of these trials",
            "cells from fat came later",
            "Fever is the commonest harm after an infusion.",
        ]
        first = document.blocks[0]
        spans = sentence_spans(document.text, first.start, first.end)
        assert [document.text[start:end].split()[-1] for start, end in spans] == ["shape.", "bags."]

    def test_a_line_a_paragraph(self, tmp_path: Path) -> None:
        text = "Frozen cells\nCells are frozen in bags.\nBags are thawed at the bedside. Then they are used.\nDone.\n"
        document = read(write(tmp_path / "cells.txt", text))
        assert document.text == text
        assert blocks(document) == [
            "Cells are frozen in bags.",
            "Bags are thawed at the bedside. Then they are used.",
            "Done.",
        ]
        assert [title for title, _ in sections(document)] == ["Frozen cells"]

    def test_a_text_without_a_heading(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "cells.txt", "Only one sentence stands here."))
        assert (blocks(document), document.sections) == (["Only one sentence stands here."], ())
        assert (document.id, document.title) == ("cells", "cells.txt")
        assert document.keys_within(0, 5) == ("file:cells",)

    def test_line_ends_and_byte_order_mark_are_normalised(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "a.txt", b"\xef\xbb\xbfFirst line.\r\nSecond caf\xc3\xa9.\rThird."))
        assert document.text == "First line.\nSecond café.\nThird."

    def test_the_hash_is_of_the_bytes(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "a.txt", "abc"))
        assert document.content_hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


class TestHtml:
    PAGE = """<!DOCTYPE html><html><head><title> Cells
      for knees</title><style>p {color: red}</style></head><body>
      <nav><a href="/">Home</a></nav><header>Banner</header>
      <h1>Cells &amp; knees</h1><script>var tracker = 1</script>
      <p>Pain fell by 2&nbsp;points in <b>ca</b>fé
      guests. Nobody was cured.</p>
      <ul><li>First item.</li></ul>
      <h2>Harms</h2><p>Fever was common.</p>
      <form>Subscribe now</form><aside>Advert</aside><footer>Imprint</footer></body></html>"""

    def test_words_headings_and_title(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "page.html", self.PAGE))
        assert document.title == "Cells for knees"
        assert document.text == (
            "Cells & knees\n\nPain fell by 2 points in café guests. Nobody was cured.\n\nFirst item.\n\n"
            "Harms\n\nFever was common."
        )
        assert blocks(document) == [
            "Pain fell by 2 points in café guests. Nobody was cured.",
            "First item.",
            "Fever was common.",
        ]
        assert [title for title, _ in sections(document)] == ["Cells & knees", "Harms"]
        assert document.section_at(document.text.index("Fever")) == "Harms"

    def test_a_page_without_a_heading(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "page.htm", '<?xml version="1.0" encoding="latin-1"?><p>Caf\u00e9 only.</p>'))
        assert (document.text, document.title, document.sections) == ("Café only.", "page.htm", ())

    @pytest.mark.parametrize(
        "head", ['<meta charset="iso-8859-1">', "<META http-equiv=x content='text/html; charset=windows-1252'>"]
    )
    def test_a_page_that_names_its_encoding(self, tmp_path: Path, head: str) -> None:
        page = f"<html><head>{head}</head><p>Caf\u00e9 at 37 \u00b0C \u2013 10<sup>6</sup> cells.</p></html>"
        assert read(write(tmp_path / "a.html", page.encode("cp1252"))).text == "Café at 37 °C – 10⁶ cells."

    @pytest.mark.parametrize("page", ["", "  \n", "<html></html>", "<!-- only a comment -->", "<script>x</script>"])
    def test_a_page_without_words(self, tmp_path: Path, page: str) -> None:
        path = write(tmp_path / "page.html", page)
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{path}: holds no text; remove it, or put text into it."


KINDS = ".csv, .docx, .htm, .html, .jsonl, .markdown, .md, .ndjson, .nxml, .pdf, .text, .tsv, .txt, .xml"


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "data", "says"),
        [
            ("empty.txt", b"", "holds no text; remove it, or put text into it."),
            ("empty.pdf", b"", "holds no text; remove it, or put text into it."),
            ("empty.docx", b"", "holds no text; remove it, or put text into it."),
            ("empty.xml", b"", "holds no text; remove it, or put text into it."),
            ("blank.md", b"\n \n", "holds no text; remove it, or put text into it."),
            ("heading.md", b"---\nid: heading\n---\n", "holds no text; remove it, or put text into it."),
            ("binary.txt", b"MZ\x00\x01\x02", "holds binary data, not text; check that its suffix is right."),
            ("latin.txt", b"caf\xe9", "not UTF-8 text (byte 3); save it again as UTF-8."),
            ("latin.html", b"<p>caf\xe9</p>", "not UTF-8 text (byte 6); save it again as UTF-8."),
            ("cells.xlsx", b"PK", f"cannot read files of the kind '.xlsx'; use one of {KINDS}."),
            ("cells", b"text", f"cannot read files of the kind 'none'; use one of {KINDS}."),
        ],
    )
    def test_says_what_to_do(self, tmp_path: Path, name: str, data: bytes, says: str) -> None:
        path = write(tmp_path / name, data)
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{path}: {says}"

    def test_a_file_over_the_limit_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "large.txt"
        with path.open("wb") as file:
            file.truncate(300 << 20)
        tracemalloc.start()
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
        tracemalloc.stop()
        assert str(raised.value) == f"{path}: larger than 200 MiB; split it into smaller files."

    def test_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.txt")
        with pytest.raises(UnreadableDocument) as raised:
            read(tmp_path / "pipe.txt")
        assert str(raised.value).endswith("pipe.txt: is a pipe or a device, not a file; save what it gives as a file.")

    def test_a_name_with_line_ends_is_shown_on_one_line(self, tmp_path: Path) -> None:
        path = write(tmp_path / "two\nlines\x1b.txt", "")
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{tmp_path}/two\\nlines\\x1b.txt: holds no text; remove it, or put text into it."

    def test_a_name_that_is_no_text(self, tmp_path: Path) -> None:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
        write(path, "Words.")
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{tmp_path}/caf\\udce9.txt: the name is not UTF-8; rename it."

    @pytest.mark.parametrize("name", ["gone.txt", "gone"])
    def test_a_missing_file(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(UnreadableDocument) as raised:
            read(tmp_path / name)
        assert str(raised.value) == f"{tmp_path / name}: there is no such file or folder; check the path."

    def test_a_folder_with_a_suffix(self, tmp_path: Path) -> None:
        (tmp_path / "folder.txt").mkdir()
        with pytest.raises(
            UnreadableDocument, match=r"folder\.txt: the folder holds no file that can be read; use one of"
        ):
            read(tmp_path / "folder.txt")
