"""`python -m assistant status`: what is approved where, at a day, from the product table alone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from front_door import command

DAY = "2026-11-23"


def status(*options: object) -> str:
    done = command("assistant", "status", *options)
    assert (done.code, done.err) == (0, "")
    return done.out


def report(*options: object) -> dict[str, Any]:
    return json.loads(status(*options, "--json"))


def statuses(found: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(line["product"], line["country"]): line["status"] for line in found["lines"]}


@pytest.mark.parametrize(
    ("product", "country", "as_of", "wanted"),
    [
        ("Ryoncil", "US", DAY, "approved"),
        ("Ryoncil", "US", "2024-12-17", "refused"),
        ("ryoncil", "US", "2020-09", "none"),
        ("Ryoncil", "EU", DAY, "none"),
        ("Ryoncil", "Mexico", DAY, "unknown"),
        ("Alofisel", "EU", "2019", "approved"),
        ("darvadstrocel", "European Union", DAY, "withdrawn"),
        ("Alofisel", "EU", "2024-12-12", "approved"),
        ("Alofisel", "EU", "2024-12-13", "withdrawn"),
        ("Alofisel", "UK", DAY, "unknown"),
        ("Alofisel", "UK", "2023-10-17", "approved"),
        ("Prochymal", "Canada", DAY, "unknown"),
        ("Prochymal", "NZ", "2016-06-15", "lapsed"),
        ("Akuugo", "JP", DAY, "conditional"),
        ("Stemirac", "Japan", DAY, "unknown"),
        ("Stemirac", "Japan", "2025-11-25", "conditional"),
        ("NurOwn", "US", DAY, "application-withdrawn"),
        ("MSC-FFM", "Germany", DAY, "none"),
        ("remestemcel-L", "US", DAY, "approved"),
        ("remestemcel-L-rknd", "US", DAY, "approved"),
    ],
)
def test_a_product_in_a_country_at_a_day(product: str, country: str, as_of: str, wanted: str) -> None:
    found = report("--product", product, "--country", country, "--as-of", as_of)
    assert [line["status"] for line in found["lines"]] == [wanted]
    line = found["lines"][0]
    assert line["known_up_to"] or line["country"] == "other"
    assert line["sources"] or line["country"] == "other"


def test_a_condition_in_a_country_lists_every_product_tried_for_it() -> None:
    found = report("--condition", "knee", "--country", "KR", "--as-of", DAY)
    assert statuses(found) == {
        ("cartistem", "KR"): "approved",
        ("jointstem", "KR"): "refused",
        ("ciplostem", "KR"): "none",
    }


@pytest.mark.parametrize("words", ["joints", "my joints", "osteoarthritis", "bad knees", "knee-osteoarthritis"])
def test_a_condition_finds_what_lies_above_and_below_it(words: str) -> None:
    found = report("--condition", words, "--country", "IN", "--as-of", DAY)
    assert statuses(found)["ciplostem", "IN"] == "approved"


def test_one_decision_on_two_conditions_is_one_line() -> None:
    found = report("--condition", "joints", "--country", "KR", "--as-of", DAY)
    assert [line["use"] for line in found["lines"] if line["product"] == "cartistem"] == [
        "knee cartilage defects of ICRS grade IV in people with osteoarthritis from wear or repeated injury; not knee "
        "osteoarthritis without such a defect"
    ]


def test_chronic_gvhd_has_nothing_of_acute_gvhd() -> None:
    assert "approved" not in statuses(report("--condition", "chronic GvHD", "--as-of", DAY)).values()


def test_an_approval_for_children_says_that_adults_are_not_covered() -> None:
    text = status("--product", "Ryoncil", "--country", "US", "--as-of", DAY)
    assert "Ryoncil (remestemcel-L-rknd) in the United States: approved\n" in text
    assert "  for whom: children from 2 months of age; not adults\n" in text
    assert "  known up to 22 June 2026\n" in text
    assert "  source: " in text


def test_a_conditional_approval_says_until_when_and_on_what_condition() -> None:
    text = status("--product", "Akuugo", "--country", "JP", "--as-of", DAY)
    assert "Akuugo (vandefitemcel) in Japan: conditionally approved until July 2031\n" in text
    assert "shipment was barred until the marketed cells were shown to match the trial cells" in text


def test_an_unknown_status_says_after_when_and_what_it_was() -> None:
    text = status("--product", "Alofisel", "--country", "UK", "--as-of", DAY)
    assert (
        "Alofisel (darvadstrocel) in the United Kingdom: unknown after 17 October 2023; approved until then\n" in text
    )


def test_what_is_approved_in_a_country() -> None:
    found = report("--country", "US", "--as-of", DAY)
    assert statuses(found) == {("ryoncil", "US"): "approved", ("nurown", "US"): "application-withdrawn"}
    assert [remark["text"] for remark in found["remarks"]] == [
        "No other approval of an MSC product in the United States is known."
    ]
    nothing = report("--country", "Australia", "--as-of", DAY)
    assert nothing["lines"] == []
    assert nothing["remarks"][0]["text"] == "No MSC product is known to be approved in Australia."
    assert nothing["remarks"][0]["known_up_to"] == "2024-12"


def test_a_look_alike_is_no_approval_of_an_msc_product() -> None:
    text = status("--country", "EU", "--as-of", "2019")
    assert "  not a product of cultured MSC\n" in text
    assert "No MSC product is known to be approved" in status("--country", "EU", "--as-of", "2016")


def test_what_changed_between_two_days() -> None:
    found = report("--country", "EU", "--since", "2018-03-24", "--as-of", DAY)
    assert [(change["date"], change["product"], change["event"]) for change in found["changes"]] == [
        ("2024-12-13", "alofisel", "withdrawn")
    ]
    earlier = report("--country", "EU", "--since", "2018-03-23", "--as-of", "2024-12-12")
    assert [change["date"] for change in earlier["changes"]] == ["2018-03-23"]
    ended = report("--product", "Stemirac", "--since", "2025-12", "--as-of", DAY)["changes"]
    assert [(change["date"], change["event"]) for change in ended] == [("2025-12", "term-ended")]
    assert ended[0]["text"].endswith("what followed is not known to this library.")
    assert "Nothing that is known." in status("--country", "AU", "--since", "2026", "--as-of", DAY)


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        (("--product", "JointStem", "--country", "US"), ["RMAT designation", "breakthrough therapy designation", "expanded access"]),
        (("--product", "JointStem", "--country", "US", "--as-of", "2024"), ["RMAT designation", "expanded access"]),
        (("--product", "MSC-FFM", "--country", "Germany"), ["hospital exemption"]),
        (("--product", "AstroStem", "--country", "JP"), ["treatment plan under Japan's safety act"]),
        (("--condition", "knee", "--country", "IN"), []),
    ],
)  # fmt: skip
def test_what_is_no_approval_is_listed_apart(options: tuple[str, ...], kinds: list[str]) -> None:
    found = report(*options)
    assert [one["kind"] for one in found["not_approvals"]] == kinds
    assert all("not" in one["text"] and one["sources"] for one in found["not_approvals"])
    assert not {line["status"] for line in found["lines"]} & {"approved", "conditional"} or not kinds


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--condition", "kneee"), "unknown condition 'kneee': the nearest known are knee osteoarthritis"),
        (("--product", "alofisl"), "unknown product 'alofisl': the nearest known are Alofisel"),
        (("--country", "Untied Kingdom"), "unknown country 'Untied Kingdom': the nearest known are United Kingdom"),
        (("--country", "XX"), "unknown country 'XX': known are US (the United States), EU"),
        (("--country", " "), "--country is empty: give a name, or leave it out."),
        (("--product", ""), "--product is empty"),
        (("--condition", "zzzzqqq"), "unknown condition 'zzzzqqq': known are "),
        (("--as-of", (date.today() + timedelta(days=1)).isoformat()), "is in the future: give today's date"),
        (("--since", "2099"), "2099 is in the future"),
        (("--as-of", "yesterday"), "'yesterday' is not a date; write YYYY-MM-DD, YYYY-MM or YYYY."),
        (("--as-of", "2019-02-30"), "'2019-02-30' is not a date"),
        (("--since", "2020", "--as-of", "2019"), "--since 2020 comes after 2019-12-31: give an earlier day."),
    ],
)
def test_wrong_use_is_one_sentence(options: tuple[str, ...], says: str) -> None:
    done = command("assistant", "status", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert says in done.err
    assert done.err.count("\n") == 1


def test_no_index_is_needed(tmp_path: Any) -> None:
    assert status("--product", "Ryoncil", "--index", tmp_path / "nowhere").startswith("Status on ")
