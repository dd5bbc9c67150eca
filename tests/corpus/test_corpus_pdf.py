"""Reading PDF files: pages, running titles, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from front_door import write
from pypdf import PdfReader, PdfWriter
from sample_files import pdf

from corpus.documents import Document, read
from corpus.errors import UnreadableDocument


def blocks(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def sections(document: Document) -> list[tuple[str, str]]:
    return [(section.title, document.text[section.start : section.end]) for section in document.sections]


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
