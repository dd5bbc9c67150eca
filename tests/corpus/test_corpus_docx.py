"""Word documents: every word that a reader sees, in order, and no word that was deleted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.documents import Document, read
from corpus.errors import UnreadableDocument

W = nsdecls("w")
TEXT = (
    "Cells in knees\n\nMethods\n\n"
    "A dose of 10⁶ cells was not given. It was added later.\n"
    "First item\nNested item\nSecond item\n"
    "Dose | Result\n10 million | pain fell again\n\n"
    "Harms\n\nFever was common.\n\nIt stands in a control."
)


def sample(path: Path) -> Path:
    """A document with headings, lists, a table, raised figures, tracked changes and a content control."""
    document = docx.Document()
    document.add_heading("Cells in knees", 0)
    document.add_heading("Methods", 1)
    dose = document.add_paragraph("A dose of 10")
    dose.add_run("6").font.superscript = True
    dose.add_run(" cells was ")
    dose.add_run("not").bold = True
    dose.add_run(" given.")
    added = '<w:r><w:t xml:space="preserve"> It was added later.</w:t></w:r>'
    dose._p.append(parse_xml(f'<w:ins {W} w:id="1" w:author="a">{added}</w:ins>'))
    dose._p.append(parse_xml(f'<w:del {W} w:id="2" w:author="a"><w:r><w:delText> Taken out.</w:delText></w:r></w:del>'))
    for words, style in (
        ("First item", "List Bullet"),
        ("Nested item", "List Bullet 2"),
        ("Second item", "List Bullet"),
    ):
        document.add_paragraph(words, style=style)
    table = document.add_table(rows=2, cols=2)
    for place, words in enumerate(("Dose", "Result", "10 million", "pain\nfell")):
        table.cell(place // 2, place % 2).text = words
    table.cell(1, 1).add_paragraph("again")
    document.add_heading("Harms", 2)
    document.add_paragraph("Fever\twas common.")
    control = "<w:sdtContent><w:p><w:r><w:t>It stands in a control.</w:t></w:r></w:p></w:sdtContent>"
    document.element.body.insert(-1, parse_xml(f"<w:sdt {W}>{control}</w:sdt>"))
    document.save(str(path))
    return path


def with_part(path: Path, part: str, data: bytes) -> Path:
    """The sample with one of its parts replaced."""
    source = sample(path.with_name("sample.docx"))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), part}:
            new.writestr(name, data if name == part else old.read(name))
    return path


def body(inside: bytes, doctype: bytes = b"") -> bytes:
    return b"%s<w:document %s><w:body>%s</w:body></w:document>" % (doctype, W.encode(), inside)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return read(sample(tmp_path / "knees.docx"))


def test_the_words_in_order(document: Document) -> None:
    assert document.text == TEXT
    assert (document.id, document.title, document.page_starts) == ("knees", "Cells in knees", ())


def test_headings_are_sections_and_items_are_blocks(document: Document) -> None:
    assert [section.title for section in document.sections] == ["Cells in knees", "Methods", "Harms"]
    assert document.section_at(document.text.index("10 million")) == "Methods"
    assert [document.text[block.start : block.end] for block in document.blocks] == [
        "A dose of 10⁶ cells was not given. It was added later.",
        "First item",
        "Nested item",
        "Second item",
        "Dose | Result",
        "10 million | pain fell again",
        "Fever was common.",
        "It stands in a control.",
    ]


def test_without_a_heading_the_file_names_it(tmp_path: Path) -> None:
    path = with_part(tmp_path / "plain.docx", "word/document.xml", body(b"<w:p><w:r><w:t>Only this.</w:t></w:r></w:p>"))
    assert (read(path).title, read(path).text) == ("plain.docx", "Only this.")


ENTITIES = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
BOMB = body(b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (b"lol" * 9, ENTITIES))


@pytest.mark.parametrize(
    ("part", "data", "says"),
    [
        ("word/document.xml", b" " * (33 << 20), "unpacks to more than 32 MiB; split it into smaller files."),
        ("word/media/image1.png", bytes(201 << 20), "unpacks to more than 200 MiB; split it into smaller files."),
        ("word/document.xml", BOMB, "not a readable DOCX (limit on input amplification factor"),
        (
            "word/document.xml",
            b"<w:doc",
            "not a readable DOCX (unclosed token: line 1, column 0); open and save it again.",
        ),
        ("word/document.xml", body(b""), "holds no text; remove it, or put text into it."),
        ("word/document.xml", body(b"<w:smartTag>" * 5000 + b"</w:smartTag>" * 5000), "is nested too deeply"),
    ],
    ids=["much XML", "a large picture", "an entity bomb", "broken XML", "no words", "deep"],
)
def test_refused(tmp_path: Path, part: str, data: bytes, says: str) -> None:
    path = with_part(tmp_path / "bad.docx", part, data)
    with pytest.raises(UnreadableDocument) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: {says}")
