"""The walk through folders: every readable file, each once, whatever links lead to it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_door import write

from corpus.documents import read_all
from corpus.files import files_below


def names(folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in files_below(folder)]


def test_kinds_order_and_hidden_files(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.md", "sub/deep/c.docx", "sub/d.csv", ".hidden.md", ".git/e.md", "f.xlsx", "g"):
        write(tmp_path / name, "x")
    assert names(tmp_path) == ["a.md", "b.TXT", "sub/d.csv", "sub/deep/c.docx"]


def test_a_file_is_itself_whatever_it_is_called(tmp_path: Path) -> None:
    assert files_below(tmp_path / "gone.xyz") == [tmp_path / "gone.xyz"]


def test_links_to_folders_are_followed_but_never_round_and_round(tmp_path: Path) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    write(folder / "sub" / "a.md", "x")
    write(other / "b.md", "x")
    write(tmp_path / "beside.md", "not below the folder")
    (folder / "itself").symlink_to(folder)
    (folder / "sub" / "up").symlink_to(tmp_path)
    (folder / "out").symlink_to(other)
    (folder / "out-again").symlink_to(other)
    (other / "back").symlink_to(folder)
    assert names(folder) == ["out/b.md", "sub/a.md"]


def test_links_stand_behind_the_files_they_lead_to(tmp_path: Path) -> None:
    write(tmp_path / "z.md", "x")
    (tmp_path / "a.md").symlink_to("z.md")
    assert names(tmp_path) == ["z.md", "a.md"]


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    for name in ("a.md", "folder", "picture.png"):
        (tmp_path / name).symlink_to("gone")
    (tmp_path / "round.txt").symlink_to("round.txt")
    assert names(tmp_path) == ["a.md", "folder", "round.txt"]
    assert [read_all(file).failures[0].message for file in files_below(tmp_path)] == [
        f"{tmp_path}/a.md: is a link to gone, which is not there; mend or remove it.",
        f"{tmp_path}/folder: is a link to gone, which is not there; mend or remove it.",
        f"{tmp_path}/round.txt: is a link to round.txt, which is not there; mend or remove it.",
    ]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user of the machine may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def nobody(open_folder: Path) -> Iterator[None]:
    """Whoever runs the tests has no rights but those of everybody; root reads everything otherwise."""
    read_all(write(open_folder / "first.md", "x"))  # what Python loads at first use may lie where only root may look
    (open_folder / "first.md").unlink()
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_opened_is_named(open_folder: Path, request: pytest.FixtureRequest) -> None:
    write(open_folder / "shut" / "a.md", "x")
    write(open_folder / "b.md", "x")
    write(open_folder / "c.md", "x")
    write(open_folder / "listed" / "d.md", "x")
    (open_folder / "shut").chmod(0)
    (open_folder / "listed").chmod(0o444)
    (open_folder / "b.md").chmod(0)
    request.getfixturevalue("nobody")
    assert names(open_folder) == ["b.md", "c.md", "listed/d.md", "shut"]
    denied = "Permission denied; check the path and its permissions."
    assert [f.message for file in files_below(open_folder) for f in read_all(file).failures] == [
        f"{open_folder}/b.md: {denied}",
        f"{open_folder}/listed/d.md: {denied}",
        f"{open_folder}/shut: {denied}",
    ]
