"""`python -m assistant check-claims`: what somebody who offers treatments says, checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from front_door import command, write

from assistant.soundoffer import statements
from corpus.knowledge import load_knowledge

SELLER = """\
Sunrise Cell Clinic, Austin, Texas

One drip of our stem cells treats knee arthritis, autism, multiple sclerosis, lupus and hair loss.
It is made from donated umbilical cord blood, and it has no side effects whatsoever.
Our laboratory is FDA registered. Ryoncil is not what we use.
Ryoncil is approved in the United States for children with acute GvHD.
Stem cells have been shown to work for autism.
Pay $7,500 in full before the treatment. Book now: only two places are left this week!
"""
TRIAL = """\
Knee study at the University of Oakfield, Ohio

We are looking for people with knee arthritis for a randomised trial of bone marrow cells against placebo.
The trial is registered as NCT01234567 and an ethics board has approved it. We do not know whether the cells help.
Risks include pain and infection. You are followed up at 3, 6 and 12 months. You get 50 million cells or a placebo.
Taking part costs nothing. Your own cells can do harm, and nobody can promise you that they cure anything.
"""


@pytest.fixture(scope="module")
def seller(bundled_index: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is found in a seller's page."""
    page = write(tmp_path_factory.mktemp("seller") / "page.txt", SELLER)
    done = command("assistant", "check-claims", page, "--json", "--index", bundled_index)
    assert (done.code, done.err) == (1, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_red_flags_with_the_words_that_show_them(seller: dict[str, Any]) -> None:
    flags = {flag["id"]: flag for flag in seller["red_flags"]}
    expected = {"many-diseases", "no-risk", "fda-registered", "upfront-payment", "pressure-selling"}
    assert expected <= set(flags)
    for flag in flags.values():
        assert flag["why"]
        assert flag["sources"]
        for words in flag["words"]:
            assert " ".join(SELLER[words["start"] : words["end"]].split()) == " ".join(words["text"].split())
    assert flags["fda-registered"]["words"][0]["text"] == "FDA registered"
    assert flags["fda-registered"]["certain"]


def test_what_it_offers_and_what_is_approved_of_that_there(seller: dict[str, Any]) -> None:
    assert seller["country"] == "US"
    offers = {(one["kind"], one["words"][0]["text"]) for one in seller["offers"]}
    assert {("condition", "knee arthritis"), ("product", "Ryoncil"), ("cell-source", "umbilical cord blood")} <= offers
    assert ("price", "$7,500") in offers
    texts = [one["text"] for one in seller["statuses"]]
    assert any(
        text.startswith("No MSC product is known to be approved in the United States for knee") for text in texts
    )
    assert any("Ryoncil" in text and "18 December 2024" in text for text in texts)
    assert all(one["sources"] for one in seller["statuses"])


def test_its_claims_against_the_library(seller: dict[str, Any]) -> None:
    verdicts = {one["words"]["text"]: one for one in seller["claims"]}
    true = verdicts["Ryoncil is approved in the United States for children with acute GvHD."]
    false = verdicts["Stem cells have been shown to work for autism."]
    assert (true["verdict"], false["verdict"]) == ("supported", "contradicted")
    for one in (true, false):
        assert one["quotes"][0]["quote"]
        assert one["quotes"][0]["source"]["url"].startswith("http")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Ryoncil is approved in the United States for adults.", "contradicted"),
        ("MSC treatment is approved for heart failure here.", "contradicted"),
        ("Alofisel is approved in the EU for Crohn's fistulas.", "contradicted"),
        ("Cartistem is approved in Korea.", "supported"),
        ("Our own cells are approved for acute GvHD in the United States.", "nothing found"),
        ("Embryonic stem cells can become almost any kind of cell.", "supported"),
        ("Exosomes are approved by the FDA.", "nothing found"),
        ("Your own cells are always safe when they are injected.", "nothing found"),
        ("MSCs cure multiple sclerosis.", "nothing found"),
    ],
)
def test_a_claim_is_supported_only_by_words_or_a_decision_that_say_it(
    bundled_index: Path, tmp_path: Path, claim: str, verdict: str
) -> None:
    page = write(tmp_path / "page.txt", f"{claim} We treat people in Ohio.")
    found = json.loads(command("assistant", "check-claims", page, "--json", "--index", bundled_index).out)
    assert [one["verdict"] for one in found["claims"] if one["words"]["text"] == claim] == [verdict]


def test_what_it_leaves_out_becomes_questions(seller: dict[str, Any]) -> None:
    missing = [one["id"] for one in seller["left_out"]]
    assert missing == ["trial-number", "ethics-board", "risks", "dose", "follow-up"]
    assert all(one["ask"].endswith("?") and one["sources"] for one in seller["left_out"])
    assert seller["where"]["report"]["url"].startswith("https://www.fda.gov/")
    assert "no judgement" in seller["closing"]


def test_an_honest_trial_has_no_red_flag(tmp_path: Path, bundled_index: Path) -> None:
    done = command("assistant", "check-claims", write(tmp_path / "trial.txt", TRIAL), "--index", bundled_index)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Red flags: 0\n")
    assert "What it leaves out" not in done.out


def test_the_country_can_be_said(tmp_path: Path, bundled_index: Path) -> None:
    page = write(tmp_path / "page.txt", SELLER)
    done = command("assistant", "check-claims", page, "--country", "Japan", "--index", bundled_index)
    assert "What is approved in Japan" in done.out
    assert "known to be approved in Japan for knee" in done.out


def test_a_page_of_html(tmp_path: Path, bundled_index: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in SELLER.splitlines() if line)
    page = write(tmp_path / "page.html", f"<html><body>{body}</body></html>")
    found = json.loads(command("assistant", "check-claims", page, "--json", "--index", bundled_index).out)
    assert "fda-registered" in {flag["id"] for flag in found["red_flags"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no text"),
        ("Hi 5", "hardly any words"),
        ("cells help knees. " * 20_000, "60,000 are the most"),
        (
            "Nuestra clínica ofrece células madre para la artritis de rodilla sin riesgo ni efectos secundarios, y "
            "miles de pacientes ya caminan sin dolor gracias a nuestros médicos.",
            "not in English",
        ),
    ],
    ids=["empty", "no words", "too long", "Spanish"],
)
def test_a_text_that_cannot_be_used(tmp_path: Path, bundled_index: Path, text: str, said: str) -> None:
    done = command("assistant", "check-claims", write(tmp_path / "page.txt", text), "--index", bundled_index)
    assert (done.code, done.out) == (2, "")
    assert "page.txt" in done.err
    assert said in done.err.replace("\n", " ")


def test_an_unknown_country_gets_the_nearest_known(tmp_path: Path, bundled_index: Path) -> None:
    page = write(tmp_path / "page.txt", SELLER)
    done = command("assistant", "check-claims", page, "--country", "Jappan", "--index", bundled_index)
    assert done.code == 2
    assert "the nearest known are Japan" in done.err.replace("\n", " ")


def test_what_a_sound_offer_states_rests_on_sources() -> None:
    known = load_knowledge().sources
    assert [key for one in statements() for key in one.sources if key not in known or known[key].retracted] == []
