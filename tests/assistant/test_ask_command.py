"""`python -m assistant ask`: what it prints, what it writes, and what it says to input that it cannot use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from front_door import command, write

from assistant.answer import answer_from_dict
from assistant.errors import BadQuestion
from assistant.pipeline import Assistant

ROOT = Path(__file__).parent.parent.parent
FIELDS = {
    "question", "standalone_question", "kind", "claims", "citations", "caveats", "confidence", "suggestions",
    "engine", "timings_ms", "text", "message", "notices",
}  # fmt: skip
CITATION_FIELDS = {
    "marker", "document_id", "title", "section", "page", "quote", "start", "end", "source", "evidence",
}  # fmt: skip
APPROVED = (
    "Ryoncil (remestemcel-L-rknd) was approved in the United States on 18 December 2024 by the FDA for "
    "steroid-refractory acute graft-versus-host disease in children from 2 months of age."
)


def python_m(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    line = [sys.executable, "-m", "assistant", *map(str, arguments)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_json_has_the_fields_of_an_answer_and_no_others(bundled_index: Path) -> None:
    done = python_m("ask", "Is Ryoncil approved?", "--country", "US", "--json", "--index", bundled_index)
    assert (done.returncode, done.stderr) == (0, "")
    values = json.loads(done.stdout)
    assert set(values) == FIELDS
    assert values["kind"] == "answer"
    assert values["claims"][0] == {"text": f"Yes: {APPROVED}", "citations": [1]}
    assert set(values["citations"][0]) >= CITATION_FIELDS
    assert values["citations"][0]["quote"] == APPROVED
    assert values["citations"][0]["evidence"] == "regulator"
    assert {name for caveat in values["caveats"] for name in caveat} == {"id", "text", "country", "as_of", "source"}
    assert set(values["engine"]) == {"answerer", "model", "embedder", "index_id", "corpus_version"}
    assert 0 <= values["confidence"] <= 1
    assert {"triage", "retrieve", "answer", "total"} <= set(values["timings_ms"])
    assert answer_from_dict(values).to_dict() == answer_from_dict(json.loads(json.dumps(values))).to_dict()


def test_json_reads_back_as_the_same_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Do MSC injections help knee osteoarthritis?", country="US")
    assert answer_from_dict(json.loads(answer.to_json())) == answer
    assert json.loads(answer.to_json())["text"] == answer.text


@pytest.mark.parametrize(
    ("question", "kind", "said"),
    [
        ("Who won the football world cup in 2018?", "abstain", "does not answer this question"),
        ("Can I stop my prednisone if I get stem cells?", "redirect", "Please do not stop or change a medicine"),
        ("I cannot breathe after my stem cell infusion today", "emergency", "Call 112 now"),
    ],
)
def test_each_kind_of_answer(bundled_index: Path, question: str, kind: str, said: str) -> None:
    as_json = command("assistant", "ask", question, "--country", "EU", "--json", "--index", bundled_index)
    assert as_json.code == 0
    values = json.loads(as_json.out)
    assert values["kind"] == kind
    assert said in values["text"]
    assert bool(values["claims"]) == bool(values["citations"]) == (kind == "redirect")


def test_text_shows_the_answer_its_caveats_and_its_sources(bundled_index: Path, assistant: Assistant) -> None:
    question = "Can I stop my prednisone if I get stem cells?"
    done = command("assistant", "ask", question, "--index", bundled_index)
    answer = assistant.ask(question)
    assert done.code == 0
    assert done.out.startswith(answer.text)
    for caveat in answer.caveats:
        assert f"! {caveat.text}" in done.out
    for citation in answer.citations:
        assert f"[{citation.marker}] “{citation.quote}”" in done.out
        assert citation.source.url in done.out


def test_an_abstention_names_what_can_be_asked(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the football world cup in 2018?")
    assert (answer.claims, answer.citations, answer.caveats) == ((), (), ())
    assert answer.suggestions


def test_audiences_differ(assistant: Assistant) -> None:
    patient = assistant.ask("Do MSCs help acute GvHD?", audience="patient")
    clinician = assistant.ask("Do MSCs help acute GvHD?", audience="clinician")
    assert len(patient.claims) < len(clinician.claims)


# --- input that cannot be used ---


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["   "], "the question is empty"),
        (["x" * 100_000], "100,000 characters"),
        (["What are MSCs?", "--country", "Atlantis"], "unknown country 'Atlantis': use one of US, EU,"),
        (["What are MSCs?", "--audience", "king"], "unknown audience 'king': use patient or clinician"),
        (["What are MSCs?", "--as-of", "2999-01-01"], "2999-01-01 is in the future"),
        (["What are MSCs?", "--as-of", "2024-02-30"], "'2024-02-30' is not a date; write YYYY-MM-DD"),
    ],
)
def test_a_bad_question_is_refused_in_one_sentence(bundled_index: Path, arguments: list[str], said: str) -> None:
    done = command("assistant", "ask", *arguments, "--index", bundled_index)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("question", ["", "\n\t", "?!", "…", "x" * 8_001])
def test_what_is_no_question_is_refused_before_any_work(assistant: Assistant, question: str) -> None:
    with pytest.raises(BadQuestion):
        next(assistant.stream(question))


def test_the_longest_question_is_answered(assistant: Assistant) -> None:
    question = ("Do MSC injections help knee osteoarthritis? " * 200)[:8_000]
    assert assistant.ask(question).kind == "answer"


def test_a_missing_index_is_named_with_the_way_to_make_one(tmp_path: Path) -> None:
    done = python_m("ask", "What are MSCs?", "--index", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert str(tmp_path / "nowhere") in done.stderr
    assert "python -m index build" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a question, or --batch"),
        (["What are MSCs?", "--batch", "in.jsonl", "--out", "out.jsonl"], "give a question, or --batch"),
        (["--batch", "in.jsonl"], "--batch and --out go together"),
        (["What are MSCs?", "--out", "out.jsonl"], "--batch and --out go together"),
        (["What are MSCs?", "--colour", "red"], "No such option"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str) -> None:
    done = command("assistant", "ask", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


# --- batches ---


def batch(folder: Path, index: Path, lines: list[str]) -> tuple[int, str, list[dict]]:
    """Exit code, standard error and the lines written for a file of questions."""
    out = folder / "out.jsonl"
    questions = write(folder / "in.jsonl", "\n".join(lines))
    done = command("assistant", "ask", "--batch", questions, "--out", out, "--index", index)
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] if out.exists() else []
    return done.code, done.err, written


def test_a_batch_keeps_order_and_ids(bundled_index: Path, tmp_path: Path, assistant: Assistant) -> None:
    history = [{"role": "user", "content": "Is Ryoncil approved in the US?"}, {"role": "assistant", "content": "Yes."}]
    rows = [
        {"id": "z", "question": "Do MSC injections help knee osteoarthritis?", "country": "US"},
        {"id": 3, "question": "and in Japan?", "history": history},
        {"question": "Who won the football world cup in 2018?"},
        {"id": "a", "question": "Does Alofisel help Crohn's fistulas?", "country": "EU", "as_of": "2019-06-01"},
        {"id": "e", "question": "I can't breathe since my stem cell infusion an hour ago", "country": "AU"},
        {"id": "c", "question": "Do MSCs help acute GvHD?", "audience": "clinician", "country": None, "as_of": ""},
    ]
    code, err, written = batch(tmp_path, bundled_index, [json.dumps(row) for row in rows] + ["", ""])
    assert code == 0, err
    assert [row.get("id") for row in written] == ["z", 3, None, "a", "e", "c"]
    assert [row["question"] for row in written] == [row["question"] for row in rows]
    assert [row["kind"] for row in written] == ["answer", "answer", "abstain", "answer", "emergency", "answer"]
    assert set(written[0]) == FIELDS | {"id"}
    assert set(written[2]) == FIELDS
    assert written[1]["standalone_question"] == "Is Ryoncil approved in Japan?"
    assert "approved-narrowly" in [caveat["id"] for caveat in written[3]["caveats"]]
    assert "Call 000 now" in written[4]["message"]
    assert written[5]["text"] == assistant.ask("Do MSCs help acute GvHD?", audience="clinician").text


def test_a_line_that_cannot_be_answered_gets_an_error_in_its_place(bundled_index: Path, tmp_path: Path) -> None:
    good = {"id": "good", "question": "What is GvHD?"}
    bad = [
        ({"id": 1}, 'needs "question"'),
        ({"id": 2, "question": "   "}, "the question is empty"),
        ({"id": 3, "question": 7}, 'needs "question"'),
        ({"id": 4, "question": "What is GvHD?", "country": "Mars"}, "unknown country 'Mars'"),
        ({"id": 5, "question": "What is GvHD?", "country": 5}, '"country"'),
        ({"id": 6, "question": "What is GvHD?", "audience": ["patient"]}, '"audience"'),
        ({"id": 7, "question": "What is GvHD?", "as_of": "soon"}, "'soon' is not a date"),
        ({"id": 8, "question": "What is GvHD?", "history": "earlier"}, '"history" must be a list'),
        ({"id": 9, "question": "What is GvHD?", "history": [{"role": "king", "content": "x"}]}, '"history" must be'),
        ({"id": 10, "question": "What is GvHD?", "history": [{"role": "user", "content": 5}]}, '"history" must be'),
    ]
    rows = [good, *(row for row, _ in bad), good]
    code, err, written = batch(tmp_path, bundled_index, [json.dumps(row) for row in rows])
    assert code == 1
    assert [row["id"] for row in written] == ["good", *range(1, 11), "good"]
    assert [row.get("kind") for row in (written[0], written[-1])] == ["answer", "answer"]
    for number, (row, said) in enumerate(bad, start=2):
        assert set(written[number - 1]) == {"id", "question", "error"}
        assert said in written[number - 1]["error"]
        assert f"in.jsonl:{number}: " in err
        assert written[number - 1]["question"] == row.get("question")


def test_half_a_character_does_not_lose_the_batch(bundled_index: Path, tmp_path: Path) -> None:
    lines = [
        '{"id": "s", "question": "What is GvHD \\ud83d?"}',
        '{"id": "\\ud83d", "question": ""}',
        '{"id": "h", "question": "and how is it treated?", "history": [{"role": "user", "content": "GvHD \\ud83d"}]}',
    ]
    code, _, written = batch(tmp_path, bundled_index, lines)
    assert code == 1
    assert [row.get("kind") for row in written] == ["answer", None, "answer"]
    assert written[0]["question"] == "What is GvHD ??"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(b'{"question": "What is GvHD?"', "in.jsonl:2: not valid JSON", id="cut off"),
        pytest.param(b'["What is GvHD?"]', "in.jsonl:2: must be an object", id="a list"),
        pytest.param(b'{"question": "What is G\xff?"}', "in.jsonl:2: not UTF-8", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "in.jsonl:2: not valid JSON", id="too deep"),
    ],
)
def test_a_broken_line_does_not_lose_the_others(bundled_index: Path, tmp_path: Path, line: bytes, said: str) -> None:
    good = json.dumps({"id": "good", "question": "What is\u2028GvHD?"}, ensure_ascii=False).encode()
    questions = write(tmp_path / "in.jsonl", b"\xef\xbb\xbf" + good + b"\r\n" + line + b"\n\n" + good)
    out = tmp_path / "out.jsonl"
    done = command("assistant", "ask", "--batch", questions, "--out", out, "--index", bundled_index)
    written = [json.loads(row) for row in out.read_bytes().split(b"\n") if row]
    assert done.code == 1
    assert [row.get("kind") for row in written] == ["answer", None, "answer"]
    assert set(written[1]) == {"question", "error"}
    assert said in done.err
    assert written[1]["error"] in done.err


def test_a_batch_without_an_index_is_refused_in_one_sentence(tmp_path: Path) -> None:
    code, err, written = batch(tmp_path, tmp_path / "no-index", ['{"question": "What is GvHD?"}'] * 3)
    assert (code, written) == (2, [])
    assert err.startswith(f"error: {tmp_path / 'no-index'} holds no index: run `python -m index build")
    assert err.count("\n") == 1
    assert not (tmp_path / "out.jsonl").exists()


def test_a_batch_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = command("assistant", "ask", "--batch", tmp_path / "none.jsonl", "--out", tmp_path / "out.jsonl")
    assert done.code == 2
    assert f"{tmp_path / 'none.jsonl'}: cannot be read" in done.err


def test_answers_that_cannot_be_written_are_told(bundled_index: Path, tmp_path: Path) -> None:
    questions = write(tmp_path / "in.jsonl", '{"question": "What is GvHD?"}')
    done = command(
        "assistant", "ask", "--batch", questions, "--out", tmp_path / "no" / "out.jsonl", "--index", bundled_index
    )
    assert done.code == 2
    assert "cannot be written" in done.err


# --- the record ---


def test_answers_are_recorded_only_where_asked(
    bundled_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSC_AUDIT_DIR", str(tmp_path / "audit"))
    done = command("assistant", "ask", "What is GvHD?", "--json", "--index", bundled_index)
    records = list((tmp_path / "audit").glob("*.json"))
    assert len(records) == 1
    assert records[0].stat().st_mode & 0o777 == 0o600
    record = json.loads(records[0].read_text())
    assert record["answer"] == json.loads(done.out)
    assert record["request"]["question"] == "What is GvHD?"
    assert record["passages"]


def test_a_record_is_asked_again(bundled_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSC_AUDIT_DIR", str(tmp_path / "audit"))
    command("assistant", "ask", "Is Alofisel approved?", "--country", "EU", "--index", bundled_index)
    (path,) = (tmp_path / "audit").glob("*.json")
    done = command("assistant", "replay", path, "--index", bundled_index)
    assert (done.code, done.out, done.err) == (0, "Nothing differs.\n", "")
    assert list((tmp_path / "audit").glob("*.json")) == [path]

    record = json.loads(path.read_text())
    gone = record["answer"]["claims"].pop(0)["text"]
    record["answer"]["kind"] = "abstain"
    record["answer"]["engine"]["index_id"] = "an older one"
    path.write_text(json.dumps(record))
    found = command("assistant", "replay", path, "--index", bundled_index).out.splitlines()
    assert f"+ claim: {gone}" in found
    assert "kind: “abstain” is now “answer”" in found
    assert any(line.startswith("index id: “an older one” is now “") for line in found)
    assert len(found) == 3


@pytest.mark.parametrize("text", ["", "{}", '{"request": {}, "answer": {}}', "[1]"])
def test_what_is_no_record_is_named(bundled_index: Path, tmp_path: Path, text: str) -> None:
    done = command("assistant", "replay", write(tmp_path / "record.json", text), "--index", bundled_index)
    assert done.code == 2
    assert "record.json: is no record of an answer" in done.err.replace("\n", " ")
