"""Files that are not what they are called, and bytes that are not what they seem."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
from front_door import write

from corpus.documents import read
from corpus.errors import UnreadableDocument

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
