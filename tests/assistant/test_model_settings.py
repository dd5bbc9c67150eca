"""How a model is named, and names that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from drafts import MODEL, QUESTION, RESPONSE, draft
from front_door import command
from openai_server import OpenAIServer


def test_the_model_is_named_by_the_environment(
    server: OpenAIServer, zelvocel: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = draft(f"{RESPONSE} [{{n}}]")
    monkeypatch.setenv("MSC_MODEL", MODEL)
    monkeypatch.setenv("MSC_MODEL_URL", server.url)
    done = command("assistant", "ask", QUESTION, "--index", zelvocel[1])
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{RESPONSE} [1]\n")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("nobody:some-model", "the model 'nobody:some-model' cannot be used"),
        ("some-model", "the model 'some-model' cannot be used"),
        ("mistralai:mistral-small", "run `pip install langchain-mistralai`"),
        ("openai:gpt-4o-mini", "set the provider's key"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model: str, said: str
) -> None:
    monkeypatch.setenv("MSC_MODEL", model)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    done = command("assistant", "ask", "What are MSCs?", "--index", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: the model ")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MSC_MODEL_TIMEOUT_S", "0"),
        ("MSC_MODEL_DEADLINE_S", "0"),
        ("MSC_MODEL_TIMEOUT_S", "soon"),
        ("MSC_PASSAGES", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    done = command("assistant", "ask", "What are MSCs?")
    assert done.code == 2
    assert f"({name}) cannot be '{value}'" in done.err
    assert done.err.count("\n") == 1
