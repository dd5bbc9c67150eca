"""The command `python app.py` and what it serves to programs."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from visitor import ROOT, free_port, served

from assistant.answer import answer_from_dict


def app(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "app.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_taken_port_is_one_clear_sentence(bundled_index: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = app("--port", str(port), "--index", str(bundled_index))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"error: the page cannot be served at 127.0.0.1:{port} (Address already in use): "
        "stop what runs there, or give another --port.\n"
    )


def test_a_damaged_index_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("gone\n", encoding="utf-8")
    ended = app("--port", "0", "--index", str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("error: the index in ")
    assert "Traceback" not in ended.stderr


def test_the_first_start_begins_to_build_the_library(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    command = [sys.executable, "app.py", "--port", str(free_port()), "--index", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert "There is no index yet" in process.stderr.readline()
            until = time.monotonic() + 120
            while not list(folder.glob("*")) and time.monotonic() < until and process.poll() is None:
                time.sleep(0.2)
            assert list(folder.glob("*"))
        finally:
            process.kill()


def test_programs_get_the_answer_as_json(app_url: str) -> None:
    client = Client(app_url, verbose=False)
    result = client.predict("Do stem cell injections help knee arthritis?", "UK", "clinician", api_name="/ask")
    answer = answer_from_dict(result)
    assert answer.kind == "answer"
    assert answer.claims
    assert {marker for claim in answer.claims for marker in claim.citations} == {c.marker for c in answer.citations}
    assert "United Kingdom" in " ".join(caveat.text for caveat in answer.caveats)
    assert result["text"] == answer.text
    by_default = client.predict("What are mesenchymal stromal cells?", api_name="/ask")
    assert by_default["kind"] == "answer"


def test_programs_are_told_what_is_wrong(app_url: str) -> None:
    client = Client(app_url, verbose=False)
    with pytest.raises(AppError, match="the question is empty"):
        client.predict("  ", "US", "patient", api_name="/ask")
    with pytest.raises(AppError, match="XX"):
        client.predict("Do MSCs help knees?", "XX", "patient", api_name="/ask")


def test_programs_have_offers_checked(app_url: str) -> None:
    client = Client(app_url, verbose=False)
    text = "Our clinic in Ohio is FDA registered and treats knees with cord blood cells for $5,000."
    report = client.predict(text, api_name="/check_claims")
    assert "fda-registered" in {flag["id"] for flag in report["red_flags"]}
    assert report["country"] == "US"
    with pytest.raises(AppError, match="unknown country 'XX'"):
        client.predict(text, "XX", api_name="/check_claims")


def test_only_two_things_are_offered_to_programs(app_url: str) -> None:
    endpoints = Client(app_url, verbose=False).view_api(return_format="dict")["named_endpoints"]
    assert list(endpoints) == ["/ask", "/check_claims"]
    assert [parameter["parameter_name"] for parameter in endpoints["/ask"]["parameters"]] == [
        "question",
        "country",
        "audience",
    ]


def test_every_response_keeps_the_browser_at_home(app_url: str) -> None:
    with urllib.request.urlopen(app_url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        page = response.read().decode()
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "fonts.googleapis.com" not in page


def test_whoever_runs_the_server_sees_how_it_is(bundled_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(bundled_index, index)
    with served("app.py", "--index", str(index)) as url:
        assert reply(f"{url}healthz") == (200, {"status": "ok"})
        code, ready = reply(f"{url}readyz")
        assert (code, ready["status"], ready["embedder"]) == (200, "ready", "all-MiniLM-L6-v2")
        assert ready["passages"] > 500
        (index / "CURRENT").unlink()
        code, ready = reply(f"{url}readyz")
        assert (code, ready["status"]) == (503, "not ready")
        assert "index" in ready["reason"]
        assert reply(f"{url}healthz")[0] == 200


def reply(url: str) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of a response."""
    try:
        with urllib.request.urlopen(url) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
