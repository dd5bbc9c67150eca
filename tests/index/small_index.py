"""Three short documents, and what the tests of the index do with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from front_door import Finished, command, write

from index.manifest import read_manifest, write_manifest
from index.seals import seals_of

TEXTS = {
    "bone.md": (
        "# Cells from bone marrow\n\n## Taking them\n\nMarrow is drawn from the hip bone with a needle.\n"
        "The hip hurts for 3 days.\n\n## Growing them\n\nThe cells grow on plastic for 4 weeks.\n"
    ),
    "cold.txt": "Freezing\n\nCells are kept in liquid nitrogen. They are thawed in a warm water bath.\n",
    "liver.html": "<h1>Cirrhosis</h1><p>A trial in cirrhosis of the liver followed 219 people.</p>",
}


def put_texts(folder: Path) -> Path:
    """The folder, with the three documents in it."""
    for name, text in TEXTS.items():
        write(folder / name, text)
    return folder


def built(index: Path, *paths: Path) -> Finished:
    """A build that must succeed."""
    done = command("index", "build", *paths, "--index", index)
    assert done.code == 0, done.err
    return done


def found(index: Path, query: str, k: int = 10) -> list[dict[str, Any]]:
    """The passages that `search --json` prints."""
    done = command("index", "search", query, "--k", k, "--json", "--index", index)
    assert done.code == 0, done.err
    return json.loads(done.out)


def status(index: Path) -> dict[str, Any]:
    """What `status --json` prints."""
    done = command("index", "status", "--json", "--index", index)
    assert done.code == 0, done.err
    return json.loads(done.out)


def serving(index: Path) -> Path:
    """The folder of the generation that serves."""
    return index / "generations" / (index / "CURRENT").read_text().strip()


def sealed_anew(generation: Path) -> Path:
    """The generation after its files were given seals again, so that only what they hold can be found wrong."""
    write_manifest(generation, replace(read_manifest(generation), files=seals_of(generation, "manifest.json")))
    return generation
