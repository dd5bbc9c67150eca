"""Reading files of every kind: the exact text, and offsets that hold."""

from __future__ import annotations

import os
import random
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest
from front_door import write
from pypdf import PdfReader, PdfWriter
from sample_files import pdf

from corpus.documents import Document, read
from corpus.errors import UnreadableDocument
from corpus.locations import DOCUMENTS_DIR
from corpus.readability import reading_grade
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


class TestFurniture:
    BODIES = (
        ["The cells were given as one infu-", "sion in trial 1."],
        ["Fever was seen in 3 people."],
        ["Nobody died.", "The infusion was safe."],
        ["It ended early."],
    )

    def test_running_titles_and_page_numbers_are_left_out(self, tmp_path: Path) -> None:
        pages = [["J Cells 2019", "Lee et al.", *body, f"Page {n} of 4"] for n, body in enumerate(self.BODIES, start=1)]
        document = read(pdf(tmp_path / "a.pdf", *pages))
        assert document.text == (
            "The cells were given as one infusion in trial 1.\n\nFever was seen in 3 people.\n\n"
            "Nobody died.\nThe infusion was safe.\n\nIt ended early."
        )
        assert [document.page_of(document.text.index(words)) for words in ("The", "Fever", "Nobody", "It ended")] == [
            1,
            2,
            3,
            4,
        ]

    def test_lines_of_two_pages_or_in_few_pages_stay(self, tmp_path: Path) -> None:
        two = read(pdf(tmp_path / "a.pdf", ["Journal", "One."], ["Journal", "Two."]))
        assert two.text == "Journal\nOne.\n\nJournal\nTwo."
        few = read(pdf(tmp_path / "b.pdf", ["Same.", "One."], ["Same.", "Two."], ["Other.", "Three."], ["Four."]))
        assert few.text == "Same.\nOne.\n\nSame.\nTwo.\n\nOther.\nThree.\n\nFour."

    def test_pages_that_hold_nothing_else_stay(self, tmp_path: Path) -> None:
        assert (
            read(pdf(tmp_path / "a.pdf", ["Dose 1."], ["Dose 2."], ["Dose 3."])).text == "Dose 1.\n\nDose 2.\n\nDose 3."
        )


AES_256 = (
    f"/ID [<{'69' * 16}> <{'69' * 16}>] /Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O ({'o' * 48}) "
    f"/U ({'u' * 48}) /OE ({'e' * 32}) /UE ({'e' * 32}) /Perms ({'p' * 16}) /CF << /StdCF << /CFM /AESV3 >> >> "
    "/StmF /StdCF /StrF /StdCF >>"
)


FIRST = [
    "The cells were given as one infu-",
    "sion into a vein of the arm, and the",
    "second infusion came 14 days later.",
    "The steroid-",
    "refractory form was left out of this.",
]
SECOND = ["Fever was the only harm that was seen."]


