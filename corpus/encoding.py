"""Bytes into text, and never into the wrong characters: what cannot be told for sure is refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.errors import UnreadableDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRUCTURED = ("cp932", "euc_jp", "euc_jis_2004", "gb18030", "big5", "cp949")
"""Encodings of several bytes a character: a wrong guess meets bytes that fit no character. In Latin, Mac and DOS
pages every byte fits, and English in one of them reads as well in another, with other signs for `°` or `µ`."""
_CLEAR_MESS = 0.1
"""The share of odd characters from which `charset-normalizer` no longer counts as a rival reading."""
_DETECT_BYTES = 64
_BINARY_SHARE = 0.01
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def decode(path: Path, data: bytes, declared: str = "") -> str:
    """A file's text, its byte order mark dropped and its line ends made `\\n`.

    It is UTF-8, or what its byte order mark says, or what it `declared` of itself (HTML), or one of the encodings of
    Chinese, Japanese and Korean where no other reading is left.

    Raises:
        UnreadableDocument: the encoding cannot be told for sure, or these are no characters at all.
    """
    text = _decoded(path, data, declared)
    if "\x00" in text or len(_CONTROLS.findall(text)) > _BINARY_SHARE * len(text):
        raise UnreadableDocument(f"{path}: holds binary data, not text; check that its suffix is right.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(path: Path, data: bytes, declared: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(path, data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if declared:
            return _strict(path, data, declared)
        text = None if b"\x00" in data else _detected(data)
        if text is None and _looks_binary(data):
            raise UnreadableDocument(f"{path}: holds binary data, not text; check that its suffix is right.") from error
        if text is None:
            raise UnreadableDocument(f"{path}: not UTF-8 text (byte {error.start}); save it again as UTF-8.") from error
        return text


def _strict(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        where = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        named = encoding.removesuffix("-sig").upper()
        raise UnreadableDocument(
            f"{path}: not {named} text{where}, which it says it is; save it again as UTF-8."
        ) from error


def _detected(data: bytes) -> str | None:
    """The text, if `charset-normalizer` finds one reading without a flaw and no rival; None otherwise."""
    if len(data) < _DETECT_BYTES:
        return None
    matches = list(from_bytes(data))
    if not matches or matches[0].chaos or matches[0].encoding not in _STRUCTURED:
        return None
    text = str(matches[0])
    rival = any(match.chaos < _CLEAR_MESS and str(match) != text for match in matches[1:])
    return None if rival else text


def _looks_binary(data: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 27 for byte in data)
    return controls > _BINARY_SHARE * len(data)


def printable(text: str) -> str:
    """A message on one line: line ends, control characters and bytes that are no character are shown as escapes."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def has_half_characters(text: str) -> bool:
    """Whether a text holds lone surrogates, which no file can store as UTF-8."""
    return any("\ud800" <= character <= "\udfff" for character in text)
