"""Settings: defaults < `msc.toml` < `MSC_…` environment variables < command line."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import ConfigFault

CONFIG_FILE = "msc.toml"
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
PREFIX = "MSC_"
TABLES = ("index", "assistant")
"""The tables that `msc.toml` may hold, one a floor that has settings."""


def default_index_dir() -> Path:
    """`.msc/index` in the user's home, so that the index outlives the folder the command ran in."""
    return Path.home() / ".msc" / "index"


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is, and which part of it is ours."""

    url: str
    tenant: str
    database: str


class IndexSettings(BaseModel):
    """What the index needs to know. Frozen; made once at start-up by `load`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    own_tables: ClassVar[tuple[str, ...]] = ("index",)

    index_dir: Path = Field(default_factory=default_index_dir)
    embedder: str = DEFAULT_EMBEDDER
    passage_tokens: int = Field(default=160, ge=32, le=2048)
    candidates: int = Field(default=60, ge=10, le=1000)
    kept_generations: int = Field(default=2, ge=1, le=1000)
    chroma_url: str = Field(default="", pattern=r"^(https?://[^/\s@]+/?)?$")
    chroma_tenant: str = "default_tenant"
    chroma_database: str = "default_database"

    @property
    def server(self) -> ChromaServer | None:
        """The Chroma server that holds the vectors; None where they lie in the folder of the index."""
        if not self.chroma_url:
            return None
        return ChromaServer(self.chroma_url.rstrip("/"), self.chroma_tenant, self.chroma_database)

    @classmethod
    def load(cls, **command_line: Any) -> Self:
        """The settings of this run.

        Args:
            command_line: values given on the command line; those that are None count as not given.

        Raises:
            ConfigFault: `msc.toml` has an unknown name, or a value cannot be used.
        """
        values = cls._from_file(Path(CONFIG_FILE)) | cls._from_environment()
        values |= {name: value for name, value in command_line.items() if value is not None}
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise ConfigFault(
                f"the setting '{name}' ({PREFIX}{name.upper()}) cannot be {first.get('input')!r}: "
                f"{first['msg'].lower()}; change it."
            ) from error

    @classmethod
    def _from_environment(cls) -> dict[str, str]:
        named = {name: os.environ.get(PREFIX + name.upper(), "") for name in cls.model_fields}
        return {name: value for name, value in named.items() if value}

    @classmethod
    def _from_file(cls, path: Path) -> dict[str, Any]:
        """The values of this class's tables in a settings file; empty where there is no file."""
        try:
            with path.open("rb") as file:
                tables = tomllib.load(file)
        except FileNotFoundError:
            return {}
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigFault(f"{path.resolve()}: {error}; mend the file.") from error
        values: dict[str, Any] = {}
        for table, content in tables.items():
            if table not in TABLES or not isinstance(content, dict):
                raise ConfigFault(f"{path.resolve()}: unknown table '{table}'; use [{'] or ['.join(TABLES)}].")
            if table in cls.own_tables:
                values |= content
        unknown = sorted(set(values) - set(cls.model_fields))
        if unknown:
            known = ", ".join(sorted(cls.model_fields))
            raise ConfigFault(f"{path.resolve()}: unknown setting '{unknown[0]}'; use one of {known}.")
        return values