class TestPdf:
    def test_pages_and_broken_words(self, tmp_path: Path) -> None:
        document = read(pdf(tmp_path / "a.pdf", FIRST, SECOND))
        assert document.title == "Cells in knees"
        assert document.text == (
            "The cells were given as one infusion into a vein of the arm, and the\n"
            "second infusion came 14 days later.\n"
            "The steroid-refractory form was left out of this.\n\n"
            "Fever was the only harm that was seen."
        )
        second = document.text.index("Fever")
        assert document.page_starts == (0, second)
        assert [document.page_of(at) for at in (0, second - 3, second, len(document.text))] == [1, 1, 2, 2]

    def test_a_blank_page_keeps_the_numbers(self, tmp_path: Path) -> None:
        document = read(pdf(tmp_path / "a.pdf", [], ["Fever was seen."], title=""))
        assert (document.page_of(0), document.title) == (2, "a.pdf")

    def test_a_pdf_with_a_password(self, tmp_path: Path) -> None:
        writer = PdfWriter(clone_from=PdfReader(pdf(tmp_path / "open.pdf", SECOND)))
        writer.encrypt("secret", algorithm="RC4-128")
        path = tmp_path / "shut.pdf"
        writer.write(path)
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{path}: is encrypted; save it without a password and try again."

    def test_a_pdf_encrypted_in_a_way_that_cannot_be_undone_here(self, tmp_path: Path) -> None:
        path = pdf(tmp_path / "aes.pdf", SECOND, trailer=AES_256)
        with pytest.raises(UnreadableDocument) as raised:
            read(path)
        assert str(raised.value) == f"{path}: is encrypted; save it without a password and try again."

    def test_a_pdf_with_an_empty_password_is_read(self, tmp_path: Path) -> None:
        writer = PdfWriter(clone_from=PdfReader(pdf(tmp_path / "open.pdf", SECOND)))
        writer.encrypt("", "owner", algorithm="RC4-128")
        writer.write(tmp_path / "shut.pdf")
        assert read(tmp_path / "shut.pdf").text == SECOND[0]

    def test_a_scan_and_a_wreck(self, tmp_path: Path) -> None:
        scan, wreck = pdf(tmp_path / "scan.pdf", [], []), write(tmp_path / "wreck.pdf", b"%PDF-1.4 rubbish")
        with pytest.raises(UnreadableDocument, match=r"scan\.pdf: its pages hold no text \(a scan\?\)"):
            read(scan)
        with pytest.raises(UnreadableDocument, match=r"wreck\.pdf: not a readable PDF"):
            read(wreck)


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


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"%PDF-1.4\n", "is a PDF, not the text that '.txt' promises; rename it to .pdf, or take it out."),
        (
            "a.md",
            EMPTY_ZIP,
            "is a ZIP archive, not the text that '.md' promises; save it as a kind that can be read, or take it out.",
        ),
        ("a.pdf", b"\n<!DOCTYPE html><p>x", "is HTML, not PDF; rename it to .html, or take it out."),
        ("a.pdf", "<html>".encode("utf-16"), "is HTML, not PDF; rename it to .html, or take it out."),
        ("a.pdf", b"Only words", "is plain text, not PDF; rename it to .txt, or take it out."),
        (
            "a.pdf",
            b"\x00\x01\x02",
            "is of a kind that is not known, not PDF; save it as a kind that can be read, or take it out.",
        ),
        ("a.docx", EMPTY_ZIP, "is a ZIP archive, not DOCX; save it as a kind that can be read, or take it out."),
        (
            "a.docx",
            b"PK\x03\x04junk",
            "is a damaged ZIP archive, not DOCX; save it as a kind that can be read, or take it out.",
        ),
        (
            "a.docx",
            bytes.fromhex("d0cf11e0a1b11ae1"),
            "is an Office file of the old kind, or one with a password, not DOCX; save",
        ),
        ("a.txt", b"<html><p>x", "is HTML, not the text that '.txt' promises; rename it to .html, or take it out."),
        ("a.csv", b"{\\rtf1 text}", "is an RTF file, not the text that '.csv' promises; save"),
        ("a.html", b"\x89PNG\r\n\x1a\n", "is a PNG picture, not HTML; save"),
        (
            "a.jsonl",
            b'<?xml version="1.0"?><a/>',
            "is XML, not the text that '.jsonl' promises; rename it to .xml, or take it out.",
        ),
    ],
)
def test_a_wrong_suffix_says_what_the_file_is(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = write(tmp_path / name, data)
    with pytest.raises(UnreadableDocument) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: {says}")


def test_a_zip_with_a_spreadsheet_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(UnreadableDocument, match=r"a\.docx: is an XLSX spreadsheet, not DOCX; save it as a kind"):
        read(tmp_path / "a.docx")


JAPANESE = "間葉系幹細胞は骨髄から採取されます。発熱が最も多い副作用でした。患者は二十人でした。"
KOREAN = "중간엽 줄기세포는 골수에서 채취됩니다. 발열이 가장 흔한 부작용이었습니다. 환자는 스무 명이었습니다."
CHINESE = "间充质干细胞来自骨髓。发热是最常见的副作用。共有二十名患者参加了试验。"
FRENCH = "Les cellules ont été administrées à des patients âgés. L'étude n'a montré aucun bénéfice. Où sont-elles?"
ENGLISH = (
    "The dose was 5 \u00b5g at 37 \u00b0C \u2014 and the patients\u2019 fever fell. Nobody in the caf\u00e9 knew it."
)
RUSSIAN = "Мезенхимальные стромальные клетки вводили пожилым пациентам. Лихорадка была самым частым эффектом."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-32"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (CHINESE, "gb18030"),
    ],
)
def test_an_encoding_that_can_be_told(tmp_path: Path, text: str, encoding: str) -> None:
    assert read(write(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_utf_16_of_either_order(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.txt", b"\xfe\xff" + ENGLISH.encode("utf-16-be"))).text == ENGLISH


@pytest.mark.parametrize("times", [1, 20])
@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (ENGLISH, ("cp1252", "mac_roman")),
        (FRENCH, ("cp1252", "cp850", "mac_roman")),
        (RUSSIAN, ("cp1251", "koi8-r", "cp866", "iso8859-5")),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_and_never_garbled(
    tmp_path: Path, text: str, encodings: tuple[str, ...], times: int
) -> None:
    for encoding in encodings:
        path = write(tmp_path / "a.txt", (text * times).encode(encoding))
        with pytest.raises(UnreadableDocument, match=r"not UTF-8 text \(byte \d+\); save it again as UTF-8\."):
            read(path)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".csv", ".jsonl", ".html"])
def test_binary_junk_is_refused(tmp_path: Path, suffix: str) -> None:
    junk = random.Random(7)
    for size in (40, 400, 40_000):
        path = write(tmp_path / f"a{suffix}", junk.randbytes(size))
        with pytest.raises(UnreadableDocument, match="holds binary data, not text; check that its suffix is right"):
            read(path)


def test_a_wrong_mark_and_control_characters(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", b"\xff\xfeodd")
    with pytest.raises(UnreadableDocument, match=r"not UTF-16 text \(byte 4\), which it says it is; save it again"):
        read(path)
    with pytest.raises(UnreadableDocument, match="holds binary data"):
        read(write(tmp_path / "b.txt", "\x01\x02 words " * 9))
    assert read(write(tmp_path / "c.txt", "Page one.\x0c\nPage two.")).text == "Page one.\x0c\nPage two."


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Lee saw 3.5 points. Pain fell, e.g. at rest.", ["Dr. Lee saw 3.5 points.", "Pain fell, e.g. at rest."]),
        ("Really? Yes! Café 🎉 was next. End.", ["Really?", "Yes!", "Café 🎉 was next.", "End."]),
        ("A hard-wrapped\nsentence ends. Next\none.", ["A hard-wrapped\nsentence ends.", "Next\none."]),
        ("  no full stop ", ["no full stop"]),
        ("", []),
    ],
)
def test_sentence_spans(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences
    moved = [(start - 5, end - 5) for start, end in sentence_spans(f"xxx. {text} Yyy.", 5, 5 + len(text))]
    assert moved == sentence_spans(text)


def test_the_sentences_of_every_bundled_document_lie_within_their_blocks() -> None:
    for path in sorted(DOCUMENTS_DIR.glob("*.md")):
        document = read(path)
        assert document.id == path.stem
        assert "[@" not in document.text
        for block in document.blocks:
            spans = sentence_spans(document.text, block.start, block.end)
            joined = " ".join(document.text[start:end] for start, end in spans)
            assert joined.split() == document.text[block.start : block.end].split()
        statements = {
            span for block in document.blocks for span in sentence_spans(document.text, block.start, block.end)
        }
        assert {(span.start, span.end) for span in document.source_spans} <= statements


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 6/6 - 15.59
        ("The cat sat on the mat.", 2.34 + 11.8 - 15.59),
        # 7 words, 2 sentences, 10 syllables (doc-tor, treat-ment, wa-ter)
        ("The doctor gave treatment. Cells need water.", 0.39 * 7 / 2 + 11.8 * 10 / 7 - 15.59),
        ("", 0.0),
    ],
)
def test_reading_grade(text: str, grade: float) -> None:
    assert reading_grade(text) == pytest.approx(grade, abs=1e-9)
