"""YAML tables read into frozen dataclasses; every fault names file and line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from yaml.nodes import MappingNode, Node, SequenceNode

from corpus.errors import TableFault

Row = TypeVar("Row")


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it: ten times as fast, with the same lines."""


class _TextDates(_Loader):  # type: ignore[misc]
    """Leaves dates as the text they were written in: `2017` and `2017-06` are dates here too."""


_TextDates.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=32)
def _parsed(source: str) -> tuple[Node | None, Any]:
    """The root node of a YAML text and its values, which nobody changes: parsed once in a process, whoever asks."""
    loader = _TextDates(source)
    try:
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()


def load_rows(path: Path, row_type: type[Row]) -> list[tuple[Row, int]]:
    """The rows of a table, each with the line (from 1) at which it starts.

    Raises:
        TableFault: the file is missing, is no YAML list, or a row has a misspelt, missing or wrong field.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TableFault(f"{path}: cannot be read ({error}); restore it.") from error
    try:
        root, values = _parsed(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise TableFault(f"{path}:{mark.line + 1 if mark else 1}: {problem}; mend the YAML.") from error
    if root is None:
        return []
    if not isinstance(root, SequenceNode):
        raise TableFault(f"{path}:1: must be a list whose items start with `- `.")
    adapter = TypeAdapter(row_type)
    rows = []
    for value, node in zip(values, root.value, strict=True):
        try:
            rows.append((adapter.validate_python(value), node.start_mark.line + 1))
        except ValidationError as error:
            raise TableFault(f"{path}:{_fault(error, node)}") from error
    return rows


Lines = Callable[[str, Sequence[int | str]], int]
"""Gives the line (from 1) of a value: the key of its row, and the path to it inside the row."""


def lines_of(path: Path, key: str = "id") -> Lines:
    """Where the values of a table stand; of one that is not there, the deepest part that is."""
    root, _ = _parsed(path.read_text(encoding="utf-8"))
    rows = root.value if isinstance(root, SequenceNode) else []
    named: dict[str, Node] = {}
    for row in rows:
        for name, value in row.value if isinstance(row, MappingNode) else ():
            if name.value == key:
                named[value.value] = row

    def line(row: str, where: Sequence[int | str]) -> int:
        return _line(named[row], tuple(where)) if row in named else 1

    return line


def _fault(error: ValidationError, node: Node) -> str:
    """`line: what is wrong` of the first fault in a row; a misspelt name before the one missing for it."""
    first = min(error.errors(), key=lambda one: one["type"] != "unexpected_keyword_argument")
    where = first["loc"]
    name = ".".join(str(part) for part in where) or "row"
    if first["type"] == "unexpected_keyword_argument":
        message = f"unknown field '{name}'; check its spelling"
    elif first["type"] in ("missing", "missing_argument"):
        message = f"the field '{name}' is missing; add it"
    else:
        message = f"the field '{name}' is wrong: {first['msg']} (it is {first['input']!r})"
    return f"{_line(node, where)}: {message}."


def _line(node: Node, where: tuple[int | str, ...]) -> int:
    """The line of the value at a path inside a node; of the deepest part that exists."""
    line = node.start_mark.line + 1
    for part in where:
        child: Node | None = None
        if isinstance(node, MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == str(part)]
            if pairs:
                line, child = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            child = node.value[part]
            line = child.start_mark.line + 1
        if child is None:
            return line
        node = child
    return line
