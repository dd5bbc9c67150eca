"""The assistant's settings; see `index.config` for where they come from."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from index.config import IndexSettings


class Settings(IndexSettings):
    """Everything that can be set. Frozen; made once at start-up by `Settings.load`.

    `model` names a chat model as `provider:name`; empty, and answers are extracted without one.
    `model_url` is the address of an OpenAI-compatible server or of Ollama; empty, the provider's
    own. A model may be silent for `model_timeout_s` seconds, and take `model_deadline_s` for all that it
    writes. `audit_dir` is where records of answers go; None, and nothing is recorded.
    """

    own_tables: ClassVar[tuple[str, ...]] = ("index", "assistant")

    model: str = ""
    model_url: str = ""
    model_timeout_s: float = Field(default=60.0, gt=0)
    model_deadline_s: float = Field(default=120.0, gt=0)
    passages: int = Field(default=25, ge=1, le=100)
    audit_dir: Path | None = None
    country: str = "other"
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
